"""Homopolymers of the reference, and the lengths of them that reads show."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from apothecary.alignments.files import Alignment, opened
from apothecary.calling.targets import Span, windows
from apothecary.oncogenes.biomarkers.msi_reads import Lengths, compared
from apothecary.variants.reference import Fasta

_LEFT_OUT = 0x4 | 0x100 | 0x200 | 0x400 | 0x800
_INSERTION, _DELETION, _SKIP = 1, 2, 3
_REFERENCE = frozenset({0, 2, 3, 7, 8})


@dataclass(frozen=True)
class Locus:
    """A homopolymer of the reference.

    Attributes:
        chrom: Chromosome with chr.
        start: 1-based first base.
        end: 1-based last base.
        base: The base.
    """

    chrom: str
    start: int
    end: int
    base: str

    @property
    def length(self) -> int:
        """Its bases."""
        return self.end - self.start + 1


def scan(
    spans: Iterable[Span], reference: Fasta, lengths: Mapping[str, int], least: int, most: int
) -> list[Locus]:
    """The homopolymers wholly inside spans, whose neighbours are known.

    Args:
        spans: Chromosome with chr, 1-based first and last base.
        reference: The reference sequence.
        lengths: Bases by chromosome.
        least: Fewest bases of a homopolymer.
        most: Most bases: reads do not span longer ones, or err in them.

    Returns:
        Homopolymers by place, each once.
    """
    run = re.compile(rf"([ACGT])\1{{{least - 1},}}")
    found = set()
    for chrom, start, end in windows(spans, 0, lengths):
        for low, high in reference.known(chrom, start, end):
            bases = reference.bases(chrom, low, high) or ""
            for match in run.finditer(bases):
                inside = match.start() > 0 and match.end() < len(bases)
                if inside and match.end() - match.start() <= most:
                    first, last = low + match.start(), low + match.end() - 1
                    found.add((chrom, first, last, match[1]))
    return [Locus(*place) for place in sorted(found)]


def count(
    alignment: Alignment, loci: Iterable[Locus], min_mapping_quality: int, flank: int
) -> Iterator[Lengths]:
    """The lengths of homopolymers that reads show; mates of a fragment that agree count once.

    Args:
        alignment: A BAM.
        loci: Homopolymers.
        min_mapping_quality: Reads below do not count.
        flank: Bases on both sides that a read must reach beyond the homopolymer.

    Yields:
        Reads by length, for each homopolymer in turn.
    """
    with opened(alignment) as file:
        for locus in loci:
            name = alignment.names.get(locus.chrom)
            seen: dict[str, int | None] = {}
            reads = file.fetch(name, locus.start - 1, locus.end) if name else ()
            for read in reads:
                if read.flag & _LEFT_OUT or read.mapping_quality < min_mapping_quality:
                    continue
                length = spanned(read, locus, flank)
                if length is not None:
                    before = seen.get(read.query_name, length)
                    seen[read.query_name] = length if before == length else None
            yield Counter(length for length in seen.values() if length is not None)


def spanned(read: Any, locus: Locus, flank: int) -> int | None:
    """The length of a homopolymer in a read.

    Args:
        read: A read as pysam gives it.
        locus: The homopolymer.
        flank: Bases on both sides that must be aligned without a gap.

    Returns:
        Bases between the flanks, deletions taken off and insertions added; None where the read
        does not span it, or has a gap in a flank.
    """
    # 0-based half-open, as pysam counts.
    first, last = locus.start - 1, locus.end
    if read.reference_start > first - flank or read.reference_end < last + flank:
        return None
    at, change = read.reference_start, 0
    for operation, size in read.cigartuples:
        if operation == _INSERTION:
            if first <= at <= last:
                change += size
            elif first - flank < at < last + flank:
                return None
        elif operation in (_DELETION, _SKIP):
            low, high = at, at + size
            if low < last and high > first:
                if operation == _SKIP or low < first or high > last:
                    return None
                change -= size
            elif low < last + flank and high > first - flank:
                return None
        if operation in _REFERENCE:
            at += size
    return locus.length + change


def rows(
    sample_id: str,
    loci: Iterable[Locus],
    tumor: Iterable[Lengths],
    normal: Iterable[Lengths],
    told: Callable[[Locus], bool],
) -> list[dict[str, Any]]:
    """Rows of the table microsatellites.

    Args:
        sample_id: The tumor.
        loci: Homopolymers.
        tumor: The lengths of each in the tumor.
        normal: The same of its normal; empty without one.
        told: Whether the lengths of the normal may be told; without, only how far the tumor's are
            from them.

    Returns:
        A row for each homopolymer that reads of either span.
    """
    return [
        {
            "sample_id": sample_id,
            "chrom": locus.chrom,
            "start": locus.start,
            "end": locus.end,
            "base": locus.base,
            "length": locus.length,
            "tumor_lengths": _written(of_tumor),
            "normal_lengths": _written(of_normal) if told(locus) else [],
            "tumor_reads": of_tumor.total(),
            "normal_reads": of_normal.total(),
            **_compared(of_tumor, of_normal),
        }
        for locus, of_tumor, of_normal in zip(loci, tumor, normal, strict=True)
        if of_tumor or of_normal
    ]


def _compared(tumor: Lengths, normal: Lengths) -> dict[str, float | None]:
    if not (tumor and normal):
        return {"difference_p": None, "shift": None}
    chance, moved = compared(tumor, normal)
    return {"difference_p": chance, "shift": moved}


def _written(lengths: Lengths) -> list[str]:
    return [f"{length}:{reads}" for length, reads in sorted(lengths.items())]
