"""Genotypes of the warfarin models from the phenotypes of a sample."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from apothecary.pharmacogenes.doses.models import DoseTables
from apothecary.pharmacogenes.doses.warfarin import Genotype


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
    genotypes: set[str] = set()
    for row in called:
        alleles = [str(row[name]) for name in ("allele_1", "allele_2") if row[name]]
        if len(alleles) == 2 and all(name in stands_for for name in alleles):
            made = sorted(stands_for[name] for name in alleles)
            genotypes.add("".join(made) if all(len(n) == 1 for n in made) else "/".join(made))
        else:
            genotypes.add(f"? {'/'.join(alleles)}")
    if len(genotypes) > 1:
        listed = " or ".join(sorted(name.removeprefix("? ") for name in genotypes))
        return Genotype(problem=f"{gene} is {listed}: the genotypes cannot be told apart")
    (best,) = genotypes
    if best.startswith("? "):
        unknown = best.removeprefix("? ")
        return Genotype(problem=f"{gene} {unknown}: the models have no term for it")
    return Genotype(value=best)
