"""The genes of the germline lists of a knowledge pack, as reports name them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

_START: Mapping[str, str] = {"GRCh38": "start", "GRCh37": "start_grch37"}


@dataclass(frozen=True)
class Listed:
    """The genes of the germline lists.

    Attributes:
        rows: Rows of the knowledge table germline_genes.
        placed: Genes that have coordinates, by build; what has none there is not read.
    """

    rows: tuple[Mapping[str, Any], ...]
    placed: Mapping[str, frozenset[str]]


def load(table: Callable[[str], list[dict[str, Any]]]) -> Listed:
    """The germline lists of a knowledge pack.

    Args:
        table: Gives the rows of a table of the pack.
    """
    rows = tuple(table("germline_genes"))
    named = {row["gene"] for row in rows}
    places = [row for row in table("gene_regions") if row["gene"] in named]
    return Listed(
        rows,
        {
            build: frozenset(row["gene"] for row in places if row[start] is not None)
            for build, start in _START.items()
        },
    )
