"""Calls reduced to the alleles that the GeT-RM consensus of a gene names.

The consensus was made with the alleles of its day. An allele of a call that it never names becomes
the one of its own whose variants are the largest part of the allele's, under the current
definitions: nothing but the definitions decides, and the truth of the sample is not looked at.
Where several of its alleles are as large a part, it is the one of the same clinical function (NAT2
*16 is *5 and *4, and has the function of *5); where that is not one either, or no allele is a part,
the name stays as it is.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace

from getrm_scores import Answer

from apothecary.pharmacogenes.definitions import Allele, Gene
from apothecary.pharmacogenes.matcher import components

Variants = Mapping[int, frozenset[str]]
"""The bases of an allele by the index of the position, where they are not the reference's."""


def reduced(gene: Gene, diplotype: str, named: Collection[str]) -> str:
    """A diplotype with the names of the consensus alone.

    Args:
        gene: The gene under the current definitions.
        diplotype: As called, under current names; combinations as `[*6 + *14]`.
        named: All alleles that the consensus of the gene names, under current names.

    Returns:
        The diplotype, its alleles in the order of `getrm_scores.plain`.
    """
    return "/".join(sorted(_allele(gene, name, named) for name in diplotype.split("/")))


def answers(gene: Gene, given: Answer, named: Collection[str], mode: str) -> Answer:
    """An answer reduced; candidates that are one then are a call, as in `getrm_scores.answer`."""
    shown = tuple(reduced(gene, one, named) for one in given.shown)
    alike = len(set(shown)) == 1
    return replace(
        given,
        shown=shown,
        sure=given.sure or (alike and (len(shown) > 1 or not mode.startswith("posterior"))),
    )


def _allele(gene: Gene, name: str, named: Collection[str]) -> str:
    if name in named:
        return name
    own: dict[int, frozenset[str]] = {}
    for part in components(name):
        allele = _of_name(gene, part)
        own |= _variants(gene, allele) if allele else {}
    parts: dict[str, int] = {}
    for allele in gene.alleles:
        theirs = _variants(gene, allele)
        inside = all(i in own and own[i] <= bases for i, bases in theirs.items())
        known = {allele.name, allele.core} & set(named)
        if known and inside:
            told = allele.core if allele.core in named else allele.name
            parts[told] = max(parts.get(told, 0), len(theirs))
    most = [told for told, size in parts.items() if size == max(parts.values())]
    function = _function(gene, name)
    alike = [told for told in most if function and _function(gene, told) == function]
    chosen = most if len(most) == 1 else alike
    return chosen[0] if len(chosen) == 1 and _known(gene, name) else name


def _function(gene: Gene, name: str) -> str | None:
    known = gene.functions.get(name)
    return known.function if known else None


def _known(gene: Gene, name: str) -> bool:
    """Whether the definitions have an allele of the name at all."""
    return any(_of_name(gene, part) for part in components(name))


def _of_name(gene: Gene, name: str) -> Allele | None:
    by_name = {allele.name: allele for allele in reversed(gene.alleles)}
    by_core = {allele.core: allele for allele in reversed(gene.alleles)}
    return by_name.get(name) or by_core.get(name)


def _variants(gene: Gene, allele: Allele) -> Variants:
    reference = gene.alleles[0].accepts
    return {i: allele.accepts[i] for i in allele.bases if not allele.accepts[i] & reference[i]}
