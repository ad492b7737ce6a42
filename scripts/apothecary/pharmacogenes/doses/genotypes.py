"""Genotypes of the warfarin models from the phenotypes of a sample."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from apothecary.pharmacogenes.doses.models import DoseTables
from apothecary.pharmacogenes.doses.warfarin import Genotype

# Share of the posterior that one genotype must have before the others are passed over.
SETTLED = 0.99


def genotype(gene: str, rows: Sequence[Mapping[str, Any]], tables: DoseTables) -> Genotype:
    """What the warfarin models need of a gene.

    Args:
        gene: VKORC1 or CYP2C9.
        rows: Rows of the table phenotypes of the gene.
        tables: What an allele stands for.

    Returns:
        The genotype; nothing when the gene has no call; a problem when an allele has no term in
        the models, or when several genotypes fit.
    """
    called = [row for row in rows if row["allele_1"]]
    if not called:
        return Genotype()
    stands_for = tables.alleles[gene]
    shares: dict[str, float] = defaultdict(float)
    for row in called:
        alleles = [str(row[name]) for name in ("allele_1", "allele_2") if row[name]]
        if len(alleles) == 2 and all(name in stands_for for name in alleles):
            made = sorted(stands_for[name] for name in alleles)
            key = "".join(made) if all(len(name) == 1 for name in made) else "/".join(made)
        else:
            key = f"? {'/'.join(alleles)}"
        shares[key] += float(row.get("posterior") or 0)
    best = max(sorted(shares), key=lambda key: shares[key])
    if len(shares) > 1 and shares[best] < SETTLED:
        listed = " or ".join(key.removeprefix("? ") for key in sorted(shares))
        return Genotype(problem=f"{gene} is {listed}: the genotypes cannot be told apart")
    if best.startswith("? "):
        unknown = best.removeprefix("? ")
        return Genotype(problem=f"{gene} {unknown}: the models have no term for it")
    return Genotype(value=best)
