"""Fragments with a change that differ from the others at further places beside it.

A copy of a region elsewhere in the genome, a pseudogene say, differs from it at several places.
Where the reference lacks the copy, or the assay reads both, its fragments look like an allele:
all of them carry all of the differences, and the other fragments carry none. A germline haplotype
looks the same. A change of the tumor arises on one haplotype of many cells, so that the fragments
without it are of both haplotypes and differ from it at few places or none.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from apothecary.calling.pileup import Grouped, Ints, Window
from apothecary.calling.support import Support

_ONE_EVENT = 10
"""Bases within which differences are taken for one."""


@dataclass(frozen=True)
class LinkageSettings:
    """When fragments are taken for those of a copy; our own, see the configuration.

    Attributes:
        reach: Bases on either side of a change within which differences count.
        share: Share of the fragments on either side that must show a difference, or not show it.
        fragments: Fragments on either side from which they can be compared.
        differences: Further differences from which a change is marked as that of a copy.
        balance: Distance of the allele fraction from one half from which two chromosomes alone do
            not explain it.
        mapping_quality: By how much the reads with a change are mapped worse than the others.
    """

    reach: int
    share: float
    fragments: int
    differences: int
    balance: float = 0.15
    mapping_quality: float = 10.0

    @classmethod
    def from_config(cls, config: Mapping[str, Any]) -> LinkageSettings:
        """Settings from the section `calling.copies` of the configuration."""
        return cls(**config)


@dataclass
class Linkage:
    """The fragments of one window, asked for the differences between two groups of them.

    Attributes:
        window: The window.
        settings: When fragments are taken for those of a copy.
    """

    window: Window
    settings: LinkageSettings
    _of_fragment: Grouped = field(init=False)
    _indels: dict[tuple[int, int, str], set[int]] = field(init=False)

    def __post_init__(self) -> None:
        fragments = self.window.reads.fragment
        self._of_fragment = Grouped.by(fragments[self.window.read])
        self._indels = {}
        for one in self.window.indels:
            key = (one.anchor, one.deleted, one.inserted)
            self._indels.setdefault(key, set()).add(int(fragments[one.read]))

    def differences(self, pos: int, ref: str, support: Support) -> tuple[int, ...]:
        """Where the fragments with a change differ from those with the reference.

        Args:
            pos: 1-based position of the change.
            ref: Its reference bases.
            support: Its support in the window.

        Returns:
            1-based positions within reach, the first of each group that is taken for one; none
            where a side has too few fragments. The change itself is not among them.
        """
        fragments = self.window.reads.fragment
        changed = np.unique(fragments[support.alt_reads])
        others = np.setdiff1d(fragments[support.ref_reads], changed)
        if min(len(changed), len(others)) < self.settings.fragments:
            return ()
        found = {*self._substituted(pos, changed, others), *self._indels_of(changed, others)}
        first, last = pos - _ONE_EVENT, pos + len(ref) - 1 + _ONE_EVENT
        low, high = pos - self.settings.reach, pos + len(ref) - 1 + self.settings.reach
        places: list[int] = []
        held = low - _ONE_EVENT - 1
        for place in sorted(p for p in found if low <= p <= high and not first <= p <= last):
            if place - held > _ONE_EVENT:
                places.append(place)
            held = place
        return tuple(places)

    def marks(self, pos: int, ref: str, support: Support) -> bool:
        """Whether there are so many differences that the fragments may be those of a copy."""
        return len(self.differences(pos, ref, support)) >= self.settings.differences

    def _substituted(self, pos: int, changed: Ints, others: Ints) -> list[int]:
        counts, beside = self._counts(pos, changed), self._counts(pos, others)
        depth, other_depth = counts.sum(axis=1), beside.sum(axis=1)
        least = self.settings.fragments
        enough = (depth >= np.maximum(least, len(changed) / 2)) & (
            other_depth >= np.maximum(least, len(others) / 2)
        )
        same = (counts.argmax(axis=1) == beside.argmax(axis=1)) | ~enough
        clear = (counts.max(axis=1) >= self.settings.share * depth) & (
            beside.max(axis=1) >= self.settings.share * other_depth
        )
        low = max(0, pos - self.settings.reach - self.window.start)
        return (np.flatnonzero(~same & clear) + low + self.window.start).tolist()

    def _counts(self, pos: int, fragments: Ints) -> Ints:
        """Fragments by place within reach and base; shape (bases within reach, 4)."""
        entries = self._of_fragment.of(fragments)
        low = max(0, pos - self.settings.reach - self.window.start)
        length = 2 * self.settings.reach + 1
        place = self.window.position[entries] - low
        inside = (place >= 0) & (place < length)
        flat = place[inside] * 4 + self.window.base[entries[inside]]
        return np.bincount(flat, minlength=4 * length).reshape(length, 4)

    def _indels_of(self, changed: Ints, others: Ints) -> list[int]:
        with_change, without = set(changed.tolist()), set(others.tolist())
        share = self.settings.share
        return [
            anchor + 1
            for (anchor, _, _), shown in self._indels.items()
            if len(shown & with_change) >= share * len(with_change)
            and len(shown & without) <= (1 - share) * len(without)
        ]
