"""Files that MultiQC reads, and its report.

The outputs of samtools stats are known to MultiQC; metrics and gates go as its custom content.
Names of samples are those of the sheet, whose characters are safe in a page; every other text is
escaped, since MultiQC puts cells into its page as they are.
"""

from __future__ import annotations

import html
import json
import logging
import shutil
import subprocess
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from apothecary.files import write_text

LOGGER = logging.getLogger(__name__)
Row = Mapping[str, Any]
TABLES = ("qc_metrics", "qc_gates", "identity", "coverage", "diplotypes")
"""The tables that the files are made of."""
_OF_IDENTITY = (
    "status",
    "contamination",
    "contamination_low",
    "contamination_high",
    "inferred_sex",
    "declared_sex",
)


def collect(folder: Path | str, stats: Iterable[str], rows: Mapping[str, Sequence[Row]]) -> None:
    """Write the files that MultiQC reads.

    Args:
        folder: The folder to write to, made when absent.
        stats: Outputs of `samtools stats`, each named <sample>.stats.txt.
        rows: Rows of the tables of `TABLES`, by name; of diplotypes, those of samples with measures
            are taken.
    """
    place = Path(folder)
    place.mkdir(parents=True, exist_ok=True)
    for path in stats:
        write_text(place / Path(path).name, Path(path).read_text(encoding="utf-8"))
    measured = {row["sample_id"] for row in rows["qc_metrics"]}
    diplotypes = [row for row in rows["diplotypes"] if row["sample_id"] in measured]
    for name, text in (
        ("metrics", _metrics_table(rows["qc_metrics"])),
        ("gates", _gates_table(rows["qc_gates"])),
        ("identity", _identity_table(rows["identity"])),
        ("coverage", _coverage_table(rows["coverage"])),
        ("calls", _calls_table(diplotypes)),
    ):
        write_text(place / f"apothecary_{name}_mqc.json", text)


def _metrics_table(metrics: Sequence[Row]) -> str:
    data: dict[str, dict[str, float]] = {}
    for row in metrics:
        if row["value"] is not None:
            data.setdefault(row["sample_id"], {})[row["metric"]] = row["value"]
    return _content("apothecary_metrics", "Alignment quality", data)


def _gates_table(gates: Sequence[Row]) -> str:
    data: dict[str, dict[str, str]] = {}
    for row in gates:
        if row["level"] == "sample":
            data[row["sample_id"]] = {
                "status": row["status"],
                "reason": html.escape(row["reason"] or ""),
            }
    return _content("apothecary_gates", "Quality gates", data)


def _identity_table(identity: Sequence[Row]) -> str:
    data = {
        row["sample_id"]: {name: row[name] for name in _OF_IDENTITY if row[name] is not None}
        for row in identity
        if row["other_from"] == "self"
    }
    return _content("apothecary_identity", "Contamination and sex", data)


def _coverage_table(coverage: Sequence[Row]) -> str:
    """How much of the genes, exons and positions of a sample can be called."""
    parts: dict[str, dict[str, list[Row]]] = {}
    for row in coverage:
        parts.setdefault(row["sample_id"], {}).setdefault(row["kind"], []).append(row)
    data: dict[str, dict[str, float]] = {}
    for sample_id, by_kind in parts.items():
        cells = data.setdefault(sample_id, {})
        for kind, rows in by_kind.items():
            bases = sum(row["bases"] for row in rows)
            if bases:
                total = sum(row["mean_depth"] * row["bases"] for row in rows)
                cells[f"{kind}_mean_depth"] = round(total / bases, 2)
            callable_share = sum(row["callable"] for row in rows) / len(rows)
            cells[f"{kind}_callable_fraction"] = round(callable_share, 4)
    return _content("apothecary_coverage", "Coverage of what is called", data)


def _calls_table(diplotypes: Sequence[Row]) -> str:
    """Pharmacogenes of a sample with and without a call, all of its table counted."""
    called: dict[str, dict[str, bool]] = {}
    for row in diplotypes:
        made = bool(row["diplotype"]) and row["decision"] in (None, "called")
        genes = called.setdefault(row["sample_id"], {})
        genes[row["gene"]] = genes.get(row["gene"], True) and made
    data = {
        sample_id: {
            "genes": len(genes),
            "called": sum(genes.values()),
            "no_call_fraction": round(1 - sum(genes.values()) / len(genes), 4),
        }
        for sample_id, genes in called.items()
    }
    return _content("apothecary_calls", "Pharmacogenes without a call", data)


def _content(name: str, title: str, data: Mapping[str, Any]) -> str:
    content = {"id": name, "section_name": title, "plot_type": "table", "data": data}
    return json.dumps(content, indent=2, sort_keys=True) + "\n"


def report(folder: Path | str) -> bool:
    """Make the report, where MultiQC is installed; it is never asked to reach the network.

    Args:
        folder: What `collect` wrote; the report goes beside it, as multiqc_report.html.

    Returns:
        Whether there is a report. A report that fails is told in the log and stops nothing, since
        no result depends on it.
    """
    program = shutil.which("multiqc")
    if program is None:
        LOGGER.info("MultiQC is not installed: its files are written, the report is not")
        return False
    words = [program, "--quiet", "--force", "--no-version-check", "--no-data-dir"]
    words += ["--outdir", str(folder), str(folder)]
    done = subprocess.run(words, check=False, stdin=subprocess.DEVNULL, capture_output=True)
    if done.returncode:
        said = done.stderr.decode(errors="replace").strip().splitlines()
        LOGGER.warning("MultiQC made no report (%s)", said[-1] if said else "it said nothing")
    return done.returncode == 0
