"""Mitochondrial genes: the variants found, each with the share of the reads that have it.

A cell has many mitochondrial genomes, so that a variant may be in a part of them (heteroplasmy).
The caller of the input decides whether a variant is there; its share is reported, and a share
below the limit is no call. Variants of several risks are looked up by the worst, and no risk is
ruled out by positions that were not assessed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from apothecary.pharmacogenes.definitions import Gene
from apothecary.pharmacogenes.matcher import UNKNOWN, Genotypes

Row = dict[str, Any]

KIND = "mitochondrial"


@dataclass(frozen=True)
class _Found:
    """A named variant in the sample; the share is None where the input gives none."""

    name: str
    share: float | None


def call(gene: Gene, genotypes: Genotypes, limit: float) -> list[Row]:
    """Call a mitochondrial gene.

    Args:
        gene: The gene; its rule `risk_order` gives the functions from the worst on.
        genotypes: One for each defining position; None where it was not assessed.
        limit: Share of the reads (0 to 1) below which a variant is no call.

    Returns:
        One row of the table diplotypes without sample_id. `allele_1` is what phenotype and
        guidance are looked up by; it is empty when the variants found do not settle the risk.
    """
    found, unknown = _found(gene, genotypes)
    unread = [
        p.position_id
        for i, (p, g) in enumerate(zip(gene.positions, genotypes, strict=True))
        if g is None or i in unknown
    ]
    hidden = [a.name for a in gene.alleles if any(_is(gene, i, unread) for i in a.bases)]
    hidden = [name for name in hidden if name != gene.reference_allele]
    warnings = [f"{gene.positions[i].position_id}: {said}" for i, said in sorted(unknown.items())]
    shared: Row = {
        "gene": gene.name,
        "rank": 1,
        "diplotype": None,
        "allele_1": None,
        "allele_2": None,
        "score": None,
        "posterior": None,
        "phased": False,
        "effectively_phased": True,
        "method": "not_called",
        "supporting_sites": [
            p.position_id
            for p, g in zip(gene.positions, genotypes, strict=True)
            if g is not None and any(b not in (p.ref, UNKNOWN) for b in g.bases)
        ],
        "missing_sites": unread,
        "not_excludable": hidden if len(unread) < len(gene.positions) else [],
        "warnings": warnings,
    }
    if len(unread) == len(gene.positions):
        return [{**shared, "reason": "no position of the gene was assessed"}]
    worst_hidden = [name for name in hidden if _risk(gene, name) == 0]
    if not found:
        if worst_hidden:
            said = f"not assessed: the positions of {', '.join(worst_hidden)}"
            return [{**shared, "reason": said}]
        reference = gene.reference_allele
        called = {"diplotype": reference, "allele_1": reference, "method": "compatible"}
        return [{**shared, **called, "reason": None}]
    certain = [one for one in found if one.share is None or one.share >= limit]
    below = [one for one in found if one not in certain]
    worst = min(certain, key=lambda one: (_risk(gene, one.name), one.name), default=None)
    why = _open(gene, worst, below, worst_hidden, limit)
    return [
        {
            **shared,
            "diplotype": " + ".join(one.name for one in found),
            "allele_1": None if why or worst is None else worst.name,
            "method": "compatible",
            "reason": "; ".join((*(_told(one) for one in found), *why)),
        }
    ]


def _found(gene: Gene, genotypes: Genotypes) -> tuple[list[_Found], dict[int, str]]:
    """The named variants, and the positions where a base without a name was seen."""
    names = {
        (i, bases): allele.name
        for allele in gene.alleles
        if not allele.reference
        for i, bases in allele.bases.items()
    }
    found: list[_Found] = []
    unknown: dict[int, str] = {}
    for i, (position, genotype) in enumerate(zip(gene.positions, genotypes, strict=True)):
        if genotype is None:
            continue
        others = sorted({b for b in genotype.bases if b not in (position.ref, UNKNOWN)})
        for bases in others:
            if (i, bases) in names:
                share = genotype.fraction if len(others) == 1 else None
                found.append(_Found(names[i, bases], share))
            else:
                unknown[i] = f"{bases} is no documented base"
    return found, unknown


def _is(gene: Gene, index: int, unread: Sequence[str]) -> bool:
    return gene.positions[index].position_id in unread


def _risk(gene: Gene, name: str) -> int:
    """Place of an allele's function in the order of risk, 0 the worst."""
    order = gene.settings["risk_order"][0].split(">")
    function = gene.functions[name].function
    return order.index(function) if function in order else 0


def _told(one: _Found) -> str:
    if one.share is None:
        return f"{one.name}, share of the reads not given"
    return f"{one.name} in {one.share:.1%} of the reads"


def _open(
    gene: Gene,
    worst: _Found | None,
    below: Sequence[_Found],
    hidden: Sequence[str],
    limit: float,
) -> list[str]:
    """Why the risk is not settled; empty when it is."""
    place = _risk(gene, worst.name) if worst is not None else len(gene.functions)
    worse = [one.name for one in below if _risk(gene, one.name) < place]
    why = []
    if worse:
        why.append(f"below the limit of {limit:.0%} {', '.join(worse)} is no call")
    elif worst is None:
        names = ", ".join(one.name for one in below)
        why.append(f"below the limit of {limit:.0%} {names} is no call")
    if hidden and place > 0:
        why.append(f"not assessed: the positions of {', '.join(hidden)}")
    return why
