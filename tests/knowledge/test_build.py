"""A pack is built of sound tables, and refused otherwise (rows 91 to 97 and 100 of bad input)."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest
from knowledge_builders import small_tables, write_tables

from apothecary.errors import EXIT_RESOURCE, ResourceError
from apothecary.knowledge import build, pack
from apothecary.knowledge.schemas import PACK


@pytest.fixture
def tables():
    return small_tables()


def _refused(tmp_path: Path, tables) -> list[str]:
    source = write_tables(tmp_path / "tsv", tables)
    with pytest.raises(ResourceError) as caught:
        build.build(source, tmp_path / "pack")
    assert not (tmp_path / "pack" / pack.CONTENTS).exists()
    assert caught.value.exit_status == EXIT_RESOURCE
    lines = [problem.line() for problem in caught.value.problems]
    assert all("\n" not in line for line in lines)
    return [line.removeprefix(f"{source}/") for line in lines]


def test_a_sound_pack_holds_its_rows(tmp_path: Path, tables):
    built = build.build(write_tables(tmp_path / "tsv", tables), tmp_path / "pack")
    assert set(built.contents) == set(PACK)
    assert built.version == "2026-01-31"
    assert [row["allele"] for row in built.rows("pgx_alleles")] == ["*1", "*2"]
    assert built.rows("civic_evidence")[0]["therapies"] == ["Drug A", "Drug B"]
    assert built.rows("guidance_text") == []
    assert built.table("sources").num_rows == 1
    assert built.rows("sources") is built.rows("sources")


def test_the_same_tables_give_the_same_bytes(tmp_path: Path, tables):
    source = write_tables(tmp_path / "tsv", tables)
    build.build(source, tmp_path / "1")
    build.build(source, tmp_path / "2")
    names = sorted(path.name for path in (tmp_path / "1").iterdir())
    assert names == sorted(path.name for path in (tmp_path / "2").iterdir())
    for name in names:
        assert (tmp_path / "1" / name).read_bytes() == (tmp_path / "2" / name).read_bytes()


def test_the_digest_follows_the_rows_alone(tmp_path: Path, tables):
    first = build.build(write_tables(tmp_path / "1", tables), tmp_path / "p1")
    tables["pgx_alleles"].reverse()
    same = build.build(write_tables(tmp_path / "2", tables), tmp_path / "p2")
    assert same.digest == first.digest
    tables["pgx_alleles"][0]["activity_value"] = "0.5"
    other = build.build(write_tables(tmp_path / "3", tables), tmp_path / "p3")
    assert other.digest != first.digest


@pytest.mark.parametrize("column", ["licence", "attribution", "version"])
def test_a_source_without_its_licence_is_refused(tmp_path: Path, tables, column):
    tables["sources"][0][column] = ""
    assert _refused(tmp_path, tables) == [
        f"sources.tsv, row 2, {column}: source made has no {column}; "
        f"every source needs its {column}"
    ]


def test_contradicting_recommendations_are_refused(tmp_path: Path, tables):
    tables["guidance"].append({**tables["guidance"][0], "guidance_id": "G2", "action": "monitor"})
    tables["guidance_keys"].append({**tables["guidance_keys"][0], "guidance_id": "G2"})
    assert _refused(tmp_path, tables) == [
        "guidance.tsv, row 3: G2 contradicts row 2 on madeupine, CYP9Z9 Poor Metabolizer; "
        "one key has one recommendation of a guideline and population"
    ]


def test_recommendations_for_other_populations_do_not_contradict(tmp_path: Path, tables):
    tables["guidance"].append(
        {
            **tables["guidance"][0],
            "guidance_id": "G2",
            "action": "monitor",
            "population": "pediatrics",
        }
    )
    tables["guidance_keys"].append({**tables["guidance_keys"][0], "guidance_id": "G2"})
    build.build(write_tables(tmp_path / "tsv", tables), tmp_path / "pack")


def test_an_unknown_position_is_refused(tmp_path: Path, tables):
    tables["pgx_allele_bases"][0]["position_id"] = "chr10:200:A"
    assert _refused(tmp_path, tables) == [
        "pgx_allele_bases.tsv, row 2, position_id: CYP9Z9 *2 is defined by chr10:200:A, which is "
        "no position; a row of pgx_positions.tsv is needed"
    ]


@pytest.mark.parametrize("bases", ["C", "GG", "Y"])
def test_a_base_that_the_position_lacks_is_refused(tmp_path: Path, tables, bases):
    tables["pgx_allele_bases"][0]["bases"] = bases
    assert _refused(tmp_path, tables) == [
        f"pgx_allele_bases.tsv, row 2, bases: CYP9Z9 *2 has {bases} at chr10:100:A; "
        "the position has A and G, T"
    ]


@pytest.mark.parametrize("bases", ["K", "W", "R", "D"])
def test_a_wobble_of_known_bases_is_taken(tmp_path: Path, tables, bases):
    tables["pgx_allele_bases"][0]["bases"] = bases
    build.build(write_tables(tmp_path / "tsv", tables), tmp_path / "pack")


def test_a_phenotype_that_is_no_term_is_refused(tmp_path: Path, tables):
    tables["pgx_phenotype_rules"][0]["phenotype"] = "Poor metaboliser"
    assert _refused(tmp_path, tables) == [
        "pgx_phenotype_rules.tsv, row 2, phenotype: 'Poor metaboliser' is no phenotype term; "
        "a term of phenotype_terms.tsv is needed"
    ]


@pytest.mark.parametrize(
    ("table", "column"),
    [
        ("civic_evidence", "source_id"),
        ("pgx_alleles", "function_source_id"),
        ("pgx_positions", "grch37_source_id"),
    ],
)
def test_an_unknown_source_is_refused(tmp_path: Path, tables, table, column):
    tables[table][0][column] = "elsewhere"
    assert _refused(tmp_path, tables) == [
        f"{table}.tsv, row 2, {column}: 'elsewhere' is no source; "
        "a source_id of sources.tsv is needed"
    ]


def test_unknown_actions_and_dangling_keys_are_all_told(tmp_path: Path, tables):
    tables["guidance"][0]["action"] = "double"
    tables["guidance_keys"][0]["guidance_id"] = "G7"
    lines = _refused(tmp_path, tables)
    assert len(lines) == 3
    assert "G7 for madeupine is no recommendation" in lines[0]
    assert "'double'; an action is one of" in lines[1]
    assert "G1 for madeupine has no lookup key" in lines[2]


def test_a_repeated_key_is_refused(tmp_path: Path, tables):
    tables["civic_evidence"] *= 2
    assert _refused(tmp_path, tables) == [
        "civic_evidence.tsv, row 3: EID1 stands in row 2 too; evidence_id must be unique"
    ]


def test_an_absent_table_is_refused(tmp_path: Path, tables):
    source = write_tables(tmp_path / "tsv", tables)
    (source / "oncotree.tsv").unlink()
    with pytest.raises(ResourceError, match=r"oncotree\.tsv: no such file"):
        build.build(source, tmp_path / "pack")


def test_a_changed_or_cut_parquet_file_is_refused(tmp_path: Path, tables):
    build.build(write_tables(tmp_path / "tsv", tables), tmp_path / "pack")
    path = tmp_path / "pack" / "pgx_alleles.parquet"
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(ResourceError, match=r"pgx_alleles\.parquet: differs from"):
        pack.load(tmp_path / "pack").rows("pgx_alleles")
    path.unlink()
    with pytest.raises(ResourceError, match="not a readable Parquet file"):
        pack.load(tmp_path / "pack").rows("pgx_alleles")


def test_a_folder_that_is_no_pack_is_refused(tmp_path: Path, tables):
    with pytest.raises(ResourceError, match=r"no pack\.json there"):
        pack.load(tmp_path)
    build.build(write_tables(tmp_path / "tsv", tables), tmp_path / "pack")
    listing = tmp_path / "pack" / pack.CONTENTS
    value = json.loads(listing.read_text())
    value["tables"]["sources"]["version"] = 99
    listing.write_text(json.dumps(value))
    with pytest.raises(ResourceError) as caught:
        pack.load(tmp_path / "pack")
    assert "table sources of version 99" in str(caught.value)
    assert "the digest does not fit the tables" in str(caught.value)
    listing.write_text("[]")
    with pytest.raises(ResourceError, match="not the contents list"):
        pack.load(tmp_path / "pack")


def test_the_embedded_pack_builds_in_five_seconds(tmp_path: Path, repository: Path):
    start = time.process_time()
    build.build(repository / "resources" / "knowledge", tmp_path / "pack")
    assert time.process_time() - start < 5
