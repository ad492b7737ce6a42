"""Sums of scores: what each variant added, and how much of a score was there to be summed."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from apothecary.risk.dosage import IMPUTED, MATCHED, Weighed
from apothecary.risk.scoring_files import ScoreVariant


@dataclass
class Sum:
    """A score of a person as far as it was summed.

    Attributes:
        parts: Sums by chromosome, so that the order of a file changes no digit.
        states: Variants by what became of them: matched, imputed, or why not.
        size: Sum of the weights without their signs, of all variants.
        matched_size: The same of those that were matched.
    """

    parts: dict[str, float] = field(default_factory=dict)
    states: Counter[str] = field(default_factory=Counter)
    size: float = 0.0
    matched_size: float = 0.0

    def add(self, chrom: str, variants: Sequence[ScoreVariant], found: Sequence[Weighed]) -> None:
        """Add the variants of a chromosome; each chromosome is added once."""
        self.parts[chrom] = math.fsum(one.value for one in found)
        self.states.update(one.state for one in found)
        sizes = [variant.size for variant in variants]
        self.size += math.fsum(sizes)
        matched = (s for s, one in zip(sizes, found, strict=True) if one.state == MATCHED)
        self.matched_size += math.fsum(matched)

    def as_json(self) -> dict[str, Any]:
        """The sum as JSON holds it; see `of_json`."""
        return {**vars(self), "states": dict(self.states)}

    @classmethod
    def of_json(cls, told: Mapping[str, Any]) -> Sum:
        """A sum from what `as_json` gave."""
        return cls(**{**told, "states": Counter(told["states"])})

    @property
    def score(self) -> float:
        """The sum over all chromosomes."""
        return math.fsum(self.parts[chrom] for chrom in sorted(self.parts))

    @property
    def variants(self) -> int:
        """Variants of the score."""
        return self.states.total()

    @property
    def used(self) -> int:
        """Variants that were summed, imputed ones among them."""
        return self.states[MATCHED] + self.states[IMPUTED]

    @property
    def coverage(self) -> float:
        """Share of the variants that were matched, 0 to 1."""
        return self.states[MATCHED] / self.variants

    @property
    def weight_coverage(self) -> float:
        """Share of the weights, without their signs, that were matched; of no weight all."""
        return min(1.0, self.matched_size / self.size) if self.size else 1.0

    @property
    def left(self) -> dict[str, int]:
        """Variants that were not summed, by why not."""
        return {
            state: count
            for state, count in sorted(self.states.items())
            if state not in (MATCHED, IMPUTED)
        }
