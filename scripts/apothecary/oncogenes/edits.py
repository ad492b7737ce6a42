"""A variant as an edit of a chromosome, moved as far to one side as its bases allow (3' rule)."""

from __future__ import annotations

from dataclasses import dataclass

from apothecary.oncogenes.gene_models import Reference
from apothecary.oncogenes.messengers import reverse_complement

_WINDOW = 256


@dataclass(frozen=True)
class Edit:
    """Bases that are taken away and bases that stand there instead.

    Attributes:
        chrom: Chromosome with chr.
        start: 1-based first base taken away; for an insertion the base behind it.
        removed: Bases taken away.
        added: Bases put in.
    """

    chrom: str
    start: int
    removed: str
    added: str

    @property
    def end(self) -> int:
        """1-based last base taken away; for an insertion the base before it."""
        return self.start + len(self.removed) - 1


def of(chrom: str, pos: int, ref: str, alt: str) -> Edit:
    """A variant of a VCF as an edit, without the bases that both alleles share.

    Args:
        chrom: Chromosome with chr.
        pos: 1-based position, VCF style.
        ref: Reference bases.
        alt: Alternate bases.
    """
    while ref and alt and ref[-1] == alt[-1]:
        ref, alt = ref[:-1], alt[:-1]
    while ref and alt and ref[0] == alt[0]:
        ref, alt, pos = ref[1:], alt[1:], pos + 1
    return Edit(chrom, pos, ref, alt)


def shifted(edit: Edit, reference: Reference, *, up: bool) -> Edit:
    """Move a deletion or an insertion through a repeat, to its last place.

    Args:
        edit: The edit; one that both takes away and adds stays where it is.
        reference: Where the bases around are read; what it has not ends the way.
        up: To greater positions; else to smaller ones.
    """
    if bool(edit.removed) == bool(edit.added):
        return edit
    unit = edit.removed or edit.added
    moved = 0
    while True:
        if up:
            first = edit.end + 1 + moved
            around = _upto(reference, edit.chrom, first, first + _WINDOW - 1, up=True)
        else:
            last = edit.start - 1 - moved
            around = _upto(reference, edit.chrom, last - _WINDOW + 1, last, up=False)
        steps = 0
        for base in around if up else reversed(around):
            expected = unit[moved % len(unit)] if up else unit[-1 - moved % len(unit)]
            if base != expected:
                break
            moved += 1
            steps += 1
        if steps < _WINDOW:
            break
    turn = moved % len(unit)
    turned = (
        unit[turn:] + unit[:turn] if up else unit[len(unit) - turn :] + unit[: len(unit) - turn]
    )
    start = edit.start + moved if up else edit.start - moved
    if edit.removed:
        return Edit(edit.chrom, start, turned, "")
    return Edit(edit.chrom, start, "", turned)


def _upto(reference: Reference, chrom: str, first: int, last: int, *, up: bool) -> str:
    """Known bases of a window, from the side where the walk begins to the first unknown one."""
    bases = reference.padded(chrom, max(first, 1), last)
    if up:
        return bases.split("N", 1)[0]
    return bases.rsplit("N", 1)[-1]


def described(edit: Edit, reference: Reference, *, forward: bool) -> tuple[str, int, int, str]:
    """What HGVS calls an edit.

    Args:
        edit: An edit in its last place in the direction of the description.
        reference: Where the bases before an insertion are read.
        forward: Described in the direction of the chromosome; else on the other strand.

    Returns:
        One of >, del, dup, ins, inv, delins and =; the first and the last 1-based chromosome
        position that the name gives; bases of the description's strand, where it gives any.
    """
    removed = edit.removed if forward else reverse_complement(edit.removed)
    added = edit.added if forward else reverse_complement(edit.added)
    if not removed and not added:
        return "=", edit.start, edit.start, ""
    if len(removed) == len(added) == 1:
        return ">", edit.start, edit.start, f"{removed}>{added}"
    if not added:
        return "del", edit.start, edit.end, ""
    if removed:
        inverted = len(removed) > 1 and reverse_complement(removed) == added
        return (
            ("inv", edit.start, edit.end, "")
            if inverted
            else ("delins", edit.start, edit.end, added)
        )
    length = len(edit.added)
    first, last = (edit.start - length, edit.end) if forward else (edit.start, edit.end + length)
    if first >= 1 and reference.bases(edit.chrom, first, last) == edit.added:
        return "dup", first, last, ""
    return "ins", edit.end, edit.start, added
