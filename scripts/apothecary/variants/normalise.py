"""One spelling for one change: left-aligned and parsimonious.

The method is that of Tan, Abecasis and Kang 2015 (Unified representation of genetic variants).
A variant is normalised when it is as short as it can be and as far to the left as it can be.
"""

from __future__ import annotations

from typing import NamedTuple

from apothecary.variants import alleles
from apothecary.variants.reference import Reference

_AMBIGUOUS = {
    "N": "ACGT", "R": "AG", "Y": "CT", "S": "CG", "W": "AT", "K": "GT", "M": "AC",
    "B": "CGT", "D": "AGT", "H": "ACT", "V": "ACG",
}  # fmt: skip


class Normalised(NamedTuple):
    """A change as it is spelled after normalisation.

    Attributes:
        pos: 1-based position.
        ref: Reference bases.
        alt: Alternate bases.
        left_aligned: False when a base to the left would have been needed and is not known.
    """

    pos: int
    ref: str
    alt: str
    left_aligned: bool


def normalise(
    chrom: str, pos: int, ref: str, alt: str, reference: Reference | None = None
) -> Normalised:
    """Left-align and trim one alternate allele.

    Args:
        chrom: Chromosome with chr.
        pos: 1-based position of the first base of `ref`.
        ref: Reference bases.
        alt: Alternate bases; a symbolic allele, a breakend or * is returned as it is, never moved.
        reference: Source of the bases to the left; without it, or where it knows none, the change
            is only trimmed.

    Returns:
        The change in its one spelling.
    """
    if not alleles.is_bases(alt) or not alleles.is_bases(ref):
        return Normalised(pos, ref, alt, True)
    left_aligned = True
    while ref[-1] == alt[-1] and ref != alt:
        if len(ref) > 1 and len(alt) > 1:
            ref, alt = ref[:-1], alt[:-1]
            continue
        left = reference.bases(chrom, pos - 1, pos - 1) if reference and pos > 1 else None
        if left is None or left not in "ACGT":
            left_aligned = pos == 1
            break
        pos, ref, alt = pos - 1, left + ref[:-1], left + alt[:-1]
    while len(ref) > 1 and len(alt) > 1 and ref[0] == alt[0]:
        pos, ref, alt = pos + 1, ref[1:], alt[1:]
    return Normalised(pos, ref, alt, left_aligned)


def ref_agrees(chrom: str, pos: int, ref: str, reference: Reference | None) -> bool | None:
    """Whether a REF is the reference sequence.

    Args:
        chrom: Chromosome with chr.
        pos: 1-based position.
        ref: REF of a record.
        reference: Source of reference bases.

    Returns:
        True or False; None when the reference does not know these bases. An ambiguity code on
        either side agrees with the bases it stands for.
    """
    known = reference.bases(chrom, pos, pos + len(ref) - 1) if reference else None
    if known is None:
        return None
    return known == ref or all(
        set(_AMBIGUOUS.get(a, a)) & set(_AMBIGUOUS.get(b, b))
        for a, b in zip(known, ref, strict=True)
    )
