"""Guidance by medicine: the sources side by side, never merged."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from apothecary.pharmacogenes.dose_direction import direction
from apothecary.reports.conflicts import conflicts
from apothecary.reports.context import Context, Row, SampleTables
from apothecary.reports.text import fraction, paragraphs, unique, web_link

SOURCES = ("CPIC", "DPWG", "FDA")
# The order in which a reader should meet them; an action that is not listed comes first.
SEVERITY = (
    "avoid",
    "alternative",
    "change_dose",
    "monitor",
    "see_guideline",
    "standard_dosing",
    "no_recommendation",
)
STANDARD = frozenset({"standard_dosing", "no_recommendation"})


def recommendations(tables: SampleTables, shared: Context) -> list[dict[str, Any]]:
    """One entry a medicine with the guidance of each source beside the others.

    Args:
        tables: The rows of the sample.
        shared: What every report of the run shares.

    Returns:
        The section `recommendations` of the report model, by medicine.
    """
    by_drug: defaultdict[str, list[Row]] = defaultdict(list)
    for row in tables.rows("recommendations"):
        by_drug[row["drug"]].append(row)
    return [_drug(drug, by_drug[drug], shared) for drug in sorted(by_drug)]


def severity(action: str) -> int:
    """The place of an action in the order of urgency, 0 first."""
    return SEVERITY.index(action) if action in SEVERITY else 0


def _drug(drug: str, rows: list[Row], shared: Context) -> dict[str, Any]:
    rows = sorted(rows, key=lambda row: (row["source"], row["rank"]))
    sources = unique((*SOURCES[:2], *sorted(row["source"] for row in rows)))
    action = min((row["action"] for row in rows), key=severity)
    taken = any(row["taken"] for row in rows)
    standard = all(row["action"] in STANDARD for row in rows)
    return {
        "drug": drug,
        "taken": taken,
        "genes": sorted({gene for row in rows for gene in row["genes"]}),
        "basis": unique(text for row in rows for text in _basis(row)),
        "conflicts": conflicts(rows, shared),
        "action": action,
        "action_words": shared.words.term("action", action),
        "standard": standard,
        "uneventful": standard or (not taken and _asks_nothing(rows, shared)),
        "sources": [
            {
                "source": source,
                "rows": [_row(row, shared) for row in rows if row["source"] == source],
            }
            for source in sources
        ],
    }


def _asks_nothing(rows: list[Row], shared: Context) -> bool:
    """Whether guidance says no more than that the genotype is none that the medicine is for."""
    return all(
        row["action"] in STANDARD or (row["guidance_id"], row["drug"]) in shared.without_variant
        for row in rows
    )


def _basis(row: Row) -> list[str]:
    """The results that led to a row: phenotypes, or diplotypes where no phenotype is given."""
    return list(row.get("phenotypes") or row.get("diplotypes") or [])


def _row(row: Row, shared: Context) -> dict[str, Any]:
    return {
        "finding": f"recommendation:{row['drug']}:{row['source']}:{row['rank']}",
        "drug": row["drug"],
        "source": row["source"],
        "rank": row["rank"],
        "guidance_id": row["guidance_id"],
        "genes": sorted(row["genes"]),
        "lookup": row["lookup"],
        "diplotypes": list(row.get("diplotypes") or []),
        "phenotypes": list(row.get("phenotypes") or []),
        "posterior": fraction(row.get("posterior")),
        "action": row["action"],
        "action_words": shared.words.term("action", row["action"]),
        "dose_change": row.get("dose_change") or None,
        "dose_direction": direction(row.get("dose_change")),
        "effects": list(row.get("effects") or []),
        "strength": row.get("strength") or None,
        "population": row.get("population") or None,
        "text": paragraphs(row.get("text")),
        "implications": [
            text for item in row.get("implications") or [] for text in paragraphs(item)
        ],
        "guideline_id": row["guideline_id"],
        "guideline_version": row.get("guideline_version") or None,
        "link": web_link(row["link"]),
        "taken": row["taken"],
        "by_clinical_phenotype": row["by_clinical_phenotype"],
        "licence": row["licence"],
    }
