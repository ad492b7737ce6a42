"""What a site says of the bases of the two strands, as a likelihood.

The likelihood comes from PL where a record has it, else from the reads of each allele (AD), else
from the genotype, which is then taken as seen. Phase is a constraint on which base is on which
strand.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from apothecary.pharmacogenes.matcher import UNKNOWN, Genotype

Floats = npt.NDArray[np.float64]

ANY_OTHER = "*"
"""Stands for an allele of a record that is none of the named ones, as <NON_REF>."""

_FLOOR = 1e-12


@dataclass(frozen=True)
class SiteEvidence:
    """What was seen at a position of the definitions in one sample.

    Attributes:
        genotype: The genotype; None where the position was not assessed.
        alleles: Bases of the record's alleles in their order, `ANY_OTHER` for one that stands for
            all others, None for one that is neither; empty when there is nothing but a genotype.
        phred: PL of the record, in the order of VCF; empty when not given.
        depths: Reads of each allele; empty when not given.
        phase_reads: Fragments that link the position to others of its phase set; 0 when the phase
            is not told by reads.
    """

    genotype: Genotype | None
    alleles: tuple[str | None, ...] = ()
    phred: tuple[int, ...] = ()
    depths: tuple[int, ...] = ()
    phase_reads: int = 0

    @property
    def genotype_only(self) -> bool:
        """Whether the genotype is all that is known."""
        return not self.phred and not self.depths


NOTHING = SiteEvidence(None)


def numbers(text: str | None) -> tuple[int, ...]:
    """Whole numbers separated by commas; empty when any of them is not given."""
    if not text:
        return ()
    parts = text.split(",")
    return tuple(map(int, parts)) if all(part.isdigit() for part in parts) else ()


def of_values(
    genotype: Genotype | None,
    alleles: Sequence[str | None],
    likelihoods: str | None,
    depths: str | None,
) -> SiteEvidence:
    """Evidence of the fields of a record; fields of another length than they must have are void."""
    if genotype is None:
        return NOTHING
    if not alleles or len(genotype.bases) != 2:
        return SiteEvidence(genotype)
    phred, reads = numbers(likelihoods), numbers(depths)
    if len(phred) != len(alleles) * (len(alleles) + 1) // 2 or len(set(phred)) < 2:
        phred = ()
    if len(reads) != len(alleles) or not sum(reads):
        reads = ()
    if not phred and not reads:
        return SiteEvidence(genotype)
    return SiteEvidence(genotype, tuple(alleles), phred, () if phred else reads)


def of_row(row: Mapping[str, Any], genotype: Genotype | None) -> SiteEvidence:
    """Evidence of a row of the table sites."""
    alleles = [one or None for one in row.get("record_alleles") or ()]
    found = of_values(genotype, alleles, row.get("likelihoods"), row.get("allele_depths"))
    return backed(found, row.get("phase_reads"))


def backed(evidence: SiteEvidence, phase_reads: int | None) -> SiteEvidence:
    """Evidence with the fragments that tell its phase."""
    return replace(evidence, phase_reads=phase_reads) if phase_reads else evidence


def strand_likelihood(base: str, bases: Sequence[str]) -> Floats:
    """Likelihood of each base where there is one strand: the base is as seen."""
    if base == UNKNOWN or base not in bases:
        return np.ones(len(bases))
    return np.array([float(one == base) for one in bases])


def pair_likelihood(
    evidence: SiteEvidence, bases: Sequence[str], read_error: float, phase_error: float
) -> Floats:
    """Likelihood of each pair of bases, the first on the first strand.

    Args:
        evidence: The site; assessed.
        bases: The bases that are known at the position.
        read_error: Probability that a read shows another base.
        phase_error: Probability that a phased genotype has its bases the other way round. Where
            fragments tell the phase, it is at most that of each of them being in error.

    Returns:
        Likelihoods by base of the first and of the second strand; the highest is 1, before phase.
    """
    if evidence.phred:
        found = _of_phred(evidence, bases)
    elif evidence.depths:
        found = _of_depths(evidence, bases, read_error)
    else:
        found = _of_genotype(evidence.genotype, bases)
    genotype = evidence.genotype
    if genotype is None or not genotype.phased or not genotype.heterozygous:
        return found
    if UNKNOWN in genotype.bases:
        at = 1 if genotype.bases[0] == UNKNOWN else 0
        ordered = strand_likelihood(genotype.bases[at], bases)
        flat = np.ones(len(bases))
        first, second = (ordered, flat) if at == 0 else (flat, ordered)
        return np.outer(first, second)
    x, y = (bases.index(base) if base in bases else -1 for base in genotype.bases)
    if x >= 0 and y >= 0:
        if evidence.phase_reads:
            phase_error = min(phase_error, read_error**evidence.phase_reads)
        found = found.copy()
        found[x, y] *= 2 * (1 - phase_error)
        found[y, x] *= 2 * phase_error
    return found


def _of_genotype(genotype: Genotype | None, bases: Sequence[str]) -> Floats:
    if genotype is None:
        return np.ones((len(bases), len(bases)))
    first, second = genotype.bases[0], genotype.bases[-1]
    one, other = strand_likelihood(first, bases), strand_likelihood(second, bases)
    return np.maximum(np.outer(one, other), np.outer(other, one))


def _of_phred(evidence: SiteEvidence, bases: Sequence[str]) -> Floats:
    table: dict[tuple[int, int], float] = {}
    number = 0
    for high in range(len(evidence.alleles)):
        for low in range(high + 1):
            table[low, high] = table[high, low] = 10 ** (-evidence.phred[number] / 10)
            number += 1
    return _of_table(evidence.alleles, table, bases)


def _of_depths(evidence: SiteEvidence, bases: Sequence[str], read_error: float) -> Floats:
    count = len(evidence.alleles)
    wrong = read_error / 3
    table: dict[tuple[int, int], float] = {}
    logs: dict[tuple[int, int], float] = {}
    for one in range(count):
        for other in range(one + 1):
            total = 0.0
            for read, depth in enumerate(evidence.depths):
                share = ((read == one) + (read == other)) / 2
                total += depth * math.log(share * (1 - read_error) + (1 - share) * wrong)
            logs[one, other] = logs[other, one] = total
    best = max(logs.values())
    for key, value in logs.items():
        table[key] = math.exp(max(value - best, math.log(_FLOOR)))
    return _of_table(evidence.alleles, table, bases)


def _of_table(
    alleles: Sequence[str | None], table: Mapping[tuple[int, int], float], bases: Sequence[str]
) -> Floats:
    """Likelihoods by base from those by allele of the record, whatever stands for others."""
    named: list[list[int]] = [[i for i, one in enumerate(alleles) if one == base] for base in bases]
    others = [i for i, one in enumerate(alleles) if one == ANY_OTHER]
    at = [own or others for own in named]
    found = np.full((len(bases), len(bases)), _FLOOR)
    for x in range(len(bases)):
        for y in range(len(bases)):
            values = [table[i, j] for i in at[x] for j in at[y]]
            if values:
                found[x, y] = max(max(values), _FLOOR)
    return np.asarray(found / found.max(), dtype=float)
