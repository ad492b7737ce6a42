"""The error rates of a sample, from its own bases that are no variant.

At a place where nearly all fragments show one base, the others are taken for errors. Rates are by
substitution as the read shows it (a reverse read is turned round) and by base quality; those of
indels are by the length of the run of one base that follows. Every rate starts from what the base
quality says, weighed as one error.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from apothecary.calling.pileup import Ints, Window

QUALITY_EDGES = (20, 25, 30, 35, 40)
RUN_EDGES = (1, 4, 6, 8)
_COMPLEMENT = np.array([3, 2, 1, 0])
_PRIOR_INDEL = 1e-4
"""Rate of indel errors before any is counted; our own."""

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class NoiseSettings:
    """Which places are no variant.

    Attributes:
        min_depth: Least fragments.
        max_share: Greatest share of the fragments with other bases than the first.
    """

    min_depth: int = 20
    max_share: float = 0.02

    @classmethod
    def from_config(cls, config: Mapping[str, Any]) -> NoiseSettings:
        """Settings from the section `calling.errors` of the configuration."""
        return cls(config["min_depth"], config["max_share"])


@dataclass
class ErrorRates:
    """Counts of errors, to which windows are added.

    Attributes:
        settings: Which places count.
        errors: Bases by quality, true base and base seen, on the read's strand.
        indels: Fragments with an indel, by run of one base; the second row all fragments.
    """

    settings: NoiseSettings
    errors: Ints = field(
        default_factory=lambda: np.zeros((len(QUALITY_EDGES) + 1, 4, 4), dtype=np.int64)
    )
    indels: Ints = field(default_factory=lambda: np.zeros((2, len(RUN_EDGES)), dtype=np.int64))

    def add(self, window: Window) -> None:
        """Count the errors of a window."""
        counts = window.counts
        depth = counts.sum(axis=1)
        main = counts.argmax(axis=1)
        others = depth - counts.max(axis=1)
        plain = (depth >= self.settings.min_depth) & (
            (others <= self.settings.max_share * depth) | (others <= 1)
        )
        kept = plain[window.position]
        true, seen = main[window.position[kept]], window.base[kept]
        reverse = window.reads.reverse[window.read[kept]]
        true = np.where(reverse, _COMPLEMENT[true], true)
        seen = np.where(reverse, _COMPLEMENT[seen], seen)
        bins = np.searchsorted(QUALITY_EDGES, window.quality[kept], side="right")
        np.add.at(self.errors, (bins, true, seen), 1)
        self._add_indels(window, main, depth, plain)

    def _add_indels(self, window: Window, main: Ints, depth: Ints, plain: npt.NDArray[Any]) -> None:
        if not len(main):
            return
        runs = np.searchsorted(RUN_EDGES, run_lengths(main), side="right") - 1
        at = np.array([i.anchor - window.start for i in window.indels], dtype=np.int64)
        inside = at[(at >= 0) & (at < len(main))]
        changed = np.bincount(inside, minlength=len(main))
        quiet = plain & ((changed <= self.settings.max_share * depth) | (changed <= 1))
        np.add.at(self.indels[0], runs[quiet], changed[quiet])
        np.add.at(self.indels[1], runs[quiet], depth[quiet])

    @property
    def rates(self) -> Floats:
        """Rate by quality bin, true base and base seen."""
        lowest = np.array((2, *QUALITY_EDGES), dtype=np.float64)
        prior = (10 ** (-lowest / 10) / 3)[:, None, None]
        bases = self.errors.sum(axis=2, keepdims=True)
        return np.asarray((self.errors + 1) / (bases + 1 / prior), dtype=np.float64)

    def substitution(self, window: Window, entries: Ints, true: int, seen: int) -> float:
        """Expected rate of an error at a place, over the qualities and strands that cover it.

        Args:
            window: A window.
            entries: Its entries at the place (`Window.at`).
            true: Number of the true base.
            seen: Number of the base that an error would show.
        """
        rates = self.rates
        if not len(entries):
            return float(rates[:, true, seen].mean())
        bins = np.searchsorted(QUALITY_EDGES, window.quality[entries], side="right")
        reverse = window.reads.reverse[window.read[entries]]
        forward = rates[bins, true, seen]
        turned = rates[bins, _COMPLEMENT[true], _COMPLEMENT[seen]]
        return float(np.where(reverse, turned, forward).mean())

    def indel(self, run: int) -> float:
        """Rate of an indel error before a run of one base of some length."""
        at = int(np.searchsorted(RUN_EDGES, max(1, run), side="right")) - 1
        changed, all_fragments = self.indels[:, at]
        return float((changed + 1) / (all_fragments + 1 / _PRIOR_INDEL))


def run_lengths(bases: Ints) -> Ints:
    """For each place, the length of the run of one base that starts at the next place."""
    length = len(bases)
    runs = np.ones(length, dtype=np.int64)
    for at in range(length - 2, -1, -1):
        following = at + 1
        if following + 1 < length and bases[following] == bases[following + 1]:
            runs[at] = runs[following] + 1
    return runs
