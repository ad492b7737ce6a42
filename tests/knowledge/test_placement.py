from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apothecary.knowledge.placement import Placement

GAP38, SHIFT = 5_000, 300
CHAIN = """chain 9 chr1 249250621 + 1000 8000 chr1 248956422 + 1300 8310 1
3700 0 10
3300

"""
"""GRCh37 is 300 bases behind GRCh38, and 310 from 5,001 (GRCh38) on, of which ten are new."""


@pytest.fixture(scope="module")
def grch37(tmp_path_factory) -> Placement:
    path = tmp_path_factory.mktemp("chain") / "to38.chain"
    path.write_text(CHAIN)
    return Placement("GRCh37", path)


def test_grch38_is_where_the_pack_has_it():
    row = {"chrom": "chr1", "start": 1, "end": 10**9, "pos": 7, "ref": "A"}
    here = Placement()
    assert here.same
    assert here.complete
    assert (here.spans([row]), here.variants([row]), here.positions([row])) == ([row],) * 3


def test_without_a_chain_only_what_the_pack_places_is_placed():
    bare = Placement("GRCh37")
    assert not bare.complete
    row = {"chrom": "chr1", "start": 2000, "end": 2100, "pos": 2000, "ref": "A"}
    assert bare.spans([row]) == bare.variants([row]) == []
    known = {**row, "pos_grch37": 1700, "ref_grch37": "C"}
    (placed,) = bare.positions([known, {**known, "pos_grch37": None, "ref_grch37": None}])
    assert (placed["pos"], placed["ref"]) == (1700, "C")


def test_the_mitochondrion_is_the_same_in_both(grch37):
    row = {"chrom": "chrM", "pos": 1555, "ref": "A", "pos_grch37": None, "ref_grch37": None}
    for placement in (Placement("GRCh37"), grch37):
        assert placement.positions([row]) == [row]
        assert placement.first("chrM", 1555) == 1555


def test_spans_go_by_their_ends(grch37):
    span = {"chrom": "chr1", "start": 2000, "end": 6000, "gene": "A"}
    assert grch37.spans([span]) == [{**span, "start": 1700, "end": 5690}]
    within = {**span, "start": 5005}
    assert grch37.spans([within, {**span, "chrom": "chr2"}]) == []


def test_variants_go_with_all_of_their_bases(grch37):
    rows = [{"chrom": "chr1", "pos": pos, "ref": ref} for pos, ref in ((4999, "AC"), (5000, "AC"))]
    assert grch37.variants(rows) == [{**rows[0], "pos": 4699}]


@given(pos=st.integers(1, 9000), length=st.integers(1, 50))
def test_a_stretch_is_placed_whole_or_not_at_all(grch37, pos, length):
    last = pos + length - 1
    before = pos > 1300 and last <= GAP38
    behind = pos > GAP38 + 10 and last <= 8310
    expected = pos - SHIFT if before else pos - SHIFT - 10 if behind else None
    assert grch37.first("chr1", pos, length) == expected
