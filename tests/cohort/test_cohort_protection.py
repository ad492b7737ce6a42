"""No small count can be told from the counts that are shown."""

from __future__ import annotations

from collections import Counter

from hypothesis import example, given, settings
from hypothesis import strategies as st

from apothecary.cohort import protection
from apothecary.cohort.protection import Key, Tie

LEAST = 5
TOTAL: Key = ("persons", "", "", "total")


def key(measure: str, value: int) -> Key:
    return (measure, "", "", f"{value:02d}")


def system(persons: list[tuple[int, int, int]]) -> tuple[Counter[Key], list[Tie]]:
    """Persons with a fine category, a coarse one that the fine one gives, and a free one."""
    partitions = [
        {str(i): key("fine", fine) for i, (fine, _, _) in enumerate(persons)},
        {str(i): key("coarse", fine % 3) for i, (fine, _, _) in enumerate(persons)},
        {str(i): key("action", min(fine % 3, 1)) for i, (fine, _, _) in enumerate(persons)},
        {str(i): key("free", free) for i, (_, free, _) in enumerate(persons)},
        {str(i): key("cross", 10 * fine + free) for i, (fine, free, _) in enumerate(persons)},
    ]
    counts: Counter[Key] = Counter({TOTAL: len(persons)})
    ties = []
    for number, partition in enumerate(partitions):
        counts.update(partition.values())
        ties.append(Tie((TOTAL,), tuple(sorted(set(partition.values())))))
        for other in partitions[:number]:
            ties += protection.ties_between(other, partition)
    return counts, ties


PERSONS = st.lists(
    st.tuples(st.integers(0, 6), st.integers(0, 3), st.just(0)), min_size=LEAST, max_size=60
)


@settings(max_examples=25)
@given(PERSONS)
@example([(0, 0, 0)] * 9 + [(1, 0, 0)] * 3)
@example([(0, 0, 0)] * 20 + [(3, 0, 0)] * 4)
@example([(0, 0, 0)] * 20 + [(3, 1, 0)] * 4 + [(2, 2, 0)] * 6)
def test_no_small_count_can_be_told_from_the_others(persons):
    counts, ties = system(persons)
    shown = protection.shown(counts, ties, LEAST, frozenset({TOTAL}))
    assert TOTAL in shown
    assert all(counts[name] >= LEAST for name in shown)
    hidden = set(counts) - shown
    for name in hidden:
        if counts[name] < LEAST:
            assert protection.highest(counts, ties, hidden, name) >= LEAST
    # And by hand: in no partition are the hidden counts together fewer than the least.
    for measure in ("fine", "coarse", "action", "free", "cross"):
        rest = sum(counts[name] for name in hidden if name[0] == measure)
        assert rest == 0 or rest >= LEAST


def test_a_count_that_is_large_is_left_out_beside_a_small_one():
    counts, ties = system([(0, 0, 0)] * 30 + [(3, 0, 0)] * 3 + [(6, 0, 0)] * 8)
    shown = protection.shown(counts, ties, LEAST, frozenset({TOTAL}))
    assert counts[key("fine", 3)] == 3
    assert key("fine", 6) not in shown
    assert key("fine", 0) in shown


def test_what_two_tables_would_give_together_is_left_out():
    # coarse 0 is fine 0 and fine 3: 24 of them beside 20 would tell the 4.
    counts, ties = system([(0, 0, 0)] * 20 + [(3, 0, 0)] * 4 + [(1, 0, 0)] * 9)
    shown = protection.shown(counts, ties, LEAST, frozenset({TOTAL}))
    both = {key("coarse", 0), key("fine", 0)}
    assert not both <= shown
    assert {key("fine", 1), key("coarse", 1)} & shown or key("coarse", 0) in shown


def test_without_small_counts_all_are_shown():
    counts, ties = system([(0, 0, 0)] * 20 + [(1, 1, 0)] * 10)
    assert protection.shown(counts, ties, LEAST, frozenset({TOTAL})) == set(counts)


def test_ties_are_the_smallest_unions_of_the_same_persons():
    first = {"a": key("x", 1), "b": key("x", 1), "c": key("x", 2), "d": key("x", 3)}
    second = {"a": key("y", 1), "b": key("y", 2), "c": key("y", 3), "d": key("y", 3)}
    assert set(protection.ties_between(first, second)) == {
        Tie((key("x", 1),), (key("y", 1), key("y", 2))),
        Tie((key("x", 2), key("x", 3)), (key("y", 3),)),
    }
