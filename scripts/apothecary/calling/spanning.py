"""Reads that show that an indel is not there.

Where no read has an indel, bcftools gives no record of one, and the depth at the first base says
too little: a read that ends within the repeat fits every length of it. Only reads that reach from
the base before the change to the base after its last possible place count.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from apothecary.variants.reference import Reference

_LEFT_OUT = 0x4 | 0x100 | 0x200 | 0x400 | 0x800
_LONGEST_SHIFT = 200


@dataclass(frozen=True)
class Spanning:
    """Fragments over all possible places of an indel.

    Attributes:
        plain: Those without an indel there.
        changed: Those with one.
    """

    plain: int
    changed: int

    def quality(self, error: float) -> int:
        """Phred by which no indel is likelier than one on one of two strands; 0 to 99.

        Args:
            error: Probability that a fragment shows an indel where there is none, or none where
                there is one.
        """
        one_strand = math.log10(0.5)
        neither = self.plain * math.log10(1 - error) + self.changed * math.log10(error)
        difference = neither - (self.plain + self.changed) * one_strand
        return max(0, min(99, int(10 * difference)))


def last_place(chrom: str, pos: int, ref: str, alts: Sequence[str], reference: Reference) -> int:
    """1-based last reference base that an indel touches when it is moved to the right.

    Args:
        chrom: Chromosome with chr.
        pos: 1-based position of `ref`.
        ref: Reference bases.
        alts: Alternate bases.
        reference: Source of the bases to the right.
    """
    last = pos + len(ref) - 1
    for alt in alts:
        shared = 0
        while shared < min(len(ref), len(alt)) and ref[shared] == alt[shared]:
            shared += 1
        deleted, inserted = ref[shared:], alt[shared:]
        moving = deleted or inserted
        if not moving or (deleted and inserted):
            continue
        at = pos + shared + len(deleted)
        first = at
        while at - first < _LONGEST_SHIFT and reference.bases(chrom, at, at) == moving[0]:
            moving = moving[1:] + moving[0]
            at += 1
        last = max(last, at - 1)
    return last


def count(file: Any, contig: str, pos: int, last: int, min_mapping_quality: int) -> Spanning:
    """The fragments that span a stretch with a base on either side.

    Args:
        file: An alignment as pysam opens it.
        contig: Contig of the file.
        pos: 1-based base before the change.
        last: 1-based last base that the change may touch.
        min_mapping_quality: Reads below are not counted.
    """
    seen: dict[str, bool] = {}
    for read in file.fetch(contig, pos - 1, last + 1):
        if read.flag & _LEFT_OUT or read.mapping_quality < min_mapping_quality:
            continue
        if read.reference_start > pos - 1 or read.reference_end < last + 1:
            continue
        indel = _has_indel(read, pos, last)
        seen[read.query_name] = seen.get(read.query_name, False) or indel
    changed = sum(seen.values())
    return Spanning(len(seen) - changed, changed)


def _has_indel(read: Any, pos: int, last: int) -> bool:
    """Whether an insertion or deletion lies between the bases `pos` and `last` + 1 (1-based)."""
    at = read.reference_start + 1
    for operation, length in read.cigartuples:
        if operation == 1 and pos < at <= last + 1:
            return True
        if operation in (2, 3) and at <= last and at + length - 1 > pos:
            return True
        if operation in (0, 2, 3, 7, 8):
            at += length
    return False
