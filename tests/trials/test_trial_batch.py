"""Counts of a batch: persons once, and no small count to be had by subtraction."""

from __future__ import annotations

from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from apothecary.trials import batch

STATUSES = ("met", "unknown", "unmet")


def rows(counts, block=1):
    names = [status for status, number in zip(STATUSES, counts, strict=True) for _ in range(number)]
    return [
        {
            "sample_id": f"S{i}", "trial_id": "T", "block": block, "step": None, "arm": "A",
            "dose_level": None, "accrual": "open", "status": status,
        }
        for i, status in enumerate(names)
    ]  # fmt: skip


def counted(counts, least=5):
    made = rows(counts)
    subjects = {row["sample_id"]: row["sample_id"] for row in made}
    return {row["status"]: row["persons"] for row in batch.count(made, subjects, least)}


def test_counts_from_the_least_on_are_told():
    assert counted((5, 6, 7)) == {"met": 5, "unknown": 6, "unmet": 7}


def test_a_small_count_is_not_told_and_neither_is_what_gives_it_away():
    assert counted((2, 20, 9)) == {"met": None, "unknown": 20, "unmet": None}
    assert counted((0, 0, 20)) == {"met": None, "unknown": None, "unmet": None}


def test_a_person_with_two_tumors_counts_once_by_the_best_answer():
    made = rows((5, 0, 5))
    subjects = {f"S{i}": f"P{i % 5}" for i in range(10)}
    found = {r["status"]: r["persons"] for r in batch.count(made, subjects, 1)}
    assert found["met"] == 5
    assert sum(number or 0 for number in found.values()) == 5


@given(st.tuples(*[st.integers(0, 12)] * 3).filter(any), st.integers(2, 6))
def test_no_small_count_can_be_had_from_the_total(counts, least):
    """Whoever knows the total and the rule finds no suppressed count that is certain and small."""
    told = counted(counts, least)
    hidden = [status for status in STATUSES if told[status] is None]
    assert all(number is None or number >= least for number in told.values())
    if not hidden:
        return
    rest = sum(counts) - sum(number or 0 for number in told.values())
    possible = [fill for fill in product(range(rest + 1), repeat=len(hidden)) if sum(fill) == rest]
    for place in range(len(hidden)):
        assert len({fill[place] for fill in possible}) > 1 or sum(counts) < least
