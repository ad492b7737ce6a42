"""Which counts of persons may be shown beside each other without giving a small one away.

A count below the least is not shown. Counts are tied to each other: the categories of a partition
sum to its total, and categories of one partition may be unions of those of another, as phenotypes
are of diplotypes. A further count is therefore left out wherever what is shown would limit a small
one to less than the least. What remains is checked by linear programs over all the ties at once.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

Key: TypeAlias = tuple[str, str, str, str]
"""Measure, tumor type, subject and category of a count."""

_TOLERANCE = 1e-6


@dataclass(frozen=True)
class Tie:
    """Counts whose sums are equal since they count the same persons.

    Attributes:
        whole: Counts of one side; a total is alone.
        parts: Counts of the other side.
    """

    whole: tuple[Key, ...]
    parts: tuple[Key, ...]

    @property
    def keys(self) -> tuple[Key, ...]:
        """The counts of both sides."""
        return self.whole + self.parts


Partition: TypeAlias = Mapping[str, Key]
"""The count that each person is in, by person."""


def ties_between(first: Partition, second: Partition) -> list[Tie]:
    """How the counts of two partitions of the same persons are tied.

    Args:
        first: A partition.
        second: Another one, of the same persons.

    Returns:
        A tie for each smallest set of counts of the first that is the same persons as a set of
        counts of the second.
    """
    group: dict[Key, set[Key]] = {}
    for pair in sorted({(first[person], second[person]) for person in first}):
        joined = set(pair).union(*(group.get(key, ()) for key in pair))
        group.update(dict.fromkeys(joined, joined))
    mine = set(first.values())
    return [
        Tie(tuple(sorted(keys & mine)), tuple(sorted(keys - mine)))
        for keys in {id(keys): keys for keys in group.values()}.values()
    ]


def shown(
    counts: Mapping[Key, int], ties: Iterable[Tie], least: int, fixed: frozenset[Key]
) -> set[Key]:
    """The counts that may be shown.

    Args:
        counts: Persons by count, none of them 0.
        ties: How they are tied.
        least: Smallest count that is shown.
        fixed: Totals, which are shown in any case; each is at least `least`.

    Returns:
        Keys of the counts to show. Of every count below the least that is not shown, what is shown
        allows that it is `least` or more.
    """
    known = sorted(set(ties), key=lambda tie: tie.keys)
    hidden = {key for key, count in counts.items() if count < least}
    while True:
        _fold(counts, known, least, fixed, hidden)
        further = _further(counts, known, least, fixed, hidden)
        if not further:
            return set(counts) - hidden
        hidden |= further


def _fold(
    counts: Mapping[Key, int],
    ties: Sequence[Tie],
    least: int,
    fixed: frozenset[Key],
    hidden: set[Key],
) -> None:
    """Hide counts until what is hidden of every tie's side sums to the least or more."""
    changed = True
    while changed:
        changed = False
        for tie in ties:
            for side in (tie.whole, tie.parts):
                here = [key for key in side if key in hidden]
                open_keys = [key for key in side if key not in hidden and key not in fixed]
                other = tie.parts if side is tie.whole else tie.whole
                told = not any(key in hidden for key in other)
                rest = sum(counts[key] for key in here)
                if here and told and rest < least and open_keys:
                    hidden.add(min(open_keys, key=lambda key: (counts[key], key)))
                    changed = True


def _further(
    counts: Mapping[Key, int],
    ties: Sequence[Tie],
    least: int,
    fixed: frozenset[Key],
    hidden: set[Key],
) -> set[Key]:
    """A count to hide for each system of ties that limits a small count to less than the least."""
    further = set()
    for keys, system in _systems(ties, hidden):
        small = [key for key in keys if counts[key] < least]
        limited = {key for key in small if highest(counts, system, hidden, key) < least}
        if not limited:
            continue
        near = [tie for tie in system if limited & set(tie.keys)]
        for group in (near, system):
            candidates = {k for tie in group for k in tie.keys} - hidden - fixed
            if candidates:
                further.add(min(candidates, key=lambda key: (counts[key], key)))
                break
    return further


def _systems(ties: Sequence[Tie], hidden: set[Key]) -> list[tuple[list[Key], list[Tie]]]:
    """Ties that are connected through counts that are not shown, with those counts."""
    of_key: dict[Key, list[int]] = defaultdict(list)
    for number, tie in enumerate(ties):
        for key in tie.keys:
            if key in hidden:
                of_key[key].append(number)
    found, seen = [], set()
    for start in sorted(of_key):
        if start in seen:
            continue
        keys, numbers, waiting = {start}, set(), [start]
        while waiting:
            for number in of_key[waiting.pop()]:
                if number not in numbers:
                    numbers.add(number)
                    new = {key for key in ties[number].keys if key in hidden} - keys
                    keys |= new
                    waiting += sorted(new)
        seen |= keys
        found.append((sorted(keys), [ties[number] for number in sorted(numbers)]))
    return found


def highest(counts: Mapping[Key, int], ties: Sequence[Tie], hidden: set[Key], key: Key) -> float:
    """The highest value that a hidden count may have by all that is shown.

    Args:
        counts: Persons by count.
        ties: How they are tied.
        hidden: The counts that are not shown, of which only is known that none is negative.
        key: One of them.

    Returns:
        Persons; infinite where nothing limits it.
    """
    import numpy as np
    from scipy.optimize import linprog

    place = {name: i for i, name in enumerate(sorted({k for t in ties for k in t.keys} & hidden))}
    if key not in place:
        return float("inf")
    matrix, right = np.zeros((len(ties), len(place))), np.zeros(len(ties))
    for row, tie in enumerate(ties):
        for sign, side in ((1, tie.whole), (-1, tie.parts)):
            for name in side:
                if name in hidden:
                    matrix[row, place[name]] += sign
                else:
                    right[row] -= sign * counts[name]
    aim = np.zeros(len(place))
    aim[place[key]] = -1
    solved = linprog(aim, A_eq=matrix, b_eq=right, bounds=(0, None), method="highs")
    if solved.status == 3:  # nothing limits it
        return float("inf")
    return float(-solved.fun) + _TOLERANCE
