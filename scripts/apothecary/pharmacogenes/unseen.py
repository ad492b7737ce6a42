"""What small variants cannot show of a gene, told in every call that rests on them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from apothecary.pharmacogenes.definitions import Gene

Row = dict[str, Any]

FROM_SMALL_VARIANTS = frozenset({"compatible", "posterior"})
"""Methods of calls that rest on small variants."""

_COPIES = re.compile(r"^(?P<allele>.+)x(≥)?\d+$")


def blind_spot(gene: Gene) -> str | None:
    """What small variants do not show of the gene, in words; None for most genes."""
    unseen = gene.settings.get("unseen", ())
    return " and ".join(unseen) or None


def mark(gene: Gene, rows: Sequence[Row]) -> list[Row]:
    """Rows of the table diplotypes with what small variants leave open.

    Two equal alleles look the same as one allele beside a deletion or a hybrid, and any allele may
    be there in several copies. Such alleles have a function but no definition in small variants;
    they join `not_excludable`, and a warning says why.

    Args:
        gene: The gene.
        rows: Its rows, without outside calls.

    Returns:
        The rows; as they were for a gene without the rule `unseen`.
    """
    blind = blind_spot(gene)
    if blind is None:
        return list(rows)
    return [
        _marked(gene, row, blind) if row["method"] in FROM_SMALL_VARIANTS else row for row in rows
    ]


def _marked(gene: Gene, row: Row, blind: str) -> Row:
    first, second = row["allele_1"], row["allele_2"]
    hidden = _hidden(gene, first, second)
    warning = f"from small variants only, which do not show {blind}"
    if second is not None and first == second:
        kind = "reference" if first == gene.reference_allele else "same"
        warning += (
            f"; {row['diplotype']} means that every position read has the {kind} bases, "
            "not that two copies were seen"
        )
    return {
        **row,
        "not_excludable": [*row["not_excludable"], *hidden],
        "warnings": sorted({*row["warnings"], warning}),
    }


def _hidden(gene: Gene, first: str | None, second: str | None) -> list[str]:
    """Alleles without definition that would look like the pair, in the order of the tables."""
    defined = {allele.name for allele in gene.alleles}
    hidden = []
    for name in gene.functions:
        if name in defined:
            continue
        copies = _COPIES.match(name)
        in_copies = copies is not None and copies["allele"] in (first, second)
        if in_copies or (copies is None and first == second):
            hidden.append(name)
    return hidden


def remark(gene: Gene, row: Mapping[str, Any]) -> str | None:
    """What the phenotype of a call from small variants leaves open, in words."""
    blind = blind_spot(gene)
    if blind is None or row["method"] not in FROM_SMALL_VARIANTS:
        return None
    return f"small variants do not show {blind}; the phenotype is without them"
