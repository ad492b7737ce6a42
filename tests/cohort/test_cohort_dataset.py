"""A dataset of runs: what is in it, what is refused, and the queries of its page."""

from __future__ import annotations

import re
from pathlib import Path

import duckdb
import pytest
from cohort_runs import with_manifest
from run_builder import RunBuilder

from apothecary import schemas, tables
from apothecary.cli import main
from apothecary.cohort import dataset
from apothecary.errors import ResourceError, WorkflowInputError


def builder(phenotype: str = "Poor Metabolizer") -> RunBuilder:
    made = RunBuilder()
    for number, batch in enumerate(("2024-01-01", "7", "7")):
        name = f"S{number}"
        made.sample(name, batch).consent(name, "pharmacogenes")
        made.add("phenotypes", sample_id=name, gene="CYP2C19", rank=1, phenotype=phenotype)
        made.add("diplotypes", sample_id=name, gene="CYP2C19", rank=1, diplotype="*2/*2")
        made.add(
            "diplotypes",
            sample_id=name,
            gene="CYP2D6",
            rank=1,
            method="not_called",
            reason="not called from a VCF",
        )
        made.add(
            "recommendations",
            sample_id=name,
            drug="clopidogrel",
            source="CPIC",
            rank=1,
            action="avoid",
            taken=number == 1,
        )
    made.sample("T1", "7", role="tumor", tumor_type="COAD")
    made.add("actionability", sample_id="T1", finding_id="x", gene="BRAF", tier="I")
    return made


@pytest.fixture
def results(tmp_path: Path) -> Path:
    return with_manifest(builder(), tmp_path / "results")


def test_a_run_is_added_once_and_every_part_is_told(results, tmp_path, capsys):
    place = tmp_path / "cohort"
    words = ["cohort", "add", str(results), "--to", str(place)]
    assert main(words) == 0
    first = capsys.readouterr().out
    files = {path: path.read_bytes() for path in place.rglob("*") if path.is_file()}
    assert main(words) == 0
    assert "is there already" in capsys.readouterr().out
    assert {path: path.read_bytes() for path in place.rglob("*") if path.is_file()} == files
    rows = dataset.parts(place)
    assert f"{len(rows)} parts" in first
    assert {row["part_of"] for row in rows} == {
        "samples", "diplotypes", "phenotypes", "recommendations", "actionability",
        "oncogenicity", "biomarkers",
    }  # fmt: skip
    assert {row["batch"] for row in rows} == {"2024-01-01", "7"}
    for row in rows:
        part = tables.read(place / row["path"], schemas.TABLES[row["part_of"]])
        assert (part.num_rows, tables.content_digest(part)) == (row["rows"], row["content_sha256"])
        assert row["knowledge"] == "0f" * 32
    assert {path.name for path in files} == {"part.parquet"}
    assert not list(place.glob(".adding*"))


def test_a_run_with_other_knowledge_stands_beside_the_first(results, tmp_path):
    place = tmp_path / "cohort"
    other = with_manifest(builder(), tmp_path / "other", knowledge="1f" * 32)
    names = {dataset.add(folder, place).run for folder in (results, other)}
    assert len(names) == 2
    assert {row["run"] for row in dataset.parts(place)} == names


def test_a_table_that_is_not_what_the_manifest_says_is_refused_and_nothing_written(
    results, tmp_path
):
    changed = builder("Normal Metabolizer").write(tmp_path / "changed")
    path = results / "tables" / "7" / "phenotypes.parquet"
    path.write_bytes((changed / "tables" / "7" / "phenotypes.parquet").read_bytes())
    with pytest.raises(WorkflowInputError, match=r"7/phenotypes.parquet: not what the manifest"):
        dataset.add(results, tmp_path / "cohort")
    assert not (tmp_path / "cohort").exists()


def test_a_run_that_has_not_ended_is_refused(results, tmp_path):
    (results / "manifest.json").unlink()
    with pytest.raises(WorkflowInputError, match=r"no manifest\.json; give the results of a run"):
        dataset.add(results, tmp_path / "cohort")


def test_a_dataset_of_another_schema_version_is_refused(results, tmp_path):
    place = tmp_path / "cohort"
    dataset.add(results, place)
    [path] = (place / "parts").rglob("part.parquet")
    rows = [{**row, "schema_version": 1} for row in dataset.parts(place)]
    tables.write(path, schemas.TABLES["cohort_parts"], rows)
    other = with_manifest(builder(), tmp_path / "other", knowledge="1f" * 32)
    with pytest.raises(ResourceError, match="of schema version 1, the run has version"):
        dataset.add(other, place)


def test_an_addition_that_was_cut_off_is_made_whole(results, tmp_path):
    place = tmp_path / "cohort"
    dataset.add(results, place)
    whole = {path: path.read_bytes() for path in place.rglob("*.parquet")}
    for path in list(whole)[::2]:
        path.unlink()
    for path in (place / "parts").rglob("*.parquet"):
        path.unlink()
    dataset.add(results, place)
    assert {path: path.read_bytes() for path in place.rglob("*.parquet")} == whole


def test_the_queries_of_the_page_run(results, tmp_path, repository, monkeypatch):
    dataset.add(results, tmp_path / "cohort")
    monkeypatch.chdir(tmp_path)
    text = (repository / "docs" / "cohort.md").read_text(encoding="utf-8")
    queries = re.findall(r"```sql\n(.*?)```", text, re.DOTALL)
    answers = [duckdb.sql(query).fetchall() for query in queries]
    [listed] = Path("cohort/parts").iterdir()
    run = listed.name.removeprefix("run=")
    assert answers == [
        [("CYP2C19", "Poor Metabolizer", 3)],
        [(run, "0f" * 6, "S1", "clopidogrel", "CPIC", "avoid")],
        [("COAD", "BRAF", "I", 1)],
        [("CYP2D6", "not called from a VCF", 3)],
    ]
