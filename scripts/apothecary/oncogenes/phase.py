"""Whether two variants of a tumor lie on one molecule: by the file's phase, else by the reads."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from apothecary.alignments.files import Alignment, opened

CIS = "cis"
TRANS = "trans"
UNKNOWN = "unknown"
FILE = "file"
READS = "reads"
_PASSED_OVER = 0x4 | 0x100 | 0x200 | 0x400 | 0x800
"""Unmapped, secondary, failed, duplicate and supplementary alignments (SAM flags)."""


@dataclass(frozen=True)
class Limits:
    """What counts; all of it our own choice, set in the configuration.

    Attributes:
        min_mapping_quality: Least mapping quality of a read, Phred.
        min_base_quality: Least quality of every base looked at, Phred.
        min_fragments: Fragments from which the reads tell the phase.
        min_share: Share of the fragments with the rarer variant that must agree.
    """

    min_mapping_quality: int
    min_base_quality: int
    min_fragments: int
    min_share: float


@dataclass(frozen=True)
class Phase:
    """The phase of two variants.

    Attributes:
        value: cis, trans or unknown.
        source: file or reads; None when unknown.
        both: Fragments with both variants; None where no reads were looked at.
        first: Fragments over both places with the first variant only.
        second: Fragments over both places with the second variant only.
        reason: In words.
    """

    value: str
    source: str | None
    both: int | None
    first: int | None
    second: int | None
    reason: str


def of_file(one: Mapping[str, Any], other: Mapping[str, Any]) -> str:
    """The phase by genotypes: cis, trans or unknown.

    Args:
        one: A row of the table `variants`.
        other: Another row of the same sample and chromosome.
    """
    if not (one["phased"] and other["phased"]) or one["phase_set"] != other["phase_set"]:
        return UNKNOWN
    strands = [_strands(one), _strands(other)]
    if not all(strands):
        return UNKNOWN
    return CIS if strands[0] & strands[1] else TRANS


def _strands(variant: Mapping[str, Any]) -> set[int]:
    alleles = re.split(r"[|/]", variant["genotype"])
    return {at for at, allele in enumerate(alleles) if allele == str(variant["allele_index"])}


def of_pair(
    one: Mapping[str, Any],
    other: Mapping[str, Any],
    alignment: Alignment | None,
    limits: Limits,
) -> Phase:
    """The phase of two substitutions.

    Args:
        one: A row of the table `variants`; bases replaced by as many.
        other: Another row of the same sample and chromosome.
        alignment: The reads of the sample, in the build of the variants; None without reads.
        limits: What counts.

    Returns:
        The phase by the file where it tells; else that by the reads.

    Raises:
        WorkflowInputError: The reads are damaged.
    """
    by_file = of_file(one, other)
    if by_file != UNKNOWN:
        return Phase(by_file, FILE, None, None, None, "the genotypes of the file are phased")
    if alignment is None or one["chrom"] not in alignment.names:
        return Phase(
            UNKNOWN, None, None, None, None, "the file does not phase them, and no reads are given"
        )
    both, first, second = _count(one, other, alignment, limits)
    counted = f"{both} fragments with both, {first} and {second} with one of them"
    rarer = both + min(first, second)
    if rarer < limits.min_fragments:
        reason = f"too few fragments over both places tell: {counted}"
        return Phase(UNKNOWN, None, both, first, second, reason)
    if both >= limits.min_share * rarer:
        return Phase(CIS, READS, both, first, second, counted)
    if both <= (1 - limits.min_share) * rarer:
        return Phase(TRANS, READS, both, first, second, counted)
    return Phase(UNKNOWN, None, both, first, second, f"the fragments disagree: {counted}")


def _count(
    one: Mapping[str, Any], other: Mapping[str, Any], alignment: Alignment, limits: Limits
) -> tuple[int, int, int]:
    """Fragments that show both variants, the first only, and the second only."""
    shown: dict[str, dict[int, bool]] = {}
    contig = alignment.names[one["chrom"]]
    with opened(alignment) as file:
        for number, variant in enumerate((one, other)):
            start = variant["pos"] - 1
            for read in file.fetch(contig, start, start + len(variant["ref"])):
                if read.flag & _PASSED_OVER or read.mapping_quality < limits.min_mapping_quality:
                    continue
                bases = _bases(read, start, len(variant["ref"]), limits.min_base_quality)
                if bases in (variant["ref"], variant["alt"]):
                    shown.setdefault(read.query_name, {})[number] = bases == variant["alt"]
    pairs = [(seen[0], seen[1]) for seen in shown.values() if len(seen) == 2]
    return (
        sum(a and b for a, b in pairs),
        sum(a and not b for a, b in pairs),
        sum(b and not a for a, b in pairs),
    )


def _bases(read: Any, start: int, length: int, min_quality: int) -> str:
    """Bases of a read over 0-based reference positions; empty when any is missing or poor."""
    wanted = range(start, start + length)
    found: dict[int, str] = {}
    for at, place in read.get_aligned_pairs(matches_only=True):
        if place in wanted and read.query_qualities[at] >= min_quality:
            found[place] = read.query_sequence[at]
    return "".join(found[place] for place in wanted) if len(found) == length else ""
