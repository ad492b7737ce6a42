"""Hereditary findings of a run in numbers of persons: no gene, and nobody by name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any


def of_run(summaries: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Persons by list that they agreed to, with those who have a finding or are carriers.

    Args:
        summaries: Summaries of the reports. Who agreed to nothing is counted nowhere.

    Returns:
        A list each, by name; a person with several samples counts once.
    """
    found: dict[str, dict[str, Any]] = {}
    for entry in summaries:
        for one in entry["germline"]:
            told = found.setdefault(
                one["name"], {"agreed": set(), "findings": set(), "carriers": set()}
            )
            told["agreed"].add(entry["subject_id"])
            for kind in ("findings", "carriers"):
                if one[kind]:
                    told[kind].add(entry["subject_id"])
    return [
        {"name": name, **{kind: len(persons) for kind, persons in told.items()}}
        for name, told in sorted(found.items())
    ]
