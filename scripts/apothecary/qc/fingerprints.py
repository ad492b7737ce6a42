"""A person's alleles at common SNPs: read from alignments, and kept to tell samples apart."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from apothecary import selection, tables
from apothecary.alignments.files import Alignment, opened
from apothecary.qc import schemas
from apothecary.qc.snps import Snp

# Unmapped, secondary, failed by the sequencer, duplicate: as in the depth of a region.
_LEFT_OUT = 0x704
_DEEPEST = 100_000


@dataclass(frozen=True)
class Counting:
    """Which reads count, and when a genotype is told.

    Attributes:
        min_mapping_quality: Least mapping quality of a read, Phred.
        min_base_quality: Least quality of a base, Phred.
        min_depth: Least reads of both alleles from which a genotype is told.
        read_error: Probability that a read shows the other allele.
        min_posterior: Posterior from which a genotype is told, all three being equally likely.
    """

    min_mapping_quality: int
    min_base_quality: int
    min_depth: int
    read_error: float
    min_posterior: float

    @classmethod
    def from_config(cls, settings: Mapping[str, Any]) -> Counting:
        """From the section `qc.identity` of a checked configuration."""
        return cls(**{name: settings[name] for name in cls.__dataclass_fields__})


def count(alignment: Alignment, snps: Iterable[Snp], counting: Counting) -> list[dict[str, Any]]:
    """Reads of both alleles of SNPs.

    Args:
        alignment: The alignment file.
        snps: The SNPs.
        counting: Which reads count.

    Returns:
        Columns of the table fingerprints but for those of the sample, one row a SNP whose
        chromosome the file has. The bases where the mates of a pair overlap count once.
    """
    rows = []
    with opened(alignment) as file:
        for snp in snps:
            if snp.chrom in alignment.names:
                bases = _bases(file, alignment.names[snp.chrom], snp.place, counting)
                rows.append(_row(snp, bases, counting))
    return rows


def _bases(file: Any, contig: str, pos: int, counting: Counting) -> list[str]:
    columns = file.pileup(
        contig,
        pos - 1,
        pos,
        truncate=True,
        stepper="samtools",
        flag_filter=_LEFT_OUT,
        ignore_overlaps=True,
        ignore_orphans=False,
        min_base_quality=counting.min_base_quality,
        min_mapping_quality=counting.min_mapping_quality,
        max_depth=_DEEPEST,
    )
    found: list[str] = []
    for column in columns:
        found += [base.upper() for base in column.get_query_sequences()]
    return found


def _row(snp: Snp, bases: Sequence[str], counting: Counting) -> dict[str, Any]:
    first, second = bases.count(snp.allele_1), bases.count(snp.allele_2)
    # An empty base is a deletion or a skipped stretch: it tells nothing of the alleles.
    other = sum(bool(base) for base in bases) - first - second
    return {
        "snp_id": snp.snp_id,
        "chrom": snp.chrom,
        "pos": snp.pos,
        "allele_1": snp.allele_1,
        "allele_2": snp.allele_2,
        "count_1": first,
        "count_2": second,
        "count_other": other,
        "genotype": genotype(first, second, counting),
    }


def log_likelihoods(first: float, second: float, read_error: float) -> tuple[float, float, float]:
    """Log-likelihood of reads for 0, 1 and 2 copies of the first allele, but for a constant.

    Args:
        first: Reads of the first allele.
        second: Reads of the second allele.
        read_error: Probability that a read shows the other allele.
    """
    right, wrong = math.log(1 - read_error), math.log(read_error)
    return (
        first * wrong + second * right,
        (first + second) * math.log(0.5),
        first * right + second * wrong,
    )


def genotype(first: int, second: int, counting: Counting) -> int | None:
    """Copies of the first allele; None where the reads are too few or do not agree."""
    if first + second < counting.min_depth:
        return None
    values = log_likelihoods(first, second, counting.read_error)
    best = max(values)
    weights = [math.exp(value - best) for value in values]
    if max(weights) / sum(weights) < counting.min_posterior:
        return None
    return weights.index(max(weights))


def of_sample(
    sample: Mapping[str, Any], counted: Iterable[Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """Rows of the table fingerprints.

    Args:
        sample: A row of the table samples.
        counted: What `count` gave.
    """
    names = ("sample_id", "subject_id", "role")
    return [{**{name: sample[name] for name in names}, **row} for row in counted]


def read(paths: Iterable[Path | str]) -> dict[str, list[Mapping[str, Any]]]:
    """Read tables of fingerprints.

    Args:
        paths: Tables of this or earlier runs; of a sample that is in several, the last counts.

    Returns:
        Rows by sample id.

    Raises:
        ResourceError: A file is no such table.
    """
    found: dict[str, list[Mapping[str, Any]]] = {}
    for path in paths:
        found |= selection.by_sample(tables.read_rows(path, schemas.FINGERPRINTS))
    return found
