"""Weights of pairs of alleles given what was seen at the sites of a gene.

Every site gives a likelihood for each pair of alleles; sites whose bases are phased together are
multiplied within their block, and each block is summed over its two orientations by itself. So the
work grows with alleles squared times sites, and no list of haplotypes is ever made. Sites that were
not assessed say nothing and drop out, which is their sum over all bases.

Beside the pairs there are two ways in which no pair fits: a strand may be a combination of variants
that no allele is, drawn from the base frequencies of the sites; and a site may be wrong, its bases
then being drawn from the population.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from apothecary.pharmacogenes.definitions import Gene
from apothecary.pharmacogenes.evidence import SiteEvidence, pair_likelihood, strand_likelihood
from apothecary.pharmacogenes.frequencies import Prior
from apothecary.pharmacogenes.matcher import UNKNOWN

Floats = npt.NDArray[np.float64]

_RARE = 1e-6
"""Frequency of a known base that no allele with a frequency has."""
_FAR = 25.0
"""Alleles whose best weight lies further below the best one (natural logarithm) are passed over."""
_NEAR = np.log(1e-6)
"""Alleles that explain the sites better than this (natural logarithm) are never passed over."""
_CANCELLED = 1e-9
"""A difference below this share of its terms is rounding."""


@dataclass(frozen=True)
class Errors:
    """How often what was seen is not what is.

    Attributes:
        genotype: A site whose bases say nothing of the strands.
        read: A read that shows another base.
        phase: A phased site whose bases are the other way round.
    """

    genotype: float = 1e-3
    read: float = 1e-2
    phase: float = 1e-4


@dataclass(frozen=True)
class PairWeights:
    """Posterior probabilities.

    Attributes:
        pairs: Indices of two alleles, the first not after the second; of one allele twice for one
            strand too.
        probabilities: By pair; with `none` they add up to 1.
        none: Probability that no pair of alleles explains what was seen.
        operations: Entries of the site tables that were worked on; for tests.
    """

    pairs: tuple[tuple[int, int], ...]
    probabilities: tuple[float, ...]
    none: float
    operations: int = 0


class GeneModel:
    """The alleles of a gene as tables of probabilities; made once."""

    def __init__(self, gene: Gene, prior: Prior, errors: Errors) -> None:
        self.gene = gene
        self.prior = prior
        self.errors = errors
        self.bases = [(p.ref, *(a for a in p.alts if a != p.ref)) for p in gene.positions]
        width = max((len(bases) for bases in self.bases), default=1)
        shape = (len(gene.alleles), len(self.bases), width)
        self._accepted = np.zeros(shape)
        for a, allele in enumerate(gene.alleles):
            for i, bases in enumerate(self.bases):
                for x, base in enumerate(bases):
                    self._accepted[a, i, x] = base in allele.accepts[i]
        sums = self._accepted.sum(axis=2, keepdims=True)
        given = np.divide(self._accepted, sums, out=np.zeros(shape), where=sums > 0)
        self._learnt(given)
        mean = prior.alleles.mean(axis=0)
        self.frequencies = np.tensordot(mean / mean.sum(), given, axes=1)
        for i, bases in enumerate(self.bases):
            row = np.maximum(self.frequencies[i, : len(bases)], _RARE)
            self.frequencies[i, : len(bases)] = row / row.sum()
        wrong = errors.genotype * self.frequencies
        self.total = (1 - errors.genotype) * given + wrong
        self.fitting = np.where(self._accepted > 0, self.total, 0.0)

    def _learnt(self, given: Floats) -> None:
        """Put in the bases of wobbles that were counted."""
        for i, position in enumerate(self.gene.positions):
            for a, allele in enumerate(self.gene.alleles):
                known = self.prior.wobbles.get((allele.name, position.position_id))
                if known and self._accepted[a, i].sum() > 1:
                    for x, base in enumerate(self.bases[i]):
                        given[a, i, x] = known.get(base, 0.0)

    @cached_property
    def as_undefined(self) -> Floats:
        """Probability that a strand drawn from the base frequencies is each allele."""
        per_site = (self._accepted * self.frequencies).sum(axis=2)
        return np.asarray(per_site.prod(axis=1), dtype=float)

    @cached_property
    def drawn(self) -> Floats:
        """Bases of a strand that is drawn from the base frequencies and is by chance each allele.

        Where a definition leaves the base open they are not those of the allele's own chromosomes.
        """
        shares = self._accepted * self.frequencies
        return np.asarray(shares / shares.sum(axis=2, keepdims=True), dtype=float)

    @cached_property
    def drawn_rows(self) -> npt.NDArray[np.int64]:
        """Rows of `logs` for strands drawn so; an allele whose every base is given is its own."""
        count = len(self.gene.alleles)
        open_ = (self._accepted.sum(axis=2) > 1).any(axis=1)
        return np.where(open_, count + 1 + np.arange(count), np.arange(count))

    @cached_property
    def logs(self) -> tuple[Floats, Floats]:
        """Logarithms of `fitting`, then of the undefined strand and `drawn`; and of `total`."""
        with np.errstate(divide="ignore"):
            rows = np.concatenate([self.fitting, self.frequencies[None], self.drawn])
            return np.log(rows), np.log(self.total)


@dataclass(frozen=True)
class _Sites:
    """The sites of a sample: those that are surely of one base, and blocks of the others.

    Attributes:
        plain: Positions whose two strands have one base, and the index of the base.
        blocks: For each block its positions, each with the likelihood of pairs of bases.
    """

    plain: tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]
    blocks: tuple[tuple[tuple[int, Floats], ...], ...]


def weigh(
    model: GeneModel, evidence: Sequence[SiteEvidence], haploid: bool, population: str | None
) -> PairWeights:
    """The posterior of every pair of alleles of a gene, or of every allele for one strand.

    Args:
        model: The gene.
        evidence: What was seen, one entry a defining position.
        haploid: Whether there is one strand.
        population: Superpopulation of the person; None for the mixture of all, each as likely.

    Returns:
        The probabilities; pairs without any are left out.
    """
    if haploid:
        return _weigh_strand(model, evidence, population)
    sites = _sites(model, evidence)
    kept = _kept(model, sites)
    rows = np.unique([*kept, len(model.gene.alleles), *model.drawn_rows[kept]])
    fitting, done = _pair_logs(model, sites, rows, 0)
    total, more = _pair_logs(model, sites, kept, 1)
    top = max(fitting.max(initial=-np.inf), total.max(initial=-np.inf))
    if not np.isfinite(top):
        return PairWeights((), (), 1.0, done + more)
    fit, all_ = np.exp(fitting - top), np.exp(total - top)
    named = slice(len(kept))
    drawn = np.searchsorted(rows, model.drawn_rows[kept])
    share = model.prior.weights(population)
    alleles = model.prior.alleles[:, kept]
    pair_prior = np.einsum("p,pa,pb->ab", share, alleles, alleles)
    with_undefined = np.einsum("p,p,pa->a", share, model.prior.undefined, alleles)
    both_undefined = float(share @ model.prior.undefined**2)
    explained = fit[named, named] * pair_prior
    novel = _novel(fit, drawn, model.as_undefined[kept], with_undefined, both_undefined)
    # With pairs that need a wrong site: what they have above their fit is no explanation.
    wrong = float(np.maximum(all_ - fit[named, named], 0).ravel() @ pair_prior.ravel())
    whole = float(explained.sum()) + novel + wrong
    if whole <= 0:
        return PairWeights((), (), 1.0, done + more)
    upper = np.triu(explained) + np.triu(explained.T, 1)
    rows, columns = np.nonzero(upper)
    pairs = tuple((int(kept[a]), int(kept[b])) for a, b in zip(rows, columns, strict=True))
    found = tuple(float(value) / whole for value in upper[rows, columns])
    return PairWeights(pairs, found, (novel + wrong) / whole, done + more)


def _novel(
    fit: Floats,
    drawn: npt.NDArray[np.int64],
    as_undefined: Floats,
    one: Floats,
    both: float,
) -> float:
    """Weight of one strand or both being no allele.

    A strand drawn from the base frequencies may by chance be an allele; that is taken away.

    Args:
        fit: Likelihood by pair of rows: the alleles, the undefined strand, then what is drawn.
        drawn: The row of each allele as a strand that is drawn.
        as_undefined: Probability that a strand drawn is each allele.
        one: Prior of one strand being no allele, by the allele of the other.
        both: Prior of both being none.
    """
    undefined = len(drawn)
    edge, corner = fit[:undefined, undefined], float(fit[undefined, undefined])
    beside = edge - fit[:undefined, drawn] @ as_undefined
    beside[beside < _CANCELLED * edge] = 0.0
    known = as_undefined @ fit[np.ix_(drawn, drawn)] @ as_undefined
    left = corner - 2 * float(fit[undefined, drawn] @ as_undefined) + float(known)
    if left < _CANCELLED * corner:
        left = 0.0
    return 2 * float(one @ beside) + both * left


def _weigh_strand(
    model: GeneModel, evidence: Sequence[SiteEvidence], population: str | None
) -> PairWeights:
    count = len(model.gene.alleles)
    fit, total, drawn, undefined = np.ones(count), np.ones(count), np.ones(count), 1.0
    for i, seen in enumerate(evidence):
        if seen.genotype is None:
            continue
        bases = model.bases[i]
        likelihood = strand_likelihood(seen.genotype.bases[0], bases)
        fit *= model.fitting[:, i, : len(bases)] @ likelihood
        total *= model.total[:, i, : len(bases)] @ likelihood
        drawn *= model.drawn[:, i, : len(bases)] @ likelihood
        undefined *= float(model.frequencies[i, : len(bases)] @ likelihood)
    share = model.prior.weights(population)
    prior = share @ model.prior.alleles
    left = undefined - float(model.as_undefined @ drawn)
    novel = float(share @ model.prior.undefined) * (left if left > _CANCELLED * undefined else 0.0)
    wrong = float(np.maximum(total - fit, 0) @ prior)
    explained = fit * prior
    whole = float(explained.sum()) + novel + wrong
    if whole <= 0:
        return PairWeights((), (), 1.0)
    found = np.nonzero(explained)[0]
    return PairWeights(
        tuple((int(a), int(a)) for a in found),
        tuple(float(explained[a]) / whole for a in found),
        (novel + wrong) / whole,
        count * len(evidence),
    )


def _sites(model: GeneModel, evidence: Sequence[SiteEvidence]) -> _Sites:
    plain: list[tuple[int, int]] = []
    blocks: dict[tuple[str, str], list[tuple[int, Floats]]] = {}
    for i, seen in enumerate(evidence):
        genotype = seen.genotype
        if genotype is None:
            continue
        bases = model.bases[i]
        first = genotype.bases[0]
        if seen.genotype_only and not genotype.heterozygous:
            if first != UNKNOWN:
                plain.append((i, bases.index(first)))
            continue
        likelihood = pair_likelihood(seen, bases, model.errors.read, model.errors.phase)
        together = genotype.phased and genotype.heterozygous
        key = ("set", genotype.phase_set or "") if together else ("site", str(i))
        blocks.setdefault(key, []).append((i, likelihood))
    numbers = np.array(plain, dtype=np.int64).reshape(-1, 2)
    return _Sites((numbers[:, 0], numbers[:, 1]), tuple(tuple(block) for block in blocks.values()))


def _kept(model: GeneModel, sites: _Sites) -> npt.NDArray[np.int64]:
    """The alleles that may have a part in a pair of any weight."""
    count = len(model.gene.alleles)
    with np.errstate(divide="ignore"):
        best = np.log(model.prior.alleles.max(axis=0))
        exact = model.logs[0][:count, sites.plain[0], sites.plain[1]].sum(axis=1)
        bound = model.logs[1][:, sites.plain[0], sites.plain[1]].sum(axis=1)
        for block in sites.blocks:
            for i, likelihood in block:
                either = np.maximum(likelihood, likelihood.T)
                width = len(either)
                exact += np.log((model.fitting[:, i, :width] @ either).max(axis=1))
                bound += np.log((model.total[:, i, :width] @ either).max(axis=1))
    near = bound + best
    chosen = (near >= near.max() - _FAR) | (exact >= _NEAR)
    return np.nonzero(chosen)[0]


def _pair_logs(
    model: GeneModel, sites: _Sites, rows: npt.NDArray[np.int64], which: int
) -> tuple[Floats, int]:
    """Logarithm of the likelihood of every pair of rows, and the entries worked on."""
    logs = model.logs[which]
    strands = logs[rows[:, None], sites.plain[0], sites.plain[1]].sum(axis=1)
    found = strands[:, None] + strands[None, :]
    done = rows.size * sites.plain[0].size
    # A row that the sure sites exclude has no part in any pair.
    able = np.flatnonzero(np.isfinite(strands))
    tables = np.exp(logs[rows[able]]) if sites.blocks else logs
    with np.errstate(divide="ignore"):
        for block in sites.blocks:
            product: Floats | None = None
            for i, likelihood in block:
                width = len(likelihood)
                own = tables[:, i, :width]
                site = own @ likelihood @ own.T
                product = site if product is None else product * site
                done += able.size * able.size
            if product is not None:
                found[np.ix_(able, able)] += np.log((product + product.T) / 2)
    return found, done
