"""What calling a gene needs in every mode: settings, genotypes made ready, and refusals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

from apothecary.pharmacogenes.definitions import Gene, Position
from apothecary.pharmacogenes.matcher import (
    UNKNOWN,
    AlikeSites,
    Genotype,
    Genotypes,
    Match,
    Phase,
)

Row = dict[str, Any]


@dataclass(frozen=True)
class MatchSettings:
    """How diplotypes are matched.

    Attributes:
        all_candidates: Give every pair that fits, not only those of the top score.
        combinations: Research: name combinations of alleles and partial alleles.
        call_cyp2d6: Research: call the genes that are called on request only.
        outside_calls_win: An outside call replaces the call made here; else it is noted only.
        heteroplasmy_limit: Share of the reads below which a mitochondrial variant is no call.
        mode: posterior or compatible.
        call_threshold: Posterior from which a diplotype is called.
        credible_mass: Probability that the credible set has at least.
        genotype_error: Probability that the genotype of a site says nothing of the strands.
        read_error: Probability that a read shows another base, where only reads are known.
        phase_error: Probability that a phased site has its bases the other way round.
        pseudocount: Chromosomes that every allele has beside those that were counted.
        undefined_rate: Least probability that a strand is no named allele.
        unknown_frequency: Least frequency of an allele that has never been looked for in the
            population.
    """

    all_candidates: bool = False
    combinations: bool = False
    call_cyp2d6: bool = False
    outside_calls_win: bool = True
    heteroplasmy_limit: float = 0.1
    mode: str = "posterior"
    call_threshold: float = 0.95
    credible_mass: float = 0.99
    genotype_error: float = 1e-3
    read_error: float = 1e-2
    phase_error: float = 1e-4
    pseudocount: float = 0.02
    undefined_rate: float = 1e-3
    unknown_frequency: float = 0.0

    @classmethod
    def from_config(cls, config: Mapping[str, Any]) -> MatchSettings:
        """Settings from the section `pharmacogenes` of the configuration."""
        return cls(**{one.name: config[one.name] for one in fields(cls) if one.name in config})


def prepare(
    gene: Gene, genotypes: tuple[Genotype | None, ...], sex: str, settings: MatchSettings
) -> tuple[tuple[Genotype | None, ...], list[str]]:
    """Genotypes as they are matched: undocumented bases and sex chromosomes taken care of."""
    warnings: list[str] = []
    prepared = list(genotypes)
    for i, (position, genotype) in enumerate(zip(gene.positions, genotypes, strict=True)):
        unknown = _undocumented(genotype, position.known)
        told = _as_reference(gene, position, unknown, settings) if unknown else None
        if genotype is not None and told:
            bases = tuple(position.ref if b in unknown else b for b in genotype.bases)
            prepared[i] = replace(genotype, bases=bases)
            warnings.append(f"{position.position_id}: {', '.join(unknown)} {told}")
    if gene.chrom == "chrX":
        seen = [g for g in prepared if g is not None]
        one_strand = sex == "M" or (sex != "F" and any(len(g.bases) == 1 for g in seen))
        if one_strand and any(g.heterozygous for g in seen):
            if sex == "M":
                warnings.append("heterozygous on the X chromosome of a male sample")
        elif one_strand:
            prepared = [g and replace(g, bases=g.bases[:1]) for g in prepared]
    return tuple(prepared), warnings


def _as_reference(
    gene: Gene, position: Position, unknown: Sequence[str], settings: MatchSettings
) -> str | None:
    """Why undocumented bases of a position are taken as reference, in words; None when not.

    A base that leaves the residue as it is makes no other protein. The compatible method knows
    only the rule of the gene, and the research mode names what it finds.
    """
    lists_variants = gene.kind == "lowest_function" or not settings.combinations
    if gene.undocumented_as_reference and lists_variants:
        return "is no documented base; it is taken as reference"
    weighs = settings.mode == "posterior" and not settings.combinations
    if weighs and gene.silent.get(position.position_id, frozenset()).issuperset(unknown):
        return "is no documented base, but encodes the residue of the reference; it is taken as it"
    return None


def _undocumented(genotype: Genotype | None, known: frozenset[str]) -> list[str]:
    if genotype is None or known.issuperset(genotype.bases):
        return []
    return sorted({b for b in genotype.bases if b not in known and b != UNKNOWN})


def refusal(
    gene: Gene, genotypes: Genotypes, settings: MatchSettings, marginalise: bool = False
) -> str | None:
    """Why a gene cannot be called, or None.

    Args:
        gene: The gene.
        genotypes: Genotypes made ready.
        settings: How to match.
        marginalise: Whether required positions that were not assessed are summed over.
    """
    if gene.on_request and not settings.call_cyp2d6:
        return (
            "not called from small variants, which do not show copy number and hybrids; "
            "give an outside call, or ask for the research mode"
        )
    if all(genotype is None for genotype in genotypes):
        return "no position of the gene was assessed"
    missing = [
        p.position_id
        for p, g in zip(gene.positions, genotypes, strict=True)
        if p.required and g is None
    ]
    if missing and not marginalise:
        return f"required positions were not assessed: {', '.join(missing)}"
    if settings.combinations:
        return None
    unknown = [
        f"{p.position_id} {base}"
        for p, g in zip(gene.positions, genotypes, strict=True)
        for base in _undocumented(g, p.known)
    ]
    return f"undocumented variation: {', '.join(unknown)}" if unknown else None


def shared_columns(gene: Gene, genotypes: Genotypes, phase: Phase) -> Row:
    """Columns of the table diplotypes that all rows of a gene have alike."""
    return {
        "gene": gene.name,
        "posterior": None,
        "phased": phase.phased,
        "effectively_phased": phase.effectively_phased,
        "supporting_sites": supporting(gene, genotypes),
        "missing_sites": [
            p.position_id for p, g in zip(gene.positions, genotypes, strict=True) if g is None
        ],
        "not_excludable": [],
    }


def supporting(gene: Gene, genotypes: Genotypes) -> list[str]:
    """Positions whose bases are not those of the reference allele."""
    reference = gene.alleles[0].accepts if gene.alleles else ()
    return [
        position.position_id
        for position, accepted, genotype in zip(gene.positions, reference, genotypes, strict=True)
        if genotype is not None and not accepted.issuperset(genotype.bases)
    ]


def not_excludable(
    gene: Gene, genotypes: Genotypes, phase: Phase, matches: Sequence[Match]
) -> list[str]:
    """Alleles that would fit one strand if the positions not assessed had their bases."""
    called = {n for one in matches for n in (one.allele_1, one.allele_2) if n is not None}
    missing = {i for i, genotype in enumerate(genotypes) if genotype is None}
    if not missing or len(missing) == len(genotypes):
        return []
    reference = gene.alleles[0]
    alike = AlikeSites.of(gene, genotypes)
    names: dict[str, None] = {}
    for allele in gene.alleles:
        if allele.core in called or allele.reference or missing.isdisjoint(allele.bases):
            continue
        hidden = any(
            i in missing and not allele.accepts[i] & reference.accepts[i] for i in allele.bases
        )
        if (
            hidden
            and alike.accepted_by(allele)
            and _fits_a_strand(allele.accepts, genotypes, phase.blocks)
        ):
            names[allele.core] = None
    return list(names)


def _fits_a_strand(
    accepts: Sequence[frozenset[str]], genotypes: Genotypes, blocks: Sequence[Sequence[int]]
) -> bool:
    return all(
        any(
            all((g := genotypes[i]) is not None and g.bases[side] in accepts[i] for i in block)
            for side in (0, 1)
        )
        for block in blocks
    )


def not_called(gene: Gene, genotypes: Genotypes, shared: Row, reason: str) -> Row:
    """The one row of a gene without a call; the fallback position still gives a lookup."""
    lookup = _fallback(gene, genotypes)
    if lookup is not None:
        rsid = gene.settings["fallback_position"][0]
        reason = f"{reason}; phenotype and guidance are looked up by {rsid} alone"
    return {
        **shared,
        "rank": 1,
        "diplotype": None,
        "allele_1": lookup[0] if lookup else None,
        "allele_2": lookup[1] if lookup else None,
        "score": None,
        "method": "not_called",
        "reason": reason,
    }


def _fallback(gene: Gene, genotypes: Genotypes) -> tuple[str, str] | None:
    i = gene.rule_position("fallback_position")
    genotype = genotypes[i] if i is not None else None
    if i is None or genotype is None or len(genotype.bases) != 2:
        return None
    by_base = {gene.positions[i].ref: gene.reference_allele}
    for allele in gene.alleles:
        if set(allele.bases) == {i}:
            by_base[allele.bases[i]] = allele.name
    names = sorted(by_base.get(base, "") for base in genotype.bases)
    return (names[0], names[1]) if all(names) else None
