"""Where the exons of genes lie, for evidence that asks for an exon by its number."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from typing import Any

from apothecary.errors import Problem, ResourceError
from apothecary.knowledge.importers.upstream import Row, read_table

_COLUMNS = ("contig", "start", "end", "gene_name", "exon_number", "transcript_id")
_HEADER = ("contig", "start", "end", "exon_id", "gene_name", "exon_number", "transcript_id")
_ASKED = re.compile(r"(\S+) exon \d", re.IGNORECASE)


def genes_asked(evidence: Iterable[Mapping[str, Any]]) -> set[str]:
    """Genes of which evidence names an exon, such as EGFR of EGFR Exon 19 Deletion.

    Args:
        evidence: Rows of the table civic_evidence.
    """
    return {gene for row in evidence for gene in _ASKED.findall(row["molecular_profile"])}


def import_exons(
    path: Path | str, source_id: str, genes: Collection[str], mane: Collection[str]
) -> dict[str, list[Row]]:
    """Read the exons of MANE Select transcripts.

    Args:
        path: BED of exons with gene, exon number and transcript; GRCh38, 0-based half-open.
        source_id: Source of every row.
        genes: Genes to take.
        mane: Ensembl identifiers of MANE Select transcripts, without version; exons of others,
            which number them otherwise, are left out.

    Returns:
        Rows of the table exons.

    Raises:
        ResourceError: The file is not such a one, or repeats an exon.
    """
    rows = [
        {
            "gene": item["gene_name"],
            "exon": int(item["exon_number"]),
            "chrom": item["contig"],
            "start": int(item["start"]) + 1,
            "end": int(item["end"]),
            "transcript": item["transcript_id"],
            "source_id": source_id,
        }
        for item in read_table(path, _COLUMNS, header=_HEADER, comment="#")
        if item["gene_name"] in genes and item["transcript_id"].split(".")[0] in mane
    ]
    counted = Counter((row["gene"], row["exon"]) for row in rows)
    if repeated := sorted(key for key, count in counted.items() if count > 1):
        gene, exon = repeated[0]
        raise ResourceError(
            Problem(str(path), f"exon {exon} of {gene} is there twice", "another release?")
        )
    return {"exons": rows}
