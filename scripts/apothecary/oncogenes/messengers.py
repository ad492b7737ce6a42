"""Places and bases of a transcript: from chromosome positions to HGVS positions and back."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, replace

from apothecary.oncogenes.gene_models import Reference, Transcript

COMPLEMENT = str.maketrans("ACGTN", "TGCAN")


def reverse_complement(bases: str) -> str:
    """The bases of the other strand, in its direction."""
    return bases.translate(COMPLEMENT)[::-1]


@dataclass(frozen=True)
class Place:
    """A chromosome position in a transcript.

    Attributes:
        base: 0-based base of the messenger: the position itself within an exon, else the nearest
            one (the upstream one of two equally near).
        offset: Bases from there in the direction of the transcript; 0 within an exon. Before the
            first and behind the last exon `base` goes on counting and the offset is 0.
    """

    base: int
    offset: int


@dataclass(frozen=True)
class Messenger:
    """A transcript laid out in its own direction.

    Attributes:
        transcript: The transcript.
        bases: Bases of its exons in its direction; N where the reference has none.
        spans: First and last chromosome position of each exon, in the order of the transcript.
        starts: 0-based first base of each exon in `bases`.
        order: What exons are found by: their first positions, negative on the minus strand.
        coding_start: 0-based first base of the start codon; None for a non-coding transcript.
        coding_end: 0-based base behind the stop codon.
    """

    transcript: Transcript
    bases: str
    spans: tuple[tuple[int, int], ...]
    starts: tuple[int, ...]
    order: tuple[int, ...]
    coding_start: int | None
    coding_end: int

    @property
    def plus(self) -> bool:
        """Whether the transcript runs as the chromosome does."""
        return self.transcript.strand == "+"

    @property
    def coding_bases(self) -> int:
        """Bases from the start codon to the stop codon, both included."""
        return self.coding_end - (self.coding_start or 0)

    def place(self, pos: int) -> Place:
        """Where a 1-based chromosome position lies."""
        plus = self.plus
        index = bisect_right(self.order, pos if plus else -pos) - 1
        if index < 0:
            first = self.spans[0]
            return Place(-(first[0] - pos if plus else pos - first[1]), 0)
        start, end = self.spans[index]
        into = pos - start if plus else end - pos
        length = end - start + 1
        last = self.starts[index] + length - 1
        if into < length:
            return Place(self.starts[index] + into, 0)
        behind = into - length + 1
        if index + 1 == len(self.spans):
            return Place(last + behind, 0)
        following = self.spans[index + 1]
        before = following[0] - pos if plus else pos - following[1]
        return Place(last, behind) if behind <= before else Place(last + 1, -before)

    def position(self, base: int) -> int:
        """The 1-based chromosome position of a 0-based base of the messenger."""
        index = bisect_right(self.starts, base) - 1
        start, end = self.spans[index]
        into = base - self.starts[index]
        return start + into if self.plus else end - into

    def label(self, place: Place) -> str:
        """A place as HGVS numbers it, such as 68, -124, *5 or 4186-12."""
        number = place.base - (self.coding_start or 0)
        if self.coding_start is not None and place.base >= self.coding_end:
            text = f"*{place.base - self.coding_end + 1}"
        else:
            text = str(number + 1 if number >= 0 else number)
        return f"{text}{place.offset:+d}" if place.offset else text

    def exon_index(self, base: int) -> int:
        """The 0-based exon of a base of the messenger."""
        return bisect_right(self.starts, base) - 1


def messenger(transcript: Transcript, reference: Reference) -> Messenger:
    """Lay a transcript out.

    Args:
        transcript: A transcript of the gene models.
        reference: Where its bases are read.
    """
    plus = transcript.strand == "+"
    spans = transcript.exons if plus else tuple(reversed(transcript.exons))
    starts, at = [], 0
    for start, end in spans:
        starts.append(at)
        at += end - start + 1
    bases = "".join(reference.padded(transcript.chrom, s, e) for s, e in transcript.exons)
    bases = bases if plus else reverse_complement(bases)
    order = tuple(start if plus else -end for start, end in spans)
    made = Messenger(transcript, bases, spans, tuple(starts), order, None, 0)
    if not transcript.cds:
        return made
    first = transcript.cds[0][0] if plus else transcript.cds[-1][1]
    start_base = made.place(first).base
    length = sum(end - start + 1 for start, end, _ in transcript.cds)
    return replace(made, coding_start=start_base, coding_end=start_base + length)
