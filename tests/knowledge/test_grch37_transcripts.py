"""GRCh37 coordinates of genes and exons, from transcripts of the same accession and version."""

from __future__ import annotations

import gzip
import zipfile

import pytest

from apothecary.knowledge import tsv
from apothecary.knowledge.importers import grch37_transcripts
from apothecary.knowledge.placement import Placement
from apothecary.knowledge.schemas import EXONS
from apothecary.qc.regions import coding

HEADER = "\t".join(["#bin", "name", "chrom", *"0123456789abc"])
GENE = {"gene": "A", "refseq": "NM_1.2", "chrom": "chr7", "start": 1101, "end": 1230}
EXON_ROWS = [
    {"gene": "A", "exon": 1, "start": 1101, "end": 1110, "coding_start": None, "coding_end": None},
    {"gene": "A", "exon": 2, "start": 1201, "end": 1230, "coding_start": 1204, "coding_end": 1215},
]
SPANS, CODING = [(100, 110), (200, 230)], (203, 215)


def line(name="NM_1.2", spans=SPANS, coded=CODING, strand="+", chrom="chr7"):
    starts, ends = ("".join(f"{end[i]}," for end in spans) for i in (0, 1))
    cells = [0, name, chrom, strand, spans[0][0], spans[-1][1], *coded, len(spans), starts, ends]
    return "\t".join(str(cell) for cell in (*cells, 0, "A", "cmpl", "cmpl", "0,"))


def added(folder, *lines):
    path = folder / "figeno.whl"
    with zipfile.ZipFile(path, "w") as archive:
        text = "\n".join([HEADER, *lines, ""])
        archive.writestr(grch37_transcripts.TABLE, gzip.compress(text.encode()))
    placed = grch37_transcripts.read(path, [GENE])
    (gene,) = grch37_transcripts.with_regions([GENE], placed, "made")
    return gene, grch37_transcripts.with_exons(EXON_ROWS, placed, "made")


def test_genes_and_exons_have_their_place(tmp_path):
    gene, (first, second) = added(tmp_path, line(), line("NM_9.1"), line(chrom="chr7_gl1_random"))
    assert (gene["start_grch37"], gene["end_grch37"]) == (101, 230)
    assert (first["start_grch37"], first["coding_start_grch37"]) == (101, None)
    assert (second["coding_start_grch37"], second["coding_end_grch37"]) == (204, 215)
    assert gene["grch37_source_id"] == second["grch37_source_id"] == "made"


def test_exons_of_the_other_strand_keep_their_numbers(tmp_path):
    turned = line(spans=[(100, 130), (300, 310)], coded=(115, 127), strand="-")
    _, (first, second) = added(tmp_path, turned)
    assert (first["start_grch37"], first["end_grch37"]) == (301, 310)
    assert (second["coding_start_grch37"], second["coding_end_grch37"]) == (116, 127)


@pytest.mark.parametrize(
    ("lines", "region_too"),
    [
        ((), True),
        ((line("NM_1.3"),), True),
        ((line(), line()), True),
        ((line(spans=[(100, 111), (200, 230)]),), False),
        ((line(coded=(203, 218)),), False),
        ((line(spans=[(100, 110)], coded=(100, 109)),), False),
    ],
    ids=["absent", "another version", "twice", "longer exon", "longer part", "fewer exons"],
)
def test_what_is_not_the_same_has_no_place(tmp_path, lines, region_too):
    gene, rows = added(tmp_path, *lines)
    assert (gene["start_grch37"] is None) is region_too
    assert all(row["start_grch37"] is row["grch37_source_id"] is None for row in rows)


def test_coordinates_of_a_row_come_before_the_chain():
    rows = [
        {"chrom": "chr7", "start": 1201, "end": 1230, "start_grch37": 201, "end_grch37": 230},
        {"chrom": "chr7", "start": 1301, "end": 1330, "start_grch37": None, "end_grch37": None},
    ]
    assert [row["start"] for row in Placement("GRCh37", "").spans(rows)] == [201]
    assert [row["start"] for row in Placement("GRCh38", "").spans(rows)] == [1201, 1301]


@pytest.mark.shared
def test_the_chain_leads_to_the_same_places(repository, shared):
    """Of the exons that the excerpt of the chain holds, each end has the place that it gives."""
    chain = shared / "data" / "reference" / "hg19ToHg38.over.chain.gz"
    by_chain = Placement("GRCh37", chain)
    rows = coding(tsv.read(tsv.find(repository / "resources" / "knowledge", EXONS), EXONS).rows)
    known = [row for row in rows if row["start_grch37"] is not None][::20]
    bare = [{**row, "start_grch37": None} for row in known]
    lifted = {(r["gene"], r["exon"]): (r["start"], r["end"]) for r in by_chain.spans(bare)}
    own = {(r["gene"], r["exon"]): (r["start"], r["end"]) for r in by_chain.spans(known)}
    assert len(lifted) > 0.9 * len(own)
    assert {key for key, place in lifted.items() if own[key] != place} == set()
