"""Diplotypes of all pharmacogenes from the sites of the samples, and from outside calls."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from apothecary.pharmacogenes import lowest_function, mitochondrial, preparation, unseen
from apothecary.pharmacogenes.combinations import (
    TooManyPhasingsError,
    match_combinations,
    match_named,
)
from apothecary.pharmacogenes.definitions import Definitions, Gene
from apothecary.pharmacogenes.evidence import NOTHING, SiteEvidence, of_row
from apothecary.pharmacogenes.frequencies import Frequencies
from apothecary.pharmacogenes.matcher import Genotype, Genotypes, Match, Phase, find_phase, match
from apothecary.pharmacogenes.outside import outside_rows_of_gene
from apothecary.pharmacogenes.posterior import PosteriorCaller
from apothecary.pharmacogenes.preparation import MatchSettings, Row

UNWEIGHED = "no allele frequencies are known of the gene; called by the compatible method"

__all__ = ["GeneCaller", "MatchSettings", "call", "genotype_of"]


def call(
    sites_rows: Iterable[Mapping[str, Any]],
    definitions: Definitions,
    settings: MatchSettings,
    outside_rows: Iterable[Mapping[str, Any]] = (),
    samples: Iterable[Mapping[str, Any]] = (),
    frequencies: Frequencies | None = None,
    populations: Mapping[str, str] | None = None,
) -> list[Row]:
    """Call the diplotypes of every gene in every sample.

    Args:
        sites_rows: Rows of the table sites.
        definitions: The pharmacogenes.
        settings: How to match.
        outside_rows: Rows of the table outside_calls.
        samples: Rows with sample_id and sex (F, M or unknown); a sample that is only here has no
            site at all and no gene is called.
        frequencies: Allele frequencies, for the posterior.
        populations: Superpopulation by sample_id, where it is known.

    Returns:
        Rows of the table diplotypes. A gene that cannot be called has one row with the reason;
        a gene that is called outside only has rows when there is an outside call.
    """
    sites: dict[tuple[str, str], dict[str, SiteEvidence]] = defaultdict(dict)
    names: dict[str, str] = {}
    told: dict[tuple[str, str], list[str | None]] = defaultdict(list)
    for row in sites_rows:
        told[row["sample_id"], row["gene"]].append(row.get("phase_warning"))
        names.setdefault(str(row["sample_id"]), "unknown")
        genotype = genotype_of(row)
        if genotype is not None:
            sites[row["sample_id"], row["gene"]][row["position_id"]] = of_row(row, genotype)
    for sample in samples:
        names[str(sample["sample_id"])] = str(sample.get("sex") or "unknown")
    outside: dict[tuple[str, str], list[Mapping[str, Any]]] = defaultdict(list)
    for row in outside_rows:
        outside[str(row["sample_id"]), str(row["gene"])].append(row)
    caller = GeneCaller(settings, frequencies)
    rows: list[Row] = []
    for sample_id in sorted(names):
        for gene in definitions.genes.values():
            found = sites.get((sample_id, gene.name), {})
            evidence = tuple(found.get(p.position_id, NOTHING) for p in gene.positions)
            extra = outside.get((sample_id, gene.name), ())
            called = caller.call_evidence(
                gene, evidence, names[sample_id], extra, (populations or {}).get(sample_id)
            )
            called = with_warnings(called, told.get((sample_id, gene.name), ()))
            rows += [{"sample_id": sample_id, **row} for row in called]
    return rows


def with_warnings(rows: Sequence[Row], warnings: Iterable[str | None]) -> Sequence[Row]:
    """Rows of a gene with warnings that its sites carry; the same rows where there is none."""
    more = {text for text in warnings if text}
    if not more:
        return rows
    return [{**row, "warnings": sorted({*(row.get("warnings") or ()), *more})} for row in rows]


def genotype_of(row: Mapping[str, Any]) -> Genotype | None:
    """The genotype of a row of the table sites; None where the site was not assessed."""
    if row["state"] == "not_assessed" or row["allele_1"] is None:
        return None
    second = row["allele_2"]
    bases = (row["allele_1"],) if second is None else (row["allele_1"], second)
    return Genotype(bases, bool(row["phased"]), row["phase_set"], row.get("allele_fraction"))


class GeneCaller:
    """Calls genes, and remembers: what is seen alike has equal diplotypes."""

    def __init__(self, settings: MatchSettings, frequencies: Frequencies | None = None) -> None:
        self._settings = settings
        self._posterior: PosteriorCaller | None = None
        if settings.mode == "posterior":
            self._posterior = PosteriorCaller(settings, frequencies or Frequencies())
        self._known: dict[tuple[object, ...], tuple[Row, ...]] = {}

    def call(
        self,
        gene: Gene,
        genotypes: tuple[Genotype | None, ...],
        sex: str = "unknown",
        outside: Sequence[Mapping[str, Any]] = (),
    ) -> Sequence[Row]:
        """Rows of a gene in a sample of which only genotypes are known; see `call_evidence`."""
        return self.call_evidence(gene, tuple(map(_alone, genotypes)), sex, outside)

    def call_evidence(
        self,
        gene: Gene,
        evidence: tuple[SiteEvidence, ...],
        sex: str = "unknown",
        outside: Sequence[Mapping[str, Any]] = (),
        population: str | None = None,
        remember: bool = True,
    ) -> Sequence[Row]:
        """Rows of a gene in a sample, without the column sample_id.

        Args:
            gene: The gene.
            evidence: What was seen, one entry for each defining position.
            sex: F, M or unknown; it matters on the X chromosome only.
            outside: Rows of outside_calls for the gene.
            population: Superpopulation of the person, when it is known.
            remember: Whether the posterior is kept for evidence alike; a caller that has a cheaper
                key of its own needs no second memory.

        Returns:
            At least one row, but for a gene that is neither called here nor outside.
        """
        own: Sequence[Row] = ()
        if gene.positions:
            own = self._own(
                gene, evidence, sex if gene.chrom == "chrX" else "", population, remember
            )
        if not outside:
            return own
        return outside_rows_of_gene(gene, outside, own, self._settings.outside_calls_win)

    def _own(
        self,
        gene: Gene,
        evidence: tuple[SiteEvidence, ...],
        sex: str,
        population: str | None,
        remember: bool,
    ) -> Sequence[Row]:
        posterior, settings = self._posterior, self._settings
        if posterior is not None and posterior.takes(gene):
            if not remember:
                return _weighed(posterior, settings, gene, evidence, sex, population)
            key: tuple[object, ...] = (gene.name, evidence, sex, population)
            found = self._known.get(key)
            if found is None:
                found = tuple(_weighed(posterior, settings, gene, evidence, sex, population))
                self._known[key] = found
            return found
        genotypes = tuple(one.genotype for one in evidence)
        key = (gene.name, genotypes, sex)
        found = self._known.get(key)
        if found is None:
            made = _call_gene(gene, genotypes, sex, settings)
            if posterior is not None and posterior.lacks_frequencies(gene):
                made = [{**row, "warnings": sorted({*row["warnings"], UNWEIGHED})} for row in made]
            found = tuple(unseen.mark(gene, made))
            self._known[key] = found
        return found


@lru_cache(maxsize=4096)
def _alone(genotype: Genotype | None) -> SiteEvidence:
    """The evidence of a genotype of which nothing more is known; most sites of a gene are alike."""
    return SiteEvidence(genotype)


def _weighed(
    posterior: PosteriorCaller,
    settings: MatchSettings,
    gene: Gene,
    evidence: tuple[SiteEvidence, ...],
    sex: str,
    population: str | None,
) -> list[Row]:
    """Rows by the posterior; of a research gene that no pair fits, what lies on its strands."""
    found = posterior.call(gene, evidence, sex, population)
    if gene.research and found[0]["method"] == "not_called":
        genotypes = tuple(one.genotype for one in evidence)
        found = _call_gene(gene, genotypes, sex, settings)
    return unseen.mark(gene, found)


def _call_gene(
    gene: Gene, genotypes: tuple[Genotype | None, ...], sex: str, settings: MatchSettings
) -> list[Row]:
    if gene.kind == mitochondrial.KIND:
        return mitochondrial.call(gene, genotypes, settings.heteroplasmy_limit)
    prepared, warnings = preparation.prepare(gene, genotypes, sex, settings)
    phase = find_phase(prepared)
    shared = preparation.shared_columns(gene, genotypes, phase)
    refusal = preparation.refusal(gene, prepared, settings)
    if refusal:
        return [
            preparation.not_called(
                gene, prepared, {**shared, "warnings": sorted(warnings)}, refusal
            )
        ]
    try:
        matches, listed, more = _match(gene, prepared, phase, settings)
    except TooManyPhasingsError as error:
        reason = f"{error}, so the strands cannot be told apart; a phased input would be called"
        return [
            preparation.not_called(gene, prepared, {**shared, "warnings": sorted(warnings)}, reason)
        ]
    shared["warnings"] = sorted({*warnings, *more})
    if not matches:
        reason = "no pair of named alleles fits the genotypes"
        return [preparation.not_called(gene, prepared, shared, reason)]
    shared["not_excludable"] = preparation.not_excludable(gene, prepared, phase, matches)
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
    if not matches and gene.research:
        named, beside = match_named(gene, genotypes, phase)
        return named, False, beside
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
