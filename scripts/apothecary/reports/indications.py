"""Guidance that a medicine is not for who has no variant: by itself nothing to act on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping
from typing import Any

Row = Mapping[str, Any]
Table = Callable[[str], list[dict[str, Any]]]
_AGAINST = "avoid"


def without_variant(table: Table) -> frozenset[tuple[str, str]]:
    """Guidance that advises against a medicine for who carries no variant of its genes.

    Such a medicine is given because of a genotype. What guidance says to all others is that it is
    not indicated, which is of no weight for a person who does not take it. That it is so is read
    from the pack: the guidance is looked up by the result of two reference alleles of each gene.

    Args:
        table: Gives the rows of a table of the knowledge pack.

    Returns:
        Guidance id and medicine.
    """
    against = {
        (row["guidance_id"], row["drug"]) for row in table("guidance") if row["action"] == _AGAINST
    }
    keys: defaultdict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in table("guidance_keys") if against else ():
        keys[row["guidance_id"], row["drug"]].append(row)
    results = _reference_results(table, {row["gene"] for rows in keys.values() for row in rows})
    return frozenset(
        pair
        for pair in against
        if keys.get(pair) and all(row["key"] in results[row["gene"]] for row in keys[pair])
    )


def _reference_results(table: Table, genes: Collection[str]) -> dict[str, set[str]]:
    """What two reference alleles of a gene are looked up by; nothing where no rule tells."""
    results: dict[str, set[str]] = {gene: set() for gene in genes}
    functions = {
        row["gene"]: row["lookup_key"] or row["function"]
        for row in (table("pgx_alleles") if genes else ())
        if row["reference"]
    }
    for row in table("pgx_phenotype_rules") if genes else ():
        gene = row["gene"]
        if gene in results and row["key_1"] == row["key_2"] == functions.get(gene):
            results[gene] |= {row["lookup_key"], row["phenotype"]}
    return results
