"""What the samples of a file show of a gene, each distinct set of observations kept once.

Observations are shared between samples, so their identity tells alike from different without a
look at what they hold.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from apothecary.pharmacogenes.observations import Observation


@dataclass(frozen=True)
class GeneSites:
    """The observations of a gene in all samples.

    Attributes:
        distinct: The different sets of observations, each one entry a position.
        of_sample: Index into `distinct`, one entry a sample.
    """

    distinct: tuple[tuple[Observation, ...], ...]
    of_sample: npt.NDArray[np.int32]

    @classmethod
    def from_columns(cls, columns: Sequence[Sequence[Observation]]) -> GeneSites:
        """Group the samples.

        Args:
            columns: One sequence a position, with one entry a sample (`SiteTable.columns`).

        Returns:
            The sets in the order in which samples first have them.
        """
        numbers: dict[tuple[int, ...], int] = {}
        distinct: list[tuple[Observation, ...]] = []
        of_sample: list[int] = []
        for seen in zip(*columns, strict=True):
            number = numbers.setdefault(tuple(map(id, seen)), len(distinct))
            if number == len(distinct):
                distinct.append(seen)
            of_sample.append(number)
        return cls(tuple(distinct), np.array(of_sample, np.int32))
