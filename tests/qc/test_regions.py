"""Targets, exons, genes and positions, and what consent leaves of them."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apothecary.errors import WorkflowInputError
from apothecary.qc import regions
from apothecary.qc.regions import Target
from apothecary.variants.regions import EVERYTHING, Position, Regions


def exon(gene, number, start, end, coding=None, chrom="chr1"):
    first, last = coding or (None, None)
    return {"gene": gene, "exon": number, "chrom": chrom, "start": start, "end": end,
            "coding_start": first, "coding_end": last}  # fmt: skip


EXONS = [
    exon("AAA", 1, 21, 60),
    exon("AAA", 2, 91, 200, (101, 200)),
    exon("AAA", 3, 301, 380, (301, 350)),
]
POSITIONS = [
    {"gene": "AAA", "position_id": "p1", "chrom": "chr1", "pos": 340, "ref": "A"},
    {"gene": "BBB", "position_id": "p2", "chrom": "chr2", "pos": 500, "ref": "CAT"},
]
SPANS = [
    {"gene": "AAA", "chrom": "chr1", "start": 101, "end": 350},
    {"gene": "BBB", "chrom": "chr2", "start": 400, "end": 900},
]


def made(targets=()):
    return {r.region_id: r for r in regions.of_knowledge(EXONS, POSITIONS, SPANS, targets)}


def test_a_gene_is_its_exons_and_positions():
    found = made()
    assert found["gene:AAA"].pieces == ((100, 200), (300, 350))
    assert found["gene:AAA"].bases == 150
    assert found["exon:AAA:3"].exon == 3
    assert found["position:BBB:p2"].pieces == ((499, 502),)


def test_a_gene_without_exons_is_its_positions_and_the_targets_within_it():
    found = made((Target("chr2", 350, 450), Target("chr2", 890, 1000), Target("chr3", 1, 9)))
    assert found["gene:BBB"].pieces == ((399, 450), (499, 502), (890, 900))
    assert "target:chr2:351-450" in found


def test_the_assay_is_the_targets_where_there_are_any():
    assert {r.kind for r in regions.assayed(made().values())} == {"exon", "position"}
    only = regions.assayed(made((Target("chr3", 1, 9),)).values())
    assert [r.region_id for r in only] == ["target:chr3:2-9"]


def test_stretches_are_in_the_order_of_the_genome():
    targets = (Target("chr10", 5, 9), Target("chr2", 7, 9), Target("chrM", 1, 2))
    assert list(regions.stretches(made(targets).values())) == ["chr1", "chr2", "chr10", "chrM"]


def test_bed_is_read_with_any_name_of_a_chromosome(tmp_path):
    bed = tmp_path / "t.bed"
    bed.write_text("track name=x\n# c\n\n2\t10\t20\tname\nchr1\t5\t6\nchr2\t10\t20\nMT\t0\t1\n")
    assert regions.read_targets(bed) == (
        Target("chr1", 5, 6),
        Target("chr2", 10, 20),
        Target("chrM", 0, 1),
    )


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("chr1 10 20", "1 tab-separated cells"),
        ("chrQ\t10\t20", "'chrQ' is no chromosome"),
        ("chr1\t20\t20", "20 to 20 of chr1"),
        ("chr1\t-5\t20", "'-5' to '20'"),
        ("chr1\t1\t²", "'1' to '²'"),
        ("chr1\t5\t248956423", "which has 248956422 bases"),
    ],
)
def test_every_line_that_is_no_interval_is_told(tmp_path, line, words):
    bed = tmp_path / "t.bed"
    bed.write_text(f"chr1\t1\t2\n{line}\nchrQ\t1\t2\n")
    with pytest.raises(WorkflowInputError) as caught:
        regions.read_targets(bed)
    first, last = str(caught.value).splitlines()
    assert words in first
    assert "row 2" in first
    assert "row 3" in last


@pytest.mark.parametrize("text", ["", "# only a comment\n"])
def test_a_bed_without_targets_is_refused(tmp_path, text):
    bed = tmp_path / "t.bed"
    bed.write_text(text)
    with pytest.raises(WorkflowInputError, match="no target"):
        regions.read_targets(bed)


def test_a_bed_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(WorkflowInputError, match="cannot be read"):
        regions.read_targets(tmp_path / "t.bed")


@given(st.lists(st.tuples(st.integers(0, 60), st.integers(1, 9))))
def test_merged_pieces_hold_the_same_bases_once(drawn):
    pieces = [(start, start + size) for start, size in drawn]
    joined = regions.merged(pieces)
    bases = [base for start, end in joined for base in range(start, end)]
    assert bases == sorted({base for start, end in pieces for base in range(start, end)})
    assert all(before[1] < after[0] for before, after in pairwise(joined))


def names(allowed):
    return {r.region_id for r in regions.consented(made().values(), allowed, SPANS)}


def test_all_regions_stay_where_all_may_be_read():
    assert names(EVERYTHING) == set(made())


def test_a_gene_with_a_position_that_is_withheld_is_not_named():
    assert names(Regions(withheld=(("chr1", 340, 340),))) == {"gene:BBB", "position:BBB:p2"}


def test_a_position_that_is_allowed_stays_in_a_gene_that_is_withheld():
    allowed = Regions(positions=(Position("chr1", 340, "A"),), withheld=(("chr1", 101, 350),))
    kept = names(allowed)
    assert "position:AAA:p1" in kept
    assert "exon:AAA:2" not in kept


def test_targets_go_where_consent_is_lacking():
    every = regions.of_knowledge((), (), (), (Target("chr1", 9, 20), Target("chr2", 9, 20)))
    kept = regions.consented(every, Regions(withheld=(("chr1", 15, 16),)), ())
    assert [r.chrom for r in kept] == ["chr2"]


def test_coding_parts_alone_are_measured():
    found = made()
    assert "exon:AAA:1" not in found
    assert found["exon:AAA:2"].pieces == ((100, 200),)
    assert found["exon:AAA:3"].pieces == ((300, 350),)


@pytest.mark.parametrize(
    ("target", "genes"),
    [
        (Target("chr1", 199, 210), {"AAA"}),
        (Target("chr1", 90, 100), set()),  # ends before the first coding base
        (Target("chr1", 350, 380), set()),  # behind the last one, in the exon
        (Target("chr2", 100, 200), set()),
    ],
)
def test_a_target_touches_a_gene_by_a_coding_base(target, genes):
    assert regions.touched(made().values(), [target]) == genes


def test_exons_of_other_genes_are_left_out_and_positions_stay():
    every = [*EXONS, exon("CCC", 1, 1, 9, (1, 9))]
    found = {r.region_id: r for r in regions.of_knowledge(every, POSITIONS, SPANS, genes={"CCC"})}
    assert set(found) == {
        "gene:AAA", "gene:BBB", "gene:CCC", "exon:CCC:1", "position:AAA:p1", "position:BBB:p2",
    }  # fmt: skip
    assert found["gene:AAA"].pieces == ((339, 340),)
