"""Diplotypes of all pharmacogenes from the sites of the samples, and from outside calls."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from apothecary.pharmacogenes import lowest_function, mitochondrial, unseen
from apothecary.pharmacogenes.combinations import TooManyPhasingsError, match_combinations
from apothecary.pharmacogenes.definitions import Definitions, Gene
from apothecary.pharmacogenes.matcher import (
    UNKNOWN,
    Genotype,
    Genotypes,
    Match,
    Phase,
    find_phase,
    match,
)
from apothecary.pharmacogenes.outside import outside_rows_of_gene

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
    """

    all_candidates: bool = False
    combinations: bool = False
    call_cyp2d6: bool = False
    outside_calls_win: bool = True
    heteroplasmy_limit: float = 0.1

    @classmethod
    def from_config(cls, config: Mapping[str, Any]) -> MatchSettings:
        """Settings from the section `pharmacogenes` of the configuration."""
        names = ("all_candidates", "combinations", "call_cyp2d6", "outside_calls_win")
        limit = float(config.get("heteroplasmy_limit", cls.heteroplasmy_limit))
        given = {name: bool(config[name]) for name in names if name in config}
        return cls(**given, heteroplasmy_limit=limit)


def call(
    sites_rows: Iterable[Mapping[str, Any]],
    definitions: Definitions,
    settings: MatchSettings,
    outside_rows: Iterable[Mapping[str, Any]] = (),
    samples: Iterable[Mapping[str, Any]] = (),
) -> list[Row]:
    """Call the diplotypes of every gene in every sample.

    Args:
        sites_rows: Rows of the table sites.
        definitions: The pharmacogenes.
        settings: How to match.
        outside_rows: Rows of the table outside_calls.
        samples: Rows with sample_id and sex (F, M or unknown); a sample that is only here has no
            site at all and no gene is called.

    Returns:
        Rows of the table diplotypes. A gene that cannot be called has one row with the reason;
        a gene that is called outside only has rows when there is an outside call.
    """
    sites: dict[tuple[str, str], dict[str, Genotype]] = defaultdict(dict)
    names: dict[str, str] = {}
    for row in sites_rows:
        names.setdefault(str(row["sample_id"]), "unknown")
        genotype = genotype_of(row)
        if genotype is not None:
            sites[row["sample_id"], row["gene"]][row["position_id"]] = genotype
    for sample in samples:
        names[str(sample["sample_id"])] = str(sample.get("sex") or "unknown")
    outside: dict[tuple[str, str], list[Mapping[str, Any]]] = defaultdict(list)
    for row in outside_rows:
        outside[str(row["sample_id"]), str(row["gene"])].append(row)
    caller = GeneCaller(settings)
    rows: list[Row] = []
    for sample_id in sorted(names):
        for gene in definitions.genes.values():
            found = sites.get((sample_id, gene.name), {})
            genotypes = tuple(found.get(p.position_id) for p in gene.positions)
            extra = outside.get((sample_id, gene.name), ())
            rows += [
                {"sample_id": sample_id, **row}
                for row in caller.call(gene, genotypes, names[sample_id], extra)
            ]
    return rows


def genotype_of(row: Mapping[str, Any]) -> Genotype | None:
    """The genotype of a row of the table sites; None where the site was not assessed."""
    if row["state"] == "not_assessed" or row["allele_1"] is None:
        return None
    second = row["allele_2"]
    bases = (row["allele_1"],) if second is None else (row["allele_1"], second)
    return Genotype(bases, bool(row["phased"]), row["phase_set"], row.get("allele_fraction"))


