"""Genes of secondary findings (ACMG SF) and of hereditary predisposition to cancer."""

from __future__ import annotations

import re
from collections import defaultdict
from pathlib import Path

from apothecary.knowledge.importers.upstream import Row, read_table

_ACMG_COLUMNS = (
    "gene_symbol",
    "disease_phenotype",
    "phenotype_category",
    "inheritance",
    "sf_list_version",
    "variants_to_report",
)
_PANEL_COLUMNS = ("GENE", "CPG_MOI", "CPG_PHENOTYPES")
_MECHANISM_COLUMNS = ("GENE", "CPG_MOD")
_MECHANISMS = {"LoF": "loss_of_function", "GoF": "gain_of_function"}
_MARKUP = re.compile(r"<[^>]*>")


def import_acmg_sf(
    path: Path | str,
    source_id: str,
    version: str,
    additions: Path | str,
    additions_source_id: str,
) -> dict[str, list[Row]]:
    """Read the ACMG list of genes for secondary findings, and later additions to it.

    The genes of the list itself are those of the primary table. Genes that only the table of
    additions has are taken over with the version that it gives and under their own source, so that
    their standing is visible in every row.

    Args:
        path: The primary table, with a row a gene and disease.
        source_id: Source of the primary table.
        version: Version of the list in the primary table.
        additions: A table of the same columns, assembled from secondary sources.
        additions_source_id: Source of the additions.

    Returns:
        Rows of the table germline_genes with the list acmg_sf, one a gene.

    Raises:
        ResourceError: A file is not such a table.
    """
    primary = _by_gene(read_table(path, _ACMG_COLUMNS))
    later = _by_gene(read_table(additions, _ACMG_COLUMNS))
    rows = [_acmg_row(gene, items, version, source_id) for gene, items in primary.items()]
    rows += [
        _acmg_row(gene, items, items[0]["sf_list_version"], additions_source_id)
        for gene, items in later.items()
        if gene not in primary
    ]
    return {"germline_genes": rows}


def _by_gene(items: list[dict[str, str]]) -> dict[str, list[dict[str, str]]]:
    genes: dict[str, list[dict[str, str]]] = defaultdict(list)
    for item in items:
        genes[item["gene_symbol"]].append(item)
    return genes


def _acmg_row(gene: str, items: list[dict[str, str]], version: str, source_id: str) -> Row:
    def joined(column: str) -> str | None:
        values = dict.fromkeys(item[column].strip() for item in items if item[column].strip())
        return "; ".join(values) or None

    return {
        "gene": gene,
        "list_id": "acmg_sf",
        "list_version": version,
        "condition": joined("disease_phenotype"),
        "category": joined("phenotype_category"),
        "inheritance": joined("inheritance"),
        "report": joined("variants_to_report"),
        "source_id": source_id,
    }


def import_predisposition_panel(
    path: Path | str, source_id: str, version: str
) -> dict[str, list[Row]]:
    """Read the superpanel of cancer predisposition genes of CPSR.

    Args:
        path: The panel; its gene cells hold a link around the symbol.
        source_id: Source of every row.
        version: Version of the panel.

    Returns:
        Rows of the table germline_genes with the list predisposition, one a gene.

    Raises:
        ResourceError: The file is not such a panel.
    """

    def given(text: str) -> str | None:
        return None if text in {"", "NA"} else text

    return {
        "germline_genes": [
            {
                "gene": _MARKUP.sub("", item["GENE"]).strip(),
                "list_id": "predisposition",
                "list_version": version,
                "condition": given(item["CPG_PHENOTYPES"]),
                "category": None,
                "inheritance": given(item["CPG_MOI"]),
                "report": None,
                "source_id": source_id,
            }
            for item in read_table(path, _PANEL_COLUMNS)
        ]
    }


def import_mechanisms(path: Path | str, source_id: str) -> dict[str, list[Row]]:
    """Read how germline variants of the genes of the superpanel act.

    Args:
        path: The panel, as for `import_predisposition_panel`.
        source_id: Source of every row.

    Returns:
        Rows of the table gene_mechanisms; a gene of unknown mechanism has none.

    Raises:
        ResourceError: The file is not such a panel.
    """
    found = {
        (_MARKUP.sub("", item["GENE"]).strip(), _MECHANISMS[word])
        for item in read_table(path, _MECHANISM_COLUMNS)
        for word in item["CPG_MOD"].split("/")
        if word in _MECHANISMS
    }
    return {
        "gene_mechanisms": [
            {"gene": gene, "mechanism": mechanism, "source_id": source_id}
            for gene, mechanism in sorted(found)
        ]
    }
