"""Polygenic scores of a report: what was summed, of how much, and what it does not say."""

from __future__ import annotations

from typing import Any

from apothecary.reports.context import Context, Row, SampleTables
from apothecary.reports.section import Section

RISK_SECTIONS: tuple[Section, ...] = (
    Section(
        "risk",
        (
            "finding",
            "model",
            "name",
            "trait",
            "status",
            "score",
            "unit",
            "percentile",
            "reference",
            "coverage",
            "weight_coverage",
            "variants",
            "matched",
            "imputed",
            "excluded",
            "guard",
            "notes",
            "source",
            "licence",
        ),
        lambda model: list(model["risk"]),
    ),
)


def risk(tables: SampleTables, shared: Context) -> list[dict[str, Any]]:
    """The polygenic scores of a sample.

    Args:
        tables: The rows of the sample.
        shared: What every report of the run shares.

    Returns:
        The section `risk` of the report model, by score.
    """
    return [_score(row, shared) for row in sorted(tables.rows("risk"), key=lambda r: r["model"])]


def not_given(section: list[dict[str, Any]]) -> list[dict[str, str]]:
    """What of the section stands among what was not assessed: scores that a guard stopped."""
    return [
        {"step": "risk", "reason": f"{score['model']}: {score['notes'][0]}"}
        for score in section
        if score["status"] == "not_given"
    ]


def _score(row: Row, shared: Context) -> dict[str, Any]:
    words = shared.words
    return {
        "finding": f"risk:{row['model']}",
        "model": row["model"],
        "name": row["name"],
        "trait": row["trait"],
        "status": row["status"],
        "status_words": words.term("risk_status", row["status"]),
        "score": row["score"],
        "score_text": _text(row, shared),
        "unit": row["unit"],
        "percentile": row["percentile"],
        "reference": row["reference"],
        "coverage": row["coverage"],
        "weight_coverage": row["weight_coverage"],
        "coverage_text": _coverage(row, shared),
        "variants": row["variants"],
        "matched": row["matched"],
        "imputed": row["imputed"],
        "excluded": [_excluded(text, shared) for text in row["excluded"]],
        "guard": row["guard"],
        "notes": _notes(row, shared),
        "source": row["source"],
        "licence": row["licence"],
    }


def _text(row: Row, shared: Context) -> str:
    """The score in words, or that none is given."""
    if row["score"] is None:
        return shared.words.term("risk_status", row["status"])
    unit = row["unit"] or shared.words("risk.unit_unknown")
    return shared.words("risk.score", score=f"{row['score']:.4g}", unit=unit)


def _coverage(row: Row, shared: Context) -> str | None:
    if row["coverage"] is None:
        return None
    return shared.words(
        "risk.coverage",
        matched=row["matched"],
        variants=row["variants"],
        share=f"{100 * row['coverage']:.1f}",
        weights=f"{100 * row['weight_coverage']:.1f}",
    )


def _excluded(text: str, shared: Context) -> str:
    reason, _, count = text.partition("=")
    return shared.words(
        "risk.excluded", count=count, reason=shared.words.term("risk_excluded", reason)
    )


def _notes(row: Row, shared: Context) -> list[str]:
    """Why there is no score or no percentile, where it lies, and what was put in for genotypes."""
    words = shared.words
    notes = [row["reason"]] if row["reason"] else []
    if row["percentile"] is not None:
        share = f"{row['percentile']:.1f}"
        notes.append(words("risk.percentile", share=share, reference=row["reference"]))
    elif row["percentile_reason"]:
        notes.append(words("risk.no_percentile", reason=row["percentile_reason"]))
    if row["imputed"]:
        notes.append(words("risk.imputed", count=row["imputed"]))
    return [*notes, *row["notes"]]
