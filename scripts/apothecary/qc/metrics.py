"""A measure of a sample, or the reason why there is none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Metric:
    """A measure of a sample.

    Attributes:
        name: Its name.
        value: Its value; None when it is not assessed.
        unit: reads, bases, fraction, x (reads over a base), Phred.
        reason: Why it is not assessed.
    """

    name: str
    value: float | None
    unit: str
    reason: str | None = None


def share(name: str, part: float, whole: float) -> Metric:
    """A part of a whole; not assessed where the whole is 0."""
    if not whole:
        return Metric(name, None, "fraction", "nothing to count it on")
    return Metric(name, part / whole, "fraction")


def rows(sample_id: str, metrics: Sequence[Metric]) -> list[dict[str, Any]]:
    """Measures as rows of the table alignment_metrics."""
    return [
        {
            "sample_id": sample_id,
            "metric": metric.name,
            "value": metric.value,
            "unit": metric.unit,
            "reason": metric.reason,
        }
        for metric in metrics
    ]