class GeneCaller:
    """Calls genes, and remembers: equal genotypes of a gene have equal diplotypes."""

    def __init__(self, settings: MatchSettings) -> None:
        self._settings = settings
        self._known: dict[tuple[str, Genotypes, str], tuple[Row, ...]] = {}

    def call(
        self,
        gene: Gene,
        genotypes: tuple[Genotype | None, ...],
        sex: str = "unknown",
        outside: Sequence[Mapping[str, Any]] = (),
    ) -> Sequence[Row]:
        """Rows of a gene in a sample, without the column sample_id.

        Args:
            gene: The gene.
            genotypes: One for each defining position; None where it was not assessed.
            sex: F, M or unknown; it matters on the X chromosome only.
            outside: Rows of outside_calls for the gene.

        Returns:
            At least one row, but for a gene that is neither called here nor outside.
        """
        own: Sequence[Row] = ()
        if gene.positions:
            key = (gene.name, genotypes, sex if gene.chrom == "chrX" else "")
            if key not in self._known:
                made = _call_gene(gene, genotypes, sex, self._settings)
                self._known[key] = tuple(unseen.mark(gene, made))
            own = self._known[key]
        if not outside:
            return own
        return outside_rows_of_gene(gene, outside, own, self._settings.outside_calls_win)


def _call_gene(
    gene: Gene, genotypes: tuple[Genotype | None, ...], sex: str, settings: MatchSettings
) -> list[Row]:
    if gene.kind == mitochondrial.KIND:
        return mitochondrial.call(gene, genotypes, settings.heteroplasmy_limit)
    prepared, warnings = _prepare(gene, genotypes, sex, settings)
    phase = find_phase(prepared)
    shared: Row = {
        "gene": gene.name,
        "posterior": None,
        "phased": phase.phased,
        "effectively_phased": phase.effectively_phased,
        "supporting_sites": _supporting(gene, genotypes),
        "missing_sites": [
            p.position_id for p, g in zip(gene.positions, genotypes, strict=True) if g is None
        ],
        "not_excludable": [],
    }
    refusal = _refusal(gene, prepared, settings)
    if refusal:
        return [_not_called(gene, prepared, {**shared, "warnings": sorted(warnings)}, refusal)]
    try:
        matches, listed, more = _match(gene, prepared, phase, settings)
    except TooManyPhasingsError as error:
        reason = f"{error}, so the strands cannot be told apart; a phased input would be called"
        return [_not_called(gene, prepared, {**shared, "warnings": sorted(warnings)}, reason)]
    shared["warnings"] = sorted({*warnings, *more})
    if not matches:
        reason = "no pair of named alleles fits the genotypes"
        return [_not_called(gene, prepared, shared, reason)]
    shared["not_excludable"] = _not_excludable(gene, prepared, phase, matches)
    return [
        {
            **shared,
            "rank": rank,
            "diplotype": one.allele_1 if listed else one.name,
            "allele_1": one.allele_1,
            "allele_2": one.allele_2,
            "score": None if listed else one.score,
            "method": "compatible",
            "reason": _remark(one, listed),
        }
        for rank, one in enumerate(matches, start=1)
    ]


def _remark(match_: Match, listed: bool) -> str | None:
    if not listed:
        return None
    copies = "homozygous" if match_.allele_2 else "one copy"
    return f"found, {copies}; the strands are not known"


def _prepare(
    gene: Gene, genotypes: tuple[Genotype | None, ...], sex: str, settings: MatchSettings
) -> tuple[tuple[Genotype | None, ...], list[str]]:
    """Genotypes as they are matched: undocumented bases and sex chromosomes taken care of."""
    warnings: list[str] = []
    as_reference = gene.undocumented_as_reference and (
        gene.kind == "lowest_function" or not settings.combinations
    )
    prepared = list(genotypes)
    if as_reference:
        for i, (position, genotype) in enumerate(zip(gene.positions, genotypes, strict=True)):
            unknown = _undocumented(genotype, position.known)
            if genotype is not None and unknown:
                bases = tuple(position.ref if b in unknown else b for b in genotype.bases)
                prepared[i] = replace(genotype, bases=bases)
                warnings.append(
                    f"{position.position_id}: {', '.join(unknown)} is no documented base; "
                    "it is taken as reference"
                )
    if gene.chrom == "chrX":
        seen = [g for g in prepared if g is not None]
        one_strand = sex == "M" or (sex != "F" and any(len(g.bases) == 1 for g in seen))
        if one_strand and any(g.heterozygous for g in seen):
            if sex == "M":
                warnings.append("heterozygous on the X chromosome of a male sample")
        elif one_strand:
            prepared = [g and replace(g, bases=g.bases[:1]) for g in prepared]
    return tuple(prepared), warnings


