"""Why no diplotype is called, in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from apothecary.pharmacogenes.definitions import Gene, Position
from apothecary.pharmacogenes.matcher import Genotypes, Match, Phase, name_key

NO_NAMED_PAIR = "no named pair"

_MOST_NAMES = 6
_TOLD = 0.01
"""Probability from which an explanation is told."""


def no_pair(none: float) -> str:
    """The reason when no pair of alleles explains the sites."""
    return f"no allele pair fits the genotypes (probability {none:.3f})"


def one_copy(allele: str) -> str:
    """The reason for a gene that may be deleted, when small variants show one allele only."""
    return (
        f"only {allele} is seen: one copy of the gene, two or more look alike in small variants; "
        "the copy number was not assessed"
    )


def reason(
    gene: Gene,
    genotypes: Genotypes,
    phase: Phase,
    pairs: Sequence[tuple[int, int]],
    matches: Sequence[Match],
    probabilities: tuple[float, float, float],
    unlooked: tuple[Sequence[str], float] = ((), 0.0),
) -> str:
    """Why the best diplotype is not called.

    Args:
        gene: The gene.
        genotypes: Genotypes made ready, one for each defining position.
        phase: Their phase.
        pairs: Indices of the alleles of the leading diplotypes, one or two.
        matches: The same diplotypes as written.
        probabilities: Posterior of the best, the threshold, and the probability that no pair fits.
        unlooked: Alleles of unknown frequency among the candidates, and their probability.

    Returns:
        One line: the positions not assessed that would tell the two leading diplotypes apart, what
        cannot be told apart, and whether the functions agree.
    """
    best, threshold, none = probabilities
    parts = []
    if len(pairs) > 1:
        positions = _separating(gene, genotypes, pairs[0], pairs[1])
        alleles = _apart(matches[0], matches[1])
        if positions:
            verb = "was" if len(positions) == 1 else "were"
            listed = _listed([position.rsid or position.position_id for position in positions])
            parts.append(f"{listed} {verb} not assessed")
            parts.append(f"{alleles[0]} and {alleles[1]} cannot be told apart")
        elif not phase.effectively_phased:
            parts.append("which variants share a strand is not known")
            parts.append(f"{matches[0].name} and {matches[1].name} both fit")
        else:
            parts.append(f"what was seen does not tell {matches[0].name} from {matches[1].name}")
        parts.append(_functions(gene, alleles))
    names, mass = unlooked
    if mass >= _TOLD:
        alone = "its frequency is" if len(names) == 1 else "their frequencies are"
        parts.append(
            f"{_listed(names)} cannot be excluded, and {alone} not known (probability {mass:.3f})"
        )
    if none >= _TOLD:
        parts.append(f"with probability {none:.3f} a strand is no named allele")
    parts.append(f"the posterior {best:.3f} is below {threshold:g}")
    return "; ".join(parts)


def _separating(
    gene: Gene, genotypes: Genotypes, first: tuple[int, int], second: tuple[int, int]
) -> list[Position]:
    """Positions not assessed at which two pairs of alleles have other bases."""
    found = []
    for i, genotype in enumerate(genotypes):
        if genotype is None:
            bases = [
                Counter(gene.alleles[number].accepts[i] for number in pair)
                for pair in (first, second)
            ]
            if bases[0] != bases[1]:
                found.append(gene.positions[i])
    return found


def _apart(first: Match, second: Match) -> tuple[str, str]:
    """The one allele in which two diplotypes differ, or else the diplotypes."""
    one = Counter(name for name in (first.allele_1, first.allele_2) if name)
    other = Counter(name for name in (second.allele_1, second.allele_2) if name)
    only, others = list((one - other).elements()), list((other - one).elements())
    if len(only) == len(others) == 1:
        low, high = sorted((only[0], others[0]), key=name_key)
        return low, high
    return first.name, second.name


def _listed(names: Sequence[str]) -> str:
    more = len(names) - _MOST_NAMES
    shown = ", ".join(names[:_MOST_NAMES])
    return f"{shown} and {more} more" if more > 0 else shown


def _functions(gene: Gene, names: tuple[str, str]) -> str:
    """Whether the functions of two alleles, or of two diplotypes, agree."""
    found = []
    for name in names:
        parts = name.split("/") if "/" in name and name not in gene.functions else [name]
        known = (gene.functions.get(part) for part in parts)
        found.append(sorted((one.function or "" if one else "").lower() for one in known))
    unknown = [name for name, own in zip(names, found, strict=True) if not all(own)]
    if unknown:
        return f"no function is known of {' and '.join(unknown)}"
    if found[0] == found[1]:
        return f"both {found[0][0]}" if len(found[0]) == 1 else "their functions agree"
    if len(found[0]) == len(found[1]) == 1:
        return f"{names[0]} is {found[0][0]}, {names[1]} {found[1][0]}"
    return "their functions differ"
