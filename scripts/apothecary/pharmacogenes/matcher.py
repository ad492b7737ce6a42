"""Which pairs of named alleles fit the genotypes of a gene.

Heterozygous sites that are phased together form a block; every other heterozygous site is a block
of its own. An allele fits one side of a block, the other, both or none, which two bits say. A pair
of alleles fits when, for every block, one fits the side that the other does not need. So the
number of unphased sites does not matter: no list of possible haplotypes is ever made.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations_with_replacement

from apothecary.pharmacogenes.definitions import Allele, Gene, Position, natural_key

UNKNOWN = "."
"""The base of a strand that the genotype leaves open, as in ./1."""


@dataclass(frozen=True)
class Genotype:
    """What was seen at an assessed position.

    Attributes:
        bases: Bases of the strands in GRCh38 spelling: two, or one when haploid.
        phased: Whether their order is known.
        phase_set: Set of sites whose order is known together; None for the whole chromosome.
        fraction: Share of the reads with the bases that are not the reference, 0 to 1; given for
            the mitochondrion only.
    """

    bases: tuple[str, ...]
    phased: bool = False
    phase_set: str | None = None
    fraction: float | None = None

    @property
    def heterozygous(self) -> bool:
        """Whether the strands differ."""
        return len(self.bases) == 2 and self.bases[0] != self.bases[1]


Genotypes = Sequence[Genotype | None]
"""One entry for each defining position of a gene; None where it was not assessed."""


@dataclass(frozen=True)
class Phase:
    """Blocks of heterozygous sites, and what follows from them.

    Attributes:
        blocks: Indices of the sites of each block.
        phased: Every heterozygous site is phased.
        effectively_phased: The two strands are known: at most one block.
        haploid: There is one strand only.
    """

    blocks: tuple[tuple[int, ...], ...]
    phased: bool
    effectively_phased: bool
    haploid: bool


@dataclass(frozen=True)
class Match:
    """A pair of alleles that fits, or one allele where there is one strand.

    Attributes:
        allele_1: Name of the first allele.
        allele_2: Name of the second; None when haploid.
        score: Defined positions of both alleles that were assessed; a wobble position counts only
            where it is not the reference base.
    """

    allele_1: str
    allele_2: str | None
    score: int

    @property
    def name(self) -> str:
        """The diplotype as written."""
        return self.allele_1 if self.allele_2 is None else f"{self.allele_1}/{self.allele_2}"


def find_phase(genotypes: Genotypes) -> Phase:
    """Group the heterozygous sites into blocks.

    Args:
        genotypes: Genotypes of a gene.

    Returns:
        The blocks in the order of their first site.
    """
    sets: dict[tuple[str, str], list[int]] = {}
    seen = [(i, g) for i, g in enumerate(genotypes) if g is not None]
    heterozygous = [(i, g) for i, g in seen if g.heterozygous]
    for i, genotype in heterozygous:
        key = ("set", genotype.phase_set or "") if genotype.phased else ("site", str(i))
        sets.setdefault(key, []).append(i)
    checked = [g for _, g in (heterozygous or seen)]
    return Phase(
        blocks=tuple(tuple(sites) for sites in sets.values()),
        phased=bool(checked) and all(g.phased for g in checked),
        effectively_phased=len(sets) <= 1,
        haploid=bool(seen) and all(len(g.bases) == 1 for _, g in seen),
    )


@dataclass(frozen=True)
class AlikeSites:
    """The assessed sites whose strands are alike, by what they ask of an allele.

    An allele has the bases of the reference wherever its definition is silent. So it need be held
    against its own positions only, and against those where the reference itself does not fit.

    Attributes:
        bases: The base of the strands, by index into the positions of the gene.
        off_reference: The indices at which the reference allele does not have it.
    """

    bases: Mapping[int, str]
    off_reference: tuple[int, ...]

    @classmethod
    def of(cls, gene: Gene, genotypes: Genotypes) -> AlikeSites:
        """The sites of a gene whose strands are alike."""
        bases = {
            i: genotype.bases[0]
            for i, genotype in enumerate(genotypes)
            if genotype is not None and not genotype.heterozygous
        }
        reference = gene.alleles[0].accepts if gene.alleles else ()
        return cls(bases, tuple(i for i, base in bases.items() if base not in reference[i]))

    def accepted_by(self, allele: Allele) -> bool:
        """Whether an allele has the bases of all these sites."""
        bases, accepts = self.bases, allele.accepts
        return all(bases[i] in accepts[i] for i in self.off_reference) and all(
            bases[i] in accepts[i] for i in allele.bases if i in bases
        )


def match(gene: Gene, genotypes: Genotypes, phase: Phase) -> list[Match]:
    """All pairs of named alleles that fit the genotypes, best score first.

    Args:
        gene: The gene.
        genotypes: One for each defining position.
        phase: As `find_phase` gives it.

    Returns:
        The matches by descending score, then by name; suballeles under the name of their core.
    """
    alike = AlikeSites.of(gene, genotypes)
    fits = [
        fit
        for allele in gene.alleles
        if allele.reference or any(genotypes[i] is not None for i in allele.bases)
        if (fit := _fit(gene.positions, allele, genotypes, phase, alike)) is not None
    ]
    best: dict[tuple[str, str | None], int] = {}
    if phase.haploid:
        for fit in fits:
            key = (fit.name, None)
            best[key] = max(best.get(key, 0), fit.base_score)
    else:
        whole = (1 << len(phase.blocks)) - 1
        for a, b in combinations_with_replacement(fits, 2):
            first = a.first & b.second
            second = a.second & b.first
            if first | second != whole:
                continue
            score = a.base_score + b.base_score
            for block in range(len(phase.blocks)):
                bit = 1 << block
                score += max(
                    a.scores[0][block] + b.scores[1][block] if first & bit else 0,
                    a.scores[1][block] + b.scores[0][block] if second & bit else 0,
                )
            pair = ordered(a.name, b.name)
            best[pair] = max(best.get(pair, 0), score)
    matches = [Match(*pair, score) for pair, score in best.items()]
    return sorted(matches, key=lambda m: (-m.score, match_key(m)))


@dataclass(frozen=True)
class _Fit:
    name: str
    first: int
    second: int
    base_score: int
    scores: tuple[tuple[int, ...], tuple[int, ...]]


def _fit(
    positions: Sequence[Position],
    allele: Allele,
    genotypes: Genotypes,
    phase: Phase,
    alike: AlikeSites,
) -> _Fit | None:
    """How an allele fits each side of each block; None when it cannot be on either strand."""
    if not alike.accepted_by(allele):
        return None
    base_score = sum(
        _counts(positions[i], allele, i, alike.bases[i]) for i in allele.bases if i in alike.bases
    )
    sides: list[list[tuple[bool, int]]] = [[], []]
    for block in phase.blocks:
        for side in (0, 1):
            ok, score = True, 0
            for i in block:
                genotype = genotypes[i]
                base = genotype.bases[side] if genotype else UNKNOWN
                if base not in allele.accepts[i]:
                    ok = False
                    break
                score += _counts(positions[i], allele, i, base)
            sides[side].append((ok, score))
        if not (sides[0][-1][0] or sides[1][-1][0]):
            return None
    masks = [sum(1 << b for b, (ok, _) in enumerate(side) if ok) for side in sides]
    return _Fit(
        name=allele.core,
        first=masks[0],
        second=masks[1],
        base_score=base_score,
        scores=(tuple(s for _, s in sides[0]), tuple(s for _, s in sides[1])),
    )


def _counts(position: Position, allele: Allele, i: int, base: str) -> int:
    if i not in allele.bases:
        return 0
    wobble = len(allele.accepts[i]) > 1
    return 0 if wobble and base == position.ref else 1


def ordered(first: str, second: str | None) -> tuple[str, str | None]:
    """Two names in the order in which a diplotype is written."""
    if second is not None and name_key(second) < name_key(first):
        return second, first
    return first, second


def name_key(name: str) -> tuple[object, ...]:
    """Sort key of alleles: single ones before combinations, and numbers read as numbers."""
    parts = components(name)
    return (len(parts), [natural_key(part) for part in parts])


def match_key(match_: Match) -> tuple[object, ...]:
    """Sort key of diplotypes by the names of their alleles."""
    return (name_key(match_.allele_1), name_key(match_.allele_2 or ""))


def components(name: str) -> list[str]:
    """The alleles of a combination written as [a + b], or the name itself."""
    if name.startswith("[") and name.endswith("]"):
        return name[1:-1].split(" + ")
    return [name]
