"""Allele frequencies of pharmacogenes: from phased haplotypes, and as priors of diplotypes.

A haplotype is given to the alleles whose definition it fits at the positions that the panel has.
Where several fit, it is shared among them by expectation and maximisation under a Dirichlet prior,
since the panel itself cannot tell them apart.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from apothecary.pharmacogenes.definitions import Gene, TableSource

Floats = npt.NDArray[np.float64]

POPULATIONS = ("AFR", "AMR", "EAS", "EUR", "SAS")
"""Superpopulations of the 1000 Genomes Project, in the order of every array here."""

UNDEFINED = "undefined"
"""Stands in the table for the haplotypes that fit no allele."""

PSEUDOCOUNT = 0.02
"""Chromosomes that every allele has beforehand, in the share of alleles that look alike."""

HIDDEN = 2e-5
"""Factor on that for every variant of an allele at a position that the panel has not: a position
is absent because fewer than two of some five thousand chromosomes carry it, or because it failed,
and the latter is told by published frequencies only."""

PUBLISHED_WEIGHT = 10.0
"""Chromosomes that published frequencies stand for in the share of alleles that look alike."""

WOBBLE_WEIGHT = 1.0
"""Chromosomes, all bases alike, that an allele has beforehand where its base is left open."""

_NEVER = -1e6
_ROUNDS = 500
_CLOSE = 1e-10

Haplotype = tuple[str | None, ...]
"""The base at each defining position; None where the panel has none."""


@dataclass(frozen=True)
class Estimate:
    """What a panel says of a gene.

    Attributes:
        counts: Expected chromosomes by population and allele, and by `UNDEFINED` for those that
            fit no allele. They add up to the chromosomes given.
        wobbles: Frequency of each base by allele and position, where a definition leaves the base
            open and the allele was seen.
        unobserved: Alleles of a variant that the panel has no position of, and that nobody
            published a frequency of: how common they are is not known.
    """

    counts: Mapping[str, Mapping[str, float]]
    wobbles: Mapping[tuple[str, int], Mapping[str, float]]
    unobserved: tuple[str, ...] = ()


def estimate(
    gene: Gene,
    haplotypes: Mapping[str, Mapping[Haplotype, int]],
    published: Mapping[str, Mapping[str, float]] | None = None,
) -> Estimate:
    """Expected number of chromosomes of each allele.

    Args:
        gene: The gene.
        haplotypes: Number of chromosomes by population and haplotype.
        published: Frequencies of alleles from elsewhere by population, for the share of those that
            the panel cannot tell apart.

    Returns:
        Chromosomes by allele, and the bases of alleles that leave them open.
    """
    names = list(haplotypes)
    kinds = sorted({kind for own in haplotypes.values() for kind in own}, key=_text)
    numbers = np.array([[haplotypes[one].get(kind, 0) for kind in kinds] for one in names], float)
    seen = [any(kind[i] is not None for kind in kinds) for i in range(len(gene.positions))]
    alike = _alike(gene, seen)
    hidden = _hidden(gene, seen)
    flat = np.tile(PSEUDOCOUNT * HIDDEN ** hidden.astype(float), (len(names), 1))
    tables, counts, defined = _maximise(gene, kinds, numbers, flat)
    if published:
        totals = np.maximum(numbers.sum(axis=1, keepdims=True), 1)
        rates = np.array(
            [[published.get(one, {}).get(a.name, 0.0) for a in gene.alleles] for one in names]
        )
        whole = [
            _completed(own, share, hidden == 0, alike)
            for own, share in zip(rates, counts / totals, strict=True)
        ]
        beforehand = flat + PUBLISHED_WEIGHT * np.array(whole)
        tables, counts, defined = _maximise(gene, kinds, numbers, beforehand)
    made = {
        population: {
            **{allele.name: float(n) for allele, n in zip(gene.alleles, own, strict=True)},
            UNDEFINED: float(row[~defined].sum()),
        }
        for population, own, row in zip(names, counts, numbers, strict=True)
    }
    known = {name for own in (published or {}).values() for name, rate in own.items() if rate > 0}
    unobserved = tuple(
        allele.name
        for allele, variants in zip(gene.alleles, hidden, strict=True)
        if variants and allele.name not in known
    )
    return Estimate(made, tables.frequencies(counts.sum(axis=0)), unobserved)


def _maximise(
    gene: Gene, kinds: Sequence[Haplotype], numbers: Floats, beforehand: Floats
) -> tuple[_Tables, Floats, npt.NDArray[np.bool_]]:
    """Expected chromosomes by population and allele, and which haplotypes fit an allele."""
    tables = _Tables(gene, kinds)
    shares = beforehand / beforehand.sum(axis=1, keepdims=True)
    fits = tables.fits()
    defined = fits.sum(axis=0) > 0
    counts = np.zeros_like(shares)
    for _ in range(_ROUNDS):
        weighted = shares[:, :, None] * fits[None, :, defined]
        parts = weighted / weighted.sum(axis=1, keepdims=True) * numbers[:, None, defined]
        counts = parts.sum(axis=2)
        new = counts + beforehand
        new /= new.sum(axis=1, keepdims=True)
        done = bool(np.abs(new - shares).max() < _CLOSE)
        shares = new
        if done:
            break
        if tables.open:
            whole = np.zeros((len(gene.alleles), len(kinds)))
            whole[:, defined] = parts.sum(axis=0)
            tables.learn(whole)
            fits = tables.fits()
    return tables, counts, defined


def _text(haplotype: Haplotype) -> tuple[str, ...]:
    return tuple(base or "" for base in haplotype)


class _Tables:
    """Probability of every base of every allele; those of wobbles are learnt."""

    def __init__(self, gene: Gene, kinds: Sequence[Haplotype]) -> None:
        self._gene = gene
        self._bases = [sorted(position.known) for position in gene.positions]
        width = max(len(bases) for bases in self._bases)
        self._accepted = np.zeros((len(gene.alleles), len(self._bases), width))
        for a, allele in enumerate(gene.alleles):
            for i, bases in enumerate(self._bases):
                self._accepted[a, i, : len(bases)] = [base in allele.accepts[i] for base in bases]
        self._own = self._accepted / np.maximum(self._accepted.sum(axis=2, keepdims=True), 1)
        self._shown = np.zeros((len(self._bases), width, len(kinds)))
        for h, kind in enumerate(kinds):
            for i, base in enumerate(kind):
                if base in self._bases[i]:
                    self._shown[i, self._bases[i].index(base), h] = 1.0
        self._documented = np.array(
            [
                all(base is None or base in self._bases[i] for i, base in enumerate(kind))
                for kind in kinds
            ]
        )
        self._silent = 1 - self._shown.sum(axis=1)
        self._kin = self._kinship()
        self.open = bool((self._accepted.sum(axis=2) > 1).any())

    def _kinship(self) -> Floats:
        """The alleles whose chromosomes tell the bases that an allele leaves open.

        An allele with a variant that the panel has not is told by no chromosome for sure. Its
        variant arose on a strand of an allele that looks like it, and says nothing of the other
        positions. Were its bases learnt from the chromosomes that it is given, it would take to
        itself the rare bases of the common allele.
        """
        seen = self._silent.min(axis=1) < 1
        hidden = _hidden(self._gene, [bool(one) for one in seen]) > 0
        kin = np.eye(len(hidden))
        for a in np.nonzero(hidden)[0]:
            alike = (self._accepted[a] * self._accepted).sum(axis=2) > 0
            kin[a] = alike[:, seen].all(axis=1)
        return kin

    def fits(self) -> Floats:
        """Probability of each haplotype given each allele."""
        with np.errstate(divide="ignore"):
            logs = np.maximum(np.log(self._own), _NEVER)
        found = np.exp(np.tensordot(logs, self._shown, axes=([1, 2], [0, 1])))
        return np.asarray(found * self._documented, dtype=float)

    def learn(self, parts: Floats) -> None:
        """Take the bases of wobbles from the chromosomes that each allele has in each haplotype."""
        told = np.einsum("ah,ixh->aix", self._kin @ parts, self._shown)
        counted = told + WOBBLE_WEIGHT * (
            self._accepted / np.maximum(self._accepted.sum(axis=2, keepdims=True), 1)
        )
        counted *= self._accepted
        self._own = counted / np.maximum(counted.sum(axis=2, keepdims=True), 1e-300)

    def frequencies(self, counts: Floats) -> dict[tuple[str, int], dict[str, float]]:
        """The bases of wobbles of alleles that were seen."""
        found = {}
        for a, allele in enumerate(self._gene.alleles):
            for i, bases in enumerate(self._bases):
                if counts[a] >= 1 and self._accepted[a, i].sum() > 1 and self._silent[i].min() < 1:
                    found[allele.name, i] = {
                        base: float(self._own[a, i, x])
                        for x, base in enumerate(bases)
                        if self._accepted[a, i, x]
                    }
        return found


def _hidden(gene: Gene, seen: Sequence[bool]) -> npt.NDArray[np.int64]:
    """Variants of each allele at positions that the panel has not."""
    reference = gene.alleles[0].accepts
    numbers = [
        sum(
            not allele.accepts[i] & reference[i]
            for i, present in enumerate(seen)
            if not present and i in allele.bases
        )
        for allele in gene.alleles
    ]
    return np.array(numbers, dtype=np.int64)


def _alike(gene: Gene, seen: Sequence[bool]) -> list[list[int]]:
    """Alleles that have the same bases at every position of the panel, by their indices."""
    groups: dict[tuple[frozenset[str], ...], list[int]] = defaultdict(list)
    for number, allele in enumerate(gene.alleles):
        own = tuple(bases for bases, here in zip(allele.accepts, seen, strict=True) if here)
        groups[own].append(number)
    return list(groups.values())


def _completed(
    rates: Floats,
    shares: Floats,
    visible: npt.NDArray[np.bool_],
    alike: Sequence[Sequence[int]],
) -> Floats:
    """Published rates, with those of visible alleles that nobody published.

    Where a name was split since the frequencies were published, the common allele may have none
    of its own (CPIC counts the reference of CYP2C19 as *38, most of which is *1 today). Without
    what is left of its group, a rare allele that looks like it would take its whole share.

    Args:
        rates: Published frequency of each allele; 0 where there is none.
        shares: Share of each allele in the panel, without published frequencies.
        visible: Whether the panel has every variant of the allele.
        alike: Alleles that the panel cannot tell apart.
    """
    found = rates.copy()
    for group in alike:
        missing = [number for number in group if visible[number] and rates[number] <= 0]
        own = float(shares[missing].sum())
        if own > 0:
            left = max(0.0, float(shares[list(group)].sum()) - float(rates[list(group)].sum()))
            found[missing] = left * shares[missing] / own
    return found


@dataclass(frozen=True)
class Prior:
    """How likely the alleles of a gene are.

    Attributes:
        alleles: Probability by population (in the order of `POPULATIONS`) and allele (in the
            order of the gene).
        undefined: Probability of a combination of variants that is no allele, by population.
        wobbles: Frequency of bases by allele and position where a definition leaves the base open.
        source: Where the frequencies come from; empty when there are none and every allele is as
            likely.
    """

    alleles: Floats
    undefined: Floats
    source: str
    wobbles: Mapping[tuple[str, str], Mapping[str, float]] = field(default_factory=dict)

    def weights(self, population: str | None) -> Floats:
        """Weight of each population: one, or all alike when it is not known."""
        if population in POPULATIONS:
            return np.array([float(one == population) for one in POPULATIONS])
        return np.full(len(POPULATIONS), 1 / len(POPULATIONS))


@dataclass(frozen=True)
class Frequencies:
    """The allele frequencies of a knowledge pack.

    Attributes:
        counts: Chromosomes by gene, population and allele.
        chromosomes: All chromosomes by gene and population.
        sources: Source by gene.
        wobbles: Frequency of bases by gene, and then by allele and position, where a definition
            leaves the base open.
        unobserved: Alleles by gene whose frequency is not known.
    """

    counts: Mapping[tuple[str, str], Mapping[str, float]] = field(default_factory=dict)
    chromosomes: Mapping[tuple[str, str], int] = field(default_factory=dict)
    sources: Mapping[str, str] = field(default_factory=dict)
    wobbles: Mapping[str, Mapping[tuple[str, str], Mapping[str, float]]] = field(
        default_factory=dict
    )
    unobserved: Mapping[str, frozenset[str]] = field(default_factory=dict)

    @classmethod
    def from_pack(cls, pack: TableSource) -> Frequencies:
        """From the tables of allele frequencies, of wobbles and of unobserved alleles of a pack."""
        return cls.from_rows(
            pack.rows("pgx_allele_frequencies"),
            pack.rows("pgx_wobble_frequencies"),
            pack.rows("pgx_unobserved_alleles"),
        )

    @classmethod
    def from_rows(
        cls,
        rows: Iterable[Mapping[str, Any]],
        wobble_rows: Iterable[Mapping[str, Any]] = (),
        unobserved_rows: Iterable[Mapping[str, Any]] = (),
    ) -> Frequencies:
        """From the rows of the three knowledge tables."""
        counts: dict[tuple[str, str], dict[str, float]] = defaultdict(dict)
        chromosomes: dict[tuple[str, str], int] = {}
        sources: dict[str, str] = {}
        for row in rows:
            key = (str(row["gene"]), str(row["population"]))
            counts[key][str(row["allele"])] = float(row["count"])
            chromosomes[key] = int(row["chromosomes"])
            sources[key[0]] = str(row["source_id"])
        wobbles: dict[str, dict[tuple[str, str], dict[str, float]]] = {}
        for row in wobble_rows:
            own = wobbles.setdefault(str(row["gene"]), {})
            place = (str(row["allele"]), str(row["position_id"]))
            own.setdefault(place, {})[str(row["bases"])] = float(row["frequency"])
        unobserved: dict[str, set[str]] = defaultdict(set)
        for row in unobserved_rows:
            unobserved[str(row["gene"])].add(str(row["allele"]))
        frozen = {gene: frozenset(names) for gene, names in unobserved.items()}
        return cls(dict(counts), chromosomes, sources, wobbles, frozen)

    def prior(
        self,
        gene: Gene,
        pseudocount: float,
        undefined_rate: float,
        unknown_frequency: float = 0.0,
    ) -> Prior:
        """The prior of a gene's alleles: the mean of a Dirichlet distribution.

        That none was counted says nothing of an allele whose position was not looked at, so that
        such an allele has a frequency of its own beforehand.

        Args:
            gene: The gene.
            pseudocount: Chromosomes that every allele has beside those counted.
            undefined_rate: Probability of a combination of variants that is no allele, where none
                was counted.
            unknown_frequency: Least frequency of an allele whose frequency is not known.

        Returns:
            The prior; without frequencies every allele is as likely.
        """
        names = [allele.name for allele in gene.alleles]
        unobserved = self.unobserved.get(gene.name, frozenset())
        least = np.array([unknown_frequency * (name in unobserved) for name in names])
        alleles = np.empty((len(POPULATIONS), len(names)))
        undefined = np.empty(len(POPULATIONS))
        for at, population in enumerate(POPULATIONS):
            known = self.counts.get((gene.name, population), {})
            total = self.chromosomes.get((gene.name, population), 0)
            found = np.array([known.get(name, 0.0) + pseudocount for name in names])
            rate = known.get(UNDEFINED, 0.0) / total if total else 0.0
            undefined[at] = max(rate, undefined_rate)
            found /= found.sum()
            if total:
                found = np.maximum(found, least)
            alleles[at] = found / found.sum() * (1 - undefined[at])
        wobbles = self.wobbles.get(gene.name, {})
        return Prior(alleles, undefined, self.sources.get(gene.name, ""), wobbles)
