from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pharmacogene_builders import definitions_of, genotypes, make_gene

from apothecary import schemas, tables
from apothecary.pharmacogenes import diplotypes
from apothecary.pharmacogenes.diplotypes import GeneCaller, MatchSettings

POSITIONS = [(100, "A", "G"), (200, "C", "T")]
ALLELES = {"*1": {}, "*2": {0: "G"}, "*3": {1: "T"}, "*4": {0: "G", 1: "T"}}


def _call(gene, *texts, sex="unknown", outside=(), **settings):
    caller = GeneCaller(MatchSettings(mode="compatible", **settings))
    rows = [dict(row) for row in caller.call(gene, genotypes(*texts), sex, outside)]
    tables.to_arrow(schemas.DIPLOTYPES, [{"sample_id": "S1", **row} for row in rows])
    return rows


def _names(rows):
    return [row["diplotype"] for row in rows]


def test_top_candidates_or_all() -> None:
    gene = make_gene(POSITIONS, ALLELES)
    assert _names(_call(gene, "A/G", "C/T")) == ["*1/*4"]
    rows = _call(gene, "A/G", "C/T", all_candidates=True)
    assert [(row["diplotype"], row["rank"], row["score"]) for row in rows] == [
        ("*1/*4", 1, 4),
        ("*2/*3", 2, 2),
    ]
    assert rows[0]["supporting_sites"] == ["chr1:100:A", "chr1:200:C"]


def test_ties_are_all_given() -> None:
    gene = make_gene([*POSITIONS, (300, "G", "A")], {**ALLELES, "*5": {0: "G", 2: "A"}})
    assert _names(_call(gene, "G/G", "C/C", None)) == ["*2/*2", "*2/*5", "*5/*5"]


def test_nothing_assessed_is_never_reference() -> None:
    row = _call(make_gene(POSITIONS, ALLELES), None, None)[0]
    assert (row["diplotype"], row["method"]) == (None, "not_called")
    assert row["missing_sites"] == ["chr1:100:A", "chr1:200:C"]


def test_alleles_that_missing_sites_keep_from_being_excluded() -> None:
    rows = _call(make_gene(POSITIONS, ALLELES), None, "C/T")
    assert _names(rows) == ["*1/*3", "*1/*4"]
    assert [row["not_excludable"] for row in rows] == [["*2"], ["*2"]]


def test_undocumented_variation() -> None:
    gene = make_gene(POSITIONS, ALLELES)
    row = _call(gene, "A/T", "C/C")[0]
    assert row["diplotype"] is None
    assert row["reason"] == "undocumented variation: chr1:100:A T"
    lenient = make_gene(POSITIONS, ALLELES, undocumented_as_reference=True)
    row = _call(lenient, "A/T", "C/C")[0]
    assert row["diplotype"] == "*1/*1"
    assert "T is no documented base" in row["warnings"][0]
    assert _names(_call(lenient, "A/T", "C/C", combinations=True)) == ["*1/g.100A>T"]


def test_required_position() -> None:
    gene = make_gene(POSITIONS, ALLELES, required=[200])
    row = _call(gene, "A/A", None)[0]
    assert row["diplotype"] is None
    assert "chr1:200:C" in row["reason"]


def test_priority_of_unphased_diplotypes() -> None:
    gene = make_gene(POSITIONS, ALLELES, priorities=[(["*1/*4", "*2/*3"], "*2/*3")])
    row = _call(gene, "A/G", "C/T")[0]
    assert row["diplotype"] == "*2/*3"
    assert "*1/*4" in row["warnings"][0]
    assert _names(_call(gene, "A|G", "C|T")) == ["*1/*4"]


def test_gene_that_is_called_on_request() -> None:
    gene = make_gene(POSITIONS, ALLELES, settings={"called_on_request": "yes"})
    assert _call(gene, "A/A", "C/C")[0]["method"] == "not_called"
    assert _names(_call(gene, "A/A", "C/C", call_cyp2d6=True)) == ["*1/*1"]


