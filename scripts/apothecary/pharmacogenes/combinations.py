"""Strands as combinations of named alleles and of variants that no allele explains.

A strand is explained by alleles whose variants do not overlap, and what is left over becomes a
partial, named by its variant: `[*6 + *14]`, `[*17 + g.94781859G>A]`. The explanation with the
fewest partials is taken, among those the one with the fewest alleles; ties are all given.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

from apothecary.pharmacogenes.definitions import Allele, Gene, Position
from apothecary.pharmacogenes.matcher import (
    UNKNOWN,
    Genotypes,
    Match,
    Phase,
    components,
    match_key,
    name_key,
    ordered,
)

MAX_PHASINGS = 1024
"""Phasings of a sample that are looked at; more would only give a list that nobody can use."""

Strand = Sequence[str | None]
"""The base at each defining position; None where it was not assessed."""


@dataclass(frozen=True)
class Explanation:
    """One way to explain a strand.

    Attributes:
        alleles: Named alleles, in their written order; only the reference when nothing differs.
        partials: Variants that no allele explains, in HGVS.
        score: Defined positions of the alleles, less one for each partial.
    """

    alleles: tuple[str, ...]
    partials: tuple[str, ...]
    score: int

    @property
    def name(self) -> str:
        """As written: one name, or a combination in brackets."""
        parts = [*self.alleles, *self.partials]
        return parts[0] if len(parts) == 1 else f"[{' + '.join(parts)}]"


class TooManyPhasingsError(Exception):
    """The unphased sites allow more phasings than are looked at."""


def combinable(phase: Phase) -> bool:
    """Whether the phasings are few enough to be looked at one by one."""
    return 1 << max(0, len(phase.blocks) - 1) <= MAX_PHASINGS


def phasings(genotypes: Genotypes, phase: Phase) -> list[tuple[Strand, Strand]]:
    """All pairs of strands that the genotypes allow, each once.

    Raises:
        TooManyPhasingsError: There are more than `MAX_PHASINGS`.
    """
    if not combinable(phase):
        raise TooManyPhasingsError(f"{len(phase.blocks)} heterozygous sites are not phased")
    free = max(0, len(phase.blocks) - 1)
    pairs: list[tuple[Strand, Strand]] = []
    for flips in product((0, 1), repeat=free):
        first: list[str | None] = [g.bases[0] if g else None for g in genotypes]
        second: list[str | None] = [g.bases[-1] if g else None for g in genotypes]
        for block, flip in zip(phase.blocks[1:], flips, strict=True):
            if flip:
                for i in block:
                    first[i], second[i] = second[i], first[i]
        pairs.append((first, second))
    return pairs


def explain(gene: Gene, strand: Strand, seen_only: bool = False) -> list[Explanation]:
    """The best explanations of a strand.

    Args:
        gene: The gene.
        strand: Bases by defining position.
        seen_only: Take only alleles all of whose variants were seen on the strand.

    Returns:
        At least one explanation; several when they tie.
    """
    reference = gene.alleles[0]
    assessed = [i for i, base in enumerate(strand) if base is not None]
    variants = [i for i in assessed if strand[i] not in reference.accepts[i]]
    if not variants:
        return [Explanation((reference.name,), (), _size(reference, assessed))]
    fitting = [
        (allele, covered)
        for allele in gene.alleles
        if not allele.reference
        if (covered := _covered(allele, strand, variants))
        if not seen_only or _variants(allele, reference) <= covered
    ]
    covers = _covers(tuple(variants), tuple(fitting))
    explanations: dict[tuple[tuple[str, ...], tuple[str, ...]], Explanation] = {}
    for alleles, left in covers:
        partials = tuple(partial_name(gene.positions[i], strand[i]) for i in left)
        base = sum(_size(allele, assessed) for allele in alleles)
        if not alleles:
            base = _size(reference, assessed)
        names = tuple(sorted((allele.core for allele in alleles), key=name_key))
        explanations[names, partials] = Explanation(names, partials, base - len(partials))
    return [explanations[key] for key in sorted(explanations, key=_explanation_key)]


def match_combinations(gene: Gene, genotypes: Genotypes, phase: Phase) -> list[Match]:
    """All pairs of explained strands, best score first.

    Args:
        gene: The gene.
        genotypes: One for each defining position.
        phase: As `find_phase` gives it.

    Returns:
        One match for each phasing and each tie of explanations.

    Raises:
        TooManyPhasingsError: See `phasings`.
    """
    return _pairs(gene, genotypes, phase, seen_only=False)


def match_named(gene: Gene, genotypes: Genotypes, phase: Phase) -> tuple[list[Match], list[str]]:
    """All pairs of strands by the alleles that lie on them, whatever they have beside.

    A strand with a named allele has its name, and the variants beside are told in words; a strand
    without one is named by its variants. An allele is named only where all its variants were seen.

    Args:
        gene: The gene.
        genotypes: One for each defining position.
        phase: As `find_phase` gives it.

    Returns:
        Matches, best score first, and warnings.

    Raises:
        TooManyPhasingsError: See `phasings`.
    """
    alleles = {allele.core for allele in gene.alleles}
    best: dict[tuple[str, str | None], int] = {}
    warnings: dict[str, None] = {}
    for one in _pairs(gene, genotypes, phase, seen_only=True):
        names: list[str] = []
        for strand in (one.allele_1, one.allele_2):
            parts = components(strand) if strand is not None else []
            named = [part for part in parts if part in alleles]
            beside = [part for part in parts if part not in alleles]
            name = named[0] if len(named) == 1 else f"[{' + '.join(named)}]"
            names += [name if named else strand] if strand is not None else []
            if named and beside:
                warnings[f"a strand of {name} has {', '.join(beside)} too"] = None
        pair = ordered(names[0], names[1] if len(names) > 1 else None)
        best[pair] = max(best.get(pair, one.score), one.score)
    matches = [Match(*pair, score) for pair, score in best.items()]
    return sorted(matches, key=lambda m: (-m.score, match_key(m))), list(warnings)


def _pairs(gene: Gene, genotypes: Genotypes, phase: Phase, seen_only: bool) -> list[Match]:
    known: dict[tuple[str | None, ...], list[Explanation]] = {}

    def explained(strand: Strand) -> list[Explanation]:
        key = tuple(strand)
        if key not in known:
            known[key] = explain(gene, strand, seen_only)
        return known[key]

    best: dict[tuple[str, str | None], int] = {}
    for first, second in phasings(genotypes, phase):
        if phase.haploid:
            for one in explained(first):
                best[one.name, None] = max(best.get((one.name, None), one.score), one.score)
            continue
        for a, b in product(explained(first), explained(second)):
            pair = ordered(a.name, b.name)
            best[pair] = max(best.get(pair, a.score + b.score), a.score + b.score)
    matches = [Match(*pair, score) for pair, score in best.items()]
    return sorted(matches, key=lambda m: (-m.score, match_key(m)))


def partial_name(position: Position, base: str | None) -> str:
    """A base of a position as a variant of the chromosome in HGVS, such as g.94781859G>A."""
    if base is None or base == UNKNOWN:
        return f"g.{position.pos}?"
    ref, alt, start = position.ref, base, position.pos
    if len(ref) == len(alt) == 1:
        return f"g.{start}{ref}>{alt}"
    while ref and alt and ref[0] == alt[0]:
        ref, alt, start = ref[1:], alt[1:], start + 1
    while ref and alt and ref[-1] == alt[-1]:
        ref, alt = ref[:-1], alt[:-1]
    end = start + len(ref) - 1
    span = f"g.{start}" if end <= start else f"g.{start}_{end}"
    if not ref:
        return f"g.{start - 1}_{start}ins{alt}"
    return f"{span}delins{alt}" if alt else f"{span}del"


def _explanation_key(
    key: tuple[tuple[str, ...], tuple[str, ...]],
) -> tuple[list[tuple[object, ...]], tuple[str, ...]]:
    return [name_key(name) for name in key[0]], key[1]


def _size(allele: Allele, assessed: Sequence[int]) -> int:
    return sum(i in allele.bases for i in assessed)


def _covered(allele: Allele, strand: Strand, variants: Sequence[int]) -> frozenset[int]:
    """The variants of a strand that an allele explains; none when it contradicts the strand."""
    for i in allele.bases:
        base = strand[i]
        if base is not None and base not in allele.accepts[i]:
            return frozenset()
    return frozenset(i for i in variants if i in allele.bases)


def _variants(allele: Allele, reference: Allele) -> frozenset[int]:
    """The positions at which an allele cannot have the base of the reference."""
    return frozenset(i for i in allele.bases if not allele.accepts[i] & reference.accepts[i])


def _covers(
    variants: tuple[int, ...], fitting: tuple[tuple[Allele, frozenset[int]], ...]
) -> list[tuple[tuple[Allele, ...], tuple[int, ...]]]:
    """The sets of disjoint alleles that leave the fewest variants, with the fewest alleles."""
    known: dict[tuple[int, ...], list[tuple[tuple[Allele, ...], tuple[int, ...]]]] = {
        (): [((), ())]
    }

    def solve(left: tuple[int, ...]) -> list[tuple[tuple[Allele, ...], tuple[int, ...]]]:
        if left in known:
            return known[left]
        first, rest = left[0], left[1:]
        options = [(alleles, (first, *partials)) for alleles, partials in solve(rest)]
        for allele, covered in fitting:
            if first in covered and covered <= set(left):
                remaining = tuple(i for i in left if i not in covered)
                options += [((allele, *a), p) for a, p in solve(remaining)]
        least = min((len(p), len(a)) for a, p in options)
        known[left] = [(a, p) for a, p in options if (len(p), len(a)) == least]
        return known[left]

    return solve(variants)