def _undocumented(genotype: Genotype | None, known: frozenset[str]) -> list[str]:
    if genotype is None:
        return []
    return sorted({b for b in genotype.bases if b not in known and b != UNKNOWN})


def _refusal(gene: Gene, genotypes: Genotypes, settings: MatchSettings) -> str | None:
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
    if missing:
        return f"required positions were not assessed: {', '.join(missing)}"
    if settings.combinations:
        return None
    unknown = [
        f"{p.position_id} {base}"
        for p, g in zip(gene.positions, genotypes, strict=True)
        for base in _undocumented(g, p.known)
    ]
    return f"undocumented variation: {', '.join(unknown)}" if unknown else None


def _match(
    gene: Gene, genotypes: Genotypes, phase: Phase, settings: MatchSettings
) -> tuple[list[Match], bool, list[str]]:
    """Matches, whether they are a list of single alleles, and warnings."""
    if gene.kind == "lowest_function":
        found = lowest_function.call(gene, genotypes, phase)
        if found.listed:
            matches = [Match(n, n if count > 1 else None, 0) for n, count in found.listed]
            return matches, True, list(found.warnings)
        return list(found.pairs), False, list(found.warnings)
    matches = match(gene, genotypes, phase)
    if not matches and settings.combinations:
        return match_combinations(gene, genotypes, phase), False, []
    if settings.all_candidates or not matches:
        return matches, False, []
    if not settings.combinations and not phase.effectively_phased:
        preferred = _preferred(gene, matches)
        if preferred:
            return preferred
    return [one for one in matches if one.score == matches[0].score], False, []


def _preferred(gene: Gene, matches: Sequence[Match]) -> tuple[list[Match], bool, list[str]] | None:
    """The diplotypes that are taken of those that cannot be told apart unphased, if any."""
    names = {one.name for one in matches}
    sets = {alike: pick for alike, pick in gene.priorities.items() if alike <= names}
    if not sets:
        return None
    best = max(one.score for one in matches if one.name in sets.values())
    taken = [one for one in matches if one.name in sets.values() and one.score == best]
    others = sorted({name for alike in sets for name in alike} - {one.name for one in taken})
    return taken, False, [f"unphased; {', '.join(others)} fit as well and have a lower priority"]


def _supporting(gene: Gene, genotypes: Genotypes) -> list[str]:
    reference = gene.alleles[0].accepts if gene.alleles else ()
    return [
        position.position_id
        for position, accepted, genotype in zip(gene.positions, reference, genotypes, strict=True)
        if genotype is not None and not accepted.issuperset(genotype.bases)
    ]


def _not_excludable(
    gene: Gene, genotypes: Genotypes, phase: Phase, matches: Sequence[Match]
) -> list[str]:
    """Alleles that would fit one strand if the positions not assessed had their bases."""
    called = {n for one in matches for n in (one.allele_1, one.allele_2) if n is not None}
    missing = [i for i, genotype in enumerate(genotypes) if genotype is None]
    if not missing or len(missing) == len(genotypes):
        return []
    reference = gene.alleles[0]
    names: dict[str, None] = {}
    for allele in gene.alleles:
        if allele.core in called or allele.reference:
            continue
        hidden = any(
            i in allele.bases and not allele.accepts[i] & reference.accepts[i] for i in missing
        )
        if hidden and _fits_a_strand(allele.accepts, genotypes, phase):
            names[allele.core] = None
    return list(names)


def _fits_a_strand(accepts: Sequence[frozenset[str]], genotypes: Genotypes, phase: Phase) -> bool:
    for i, genotype in enumerate(genotypes):
        if genotype and not genotype.heterozygous and genotype.bases[0] not in accepts[i]:
            return False
    return all(
        any(
            all((g := genotypes[i]) is not None and g.bases[side] in accepts[i] for i in block)
            for side in (0, 1)
        )
        for block in phase.blocks
    )


def _not_called(gene: Gene, genotypes: Genotypes, shared: Row, reason: str) -> Row:
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
