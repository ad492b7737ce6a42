"""Diplotypes by their posterior probability.

The likelihood of the sites times the prior of the pair of alleles under Hardy-Weinberg equilibrium
in the population of the person, or in the mixture of all populations. Sites that were not assessed
are summed over. A diplotype is called when its posterior reaches the threshold; else the candidates
are all given with the reason in words.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from apothecary.pharmacogenes import abstention, mitochondrial, preparation
from apothecary.pharmacogenes.definitions import Gene
from apothecary.pharmacogenes.evidence import NOTHING, SiteEvidence
from apothecary.pharmacogenes.frequencies import Frequencies
from apothecary.pharmacogenes.matcher import (
    Genotype,
    Match,
    Phase,
    find_phase,
    match_key,
    name_key,
    ordered,
)
from apothecary.pharmacogenes.pair_weights import Errors, GeneModel, PairWeights, weigh
from apothecary.pharmacogenes.phenotypes import find_answer
from apothecary.pharmacogenes.preparation import MatchSettings, Row

CALLED = "called"
INDETERMINATE = "indeterminate"
NOT_CALLED = "not_called"

NO_FREQUENCIES = (
    "no allele frequencies are known of the gene; every allele counts as equally likely"
)

_MOST_ROWS = 50
_DIGITS = 6


@dataclass(frozen=True)
class _Candidate:
    """A diplotype with the pair of definitions that has the largest part in it."""

    match: Match
    probability: float
    pair: tuple[int, int]


class PosteriorCaller:
    """Calls genes by their posterior; the tables of a gene are made once."""

    def __init__(self, settings: MatchSettings, frequencies: Frequencies) -> None:
        self._settings = settings
        self._frequencies = frequencies
        self._models: dict[str, GeneModel] = {}

    def takes(self, gene: Gene) -> bool:
        """Whether a gene is called by its posterior; the others go by the compatible method.

        Strands of a lowest-function gene may carry several alleles, which no pair of alleles is.
        For a research gene without frequencies, all alleles alike would be the prior, and one
        position not assessed would make the rarest allele as likely as the common one.
        """
        return self.weighs(gene) and not self.lacks_frequencies(gene)

    def lacks_frequencies(self, gene: Gene) -> bool:
        """Whether a research gene goes by the compatible method for want of frequencies."""
        known = gene.name in self._frequencies.sources
        return gene.research and not known and self.weighs(gene)

    def weighs(self, gene: Gene) -> bool:
        """Whether pairs of alleles can be weighed at all."""
        return (
            gene.kind not in ("lowest_function", mitochondrial.KIND)
            and len(gene.alleles) > 1
            and not self._settings.combinations
        )

    def call(
        self,
        gene: Gene,
        evidence: Sequence[SiteEvidence],
        sex: str = "unknown",
        population: str | None = None,
    ) -> list[Row]:
        """Rows of the table diplotypes of a gene, without the column sample_id.

        Args:
            gene: A gene that `takes` holds for.
            evidence: What was seen, one entry a defining position.
            sex: F, M or unknown; it matters on the X chromosome only.
            population: Superpopulation of the person; None when not known.

        Returns:
            One row when a diplotype, or that no pair fits, reaches the threshold; else the credible
            set.
        """
        settings = self._settings
        genotypes = tuple(one.genotype for one in evidence)
        prepared, warnings = preparation.prepare(gene, genotypes, sex, settings)
        phase = find_phase(prepared)
        model = self._model(gene)
        if not model.prior.source:
            warnings.append(NO_FREQUENCIES)
        shared: Row = {
            **preparation.shared_columns(gene, genotypes, phase),
            "warnings": sorted(warnings),
        }
        refusal = preparation.refusal(gene, prepared, settings, marginalise=True)
        if refusal:
            return [_not_called(gene, prepared, shared, refusal)]
        weights = weigh(model, _evidence(evidence, prepared), phase.haploid, population)
        candidates = _candidates(gene, weights, phase.haploid)
        credible = _credible(candidates, weights.none, settings.credible_mass)
        shared["credible_set"] = [f"{name} {value:.4f}" for name, value, _ in credible]
        shown = [one for _, _, one in credible if one is not None]
        if not shown or weights.none >= settings.call_threshold:
            reason = abstention.no_pair(weights.none)
            return [_not_called(gene, prepared, shared, reason)]
        return self._rows(gene, prepared, phase, shared, candidates, shown, weights.none)

    def _model(self, gene: Gene) -> GeneModel:
        if gene.name not in self._models:
            settings = self._settings
            # Nothing is done on a research gene's call, so that the likeliest name will do.
            unknown = 0.0 if gene.research else settings.unknown_frequency
            prior = self._frequencies.prior(
                gene, settings.pseudocount, settings.undefined_rate, unknown
            )
            errors = Errors(settings.genotype_error, settings.read_error, settings.phase_error)
            self._models[gene.name] = GeneModel(gene, prior, errors)
        return self._models[gene.name]

    def _unlooked(
        self, gene: Gene, candidates: Sequence[_Candidate]
    ) -> tuple[Sequence[str], float]:
        """Alleles of unknown frequency among the candidates, and their probability."""
        unknown = self._frequencies.unobserved.get(gene.name, frozenset())
        names: set[str] = set()
        mass = 0.0
        for one in candidates:
            found = {gene.alleles[n].core for n in one.pair if gene.alleles[n].name in unknown}
            names |= found
            mass += one.probability if found else 0.0
        return sorted(names, key=name_key), mass

    def _rows(
        self,
        gene: Gene,
        genotypes: tuple[Genotype | None, ...],
        phase: Phase,
        shared: Row,
        candidates: Sequence[_Candidate],
        shown: Sequence[_Candidate],
        none: float,
    ) -> list[Row]:
        settings = self._settings
        best = candidates[0]
        called = best.probability >= settings.call_threshold
        reason = None
        if called:
            shown = [best]
            if gene.on_request and best.match.allele_1 == best.match.allele_2:
                called, reason = False, abstention.one_copy(best.match.allele_1)
        else:
            reason = abstention.reason(
                gene,
                genotypes,
                phase,
                [one.pair for one in candidates[:2]],
                [one.match for one in candidates[:2]],
                (best.probability, settings.call_threshold, none),
                self._unlooked(gene, candidates),
            )
        if settings.all_candidates:
            shown = candidates
        matches = [one.match for one in shown]
        shared["not_excludable"] = preparation.not_excludable(gene, genotypes, phase, matches)
        by_phenotype = _phenotypes(gene, candidates)
        return [
            {
                **shared,
                "rank": rank,
                "diplotype": one.match.name,
                "allele_1": one.match.allele_1,
                "allele_2": one.match.allele_2,
                "score": None,
                "posterior": round(one.probability, _DIGITS),
                "phenotype_posterior": round(by_phenotype[_phenotype(gene, one.match)], 4),
                "method": "posterior",
                "decision": CALLED if called else INDETERMINATE,
                "reason": reason,
            }
            for rank, one in enumerate(shown[:_MOST_ROWS], start=1)
        ]


def _evidence(
    evidence: Sequence[SiteEvidence], prepared: Sequence[Genotype | None]
) -> tuple[SiteEvidence, ...]:
    """The evidence under genotypes made ready; values of other bases than before are void."""
    found = []
    for seen, genotype in zip(evidence, prepared, strict=True):
        if genotype is None:
            found.append(NOTHING)
        elif genotype == seen.genotype:
            found.append(seen)
        else:
            found.append(SiteEvidence(genotype))
    return tuple(found)


def _candidates(gene: Gene, weights: PairWeights, haploid: bool) -> list[_Candidate]:
    """Diplotypes by descending probability, suballeles under the name of their core."""
    sums: dict[tuple[str, str | None], float] = defaultdict(float)
    best: dict[tuple[str, str | None], tuple[float, tuple[int, int]]] = {}
    for pair, probability in zip(weights.pairs, weights.probabilities, strict=True):
        first, second = (gene.alleles[number].core for number in pair)
        names = ordered(first, None if haploid else second)
        sums[names] += probability
        best[names] = max(best.get(names, (0.0, pair)), (probability, pair))
    found = [
        _Candidate(Match(*names, 0), probability, best[names][1])
        for names, probability in sums.items()
        if round(probability, _DIGITS) > 0
    ]
    return sorted(found, key=lambda one: (-one.probability, match_key(one.match)))


def _credible(
    candidates: Sequence[_Candidate], none: float, mass: float
) -> list[tuple[str, float, _Candidate | None]]:
    """The fewest explanations that together have the mass; that no pair fits is one of them."""
    all_: list[tuple[str, float, _Candidate | None]] = [
        (one.match.name, one.probability, one) for one in candidates
    ]
    all_.append((abstention.NO_NAMED_PAIR, none, None))
    found: list[tuple[str, float, _Candidate | None]] = []
    total = 0.0
    for entry in sorted(all_, key=lambda one: -one[1]):
        if total >= mass or len(found) == _MOST_ROWS or entry[1] <= 0:
            break
        found.append(entry)
        total += entry[1]
    return found


def _phenotype(gene: Gene, match: Match) -> tuple[str, str] | None:
    names = [name for name in (match.allele_1, match.allele_2) if name is not None]
    answer = find_answer(gene, names)
    return (answer.phenotype, answer.lookup_key) if answer else None


def _phenotypes(
    gene: Gene, candidates: Sequence[_Candidate]
) -> Mapping[tuple[str, str] | None, float]:
    found: dict[tuple[str, str] | None, float] = defaultdict(float)
    for one in candidates:
        found[_phenotype(gene, one.match)] += one.probability
    return found


def _not_called(gene: Gene, prepared: Sequence[Genotype | None], shared: Row, reason: str) -> Row:
    row: dict[str, Any] = preparation.not_called(gene, prepared, shared, reason)
    return {**row, "decision": NOT_CALLED}
