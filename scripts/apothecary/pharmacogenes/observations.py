"""What one record says of one position in one sample: called, reference, or not assessed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from apothecary.pharmacogenes.evidence import ANY_OTHER, SiteEvidence, backed, of_values
from apothecary.pharmacogenes.matcher import UNKNOWN, Genotype
from apothecary.variants.alleles import Genotype as Alleles

CALLED = "called"
REFERENCE = "reference"
NOT_ASSESSED = "not_assessed"

FROM_FILE = "file"
FROM_READS = "reads"
FROM_SETTING = "setting"

HAPLOID_CHROMOSOMES = frozenset({"chrX", "chrY", "chrM"})


@dataclass(frozen=True)
class SiteSettings:
    """What a record must have to count.

    Attributes:
        min_depth: Reads; None when not applied. A record without a depth passes.
        min_gq: Genotype quality, Phred; None when not applied. A record without one passes.
        absent_is_reference: A position without any record counts as reference.
    """

    min_depth: int | None = None
    min_gq: int | None = None
    absent_is_reference: bool = False

    @classmethod
    def from_config(cls, config: Mapping[str, Any]) -> SiteSettings:
        """Settings from the section `pharmacogenes` of the configuration."""
        return cls(
            min_depth=config.get("min_depth"),
            min_gq=config.get("min_gq"),
            absent_is_reference=bool(config.get("absent_is_reference", False)),
        )


@dataclass(frozen=True)
class ReadSettings:
    """What a read must have to count, and what reads may tell of a position without a record.

    Attributes:
        min_depth: Reads that make a position reference; at least one is always needed.
        max_other_reads: Share of the reads, 0 to 1, that may show another base, or two positions
            the other way round.
        min_phase_reads: Fragments that must link two positions for their phase to be told.
        min_base_quality: Phred; a read without base qualities passes.
        min_mapping_quality: Phred.
        indel_flank: Bases that a read must reach beyond a position of insertions or deletions.
    """

    min_depth: int | None = None
    max_other_reads: float = 0.1
    min_phase_reads: int = 2
    min_base_quality: int = 20
    min_mapping_quality: int = 20
    indel_flank: int = 20

    @classmethod
    def from_config(cls, config: Mapping[str, Any]) -> ReadSettings:
        """Settings from the section `pharmacogenes` of the configuration."""
        return cls(min_depth=config.get("min_depth"), **config.get("reads", {}))


@dataclass(frozen=True)
class Measured:
    """The values of one sample in one record.

    `alt_fractions` are the shares of the reads with each ALT allele, 0 to 1; read for the
    mitochondrion only.
    """

    depth: int | None = None
    gq: int | None = None
    likelihoods: str | None = None
    depths: str | None = None
    phase_set: str | None = None
    filters: str | None = None
    record: int | None = None
    alt_fractions: tuple[float | None, ...] = ()


@dataclass(frozen=True)
class Observation:
    """The state of a position in a sample.

    Attributes:
        state: called, reference or not_assessed.
        genotype: The bases; None when not assessed.
        undocumented: Bases that no allele of the gene has.
        measured: The values behind it.
        reason: Why it is not assessed, or a remark.
        genotyped: The record is one of the position: it is spelled as the definition is, or names
            an allele of it.
        covered: First and last base (1-based) that a reference block covers, else None.
        record_alleles: Bases of the record's alleles, which likelihoods and depths are of; see
            `evidence.SiteEvidence`.
        source: `FROM_READS` where reads gave the state; else None.
        phase_source: `FROM_READS` where reads gave the phase; else None.
        phase_reads: Fragments that link the positions that reads phase with it, at the link that
            has fewest.
        phase_warning: What the reads say against the phase of the file.
    """

    state: str
    genotype: Genotype | None
    undocumented: tuple[str, ...] = ()
    measured: Measured = Measured()
    reason: str | None = None
    genotyped: bool = False
    covered: tuple[int, int] | None = None
    record_alleles: tuple[str | None, ...] = ()
    source: str | None = None
    phase_source: str | None = None
    phase_reads: int | None = None
    phase_warning: str | None = None

    @property
    def state_source(self) -> str | None:
        """Where the state came from: file, reads or setting; None where nothing was seen."""
        if self.source or self.measured.record is not None:
            return self.source or FROM_FILE
        return FROM_SETTING if self.state == REFERENCE else None

    @property
    def phase_told_by(self) -> str | None:
        """Where the phase of a heterozygous genotype came from; None for any other."""
        if self.genotype is None or not (self.genotype.phased and self.genotype.heterozygous):
            return None
        return self.phase_source or FROM_FILE

    @cached_property
    def evidence(self) -> SiteEvidence:
        """What the posterior rests on."""
        measured = self.measured
        found = of_values(self.genotype, self.record_alleles, measured.likelihoods, measured.depths)
        return backed(found, self.phase_reads)


ABSENT = Observation(NOT_ASSESSED, None, reason="no record")


def failed(measured: Measured, settings: SiteSettings) -> str | None:
    """Why a record does not count, or None."""
    if measured.filters not in (None, "PASS", "."):
        return f"present but failed: FILTER {measured.filters}"
    low, depth = settings.min_depth, measured.depth
    if low is not None and depth is not None and depth < low:
        return f"present but failed: depth {depth} is below {low}"
    low, gq = settings.min_gq, measured.gq
    if low is not None and gq is not None and gq < low:
        return f"present but failed: genotype quality {gq} is below {low}"
    return None


def observe(
    chrom: str,
    known: frozenset[str],
    texts: tuple[str | None, ...],
    alleles: Alleles,
    measured: Measured,
    settings: SiteSettings,
    genotyped: bool,
    record_alleles: tuple[str | None, ...] = (),
) -> Observation:
    """The state of a position from a genotype.

    Args:
        chrom: Chromosome of the position.
        known: Bases that are documented there.
        texts: The window's text for every allele of the record (`spelling.windows`).
        alleles: The genotype as allele numbers.
        measured: The values of the sample.
        settings: What counts.
        genotyped: See `Observation`.
        record_alleles: See `Observation`.

    Returns:
        A called site, or one that is not assessed with the reason.
    """
    reason = failed(measured, settings) or _bad_genotype(chrom, alleles, texts)
    if reason:
        return Observation(
            NOT_ASSESSED, None, measured=measured, reason=reason, genotyped=genotyped
        )
    bases = tuple(UNKNOWN if a is None else str(texts[a]) for a in alleles.alleles)
    unknown = tuple(sorted({b for b in bases if b not in known and b != UNKNOWN}))
    remark = f"{', '.join(unknown)} is no documented base" if unknown else None
    phase_set = measured.phase_set if alleles.phased else None
    genotype = Genotype(bases, alleles.phased, phase_set, _fraction(alleles, measured))
    return Observation(
        CALLED, genotype, unknown, measured, remark, genotyped, record_alleles=record_alleles
    )


def _fraction(alleles: Alleles, measured: Measured) -> float | None:
    """Share of the reads with the ALT alleles of the genotype; None when not given for all."""
    alts = {allele for allele in alleles.alleles if allele}
    shares = [measured.alt_fractions[a - 1] for a in alts if a <= len(measured.alt_fractions)]
    given = [share for share in shares if share is not None]
    return min(1.0, sum(given)) if alts and len(given) == len(alts) else None


def _bad_genotype(chrom: str, alleles: Alleles, texts: tuple[str | None, ...]) -> str | None:
    if not alleles.valid or alleles.missing:
        return "no genotype in the record"
    if alleles.ploidy > 2:
        return f"{alleles.ploidy} alleles in the genotype"
    if alleles.ploidy == 1 and chrom not in HAPLOID_CHROMOSOMES:
        return "one allele in the genotype on an autosome"
    if any(a is not None and a >= len(texts) for a in alleles.alleles):
        return "the genotype names an allele that the record has not"
    if any(a is not None and texts[a] is None for a in alleles.alleles):
        return "the genotype has a symbolic allele or a deletion over the position"
    return None


def block(
    ref: str, covered: tuple[int, int], alleles: Alleles, measured: Measured, settings: SiteSettings
) -> Observation:
    """The state of a position under a reference block or a reference-only record."""
    reason = failed(measured, settings)
    if not reason and (not alleles.valid or alleles.missing):
        reason = "no genotype in the record"
    if reason:
        return Observation(NOT_ASSESSED, None, measured=measured, reason=reason, covered=covered)
    genotype = Genotype((ref,) * min(2, alleles.ploidy), alleles.phased, None)
    return Observation(
        REFERENCE,
        genotype,
        measured=measured,
        covered=covered,
        record_alleles=(ref, ANY_OTHER) if measured.likelihoods else (),
    )


def merge(old: Observation, new: Observation, ref: str) -> Observation:
    """What two records together say of a position.

    A record of the position wins over one of another variant, a genotype over a block; blocks
    side by side add up; records of one position that name different ALT alleles are one record
    that was split; records that contradict each other leave the position not assessed.

    Args:
        old: What was known.
        new: What another record says.
        ref: Reference bases of the position in GRCh38.
    """
    if old is ABSENT:
        return new
    if old.covered and new.covered:
        return _join_blocks(old, new)
    if bool(old.covered) != bool(new.covered):
        return new if old.covered else old
    if old.genotyped != new.genotyped:
        return old if old.genotyped else new
    if old.genotype is None or new.genotype is None:
        return new if old.genotype is None else old
    if sorted(old.genotype.bases) == sorted(new.genotype.bases):
        return old
    joined = _join_split(old.genotype, new.genotype, ref)
    if joined is None:
        reason = f"records {old.measured.record} and {new.measured.record} contradict each other"
        return replace(old, state=NOT_ASSESSED, genotype=None, undocumented=(), reason=reason)
    undocumented = tuple(sorted({*old.undocumented, *new.undocumented} & set(joined.bases)))
    # Likelihoods of one of the records do not know the alleles of the other.
    return replace(old, genotype=joined, undocumented=undocumented, record_alleles=())


def _join_blocks(old: Observation, new: Observation) -> Observation:
    if old.genotype is None or new.genotype is None:
        return old if old.genotype is None else new
    first, last = old.covered or (0, 0)
    new_first, new_last = new.covered or (0, 0)
    if new_first > last + 1 or first > new_last + 1:
        return old
    weaker = min((old, new), key=lambda o: (o.measured.gq is None, o.measured.gq or 0))
    return replace(weaker, covered=(min(first, new_first), max(last, new_last)))


def _join_split(old: Genotype, new: Genotype, ref: str) -> Genotype | None:
    """One genotype from two records of a multiallelic site that was split."""
    if len(old.bases) != len(new.bases):
        return None
    if old.phased and new.phased:
        bases = []
        for a, b in zip(old.bases, new.bases, strict=True):
            others = [x for x in (a, b) if x not in (ref, UNKNOWN)]
            if len(others) > 1:
                return None
            bases.append(others[0] if others else ref)
        return Genotype(tuple(bases), True, old.phase_set)
    others = [x for x in (*old.bases, *new.bases) if x not in (ref, UNKNOWN)]
    if len(others) > len(old.bases):
        return None
    return Genotype((*([ref] * (len(old.bases) - len(others))), *others))


def finish(observation: Observation, first: int, last: int) -> Observation:
    """A position whose blocks do not cover all of its bases is not assessed."""
    if observation.covered is None or observation.genotype is None:
        return observation
    if observation.covered[0] <= first and observation.covered[1] >= last:
        return observation
    reason = "reference blocks cover only a part of the bases of the position"
    return replace(observation, state=NOT_ASSESSED, genotype=None, reason=reason)
