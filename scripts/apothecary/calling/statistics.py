"""The statistics of read counts: intervals, error tails, detection limits, biases."""

from __future__ import annotations

import math
from dataclasses import dataclass

from scipy import special

Z95 = float(special.ndtri(0.975))
"""Standard normal quantile of a two-sided 95 % interval."""


def wilson(count: int, depth: int) -> tuple[float, float]:
    """Wilson's score interval, 95 %, of a proportion.

    Args:
        count: Fragments with the allele.
        depth: All fragments; at least 1.

    Returns:
        Its lower and upper bound, 0 to 1.
    """
    share = count / depth
    square = Z95 * Z95 / depth
    middle = (share + square / 2) / (1 + square)
    half = Z95 / (1 + square) * math.sqrt(share * (1 - share) / depth + square / (4 * depth))
    low = 0.0 if count == 0 else max(0.0, middle - half)
    high = 1.0 if count == depth else min(1.0, middle + half)
    return low, high


def tail(count: int, depth: int, rate: float) -> float:
    """Probability of `count` or more errors among `depth` fragments at an error rate."""
    return 1.0 if count <= 0 else float(special.bdtrc(count - 1, depth, rate))


@dataclass(frozen=True)
class Detection:
    """When an allele counts as found.

    Attributes:
        alpha: Greatest probability that errors alone give as many fragments.
        min_alt_depth: Least number of fragments.
        power: Probability with which an allele at the detection limit is found.
    """

    alpha: float
    min_alt_depth: int
    power: float

    def needed(self, depth: int, rate: float) -> int:
        """The least number of fragments from which an allele is found.

        Args:
            depth: All fragments.
            rate: Error rate.

        Returns:
            A number; greater than `depth` when no number is enough.
        """
        low, high = self.min_alt_depth, max(depth + 1, self.min_alt_depth)
        while low < high:
            middle = (low + high) // 2
            if tail(middle, depth, rate) <= self.alpha:
                high = middle
            else:
                low = middle + 1
        return low

    def limit(self, depth: int, rate: float) -> float | None:
        """The least allele fraction that would have been found with the wanted power.

        The number of fragments with the allele is binomial, and at least `needed` of them are
        wanted; errors that make the allele are taken off.

        Returns:
            A fraction from 0 to 1, or None where no fraction would have been found.
        """
        needed = self.needed(depth, rate)
        if needed > depth:
            return None
        seen = float(special.betaincinv(needed, depth - needed + 1, self.power))
        return max(0.0, (seen - rate) / (1 - rate))


def log_odds(count: int, depth: int, rate: float) -> float:
    """log10 of how much likelier the counts are with the allele at its fraction than by errors.

    Args:
        count: Fragments with the allele.
        depth: All fragments; at least 1.
        rate: Error rate, above 0 and below 1.
    """
    share = count / depth
    if share <= rate:
        return 0.0
    odds = count * math.log10(share / rate)
    if count < depth:
        odds += (depth - count) * math.log10((1 - share) / (1 - rate))
    return odds


def exact_test(a: int, b: int, c: int, d: int) -> float:
    """Two-sided p-value of Fisher's exact test of the table ((a, b), (c, d))."""
    from scipy import stats

    return float(stats.fisher_exact(((a, b), (c, d))).pvalue)
