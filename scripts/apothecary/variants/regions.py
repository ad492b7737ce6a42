"""What of a genome may be read: positions, genes, or everything.

Consent comes before knowledge: a record outside what a subject consented to is never parsed into a
row. It is counted, and nothing else of it is kept.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np

from apothecary.variants.slices import Mask, Places

INDEL_REACH = 100
"""Bases to the right of a position within which an indel may be another spelling of it."""


@dataclass(frozen=True, order=True)
class Position:
    """A position that is asked for, such as one of the allele definitions.

    Attributes:
        chrom: Chromosome with chr.
        pos: 1-based position, VCF style.
        ref: Reference bases; every one of them must be covered for the position to be covered.
        indel: Whether an allele of the position inserts or deletes bases, so that the same change
            may be spelled to the right of it.
    """

    chrom: str
    pos: int
    ref: str
    indel: bool = False

    @property
    def end(self) -> int:
        """1-based last position of the reference bases."""
        return self.pos + len(self.ref) - 1


class Spans:
    """Intervals of the genome, merged; 1-based, both ends included."""

    def __init__(self, spans: Iterable[tuple[str, int, int]] = ()) -> None:
        merged: dict[str, list[list[int]]] = {}
        for chrom, start, end in sorted(set(spans)):
            of_chrom = merged.setdefault(chrom, [])
            if of_chrom and start <= of_chrom[-1][1] + 1:
                of_chrom[-1][1] = max(of_chrom[-1][1], end)
            else:
                of_chrom.append([start, end])
        self.starts = {chrom: [s for s, _ in spans] for chrom, spans in merged.items()}
        self.ends = {chrom: [e for _, e in spans] for chrom, spans in merged.items()}

    def overlaps(self, chrom: str, start: int, end: int) -> bool:
        """Whether an interval shares a base with any of the spans."""
        ends = self.ends.get(chrom)
        if ends is None:
            return False
        at = bisect_left(ends, start)
        return at < len(ends) and self.starts[chrom][at] <= end

    def gap(self, chrom: str, pos: int) -> tuple[int, int]:
        """The stretch around a position that no span touches.

        Returns:
            The first and last base of the stretch; an empty one (1, 0) when `pos` lies in a span.
        """
        ends = self.ends.get(chrom)
        if ends is None:
            return (0, 1 << 40)
        starts = self.starts[chrom]
        at = bisect_left(ends, pos)
        if at < len(ends) and starts[at] <= pos:
            return (1, 0)
        return (ends[at - 1] + 1 if at else 0, starts[at] - 1 if at < len(starts) else 1 << 40)

    def untouched(self, chrom: str, starts: Places, ends: Places) -> Mask:
        """Which of many intervals of a chromosome share a base with none of the spans."""
        if chrom not in self.ends:
            return np.ones(len(starts), dtype=np.bool_)
        behind = np.append(self.starts[chrom], 1 << 40)  # The last span is followed by none.
        following: Mask = behind[np.searchsorted(self.ends[chrom], starts)] > ends
        return following

    def items(self) -> Iterable[tuple[str, int, int]]:
        """The merged spans, by chromosome and start."""
        for chrom in sorted(self.starts):
            for start, end in zip(self.starts[chrom], self.ends[chrom], strict=True):
                yield chrom, start, end


@dataclass(frozen=True)
class Regions:
    """What may be read of a sample, in one build.

    Attributes:
        positions: Positions asked for; a reference block that covers one is a row for it.
        genes: Genes or other stretches of which every record is read.
        withheld: Stretches for which consent is lacking; records there are counted as such, unless
            a position or gene that is allowed covers them.
        everything: All records are read (tumors).
    """

    positions: tuple[Position, ...] = ()
    genes: tuple[tuple[str, int, int], ...] = ()
    withheld: tuple[tuple[str, int, int], ...] = ()
    everything: bool = False
    _allowed: Spans = field(init=False, repr=False, compare=False)
    _reach: Spans = field(init=False, repr=False, compare=False)
    _withheld: Spans = field(init=False, repr=False, compare=False)
    _genes: Spans = field(init=False, repr=False, compare=False)
    _by_start: Mapping[str, tuple[list[int], list[Position]]] = field(
        init=False, repr=False, compare=False
    )
    _longest: int = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        spans = [(p.chrom, p.pos, p.end) for p in self.positions]
        object.__setattr__(self, "_allowed", Spans([*spans, *self.genes]))
        reach = [(p.chrom, p.pos, p.end + INDEL_REACH) for p in self.positions if p.indel]
        object.__setattr__(self, "_reach", Spans(reach))
        object.__setattr__(self, "_withheld", Spans(self.withheld))
        object.__setattr__(self, "_genes", Spans(self.genes))
        by_chrom: dict[str, list[Position]] = {}
        for position in sorted(set(self.positions)):
            by_chrom.setdefault(position.chrom, []).append(position)
        starts = {chrom: ([p.pos for p in found], found) for chrom, found in by_chrom.items()}
        object.__setattr__(self, "_by_start", starts)
        longest = max((len(p.ref) for p in self.positions), default=1)
        object.__setattr__(self, "_longest", longest)

    def overlaps(self, chrom: str, start: int, end: int) -> bool:
        """Whether a record over these bases may be read; 1-based, both ends included."""
        return self.everything or self._allowed.overlaps(chrom, start, end)

    def reaches(self, chrom: str, start: int, end: int) -> bool:
        """Whether an indel here may be another spelling of one at a position asked for."""
        return self._reach.overlaps(chrom, start, end)

    def is_withheld(self, chrom: str, start: int, end: int) -> bool:
        """Whether a record that may not be read lies where consent is lacking."""
        return self._withheld.overlaps(chrom, start, end)

    def in_genes(self, chrom: str, start: int, end: int) -> bool:
        """Whether a record is read for itself, not only for a position that is asked for."""
        return self.everything or self._genes.overlaps(chrom, start, end)

    def positions_over(self, chrom: str, start: int, end: int) -> list[Position]:
        """The positions asked for that share a base with an interval, by position."""
        entry = self._by_start.get(chrom)
        if entry is None:
            return []
        starts, positions = entry
        first = bisect_left(starts, start - self._longest + 1)
        last = bisect_right(starts, end)
        return [p for p in positions[first:last] if p.end >= start]

    def boundaries(self) -> Iterable[tuple[str, int, int]]:
        """All spans, allowed or withheld."""
        yield from self._allowed.items()
        yield from self._reach.items()
        yield from self._withheld.items()


EVERYTHING = Regions(everything=True)
"""All records: for tumors, and for reading a file as it is."""


def union(groups: Iterable[Regions]) -> Regions:
    """What at least one of several samples of a file may be read for; `withheld` is left out."""
    groups = list(groups)
    return Regions(
        positions=tuple(sorted({p for g in groups for p in g.positions})),
        genes=tuple(sorted({s for g in groups for s in g.genes})),
        everything=any(g.everything for g in groups),
    )
