"""Which calls are used: thresholds, FILTER, ploidy. A call that is not used keeps its reason."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from apothecary.variants.alleles import Genotype
from apothecary.variants.conventions import Evidence
from apothecary.variants.records import RecordBlock

REFERENCE_FILTERS = frozenset({"RefCall"})
"""FILTER names that say that a site is reference (DeepVariant)."""

SEXED = ("chrX", "chrY", "chrM")


class Reason(NamedTuple):
    """Why a call is not used.

    Attributes:
        text: With the value that was seen.
        kind: The same without the value, by which records are counted.
    """

    text: str
    kind: str


PASSES = Reason("passes", "passes")


def joined(reasons: list[Reason]) -> Reason | None:
    """Several reasons as one; None for none."""
    if not reasons:
        return None
    return Reason("; ".join(r.text for r in reasons), "; ".join(r.kind for r in reasons))


@dataclass(frozen=True)
class Thresholds:
    """The least that a call must have; None is not applied.

    Attributes:
        min_depth: Reads at the position.
        min_gq: Genotype quality, Phred.
        min_qual: QUAL of the record, Phred.
        min_vaf: Fraction of reads with the alternate allele, 0 to 1.
        min_alt_depth: Reads with the alternate allele.
        missing_passes: Whether a value that the file does not give passes.
    """

    min_depth: float | None = None
    min_gq: float | None = None
    min_qual: float | None = None
    min_vaf: float | None = None
    min_alt_depth: float | None = None
    missing_passes: bool = True

    @classmethod
    def of(cls, values: Mapping[str, Any]) -> Thresholds:
        """Thresholds from the configuration of a role and assay."""
        known = ("min_depth", "min_gq", "min_qual", "min_vaf", "min_alt_depth")
        return cls(
            **{key: values.get(key) for key in known},
            missing_passes=values.get("missing", "pass") == "pass",
        )


def below(thresholds: Thresholds, measured: Mapping[str, float | None]) -> list[Reason]:
    """The thresholds that a call fails.

    Args:
        thresholds: The thresholds.
        measured: Values by name without `min_`: depth, gq, qual, vaf, alt_depth. Only the names
            given are looked at.

    Returns:
        Reasons, in the order of `measured`.
    """
    reasons = []
    for name, value in measured.items():
        least = getattr(thresholds, f"min_{name}")
        if least is None:
            continue
        word = _WORDS[name]
        if value is None:
            if not thresholds.missing_passes:
                reasons.append(Reason(f"{word} is missing", f"{word} is missing"))
        elif value < least:
            kind = f"{word} is below {least:g}"
            reasons.append(Reason(f"{word} {value:.4g} is below {least:g}", kind))
    return reasons


_WORDS = {
    "depth": "depth",
    "gq": "genotype quality",
    "qual": "QUAL",
    "vaf": "allele fraction",
    "alt_depth": "depth of the alternate allele",
}


def by_filter(
    filters: str, sample_filter: str | None, declared: frozenset[str], *, reference: bool
) -> list[Reason]:
    """What FILTER, and the sample's FT, say against a call.

    Args:
        filters: FILTER column.
        sample_filter: FT of the sample, if any.
        declared: FILTER names that the header declares.
        reference: Whether the call is reference.

    Returns:
        At most one reason for each of the two.
    """
    reasons = []
    for text, column in ((filters, "FILTER"), (sample_filter or ".", "FT")):
        names = [n for n in text.replace(",", ";").split(";") if n not in ("PASS", ".", "")]
        if reference:
            names = [n for n in names if n not in REFERENCE_FILTERS]
        if names:
            said = f"{column} is {';'.join(names)}"
            unknown = [n for n in names if n not in declared]
            if unknown and column == "FILTER":
                said += f" ({', '.join(unknown)} is not declared in the header)"
            reasons.append(Reason(said, said))
    return reasons


def by_ploidy(
    chrom: str, genotype: Genotype, sex: str, alts: tuple[str, ...]
) -> tuple[str, Reason] | None:
    """What the number of alleles says against a germline genotype.

    Args:
        chrom: Chromosome with chr.
        genotype: The genotype.
        sex: F, M or unknown.
        alts: ALT of the record.

    Returns:
        A fate (rejected or no_call) and its reason, or None when the number is in order.
    """
    count = genotype.ploidy
    if chrom == "chrM":
        return None
    if count > 2:
        said = f"the genotype has {count} alleles"
        return "no_call", Reason(said, "the genotype has more than two alleles")
    if genotype.missing:
        return None
    if count == 1 and chrom not in SEXED:
        said = "one allele on an autosome"
        return "rejected", Reason(said, said)
    if count == 1 and chrom == "chrX" and sex == "F":
        said = "one allele on chromosome X of a female"
        return "rejected", Reason(said, said)
    if count == 2 and chrom in ("chrX", "chrY") and sex == "M" and _differ(genotype, alts):
        said = f"two different alleles on chromosome {chrom[3:]} of a male"
        return "no_call", Reason(said, said)
    return None


def _differ(genotype: Genotype, alts: tuple[str, ...]) -> bool:
    first, second = genotype.alleles[:2]
    return first is not None and second is not None and first != second and bool(alts)


def evidence_reasons(
    thresholds: Thresholds, evidence: Evidence, block: RecordBlock, allele: int
) -> list[Reason]:
    """The thresholds that one allele of a call fails.

    Args:
        thresholds: The thresholds.
        evidence: What the reads say.
        block: The record.
        allele: Number of the alternate allele from 1; 0 for a reference call, of which only depth
            and genotype quality are looked at.
    """
    if allele == 0:
        return below(thresholds, {"depth": evidence.depth, "gq": evidence.gq})
    alt_depth = _at(evidence.alt_depths, allele)
    reasons = below(
        thresholds,
        {
            "depth": evidence.depth,
            "gq": evidence.gq,
            "qual": block.qual,
            "vaf": _at(evidence.vafs, allele),
            "alt_depth": alt_depth,
        },
    )
    if block.qual_not_finite and thresholds.min_qual is not None and thresholds.missing_passes:
        reasons.append(Reason("QUAL is not a finite number", "QUAL is not a finite number"))
    if evidence.disagree:
        kind = "stated allele fraction and allele depths contradict each other"
        reasons.append(Reason(evidence.disagree, kind))
    return reasons


def _at(values: tuple[Any, ...], allele: int) -> Any:
    return values[allele - 1] if allele <= len(values) else None
