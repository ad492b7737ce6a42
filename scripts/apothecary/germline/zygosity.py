"""How many of a person's chromosomes carry an allele, and on which side of a phased genotype."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from apothecary.variants import alleles

HETEROZYGOUS = "heterozygous"
HOMOZYGOUS = "homozygous"
HEMIZYGOUS = "hemizygous"
UNKNOWN = "unknown"
IN_TRANS = "in trans"
IN_CIS = "in cis"
NOT_KNOWN = "phase not known"

_SEX_CHROMOSOMES = frozenset({"chrX", "chrY"})
_MALE = "M"


@dataclass(frozen=True)
class Carried:
    """An allele in a genotype.

    Attributes:
        zygosity: heterozygous, homozygous, hemizygous or unknown.
        record: Line of the input that it is of.
        side: Side of a phased genotype that it is on; None where it is on both or not phased.
        phase_set: Name of the phase set; None for a genotype that is phased without one.
    """

    zygosity: str
    record: int
    side: int | None
    phase_set: str | None

    @property
    def copies(self) -> int:
        """Chromosomes that carry the allele, one where it is not known."""
        return 2 if self.zygosity == HOMOZYGOUS else 1


def carried(variant: Mapping[str, Any], sex: str) -> Carried:
    """How a person carries the allele of a variant.

    A man's genotype of two like alleles on a sex chromosome is one allele, as many callers write
    it; none of the listed genes lies where X and Y are alike.

    Args:
        variant: A row of the table `variants`.
        sex: F, M or unknown.
    """
    called = alleles.genotype(variant["genotype"])
    sides = [at for at, one in enumerate(called.alleles) if one == variant["allele_index"]]
    sexual = variant["chrom"] in _SEX_CHROMOSOMES
    if not sides or called.partial:
        zygosity = UNKNOWN
    elif len(sides) < called.ploidy:
        zygosity = HETEROZYGOUS
    elif sexual and (called.ploidy == 1 or sex == _MALE):
        zygosity = HEMIZYGOUS
    else:
        zygosity = HOMOZYGOUS if called.ploidy > 1 else UNKNOWN
    phased = bool(variant["phased"]) and zygosity == HETEROZYGOUS
    return Carried(
        zygosity, variant["record"], sides[0] if phased else None, variant.get("phase_set")
    )


def phase(one: Carried, other: Carried) -> str:
    """Whether two heterozygous alleles are on the same chromosome of a pair.

    Two alternate alleles of one record are on different ones. Genotypes that are phased without a
    set are of one set, as the specification of VCF has it.
    """
    if one.record == other.record:
        return IN_TRANS
    if one.side is None or other.side is None or one.phase_set != other.phase_set:
        return NOT_KNOWN
    return IN_CIS if one.side == other.side else IN_TRANS
