"""The quality of a sample's alignments: measures, checks and genes that cannot be called."""

from __future__ import annotations

from typing import Any

from apothecary.qc.gates import not_assessed_genes, with_positions
from apothecary.reports.context import Context, Row, SampleTables

TABLES = ("qc_metrics", "coverage", "qc_gates", "identity", "ancestry", "qc_outcomes")
_GENE_LEVELS = ("gene", "pharmacogene")
_DIGITS = 4
# Genes of one status that are listed a line each; our own choice, of the layout only.
_LISTED = 20


def quality(tables: SampleTables, shared: Context) -> dict[str, Any]:
    """What the quality control of a sample's alignments found.

    Args:
        tables: The rows of the sample.
        shared: What every report of the run shares.

    Returns:
        The section `quality` of the report model; its lists are empty for a sample that was not
        given as reads.
    """
    gates = sorted(tables.rows("qc_gates"), key=lambda row: (row["level"], row["name"]))
    of_genes = [r for r in gates if r["level"] in _GENE_LEVELS and r["status"] != "pass"]
    return {
        "facts": _facts(tables, shared),
        "metrics": [_metric(row, shared) for row in tables.rows("qc_metrics")],
        "checks": [_gate(row, shared) for row in gates if row["level"] not in _GENE_LEVELS],
        "genes": [_gate(row, shared) for row in _told(of_genes, with_positions(gates), shared)],
        "gene_count": len({row["name"] for row in of_genes}),
    }


def _told(rows: list[Row], decided: set[tuple[str, str]], shared: Context) -> list[Row]:
    """The gates of genes, those of many in one line, so that they fit on a page.

    Args:
        rows: Rows of the table qc_gates of genes that do not pass.
        decided: Sample and gene of those whose positions decide; their exons are told in a line.
        shared: What every report of the run shares.
    """
    beside, exons, kept = [], [], []
    for row in rows:
        if row["level"] != "gene":
            kept.append(row)
        elif (row["sample_id"], row["name"]) in decided:
            beside.append(row)
        else:
            exons.append(row)
    for status in ("not_assessed", "warn"):
        alike = [row for row in exons if row["status"] == status]
        if len(alike) <= _LISTED:
            kept += alike
        else:
            kept.append(_together(alike, status, f"genes_{status}", shared))
    if beside:
        kept.append(_together(beside, "warn", "exons_beside", shared))
    return sorted(kept, key=lambda row: (row["level"], row["name"]))


def _together(rows: list[Row], status: str, word: str, shared: Context) -> Row:
    names = ", ".join(row["name"] for row in rows)
    return {
        **rows[0],
        "name": shared.words("quality.count_of_genes", count=len(rows)),
        "status": status,
        "reason": shared.words(f"quality.{word}", genes=names),
    }


def _metric(row: Row, shared: Context) -> dict[str, Any]:
    value, status = row["value"], row["status"]
    return {
        "finding": f"quality:{row['metric']}",
        "metric": row["metric"],
        "value": None if value is None else float(f"{value:.{_DIGITS}g}"),
        "unit": row["unit"],
        "threshold": row["threshold"],
        "status": status,
        "status_words": shared.words.term("quality_status", status) if status else None,
        "reason": row["reason"],
    }


def _gate(row: Row, shared: Context) -> dict[str, Any]:
    return {
        "finding": f"quality:{row['level']}:{row['name']}",
        "level": row["level"],
        "level_words": shared.words.term("quality_level", row["level"]),
        "name": row["name"],
        "status": row["status"],
        "status_words": shared.words.term("quality_status", row["status"]),
        "reason": row["reason"],
    }


def _facts(tables: SampleTables, shared: Context) -> list[dict[str, str]]:
    """Contamination, sex and ancestry, each with what it rests on."""
    words, facts = shared.words, []
    for row in tables.rows("identity"):
        if row["other_from"] != "self":
            continue
        if row["contamination"] is not None:
            text = words(
                "quality.contamination",
                share=f"{row['contamination']:.3f}",
                low=f"{row['contamination_low']:.3f}",
                high=f"{row['contamination_high']:.3f}",
                snps=row["contamination_snps"],
            )
            facts.append({"name": words("field.contamination"), "value": text})
        facts.append(
            {
                "name": words("field.inferred_sex"),
                "value": words.term("inferred_sex", row["inferred_sex"]),
            }
        )
    for row in tables.rows("ancestry"):
        if row["status"] == "called":
            text = words(
                "quality.ancestry",
                population=row["population"],
                posterior=f"{row['posterior']:.3f}",
                snps=row["snps"],
            )
            facts.append({"name": words("field.ancestry"), "value": text})
        elif row["status"] == "not_assessed":
            facts.append({"name": words("field.ancestry"), "value": row["reason"]})
    return facts


def genes_not_covered(tables: SampleTables, shared: Context) -> list[dict[str, str]]:
    """The genes that are not assessed because their exons are not covered, as steps not done.

    Args:
        tables: The rows of the sample.
        shared: What every report of the run shares.

    Returns:
        Entries of `not_assessed.steps`: genes that too few reads lie over, but for pharmacogenes,
        whose positions decide; of the panel of a tumor, that it looks at no other genes; and of
        a panel of which nobody says what it covers, that its coverage tells nothing of other genes.
    """
    gates, words = tables.rows("qc_gates"), shared.words
    lost = not_assessed_genes(gates, "gene").get(tables.sample["sample_id"], {})
    steps = []
    if lost:
        text = words("quality.genes_not_covered", count=len(lost), genes=", ".join(sorted(lost)))
        steps.append({"step": "coverage", "reason": text})
    measured = [row for row in gates if row["level"] == "gene"]
    if measured and (tables.sample["role"], tables.sample["assay"]) == ("tumor", "panel"):
        text = words("quality.genes_of_panel", count=len(measured))
        steps.append({"step": "coverage", "reason": text})
    panel = tables.sample["assay"] == "panel" and tables.rows("qc_metrics")
    if panel and not shared.run.get("panel_known", True):
        steps.append({"step": "coverage", "reason": words("quality.panel_unknown")})
    return steps
