"""Reads that end beside an insertion or deletion and are aligned without it.

A read that reaches only a few bases beyond an indel is often aligned straight through, so that its
last bases stand beside those of the reference and look like substitutions. Laid along the
haplotype with the indel, they fit.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from apothecary.calling.pileup import BASES, Grouped
from apothecary.calling.support import Changes, Spelling, Support
from apothecary.variants.reference import Reference

_REACH = 150
"""Bases of the haplotype on either side of an indel that reads are laid along."""

Side = Mapping[int, tuple[int, int]]
"""Base of the haplotype and of the reference, as numbers in `BASES`, by 1-based position of a read
that is aligned without the indel; -1 where it is not known."""


def shown_indels(changes: Changes, least: int, share: float) -> dict[Spelling, float]:
    """The indels that a sample shows.

    Args:
        changes: The changes of a window of the sample.
        least: Fragments from which an indel counts.
        share: Allele fraction from which it counts.

    Returns:
        Allele fraction by left-aligned spelling.
    """
    found = {}
    for spelling in changes.indels:
        support = changes.of(*spelling)
        if support and support.alt_depth >= max(least, share * support.depth):
            found[spelling] = support.alt_depth / support.depth
    return found


@dataclass
class Misalignment:
    """The reads of a window, laid along the indels beside them.

    Attributes:
        changes: The changes of the window.
        indels: Allele fraction of the indels that the sample, or its normal, shows.
        reference: Reference bases.
    """

    changes: Changes
    indels: Mapping[Spelling, float]
    reference: Reference
    _of_read: Grouped = field(init=False)
    _sides: list[tuple[float, Side]] = field(init=False)

    def __post_init__(self) -> None:
        self._of_read = Grouped.by(self.changes.window.read)
        chrom = self.changes.window.chrom
        self._sides = [
            (fraction, side)
            for spelling, fraction in self.indels.items()
            for side in _sides(chrom, spelling, self.reference)
        ]

    def explained(self, pos: int, alt: str, support: Support) -> float:
        """The share of the reads with a substitution that an indel beside it explains.

        A read is explained when from the indel to its end it fits the haplotype with the indel
        better than the reference. The indel must be at least as frequent as the substitution,
        since more reads reach over it than end beside it.

        Args:
            pos: 1-based position of the substitution.
            alt: Its base.
            support: Its support, which at least one read has.

        Returns:
            0 to 1.
        """
        frequency = support.alt_depth / support.depth
        sides = [
            side
            for fraction, side in self._sides
            if fraction >= frequency and pos in side and side[pos][0] == BASES.index(alt)
        ]
        fits = sum(any(self._fits(read, side) for side in sides) for read in support.alt_reads)
        return fits / support.alt_depth

    def _fits(self, read: int, side: Side) -> bool:
        window = self.changes.window
        entries = self._of_read.of([read])
        along = against = 0
        for place, base in zip(
            (window.position[entries] + window.start).tolist(),
            window.base[entries].tolist(),
            strict=True,
        ):
            haplotype, reference = side.get(place, (-1, -1))
            along += haplotype not in (base, -1)
            against += reference not in (base, -1)
        return along < against


def _sides(chrom: str, spelling: Spelling, reference: Reference) -> Iterator[Side]:
    """The haplotype with an indel as reads show it that are held by the bases before, or after."""
    at, ref, alt = spelling
    last = at + len(ref) - 1
    left = _bases(chrom, at - _REACH + 1, at, reference)
    right = _bases(chrom, last + 1, last + _REACH, reference)
    straight = left + ref[1:] + right
    first = at - _REACH + 1
    genome = {first + n: BASES.find(base) for n, base in enumerate(straight)}
    for start, step, haplotype in (
        (at + 1, 1, alt[1:] + right),
        (last, -1, (left + alt[1:])[::-1]),
    ):
        places = (start + step * n for n in range(len(haplotype)))
        yield {
            place: (BASES.find(base), genome[place])
            for place, base in zip(places, haplotype, strict=True)
            if place in genome
        }


def _bases(chrom: str, start: int, end: int, reference: Reference) -> str:
    """Reference bases, N where they are not known."""
    return "".join(reference.bases(chrom, at, at) or "N" for at in range(start, end + 1))
