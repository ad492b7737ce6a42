"""Classes of variants that therapies ask for by name, told by place, kind and length.

They need no gene models: a class names a stretch of the genome and what must happen there, so
that a plain VCF is enough. Their names are those of the evidence.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from apothecary.oncogenes import edits
from apothecary.oncogenes.edits import Edit

COLUMNS = (
    "class",
    "gene",
    "alteration",
    "consequence",
    "exon",
    "chrom",
    "start",
    "end",
    "min_bases",
    "ref",
    "alt",
    "source",
)
_SPLICE_SITE_BASES = 2
"""Bases of an intron beside an exon that make its splice site (Sequence Ontology)."""


@dataclass(frozen=True)
class VariantClass:
    """A class of variants, GRCh38.

    Attributes:
        name: The component of a molecular profile that it meets, as the evidence writes it.
        gene: Gene symbol.
        alteration: in_frame_deletion, in_frame_insertion, splice_site, promoter or substitution.
        consequence: Sequence Ontology term of a member.
        exon: Number of the exon; None for a stretch that is not one exon.
        chrom: Chromosome with chr.
        start: 1-based first base of the exon or stretch.
        end: 1-based last base.
        min_bases: Least bases gained or lost.
        ref: Base of a substitution on the chromosome.
        alt: The base that stands there instead.
    """

    name: str
    gene: str
    alteration: str
    consequence: str
    exon: int | None
    chrom: str
    start: int
    end: int
    min_bases: int
    ref: str
    alt: str


def of_rows(rows: Iterable[Mapping[str, str]]) -> list[VariantClass]:
    """Classes from the rows of `resources/consequences/classes.tsv`."""
    return [
        VariantClass(
            row["class"],
            row["gene"],
            row["alteration"],
            row["consequence"],
            int(row["exon"]) if row["exon"] else None,
            row["chrom"],
            int(row["start"]),
            int(row["end"]),
            int(row["min_bases"] or 1),
            row["ref"],
            row["alt"],
        )
        for row in rows
    ]


def of_variant(
    classes: Iterable[VariantClass], chrom: str, pos: int, ref: str, alt: str
) -> list[VariantClass]:
    """The classes that a variant belongs to, in the order given.

    Args:
        classes: See `of_rows`.
        chrom: Chromosome with chr.
        pos: 1-based GRCh38 position, VCF style.
        ref: Reference bases.
        alt: Alternate bases; a symbolic allele belongs to none.
    """
    if not set(ref + alt) <= set("ACGTN"):
        return []
    edit = edits.of(chrom, pos, ref, alt)
    return [
        one
        for one in classes
        if one.chrom == chrom and _JUDGES[one.alteration](one, edit) and _long_enough(one, edit)
    ]


def of_symbolic(
    classes: Iterable[VariantClass], chrom: str, pos: int, alt: str, length: int
) -> list[VariantClass]:
    """The classes that a symbolic insertion or duplication belongs to, in the order given.

    Args:
        classes: See `of_rows`.
        chrom: Chromosome with chr.
        pos: 1-based GRCh38 position of the base before it.
        alt: Symbolic allele, such as <INS> or <DUP:TANDEM>.
        length: Bases that it adds.
    """
    if not alt.startswith(("<INS", "<DUP")):
        return []
    places = {pos + 1, pos + 1 + length} if alt.startswith("<DUP") else {pos + 1}
    added = [Edit(chrom, place, "", "N" * length) for place in sorted(places)]
    return [
        one
        for one in classes
        if one.chrom == chrom
        and one.alteration == "in_frame_insertion"
        and any(_in_frame_insertion(one, edit) and _long_enough(one, edit) for edit in added)
    ]


def _long_enough(one: VariantClass, edit: Edit) -> bool:
    gained = len(edit.added) - len(edit.removed)
    return one.min_bases == 1 or abs(gained) >= one.min_bases


def _in_frame_deletion(one: VariantClass, edit: Edit) -> bool:
    lost = len(edit.removed) - len(edit.added)
    return lost > 0 and lost % 3 == 0 and one.start <= edit.start and edit.end <= one.end


def _in_frame_insertion(one: VariantClass, edit: Edit) -> bool:
    gained = len(edit.added) - len(edit.removed)
    inside = one.start <= edit.start <= one.end and edit.end <= one.end
    return gained > 0 and gained % 3 == 0 and inside


def _splice_site(one: VariantClass, edit: Edit) -> bool:
    """A splice site of the exon is hit, or the exon is taken away as a whole."""
    for first, last in (
        (one.start - _SPLICE_SITE_BASES, one.start - 1),
        (one.end + 1, one.end + _SPLICE_SITE_BASES),
    ):
        if edit.removed and edit.start <= last and edit.end >= first:
            return True
        if not edit.removed and first < edit.start <= last:
            return True
    return False


def _promoter(one: VariantClass, edit: Edit) -> bool:
    return one.start <= edit.start and edit.end <= one.end


def _substitution(one: VariantClass, edit: Edit) -> bool:
    return (edit.start, edit.removed, edit.added) == (one.start, one.ref, one.alt)


_JUDGES: Mapping[str, Callable[[VariantClass, Edit], bool]] = {
    "in_frame_deletion": _in_frame_deletion,
    "in_frame_insertion": _in_frame_insertion,
    "splice_site": _splice_site,
    "promoter": _promoter,
    "substitution": _substitution,
}
