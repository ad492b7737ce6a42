"""Research genes of a report: genes that no guideline looks at, one line each."""

from __future__ import annotations

from collections import Counter
from typing import Any

from apothecary.reports.context import Context, Row, SampleTables
from apothecary.reports.pharmacogenes import genes
from apothecary.reports.text import unique

_TABLES = ("sites", "diplotypes", "phenotypes")


def apart(tables: SampleTables, shared: Context) -> tuple[SampleTables, SampleTables]:
    """The tables of a sample without research genes, and those of its research genes only.

    Args:
        tables: The rows of the sample.
        shared: What every report of the run shares.
    """
    own: dict[str, list[Row]] = {}
    others: dict[str, list[Row]] = {}
    for name in _TABLES:
        rows = tables.rows(name)
        own[name] = [row for row in rows if row["gene"] in shared.research]
        others[name] = [row for row in rows if row["gene"] not in shared.research]
    return (
        SampleTables(tables.sample, {**tables.tables, **others}),
        SampleTables(tables.sample, own),
    )


def research_genes(tables: SampleTables, shared: Context) -> list[dict[str, Any]]:
    """One entry a research gene: what was called, its functions and what was not assessed.

    Args:
        tables: The rows of the research genes of the sample; see `apart`.
        shared: What every report of the run shares.

    Returns:
        The section `research_genes` of the report model, by gene.
    """
    positions = Counter(row["gene"] for row in tables.rows("sites"))
    missing = Counter(row["gene"] for row in tables.rows("sites") if row["state"] == "not_assessed")
    return [
        _entry(gene, positions[gene["gene"]], missing[gene["gene"]], tables, shared)
        for gene in genes(tables, shared)
    ]


def _entry(
    gene: dict[str, Any], positions: int, missing: int, tables: SampleTables, shared: Context
) -> dict[str, Any]:
    name, words = gene["gene"], shared.words
    rows = [row for row in tables.rows("diplotypes") if row["gene"] == name]
    return {
        "finding": f"research_gene:{name}",
        "gene": name,
        "called": gene["called"],
        "diplotypes": gene["diplotypes"],
        "diplotype": gene["diplotype_text"],
        "functions": gene["functions_text"],
        "method": gene["method_text"],
        "positions": positions,
        "missing": missing,
        "missing_text": words("genes.missing", missing=missing, positions=positions),
        # That the sources give no phenotype holds for all of them and is said once.
        "remarks": unique(
            text for row in rows for text in (*(row.get("warnings") or ()), row.get("reason"))
        ),
    }


def not_assessed_line(entries: list[dict[str, Any]], shared: Context) -> dict[str, Any]:
    """The one line that tells of all research genes what was not assessed."""
    text = shared.words(
        "not_assessed.research_genes",
        called=sum(entry["called"] for entry in entries),
        genes=len(entries),
        missing=sum(entry["missing"] for entry in entries),
        positions=sum(entry["positions"] for entry in entries),
    )
    return {"step": "research_genes", "reason": text}
