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


def collect(
    folder: Path | str, stats: Iterable[str], metrics: Sequence[Row], gates: Sequence[Row]
) -> None:
    """Write the files that MultiQC reads.

    Args:
        folder: The folder to write to, made when absent.
        stats: Outputs of `samtools stats`, each named <sample>.stats.txt.
        metrics: Rows of the table qc_metrics.
        gates: Rows of the table qc_gates.
    """
    place = Path(folder)
    place.mkdir(parents=True, exist_ok=True)
    for path in stats:
        write_text(place / Path(path).name, Path(path).read_text(encoding="utf-8"))
    write_text(place / "apothecary_metrics_mqc.json", _metrics_table(metrics))
    write_text(place / "apothecary_gates_mqc.json", _gates_table(gates))


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
