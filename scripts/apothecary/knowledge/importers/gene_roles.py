"""Roles of genes in cancer: oncogene or tumor suppressor."""

from __future__ import annotations

from pathlib import Path

from apothecary.errors import Problem, ResourceError
from apothecary.knowledge.importers.upstream import Row, read_table

_ROLES = {"OG": "oncogene", "TSG": "tumor_suppressor"}
_NO_ROLE = frozenset({"Unknown", "NA", ""})


def import_signalling_pathways(path: Path | str, source_id: str) -> dict[str, list[Row]]:
    """Read the genes of the ten oncogenic signalling pathways (Sanchez-Vega et al. 2018).

    Args:
        path: Table with the columns Pathway, Gene, OG_TSG.
        source_id: Source of every row.

    Returns:
        Rows of the table gene_roles; a gene of several pathways has one row a role, a
        gene of unknown role none.

    Raises:
        ResourceError: The file is not such a table or names another role.
    """
    roles: set[tuple[str, str]] = set()
    for item in read_table(path, ("Pathway", "Gene", "OG_TSG")):
        if item["OG_TSG"] in _NO_ROLE:
            continue
        if item["OG_TSG"] not in _ROLES:
            raise ResourceError(
                Problem(
                    str(path), f"role {item['OG_TSG']!r} of {item['Gene']}", "OG, TSG or Unknown"
                )
            )
        roles.add((item["Gene"], _ROLES[item["OG_TSG"]]))
    return {
        "gene_roles": [
            {"gene": gene, "role": role, "source_id": source_id} for gene, role in sorted(roles)
        ]
    }
