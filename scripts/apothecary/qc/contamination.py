"""Reads of another person among those of a sample, from the balance of alleles at common SNPs.

At each SNP the reads come from the person, or with share `contamination` from one other, unrelated
person. Both genotypes are unknown and are summed over, in Hardy-Weinberg proportions of a group of
1000 Genomes; the groups of both are unknown too and summed over, each as likely as the others, so
that nothing is told of anybody's descent. The share of greatest likelihood is given with the
interval in which twice the log-likelihood falls by less than 3.84, the 95 % point of a chi-square
with one degree of freedom.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from apothecary.qc.snps import Snp

_SHARES = np.linspace(0.0, 0.5, 501)
_DROP = 3.84 / 2
_LEAST_ERROR = 1e-4
_LEAST = 1e-300

Row = Mapping[str, Any]
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Settings:
    """How the estimate is made.

    Attributes:
        min_depth: Reads over a SNP from which it is used.
        max_depth: Reads of a SNP beyond which more tell no more: alleles are not drawn quite at
            random, which a binomial of many reads would take for contamination.
        min_snps: SNPs from which an estimate is given.
        outlier_rate: Share of SNPs whose reads follow no model, such as those of paralogs.
    """

    min_depth: int
    max_depth: int
    min_snps: int
    outlier_rate: float

    @classmethod
    def from_config(cls, settings: Mapping[str, Any]) -> Settings:
        """From the section `qc.identity` of a checked configuration."""
        return cls(**{name: settings[name] for name in cls.__dataclass_fields__})


@dataclass(frozen=True)
class Contamination:
    """An estimate.

    Attributes:
        share: Share of reads that are another person's, 0 to 0.5; None when not assessed.
        low: Lower end of its interval.
        high: Upper end of its interval.
        snps: SNPs that it rests on.
        reason: Why it is not assessed, or what limits it.
    """

    share: float | None
    low: float | None
    high: float | None
    snps: int
    reason: str | None = None


def estimate(
    rows: Sequence[Row],
    snps: Sequence[Snp],
    settings: Settings,
    normal: Sequence[Row] = (),
) -> Contamination:
    """Estimate the share of reads of another person.

    Args:
        rows: Rows of the table fingerprints of the sample.
        snps: The SNPs, for their frequencies.
        settings: How the estimate is made.
        normal: For a tumor, the rows of its normal: only SNPs where the person is homozygous are
            used then, since the copy number of the tumor moves the balance of the others.

    Returns:
        The estimate; not assessed when too few SNPs are covered.
    """
    known = {snp.snp_id: snp for snp in snps if snp.autosomal}
    used = [
        row
        for row in rows
        if row["snp_id"] in known and row["count_1"] + row["count_2"] >= settings.min_depth
    ]
    own: dict[str, int] = {}
    if normal:
        own = {row["snp_id"]: row["genotype"] for row in normal if row["genotype"] in (0, 2)}
        used = [row for row in used if row["snp_id"] in own]
    if len(used) < settings.min_snps:
        found = f"{len(used)} SNPs of {settings.min_depth} reads or more"
        return Contamination(
            None, None, None, len(used), f"{found}, {settings.min_snps} are needed"
        )
    error = _read_error(used)
    by_groups = sum(
        _log_likelihood(row, _proportions(known[row["snp_id"]]), error, settings, own)
        for row in used
    )
    total = np.logaddexp.reduce(np.asarray(by_groups).reshape(len(_SHARES), -1), axis=1)
    inside = _SHARES[total >= total.max() - _DROP]
    return Contamination(
        float(_SHARES[int(total.argmax())]), float(inside[0]), float(inside[-1]), len(used)
    )


def _read_error(rows: Sequence[Row]) -> float:
    """Probability that a read shows the other allele, from the bases that are neither allele.

    Two of three wrong bases are neither, so that half of their share is the one for the other.
    """
    other = sum(row["count_other"] for row in rows)
    every = sum(row["count_1"] + row["count_2"] + row["count_other"] for row in rows)
    return max(float(other / (2 * every)), _LEAST_ERROR)


def _proportions(snp: Snp) -> Floats:
    """Share of persons with 0, 1 and 2 copies of the first allele, a group a row."""
    frequencies = np.array([snp.frequency(name) for name in sorted(snp.counts)])
    others = 1 - frequencies
    return np.stack([others**2, 2 * frequencies * others, frequencies**2], axis=1)


def _log_likelihood(
    row: Row,
    proportions: Floats,
    error: float,
    settings: Settings,
    own: Mapping[str, int],
) -> Floats:
    """Log-likelihood of a SNP's reads.

    Returns:
        By share of contamination, group of the person and group of the other.
    """
    first, depth = row["count_1"], row["count_1"] + row["count_2"]
    if depth > settings.max_depth:
        first, depth = round(first * settings.max_depth / depth), settings.max_depth
    person = proportions
    if row["snp_id"] in own:
        person = np.broadcast_to(np.eye(3)[own[row["snp_id"]]], proportions.shape)
    copies = np.arange(3) / 2
    share = _SHARES[:, None, None]
    mixed = (1 - share) * copies[None, :, None] + share * copies[None, None, :]
    seen = mixed * (1 - error) + (1 - mixed) * error
    values = first * np.log(seen) + (depth - first) * np.log(1 - seen)
    top = values.max(axis=(1, 2))
    scaled = np.exp(values - top[:, None, None])
    sums = np.einsum("sgh,pg,qh->spq", scaled, person, proportions)
    model = np.log(np.maximum(sums, _LEAST)) + top[:, None, None]
    # Without a binomial coefficient on the one side there is none on the other.
    uniform = -np.log(depth + 1) - _log_binomial(depth, first)
    rate = settings.outlier_rate
    return np.asarray(np.logaddexp(np.log1p(-rate) + model, np.log(rate) + uniform))


def _log_binomial(whole: int, part: int) -> float:
    return math.lgamma(whole + 1) - math.lgamma(part + 1) - math.lgamma(whole - part + 1)
