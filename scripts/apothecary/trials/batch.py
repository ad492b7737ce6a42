"""How many persons of a batch may meet a trial, with small counts suppressed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from apothecary.trials.match import STATUSES

_RANK = ("met", "unknown", "unmet")


def count(
    rows: Iterable[Mapping[str, Any]], subjects: Mapping[str, str], least: int
) -> list[dict[str, Any]]:
    """Count the persons by answer.

    A person with several tumors counts once, by the best answer. A count below `least` is
    suppressed; so that it cannot be had from the total and the other counts, the smallest of
    those is suppressed as well until two or more are, and `least` persons or more stand behind
    them.

    Args:
        rows: Rows of the table trials, of a batch.
        subjects: Person by sample.
        least: Least count that is told; 1 suppresses nothing.

    Returns:
        Rows of the table trial_counts.
    """
    best: dict[tuple[str, int], dict[str, str]] = {}
    named: dict[tuple[str, int], Mapping[str, Any]] = {}
    for row in rows:
        key = (row["trial_id"], row["block"])
        named.setdefault(key, row)
        person = subjects[row["sample_id"]]
        statuses = best.setdefault(key, {})
        before = statuses.get(person, row["status"])
        statuses[person] = min(before, row["status"], key=_RANK.index)
    found = []
    for key in sorted(best):
        answers = list(best[key].values())
        counts = {status: answers.count(status) for status in sorted(STATUSES.values())}
        hidden = _hidden(counts, least)
        found += [
            {
                "trial_id": key[0],
                "block": key[1],
                "step": named[key]["step"],
                "arm": named[key]["arm"],
                "dose_level": named[key]["dose_level"],
                "accrual": named[key]["accrual"],
                "status": status,
                "persons": None if status in hidden else number,
                # One reason for all, since which count is the small one is not told either.
                "suppressed": f"below {least}, or would give such a count away"
                if status in hidden
                else None,
            }
            for status, number in counts.items()
        ]
    return found


def _hidden(counts: Mapping[str, int], least: int) -> set[str]:
    """The answers whose count is not told."""
    if least == 1:
        return set()
    hidden = {status for status, number in counts.items() if number < least}
    rest = sorted((s for s in counts if s not in hidden), key=lambda s: (counts[s], s))
    while hidden and rest and (len(hidden) < 2 or sum(counts[s] for s in hidden) < least):
        hidden.add(rest.pop(0))
    return hidden
