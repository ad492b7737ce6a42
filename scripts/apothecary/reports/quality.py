"""The quality of a sample's alignments: measures, checks and genes that cannot be called."""

from __future__ import annotations

from typing import Any

from apothecary.reports.context import Context, Row, SampleTables

TABLES = ("qc_metrics", "qc_gates", "identity", "ancestry", "qc_outcomes")
_GENE_LEVELS = ("gene", "pharmacogene")
_DIGITS = 4


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
    return {
        "facts": _facts(tables, shared),
        "metrics": [_metric(row, shared) for row in tables.rows("qc_metrics")],
        "checks": [_gate(row, shared) for row in gates if row["level"] not in _GENE_LEVELS],
        "genes": [
            _gate(row, shared)
            for row in gates
            if row["level"] in _GENE_LEVELS and row["status"] != "pass"
        ],
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
    """The genes that are not assessed because their exons are not covered, as a step not done.

    Args:
        tables: The rows of the sample.
        shared: What every report of the run shares.

    Returns:
        One entry of `not_assessed.steps`, or none.
    """
    genes = sorted(
        row["name"]
        for row in tables.rows("qc_gates")
        if row["level"] == "gene" and row["status"] == "not_assessed"
    )
    if not genes:
        return []
    text = shared.words("quality.genes_not_covered", count=len(genes), genes=", ".join(genes))
    return [{"step": "coverage", "reason": text}]
