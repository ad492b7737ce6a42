"""Where two sources say different things of one medicine for the same results."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from typing import Any

from apothecary.reports.context import Context, Row

# What an action comes to. What says nothing definite (see_guideline, no_recommendation) is absent.
MEANING = {
    "avoid": "another_medicine",
    "alternative": "another_medicine",
    "change_dose": "another_dose",
    "monitor": "as_usual_watched",
    "standard_dosing": "as_usual",
}
_USUAL = frozenset({"as_usual", "as_usual_watched"})


def conflicts(rows: Sequence[Row], shared: Context) -> list[dict[str, Any]]:
    """The contradictions between the sources of one medicine.

    Two rows are held against each other when they are of different sources and were led to by the
    same phenotypes of the same genes. Rows for different populations are told with their
    population and are not merged.

    Args:
        rows: The rows of the table recommendations for one medicine of one sample.
        shared: What every report of the run shares.

    Returns:
        One entry a contradiction: `severity` is opposed when one source takes the medicine as
        usual and the other does not, dose when both change the dose to different figures, else
        differ; `text` says it in words.
    """
    found: dict[str, dict[str, Any]] = {}
    for one, other in combinations(rows, 2):
        if one["source"] == other["source"] or _basis(one) != _basis(other) or not _basis(one)[1]:
            continue
        severity = _severity(one, other)
        if severity is None:
            continue
        told = sorted(_told(row, shared) for row in (one, other))
        entry = {
            "severity": severity,
            "sources": sorted((one["source"], other["source"])),
            "basis": list(_basis(one)[1]),
            "text": shared.words("recommendations.conflict", first=told[0], second=told[1]),
        }
        found.setdefault(str(entry["text"]), entry)
    order = ("opposed", "differ", "dose")
    return sorted(found.values(), key=lambda e: (order.index(e["severity"]), e["text"]))


def _basis(row: Row) -> tuple[tuple[str, ...], tuple[str, ...]]:
    return tuple(sorted(row["genes"])), tuple(sorted(row.get("phenotypes") or ()))


def _severity(one: Row, other: Row) -> str | None:
    first, second = MEANING.get(one["action"]), MEANING.get(other["action"])
    if first is None or second is None:
        return None
    if first != second:
        return "opposed" if len({first, second} & _USUAL) == 1 else "differ"
    doses = {row.get("dose_change") for row in (one, other)}
    return "dose" if first == "another_dose" and len(doses) == 2 and None not in doses else None


def _told(row: Row, shared: Context) -> str:
    population = f" ({row['population']})" if row.get("population") else ""
    dose = f", {row['dose_change']}" if row.get("dose_change") else ""
    return f"{row['source']}{population}: {shared.words.term('action', row['action'])}{dose}"
