"""Guidelines that no result looks up: the genotypes that a reader of the guideline needs.

A guideline may be a chart or an algorithm (warfarin) rather than a recommendation a phenotype. It
then has one row that says to see the guideline, with the genotypes of all its genes and of the
positions that are shown though they define no allele (rs12777823).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from apothecary.pharmacogenes.definitions import Definitions, Gene, Position

Row = dict[str, Any]
Genotypes = tuple[tuple[str, str, str], ...]
"""Gene, name (of the gene, or of a shown position) and genotype."""

NOT_CALLED = "not called"
NOT_ASSESSED = "not assessed"


def shown_positions(gene: Gene) -> tuple[Position, ...]:
    """The positions of a gene that define no allele and are shown."""
    return tuple(position for position in gene.others if position.role == "extra")


def position_name(position: Position) -> str:
    """The dbSNP identifier, or the place where there is none."""
    return position.rsid or position.position_id


def genotype_text(bases: Sequence[str]) -> str:
    """A genotype in bases of the forward strand, such as A/G; order does not matter."""
    return "/".join(sorted(bases)) or NOT_ASSESSED


def positions_of_samples(
    sites_rows: Iterable[Mapping[str, Any]], definitions: Definitions
) -> dict[str, dict[str, Genotypes]]:
    """The genotypes of the shown positions.

    Args:
        sites_rows: Rows of the table sites.
        definitions: The pharmacogenes.

    Returns:
        By sample and gene.
    """
    names = {
        (gene.name, position.position_id): position_name(position)
        for gene in definitions.matched
        for position in shown_positions(gene)
    }
    found: dict[str, dict[str, Genotypes]] = defaultdict(dict)
    for row in sites_rows:
        name = names.get((row["gene"], row["position_id"]))
        if name is None:
            continue
        bases = [base for base in (row["allele_1"], row["allele_2"]) if base]
        before = found[row["sample_id"]].get(row["gene"], ())
        shown = (row["gene"], name, genotype_text(bases))
        found[row["sample_id"]][row["gene"]] = (*before, shown)
    return dict(found)


def genotypes(
    genes: Iterable[str],
    phenotypes: Mapping[str, Sequence[Mapping[str, Any]]],
    positions: Mapping[str, Genotypes],
) -> Genotypes:
    """What a guideline of some genes is read with.

    Args:
        genes: The genes of the guideline.
        phenotypes: Rows of the table phenotypes of the sample, by gene.
        positions: Genotypes of shown positions of the sample, by gene.

    Returns:
        Gene by gene; empty when no gene is called.
    """
    found: list[tuple[str, str, str]] = []
    called = False
    for gene in genes:
        rows = sorted(phenotypes.get(gene, ()), key=lambda row: int(row["rank"]))
        names = dict.fromkeys(str(r["lookup_diplotype"]) for r in rows if r["lookup_diplotype"])
        called = called or bool(names)
        found.append((gene, gene, " or ".join(names) or NOT_CALLED))
        found += positions.get(gene, ())
    return tuple(found) if called else ()
