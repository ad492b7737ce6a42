"""HGVS names of variants on the user's gene models and reference.

Positions are arithmetic on the exons; the 3' rule is followed in the direction of what is named,
the chromosome or the transcript, over introns too (https://hgvs-nomenclature.org). Tests hold the
names against those of hgvs-weaver; see benchmarks/hgvs_peer.py for where the two differ.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass

from apothecary.oncogenes import edits, proteins, translation
from apothecary.oncogenes.edits import Edit
from apothecary.oncogenes.gene_models import Reference, Transcript
from apothecary.oncogenes.messengers import Messenger, messenger, reverse_complement
from apothecary.oncogenes.proteins import ProteinChange

SPLICE_SITE_BASES = 2
"""Bases of an intron beside an exon that make its splice site (Sequence Ontology)."""


@dataclass(frozen=True)
class Names:
    """The names of a variant in one transcript.

    Attributes:
        hgvs_g: On the chromosome, without accession.
        hgvs_c: On the coding sequence (c.) or the transcript (n.), without accession.
        change: The change of the protein; None when none is predicted.
        unpredicted: The protein may change in a way that its sequence does not tell: a splice
            site is hit, or the gene's promoter.
        edit: The edit that is named, in its last place in the direction of the transcript.
    """

    hgvs_g: str | None
    hgvs_c: str | None
    change: ProteinChange | None
    unpredicted: bool
    edit: Edit


class Namer:
    """Names variants in the transcripts of one set of gene models."""

    def __init__(self, reference: Reference) -> None:
        """Prepare.

        Args:
            reference: Bases of the chromosomes; GRCh38 slices will do.
        """
        self._reference = reference
        self._messengers: dict[str, Messenger] = {}

    def messenger(self, transcript: Transcript) -> Messenger:
        """The transcript laid out; kept for the next variant."""
        if transcript.name not in self._messengers:
            self._messengers[transcript.name] = messenger(transcript, self._reference)
        return self._messengers[transcript.name]

    def on_chromosome(self, chrom: str, pos: int, ref: str, alt: str) -> str:
        """The g. name, without accession.

        Args:
            chrom: Chromosome with chr.
            pos: 1-based position, VCF style.
            ref: Reference bases; they must be those of the reference.
            alt: Alternate bases.
        """
        edit = edits.shifted(edits.of(chrom, pos, ref, alt), self._reference, up=True)
        verb, first, last, bases = edits.described(edit, self._reference, forward=True)
        return f"g.{_span(str(first), str(last))}{_told(verb, bases)}"

    def name(self, transcript: Transcript, pos: int, ref: str, alt: str) -> Names:
        """Name a variant.

        Args:
            transcript: The transcript to name it in.
            pos: 1-based position, VCF style, on the chromosome of the transcript.
            ref: Reference bases; they must be those of the reference.
            alt: Alternate bases.
        """
        of = self.messenger(transcript)
        plain = edits.of(transcript.chrom, pos, ref, alt)
        edit = edits.shifted(plain, self._reference, up=of.plus)
        verb, first, last, bases = edits.described(edit, self._reference, forward=of.plus)
        if not of.plus:
            first, last = last, first
        labels = [of.label(of.place(at)) for at in (first, last)]
        prefix = "c" if transcript.cds else "n"
        hgvs_c = f"{prefix}.{_span(*labels)}{_told(verb, bases)}"
        hgvs_g = self.on_chromosome(transcript.chrom, pos, ref, alt)
        change, unpredicted = self._change(of, edit, first, last)
        return Names(hgvs_g, hgvs_c, change, unpredicted, edit)

    def _change(
        self, of: Messenger, edit: Edit, first: int, last: int
    ) -> tuple[ProteinChange | None, bool]:
        if of.coding_start is None:
            return None, False
        if hits_splice_site(of, edit):
            return _at_splice_site(of, edit), True
        if _before(of, edit):
            return None, True
        if _beside_intron(of, edit, first, last):
            return None, True
        touched = _messenger_range(of, edit)
        if touched is None or not _whole_frame(of):
            return None, False
        start, end, added = touched
        coding = of.coding_start
        change = translation.change(
            of.bases[coding:], of.coding_bases, start - coding, end - coding, added
        )
        return change, False


def hits_splice_site(of: Messenger, edit: Edit) -> bool:
    """Whether bases of a splice site are changed, or put in between them."""
    for first, last in _introns(of, edit.start - 1, edit.end + 1):
        donor = (first, min(first + SPLICE_SITE_BASES - 1, last))
        acceptor = (max(last - SPLICE_SITE_BASES + 1, first), last)
        for left, right in (donor, acceptor):
            if edit.removed and edit.start <= right and edit.end >= left:
                return True
            if not edit.removed and left < edit.start <= right:
                return True
    return False


def _introns(of: Messenger, first: int, last: int) -> Iterator[tuple[int, int]]:
    """First and last position of the introns that share a base with a range."""
    exons = of.transcript.exons
    for index in range(max(bisect_left(exons, (first,)) - 1, 0), len(exons) - 1):
        start, end = exons[index][1] + 1, exons[index + 1][0] - 1
        if start > last:
            return
        if end >= first:
            yield start, end


def splice_distance(of: Messenger, edit: Edit) -> int | None:
    """Bases from an edit to the nearest border of an exon with an intron.

    Returns:
        Positive in the intron behind an exon and negative in the one before it, as HGVS counts
        (+1, -2); 0 for the exon's own border base and for what spans a border; None within the
        exon elsewhere and outside of the transcript.
    """
    first, last = sorted((edit.start, edit.end))
    for start, end in _introns(of, first - 1, last + 1):
        if first < start or last > end:
            return 0
        behind, before = first - start + 1, last - end - 1
        near = behind if behind <= -before else before
        return near if of.plus else -near
    return None


def _beside_intron(of: Messenger, edit: Edit, first: int, last: int) -> bool:
    """Whether bases are put in right at the border of an exon, and are not all a copy of its own.

    Which side of the splice site they go with is then not known.
    """
    if edit.removed:
        return False
    here, there = of.place(edit.start), of.place(edit.end)
    if bool(here.offset) == bool(there.offset):
        return False
    return bool(of.place(first).offset or of.place(last).offset)


def _before(of: Messenger, edit: Edit) -> bool:
    """Whether an edit lies before the transcript, where its promoter is."""
    return edit.end < of.transcript.start if of.plus else edit.start > of.transcript.end


def _whole_frame(of: Messenger) -> bool:
    """Whether the coding sequence begins with a whole codon."""
    cds = of.transcript.cds[0] if of.plus else of.transcript.cds[-1]
    return cds[2] == 0


def _messenger_range(of: Messenger, edit: Edit) -> tuple[int, int, str] | None:
    """0-based first base, base behind the last and new bases on the messenger; None in introns."""
    added = edit.added if of.plus else reverse_complement(edit.added)
    left, right = (edit.start, edit.end) if of.plus else (edit.end, edit.start)
    if edit.removed:
        first, last = of.place(left), of.place(right)
        return None if first.offset or last.offset else (first.base, last.base + 1, added)
    before, behind = of.place(right), of.place(left)  # the bases on both sides of an insertion
    if not before.offset:
        return before.base + 1, before.base + 1, added
    return None if behind.offset else (behind.base, behind.base, added)


def _at_splice_site(of: Messenger, edit: Edit) -> ProteinChange | None:
    """A splice site by the residue of the first base that is named, as cBioPortal counts."""
    left = min(edit.start, edit.end) if of.plus else max(edit.start, edit.end)
    number = of.place(left).base - (of.coding_start or 0)
    if not 0 <= number < of.coding_bases:
        return None
    residue = number // 3 + 1
    return ProteinChange(proteins.SPLICE, residue, residue)


def _span(first: str, last: str) -> str:
    return first if first == last else f"{first}_{last}"


def _told(verb: str, bases: str) -> str:
    return bases if verb == ">" else f"{verb}{bases}"
