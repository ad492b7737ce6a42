from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apothecary.calling import targets
from apothecary.errors import WorkflowInputError
from apothecary.knowledge.placement import Placement
from apothecary.variants.regions import EVERYTHING, Position, Regions


def bed(tmp_path, text):
    path = tmp_path / "targets.bed"
    path.write_text(text)
    return path


def test_a_bed_is_read_with_its_head_and_other_contigs(tmp_path):
    text = "track name=x\n# a remark\n\nchr2\t10\t20\tgene\n1\t0\t5\nchrUn_1\t5\t9\n"
    assert targets.read_bed(bed(tmp_path, text)) == [("chr1", 1, 5), ("chr2", 11, 20)]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("chr1\t10\n", "targets.bed, row 1: 'chr1\\\\t10'; chromosome, start and end"),
        ("chr1\t1\t2\nchr1\tx\t9\n", "row 2: 'chr1\\\\tx\\\\t9'"),
        ("chr1\t9\t9\n", "row 1: 9 to 9; a start below the end"),
        ("", "no target; one line a target on a chromosome"),
    ],
)
def test_a_line_that_is_no_target_is_told(tmp_path, text, told):
    with pytest.raises(WorkflowInputError, match=told.replace(".", r"\.")):
        targets.read_bed(bed(tmp_path, text))


def test_an_absent_bed_is_told(tmp_path):
    with pytest.raises(WorkflowInputError, match="cannot be read"):
        targets.read_bed(tmp_path / "absent.bed")


def test_only_what_is_consented_to_is_a_target():
    spans = [("chr1", 100, 200), ("chr2", 1, 50)]
    regions = Regions(positions=(Position("chr1", 150, "A"),), genes=(("chr2", 40, 90),))
    assert targets.allowed(spans, regions) == [("chr1", 150, 150), ("chr2", 40, 50)]
    assert targets.allowed(spans, EVERYTHING) == spans
    assert targets.allowed(spans, Regions()) == []


@given(
    st.lists(st.tuples(st.integers(1, 900), st.integers(0, 100)), max_size=8), st.integers(0, 50)
)
def test_windows_hold_the_spans_and_do_not_overlap(drawn, pad):
    spans = [("chr1", start, start + length) for start, length in drawn]
    found = targets.windows(spans, pad, {"chr1": 950})
    for chrom, start, end in spans:
        assert any(
            c == chrom and low <= max(1, start - pad) and high >= min(950, end + pad)
            for c, low, high in found
        )
    ends = [0]
    for _, low, high in found:
        assert ends[-1] < low <= high <= 950
        ends.append(high)


def test_genes_with_a_role_or_a_known_variant():
    regions = [
        {"gene": gene, "chrom": "chr1", "start": at, "end": at + 9}
        for gene, at in (("A", 10), ("B", 30), ("C", 50))
    ]
    known = [{"gene": "B", "chrom": "chr1", "pos": 25, "ref": "AC"}]
    assert targets.genes(regions, [{"gene": "A"}], known, Placement()) == [
        ("chr1", 10, 19),
        ("chr1", 25, 26),
        ("chr1", 30, 39),
    ]


@given(
    st.lists(st.tuples(st.integers(1, 60), st.integers(0, 9))),
    st.lists(st.tuples(st.integers(1, 60), st.integers(0, 9))),
)
def test_what_is_left_of_targets_are_the_bases_that_may_be_read(drawn, opened):
    spans = [("chr1", start, start + size) for start, size in drawn]
    genes = tuple(("chr1", start, start + size) for start, size in opened)
    left = targets.allowed(spans, Regions(genes=genes))
    bases = {base for _, start, end in left for base in range(start, end + 1)}
    asked = {base for _, start, end in spans for base in range(start, end + 1)}
    may = {base for _, start, end in genes for base in range(start, end + 1)}
    assert bases == asked & may
