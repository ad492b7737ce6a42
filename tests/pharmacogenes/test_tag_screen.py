from __future__ import annotations

import pytest

from apothecary import schemas, tables
from apothecary.errors import ResourceError
from apothecary.pharmacogenes import tag_screen
from apothecary.variants import scopes

SAMPLE = [{"sample_id": "S1"}]


@pytest.fixture(scope="module")
def tags(repository):
    return tag_screen.load(repository / "resources" / "hla_tag_variants.tsv")


@pytest.fixture(scope="module")
def tag(tags):
    return next(one for one in tags if one.rsid == "rs2395029")


def record(tag, genotype="0/1", alt=None, fate="kept", build="GRCh38", **more):
    return {
        "sample_id": "S1",
        "build": build,
        "chrom": tag.chrom,
        "pos": tag.pos[build],
        "ref": tag.ref,
        "alt": alt or tag.base,
        "record": 7,
        "allele_index": 1,
        "genotype": genotype,
        "block_end": None,
        "fate": fate,
        "reason": None,
        **more,
    }


def screened(tag, *records):
    rows = tag_screen.screen(SAMPLE, records, [tag])
    tables.to_arrow(schemas.TAG_SCREENS, rows)
    (row,) = rows
    return row["state"], row["copies"], row["reason"]


@pytest.mark.parametrize("build", ["GRCh38", "GRCh37"])
@pytest.mark.parametrize(("genotype", "copies"), [("0/1", 1), ("1|1", 2), ("1", 1)])
def test_the_base_is_counted(tag, build, genotype, copies):
    found = screened(tag, record(tag, genotype, build=build))
    assert found == ("present", copies, None)


def test_a_place_of_the_other_build_is_another_place(tag):
    other = record(tag) | {"build": "GRCh37"}
    assert screened(tag, other)[0] == "not_assessed"


def test_what_no_passing_record_covers_is_never_absent(tag):
    assert screened(tag) == ("not_assessed", None, "no record covers the position")
    failed = record(tag, fate="filtered", reason="depth 3 is below 4")
    assert screened(tag, failed) == ("not_assessed", None, "depth 3 is below 4")
    half = record(tag, "./1")
    assert screened(tag, half) == ("not_assessed", None, "the genotype is not whole")
    elsewhere = record(tag) | {"ref": "C"}
    assert screened(tag, elsewhere)[2] == "the record's reference is C, and not T"
    twice = screened(tag, record(tag), record(tag, "0/0", record=8))
    assert twice == ("not_assessed", None, "several records cover the position")


def test_reference_and_other_bases_are_without_the_tag(tag):
    block = record(tag, "0/0", alt=".", fate="reference", allele_index=0)
    block |= {"pos": tag.pos["GRCh38"] - 50, "block_end": tag.pos["GRCh38"] + 9}
    assert screened(tag, block) == ("absent", 0, None)
    short = block | {"block_end": tag.pos["GRCh38"] - 1}
    assert screened(tag, short)[0] == "not_assessed"
    assert screened(tag, record(tag, "0/1", alt="C")) == ("absent", 0, None)
    both = [record(tag, "1/2", alt="C"), record(tag, "1/2", allele_index=2)]
    assert screened(tag, *both) == ("present", 1, None)


def test_every_sample_has_a_row_for_every_tag(tags):
    rows = tag_screen.screen([{"sample_id": "S1"}, {"sample_id": "S2"}], [], tags)
    assert len(rows) == 2 * len(tags)
    assert {row["state"] for row in rows} == {"not_assessed"}


def test_every_tag_tells_population_figures_and_source(tags):
    assert {(one.rsid, one.allele) for one in tags} == {
        ("rs2395029", "HLA-B*57:01"),
        ("rs1061235", "HLA-A*31:01"),
    }
    for one in tags:
        text = " ".join(one.studies)
        for word in ("sensitivity", "specificity", "positive predictive value", "tested", "10."):
            assert word in text, one.rsid


def test_tags_are_read_under_the_consent_for_pharmacogenes(tags):
    places = tag_screen.positions(tags)
    opened = scopes.regions(("pharmacogenes",), (), places, (), ())
    for build in ("GRCh38", "GRCh37"):
        found = {(p.chrom, p.pos) for p in opened[build].positions}
        assert found == {(one.chrom, one.pos[build]) for one in tags}
    closed = scopes.regions((), ("pharmacogenes",), places, (), ())
    assert closed["GRCh38"].positions == ()


def test_rows_of_a_tag_that_disagree_are_told(repository, tmp_path):
    text = (repository / "resources" / "hla_tag_variants.tsv").read_text(encoding="utf-8")
    path = tmp_path / "hla_tag_variants.tsv"
    path.write_text(text.replace("31464003", "31464004", 1), encoding="utf-8")
    with pytest.raises(ResourceError, match=r"row 3: rs2395029 at another place"):
        tag_screen.load(path)
