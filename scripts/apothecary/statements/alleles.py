"""Alleles of VRS 2.0 with computed identifiers, fully justified where their bases are known.

An insertion or deletion in a repeat can be spelled at several places. Its identifier is of the
whole stretch over which it can be moved, so that the bases on both sides must be known up to the
first that differs. Where they are not, no identifier is made, since it might be wrong.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ga4gh.core import ga4gh_identify
from ga4gh.vrs import models, normalize
from ga4gh.vrs.dataproxy import _DataProxy

from apothecary.pharmacogenes import facts
from apothecary.variants import alleles
from apothecary.variants.contigs import contigs
from apothecary.variants.normalise import ref_agrees
from apothecary.variants.reference import Reference

_UNKNOWN = "N"
Accessions = Mapping[tuple[str, str], str]


@dataclass(frozen=True)
class Variant:
    """A variant as a VCF spells it.

    Attributes:
        build: GRCh38 or GRCh37.
        chrom: Chromosome with chr.
        pos: 1-based position of the first base of `ref`.
        ref: Reference bases.
        alt: Alternate bases.
    """

    build: str
    chrom: str
    pos: int
    ref: str
    alt: str


@dataclass(frozen=True)
class Made:
    """What became of a variant.

    Attributes:
        allele: The allele of VRS as JSON, with its identifier; None when none was made.
        reason: Why none was made.
    """

    allele: dict[str, Any] | None
    reason: str | None = None

    @property
    def identifier(self) -> str | None:
        """The identifier, as ga4gh:VA and 32 characters."""
        return str(self.allele["id"]) if self.allele else None


def read_accessions(path: Path | str) -> Accessions:
    """Read the refget accessions of chromosomes, by build and chromosome.

    Raises:
        ResourceError: The table is absent or is not as it should be.
    """
    rows = facts.read(path, ("build", "chrom", "accession", "source"))
    return {(row["build"], row["chrom"]): row["accession"] for row in rows}


def make(variant: Variant, accessions: Accessions, reference: Reference | None) -> Made:
    """Make the allele of a variant.

    Args:
        variant: The variant; it need not be normalised.
        accessions: See `read_accessions`.
        reference: Source of the reference bases of the variant's build, if any.
    """
    accession = accessions.get((variant.build, variant.chrom))
    if accession is None:
        return Made(None, "no accession of the chromosome in this build")
    if not (alleles.is_bases(variant.ref) and alleles.is_bases(variant.alt)):
        return Made(None, "the alleles are not spelled in bases")
    if variant.ref == variant.alt:
        return Made(None, "the alleles are the same")
    if ref_agrees(variant.chrom, variant.pos, variant.ref, reference) is False:
        return Made(None, "the reference sequence has other bases")
    length = contigs()[variant.chrom].lengths[variant.build]
    start = variant.pos - 1
    if start + len(variant.ref) > length:
        return Made(None, "the position is beyond the end of the chromosome")
    bases = _Bases(variant, reference, length)
    made = normalize(_literal(accession, start, variant), data_proxy=bases)
    place = made.location
    if _moves(variant) and not bases.bounded(place.start, place.end):
        return Made(None, "not normalised: the bases around it are not at hand")
    place.id = ga4gh_identify(place)
    made.id = ga4gh_identify(made)
    return Made(made.model_dump(mode="json", exclude_none=True))


def _literal(accession: str, start: int, variant: Variant) -> Any:
    return models.Allele(
        location=models.SequenceLocation(
            sequenceReference=models.SequenceReference(refgetAccession=accession),
            start=start,
            end=start + len(variant.ref),
        ),
        state=models.LiteralSequenceExpression(sequence=variant.alt),
    )


def _moves(variant: Variant) -> bool:
    """Whether a change is a pure insertion or deletion: what is left of one allele is nothing."""
    ref, alt = variant.ref, variant.alt
    while ref and alt and ref[0] == alt[0]:
        ref, alt = ref[1:], alt[1:]
    while ref and alt and ref[-1] == alt[-1]:
        ref, alt = ref[:-1], alt[:-1]
    return not (ref and alt)


class _Bases(_DataProxy):  # type: ignore[misc]  # the package has no types
    """The bases around a variant; N stands for those that are not known."""

    def __init__(self, variant: Variant, reference: Reference | None, length: int) -> None:
        self._variant = variant
        self._reference = reference
        self._length = length

    def get_sequence(
        self, identifier: str, start: int | None = None, end: int | None = None
    ) -> str:
        """Bases of the chromosome, `start` 0-based, `end` not included; see `_DataProxy`."""
        first = max(start or 0, 0)
        last = self._length if end is None else min(end, self._length)
        if first >= last:
            return ""
        whole = self._known(first, last)
        return whole or "".join(self._known(at, at + 1) or _UNKNOWN for at in range(first, last))

    def get_metadata(self, identifier: str) -> dict[str, Any]:
        """The length of the chromosome; see `_DataProxy`."""
        return {"length": self._length, "aliases": [identifier]}

    def bounded(self, start: int, end: int) -> bool:
        """Whether the bases before `start` and from `end` on are known, or there are none."""
        around = (self.get_sequence("", start - 1, start), self.get_sequence("", end, end + 1))
        return _UNKNOWN not in around

    def _known(self, start: int, end: int) -> str | None:
        variant = self._variant
        own = start - variant.pos + 1
        if own >= 0 and end - variant.pos + 1 <= len(variant.ref):
            return variant.ref[own : end - variant.pos + 1]
        if self._reference is None:
            return None
        return self._reference.bases(variant.chrom, start + 1, end)
