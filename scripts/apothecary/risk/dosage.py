"""Copies of an effect allele in a person, or why they are not known.

A genotype counts when its record is of the two alleles of the score: the reference base is one of
them, and so is every allele that the person carries. Alleles are never flipped to the other strand.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from apothecary.risk.genotypes import Seen
from apothecary.risk.scoring_files import (
    ADDITIVE,
    BY_DOSAGE,
    DOMINANT,
    OTHER_CHROMOSOME,
    ScoreVariant,
)
from apothecary.variants import alleles
from apothecary.variants.alleles import REFERENCE_ALLELES
from apothecary.variants.reference import Reference

Row = Mapping[str, Any]

MATCHED, IMPUTED = "matched", "imputed"
NOT_ASSESSED, NO_CALL, SPANNED, CONTRADICTING = (
    "not_assessed",
    "no_call",
    "spanned",
    "contradicting",
)
ALLELES_DIFFER, OTHER_UNKNOWN = "alleles_differ", "other_allele_unknown"
PALINDROMIC, REFERENCE_UNKNOWN, ONE_COPY = "palindromic", "reference_unknown", "one_copy"
MISSING = frozenset({NOT_ASSESSED, NO_CALL, SPANNED, CONTRADICTING})
"""States of a genotype that is not known, for which the frequency of the allele may stand."""
_COMPLEMENT = str.maketrans("ACGT", "TGCA")


@dataclass(frozen=True)
class DosageSettings:
    """How genotypes count.

    Attributes:
        absent_is_reference: A position without a record counts as reference.
        impute_missing: A genotype that is not known counts as the frequency tells.
        palindromic_margin: A pair of alleles that reads the same on both strands counts where the
            alternate allele is rarer than 0.5 less this by the frequencies of both the score and
            the input; None where it never counts.
    """

    absent_is_reference: bool
    impute_missing: bool
    palindromic_margin: float | None

    @classmethod
    def of(cls, section: Mapping[str, Any]) -> DosageSettings:
        """The settings of the section `risk` of a checked configuration."""
        by_frequency = section["palindromic"] == "frequency"
        margin = section["palindromic_margin"] if by_frequency else None
        return cls(section["absent_is_reference"], section["impute_missing"], margin)


class Weighed(NamedTuple):
    """What a variant adds to a score.

    Attributes:
        state: matched, imputed, or why it adds nothing.
        value: What it adds; 0 where it adds nothing.
    """

    state: str
    value: float = 0.0


class _Called(NamedTuple):
    """The alleles that a person carries at a position, or why they are not known."""

    state: str
    alleles: tuple[str, ...] = ()
    ref: str = ""
    alts: frozenset[str] = frozenset()


def weigh(
    variant: ScoreVariant,
    seen: Seen,
    sex: str,
    reference: Reference | None,
    settings: DosageSettings,
) -> Weighed:
    """What a variant of a score adds to it.

    Args:
        variant: The variant.
        seen: What the file says of the person on the chromosome.
        sex: F, M or unknown.
        reference: Reference sequence of the build, if any.
        settings: How genotypes count.

    Returns:
        Its weight times the copies, or the weight that its copies have.
    """
    if variant.left_out:
        return Weighed(variant.left_out)
    copies = copies_of(variant.chrom, sex)
    if copies == 0:
        return Weighed(OTHER_CHROMOSOME)
    called = _called(variant, seen, copies, reference, settings)
    problem = _unlike(variant, called, seen, settings)
    if problem:
        return Weighed(problem)
    if called.state == MATCHED:
        dosage = _dosage(variant.effect, called.alleles, copies)
        if dosage is not None:
            return _weighed(variant, dosage, copies or len(called.alleles))
        called = _Called(NO_CALL)
    known = variant.model == ADDITIVE and variant.frequency is not None
    if settings.impute_missing and copies and known and called.state in MISSING:
        return Weighed(IMPUTED, copies * (variant.frequency or 0.0) * variant.weights[0])
    return Weighed(called.state)


def copies_of(chrom: str, sex: str) -> int | None:
    """Copies of a chromosome in a person; None where the sex that tells it is not known."""
    if chrom not in ("chrX", "chrY"):
        return 2
    return {"F": {"chrX": 2, "chrY": 0}, "M": {"chrX": 1, "chrY": 1}}.get(sex, {}).get(chrom)


def palindromic(one: str, other: str) -> bool:
    """Whether a pair of alleles reads the same on both strands, as A and T do."""
    return one.translate(_COMPLEMENT)[::-1] == other


def _called(
    variant: ScoreVariant,
    seen: Seen,
    copies: int | None,
    reference: Reference | None,
    settings: DosageSettings,
) -> _Called:
    records = seen.records.get(variant.pos, ())
    own = [row for row in records if row["fate"] != "duplicate" and _is_of(variant, row)]
    if own:
        return _of_records(own)
    length = max(len(variant.effect), len(variant.other or ""))
    row = seen.covered.get((variant.pos, length))
    if row is None:
        if records:
            return _Called(ALLELES_DIFFER)
        if variant.pos in seen.spanned:
            return _Called(SPANNED)
        if not settings.absent_is_reference or copies is None:
            return _Called(NOT_ASSESSED)
        return _reference(variant, copies, None, reference)
    if row["fate"] != "reference":
        return _Called(NO_CALL)
    base = row["input_ref"] if row["input_pos"] == variant.pos and length == 1 else None
    return _reference(variant, len(alleles.genotype(row["genotype"]).alleles), base, reference)


def _of_records(rows: Sequence[Row]) -> _Called:
    """What the records of the alleles of a variant say; alleles may stand in several."""
    fates = {row["fate"] for row in rows}
    if "conflicting" in fates or len({row["input_ref"] for row in rows}) > 1:
        return _Called(CONTRADICTING)
    if not fates <= {"kept", "reference"}:
        return _Called(NO_CALL)
    return _together({row["record"]: row for row in rows}.values())


def _is_of(variant: ScoreVariant, row: Row) -> bool:
    """Whether a record is of the alleles of a variant, so that its genotypes tell of them."""
    named = {row["input_ref"], *row["input_alts"].split(",")}
    if variant.other is None:
        return variant.effect in named
    if len(variant.effect) == len(variant.other):
        return row["input_ref"] in (variant.effect, variant.other)
    # The shorter allele of an insertion or deletion is also the first base of other records here.
    return {variant.effect, variant.other} <= named


def _together(rows: Iterable[Row]) -> _Called:
    """The alleles that records of the same reference bases name together."""
    named: Counter[str] = Counter()
    alts: set[str] = set()
    ploidies: set[int] = set()
    ref = ""
    for row in rows:
        ref, listed = row["input_ref"], row["input_alts"].split(",")
        genotype = alleles.genotype(row["genotype"])
        ploidies.add(genotype.ploidy)
        named.update(listed[at - 1] for at in genotype.alleles if at)
        alts |= {alt for alt in listed if alt not in REFERENCE_ALLELES}
    ploidy = max(ploidies)
    if len(ploidies) > 1 or named.total() > ploidy:
        return _Called(CONTRADICTING)
    carried = (*named.elements(), *[ref] * (ploidy - named.total()))
    return _Called(MATCHED, carried, ref, frozenset(alts))


def _reference(
    variant: ScoreVariant, copies: int, base: str | None, reference: Reference | None
) -> _Called:
    """The alleles of a person who is seen as reference, where it is known which one that is."""
    both = (variant.effect, variant.other or variant.effect)
    end = variant.pos + max(map(len, both)) - 1
    known = base or (reference.bases(variant.chrom, variant.pos, end) if reference else None)
    if known is None:
        return _Called(REFERENCE_UNKNOWN)
    fitting = sorted({allele for allele in both if known.startswith(allele)})
    if len(fitting) > 1:  # Of an insertion or deletion in a repeat, either may be the reference.
        return _Called(REFERENCE_UNKNOWN)
    if not fitting:
        return _Called(ALLELES_DIFFER if variant.other else OTHER_UNKNOWN)
    return _Called(MATCHED, (fitting[0],) * copies, fitting[0])


def _unlike(
    variant: ScoreVariant, called: _Called, seen: Seen, settings: DosageSettings
) -> str | None:
    """Why a variant cannot be matched whatever the genotype is, or that its alleles are others."""
    other = variant.other or _only_other(variant, called)
    if other is None:
        return OTHER_UNKNOWN if called.state == MATCHED else None
    if palindromic(variant.effect, other) and not _same_strand(variant, called, seen, settings):
        return PALINDROMIC
    if called.state == MATCHED and not {variant.effect, other}.issuperset(called.alleles):
        return ALLELES_DIFFER
    return None


def _only_other(variant: ScoreVariant, called: _Called) -> str | None:
    """The other allele, where the records have two alleles of which the effect allele is one."""
    both = {called.ref, *called.alts}
    if called.state != MATCHED or len(called.alts) != 1 or variant.effect not in both:
        return None
    (other,) = both - {variant.effect}
    return other


def _same_strand(
    variant: ScoreVariant, called: _Called, seen: Seen, settings: DosageSettings
) -> bool:
    """Whether the frequencies of score and input say that both speak of the same strand."""
    margin, ours = settings.palindromic_margin, variant.frequency
    if margin is None or ours is None or len(called.alts) != 1:
        return False
    (alt,) = called.alts
    theirs = seen.frequencies.get((variant.pos, alt))
    # The highest of several populations: only that the allele is rare in all of them is clear.
    if theirs is None or theirs >= 0.5 - margin:
        return False
    of_alt = ours if alt == variant.effect else 1 - ours
    return of_alt < 0.5 - margin


def _dosage(effect: str, carried: Sequence[str], copies: int | None) -> float | None:
    """Copies of the effect allele; None where the genotype has fewer alleles than there are."""
    found = carried.count(effect)
    if copies is None or copies == len(carried):
        return found
    # A chromosome that is there once is often written twice.
    return found / 2 if copies == 1 and len(set(carried)) == 1 else None


def _weighed(variant: ScoreVariant, dosage: float, copies: int) -> Weighed:
    if variant.model == ADDITIVE:
        return Weighed(MATCHED, dosage * variant.weights[0])
    if copies != 2:
        # What one copy alone means for these weights, the format does not say.
        return Weighed(ONE_COPY)
    if variant.model == BY_DOSAGE:
        return Weighed(MATCHED, variant.weights[int(dosage)])
    needed = 1 if variant.model == DOMINANT else 2
    return Weighed(MATCHED, variant.weights[0] if dosage >= needed else 0.0)
