"""Conflicts among the medicines of a report, and what became of each medicine given."""

from __future__ import annotations

from typing import Any

from apothecary.reports.context import Context, Row, SampleTables

# A strength that the source does not give stands between moderate and weak.
_STRENGTH = {"strong": 0, "moderate": 1, "weak": 3}


def interactions(tables: SampleTables, shared: Context) -> list[dict[str, Any]]:
    """Medicines taken that change the enzyme of another medicine taken.

    Args:
        tables: The rows of the sample.
        shared: What every report of the run shares.

    Returns:
        The section `interactions` of the report model: those that convert a phenotype first.
    """
    rows = sorted(
        tables.rows("interactions"),
        key=lambda row: (
            row["clinical_phenotype"] is None,
            _STRENGTH.get(row["strength"], 2),
            row["drug"],
            row["by"],
            row["enzyme"],
        ),
    )
    return [_interaction(row, shared) for row in rows]


def _interaction(row: Row, shared: Context) -> dict[str, Any]:
    words = shared.words
    return {
        "finding": f"interaction:{row['drug']}:{row['enzyme']}:{row['by']}",
        "drug": row["drug"],
        "enzyme": row["enzyme"],
        "by": row["by"],
        "effect": row["effect"],
        "effect_words": words.term("interaction", row["effect"]),
        "strength": row["strength"],
        "genetic_phenotype": row["genetic_phenotype"],
        "clinical_phenotype": row["clinical_phenotype"],
        "converts": row["clinical_phenotype"] is not None,
        "reason": row["reason"],
        "source": row["source"],
    }


def medicines_given(tables: SampleTables) -> list[dict[str, Any]]:
    """The medicines of the person, as given and as the dictionary has them.

    Args:
        tables: The rows of the sample.

    Returns:
        The section `medicines_given` of the report model.
    """
    return [
        {
            "finding": f"medicine:{row['medicine']}:{row['part']}",
            "medicine": row["medicine"],
            "drug": row["drug"],
            "matched_by": row["matched_by"],
            "note": row["note"],
        }
        for row in sorted(tables.rows("medicines"), key=lambda row: (row["medicine"], row["part"]))
    ]