@pytest.mark.parametrize(
    ("texts", "sex", "expected"),
    [
        (("G", "C"), "unknown", "*2"),
        (("G", "C/C"), "unknown", "*2"),
        (("G/G", "C/C"), "M", "*2"),
        (("G/G", "C/C"), "F", "*2/*2"),
        (("G/G", "C/C"), "unknown", "*2/*2"),
        (("A/G", "C/C"), "M", "*1/*2"),
    ],
)
def test_sex_on_the_x_chromosome(texts, sex, expected) -> None:
    gene = make_gene(POSITIONS, ALLELES, chrom="chrX", kind="single_allele")
    row = _call(gene, *texts, sex=sex)[0]
    assert row["diplotype"] == expected
    assert bool(row["warnings"]) == (expected == "*1/*2")


def test_fallback_position() -> None:
    gene = make_gene(
        [*POSITIONS, (300, "T", "C")],
        {"*1": {}, "*2": {0: "G", 1: "T"}, "*5": {2: "C"}},
        settings={"fallback_position": "rs300"},
    )
    row = _call(gene, "A/G", "C/C", "T/C")[0]
    assert row["diplotype"] is None
    assert (row["allele_1"], row["allele_2"]) == ("*1", "*5")
    assert "rs300" in row["reason"]


def _outside(**given):
    empty = dict.fromkeys(("diplotype", "phenotype", "activity_score"))
    return {"gene": "GENE1", "row": 3, "file": "o.tsv", **empty, **given}


def test_outside_call_wins_and_the_collision_is_told() -> None:
    gene = make_gene(POSITIONS, ALLELES)
    row = _call(gene, "A/A", "C/C", outside=[_outside(diplotype="*3/*2")])[0]
    assert (row["diplotype"], row["method"]) == ("*2/*3", "outside")
    assert "the variants of the sample say *1/*1" in row["warnings"][0]
    row = _call(gene, "A/A", "C/C", outside=[_outside(diplotype="*3/*2")], outside_calls_win=False)[
        0
    ]
    assert (row["diplotype"], row["method"]) == ("*1/*1", "compatible")
    assert "an outside call says *2/*3" in row["warnings"][0]


def test_equal_outside_calls_are_one() -> None:
    gene = make_gene(POSITIONS, ALLELES)
    calls = [_outside(diplotype="*3/*2"), _outside(diplotype="*2/*3", row=4)]
    assert _names(_call(gene, None, None, outside=calls)) == ["*2/*3"]


def test_rows_of_samples(tmp_path) -> None:
    gene = make_gene(POSITIONS, ALLELES)
    site = {
        "sample_id": "S2",
        "gene": "GENE1",
        "position_id": "chr1:100:A",
        "state": "called",
        "allele_1": "A",
        "allele_2": "G",
        "phased": False,
        "phase_set": None,
    }
    missing = {**site, "sample_id": "S1", "state": "not_assessed", "allele_1": None}
    rows = diplotypes.call([site, missing], definitions_of(gene), MatchSettings(mode="compatible"))
    assert [(row["sample_id"], row["diplotype"]) for row in rows] == [
        ("S1", None),
        ("S2", "*1/*2"),
        ("S2", "*1/*4"),
    ]
    tables.write(tmp_path / "d.parquet", schemas.DIPLOTYPES, rows)


OBSERVED = st.sampled_from([None, "A/A", "A/G", "G/G", "A|G"])


@given(first=OBSERVED, second=OBSERVED)
def test_a_missing_site_never_excludes_what_its_bases_would_allow(first, second) -> None:
    gene = make_gene([(100, "A", "G"), (200, "A", "G")], {"*1": {}, "*2": {0: "G"}, "*3": {1: "G"}})
    full = _names(_call(gene, first or "A/G", second or "A/G", all_candidates=True))
    rows = _call(gene, first, second, all_candidates=True)
    if first is None and second is None:
        assert _names(rows) == [None]
        return
    open_ = {name for row in rows for name in row["not_excludable"]}
    known = {name for row in rows if row["diplotype"] for name in row["diplotype"].split("/")}
    for diplotype in full:
        if diplotype is not None and known:
            assert set(diplotype.split("/")) <= known | open_
