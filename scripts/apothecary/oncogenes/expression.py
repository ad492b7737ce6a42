"""Expression of genes: outliers among the samples of a matrix, and what is changed in the DNA."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.stats import norm

from apothecary.errors import Problem, WorkflowInputError
from apothecary.oncogenes.sheets import read_sheet
from apothecary.oncogenes.tumor_settings import TumorSettings

HIGH = "high"
LOW = "low"
NORMAL = "normal"
NOT_ASSESSED = "not_assessed"
# The median absolute deviation of a normal distribution, in standard deviations.
_MAD_OF_NORMAL = float(norm.ppf(0.75))


@dataclass(frozen=True)
class Expression:
    """Expression of one gene in one sample.

    Attributes:
        value: As in the matrix.
        median: Median of log2(value + 1) of the samples.
        robust_z: Distance from it in robust standard deviations; None when not assessed.
        samples: Samples that it was held against, itself among them.
        status: high, low, normal or not_assessed.
        reason: Why it is not assessed, or null.
    """

    value: float
    median: float
    robust_z: float | None
    samples: int
    status: str
    reason: str | None


class Matrix:
    """Expression by gene and sample."""

    def __init__(self, samples: Sequence[str], rows: dict[str, list[float]]) -> None:
        """Hold values by gene, in the order of the samples."""
        self.samples = tuple(samples)
        self._rows = rows

    def judge(
        self, gene: str, sample: str, left_out: Collection[str], settings: TumorSettings
    ) -> Expression | None:
        """Hold the value of a sample against the others.

        Args:
            gene: The gene.
            sample: The sample.
            left_out: Samples that are not to be looked at.
            settings: Bounds.

        Returns:
            The expression; None when the matrix has not the gene or the sample.
        """
        if gene not in self._rows or sample not in self.samples or sample in left_out:
            return None
        values = self._rows[gene]
        kept = [v for name, v in zip(self.samples, values, strict=True) if name not in left_out]
        logs = np.log2(np.array(kept) + 1)
        value = values[self.samples.index(sample)]
        median = float(np.median(logs))
        spread = float(np.median(np.abs(logs - median))) / _MAD_OF_NORMAL
        if len(kept) < settings.expression_min_samples:
            reason = f"{len(kept)} samples, {settings.expression_min_samples} are needed"
            return Expression(value, median, None, len(kept), NOT_ASSESSED, reason)
        if spread == 0:
            return Expression(value, median, None, len(kept), NOT_ASSESSED, "no spread")
        z = (math.log2(value + 1) - median) / spread
        bound = settings.expression_outlier_z
        status = HIGH if z >= bound else LOW if z <= -bound else NORMAL
        return Expression(value, median, z, len(kept), status, None)


def read(path: Path | str) -> Matrix:
    """Read a matrix of expression.

    Args:
        path: TSV: a column of gene symbols, and one for each sample with its sample_id; values
            are not negative and not of a logarithm, such as TPM.

    Raises:
        WorkflowInputError: A value is no such number, or a gene stands twice; all problems in one.
    """
    file = str(path)
    header, lines = read_sheet(path)
    if len(header) < 2:
        raise WorkflowInputError(Problem(file, "no sample", "one column a sample is needed", 1))
    problems: list[Problem] = []
    rows: dict[str, list[float]] = {}
    for number, fields in lines:
        gene = fields[header[0]]
        values = [_value(file, number, name, fields[name], problems) for name in header[1:]]
        if gene in rows:
            problems.append(Problem(file, f"{gene!r} twice", "one row a gene", number, header[0]))
        rows[gene] = values
    if problems:
        raise WorkflowInputError(problems)
    return Matrix(header[1:], rows)


def _value(file: str, number: int, field: str, text: str, problems: list[Problem]) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not (math.isfinite(value) and value >= 0):
        problems.append(
            Problem(file, f"found {text!r}", "a number from 0 is needed", number, field)
        )
        return 0.0
    return value
