"""The export of counts: what is in it, what never is, and who is counted."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from cohort_runs import with_manifest
from run_builder import RunBuilder

from apothecary.cli import main
from apothecary.cohort import deidentified
from apothecary.errors import WorkflowInputError

DIPLOTYPES = {"*1/*1": ("Normal Metabolizer", "standard_dosing", 20)} | {
    "*1/*2": ("Intermediate Metabolizer", "alternative", 9),
    "*2/*2": ("Poor Metabolizer", "avoid", 6),
    "*2/*3": ("Poor Metabolizer", "avoid", 2),
}
CONFIG = {"export": {"least_persons": 5}}
TYPES = [*["COAD"] * 9, *["LUAD"] * 3, "UVM"]


def builder() -> RunBuilder:
    made = RunBuilder()
    pairs = [pair for pair, (_, _, number) in DIPLOTYPES.items() for _ in range(number)]
    for number, pair in enumerate(pairs):
        name, (phenotype, action, _) = f"PERSON{number:02d}", DIPLOTYPES[pair]
        made.sample(name, subject_id=f"SUBJECT{number:02d}")
        call = {"sample_id": name, "gene": "CYP2C19", "rank": 1}
        made.add("diplotypes", **call, diplotype=pair)
        made.add("phenotypes", **call, phenotype=phenotype)
        made.add(
            "recommendations",
            sample_id=name,
            drug="clopidogrel",
            source="CPIC",
            rank=1,
            genes=["CYP2C19"],
            action=action,
        )
    for number, kind in enumerate(TYPES):
        name = f"TUMOR{number:02d}"
        made.sample(name, role="tumor", tumor_type=kind, subject_id=f"PATIENT{number:02d}")
        made.add(
            "actionability",
            sample_id=name,
            finding_id="f",
            gene="BRAF" if number < 6 else "KRAS",
            tier="I",
        )
    return made


def exported(folder: Path) -> dict[tuple[str, str, str, str], int]:
    with (folder / "counts.tsv").open(encoding="utf-8", newline="") as stream:
        return {
            (r["measure"], r["tumor_type"], r["subject"], r["category"]): int(r["persons"])
            for r in csv.DictReader(stream, delimiter="\t")
        }


@pytest.fixture(scope="module")
def results(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("export")
    return with_manifest(builder(), folder / "results", config=CONFIG)


def test_small_counts_and_what_gives_them_away_are_left_out(results, tmp_path, capsys):
    out = tmp_path / "out"
    assert main(["export", "--deidentify", str(results), "--out", str(out)]) == 0
    counts = exported(out)
    assert counts[("persons", "", "", "pharmacogenes")] == 37
    assert counts[("phenotype", "", "CYP2C19", "Poor Metabolizer")] == 8
    assert counts[("medicine", "", "clopidogrel", "avoid")] == 8
    assert ("diplotype", "", "CYP2C19", "*2/*3") not in counts
    # 8 poor metabolizers less 6 would be the 2.
    assert ("diplotype", "", "CYP2C19", "*2/*2") not in counts
    assert counts[("diplotype", "", "CYP2C19", "*1/*1")] == 20
    assert min(counts.values()) >= 5
    said = capsys.readouterr().out
    assert "whether they may be is yours to judge" in said


def test_tumor_types_with_few_persons_are_one_and_tiers_are_protected(results, tmp_path):
    deidentified.export(results, tmp_path / "out")
    counts = exported(tmp_path / "out")
    types = {key[3]: number for key, number in counts.items() if key[0] == "tumor_type"}
    assert types == {"other": 13}
    assert counts[("gene_tier", "all", "KRAS", "I")] == 7
    assert counts[("gene_tier", "other", "BRAF", "none")] == 7
    assert not any("UVM" in key for key in counts)


def test_nothing_of_one_person_is_in_any_file(results, tmp_path):
    out = tmp_path / "out"
    deidentified.export(results, out)
    assert {path.name for path in out.iterdir()} == {"counts.parquet", "counts.tsv", "export.json"}
    for path in out.iterdir():
        text = path.read_bytes()
        for word in (b"PERSON", b"SUBJECT", b"TUMOR0", b"PATIENT", b"batch", str(results).encode()):
            assert word not in text
    deidentified.export(results, tmp_path / "again")
    assert all((tmp_path / "again" / p.name).read_bytes() == p.read_bytes() for p in out.iterdir())


def test_only_those_who_agreed_to_research_are_counted_where_consent_tells_of_it(tmp_path):
    made = builder()
    for number in range(12):
        made.add(
            "consent",
            subject_id=f"SUBJECT{number:02d}",
            scope="research",
            decision="yes" if number < 7 else "no",
        )
    results = with_manifest(made, tmp_path / "results", config=CONFIG)
    lines = deidentified.export(results, tmp_path / "out")
    assert exported(tmp_path / "out")[("persons", "", "", "pharmacogenes")] == 7
    assert lines[-1] == "only persons whose consent to the scope research is yes are counted"
    told = json.loads((tmp_path / "out" / "export.json").read_text())
    assert told["consent"] == lines[-1]


def test_fewer_persons_than_the_least_give_nothing(tmp_path):
    made = RunBuilder().sample("S1")
    made.add("phenotypes", sample_id="S1", gene="CYP2C19", rank=1, phenotype="Poor Metabolizer")
    results = with_manifest(made, tmp_path / "results", config=CONFIG)
    deidentified.export(results, tmp_path / "out")
    assert exported(tmp_path / "out") == {}


def test_the_least_of_the_run_cannot_be_undercut(results, tmp_path):
    with pytest.raises(WorkflowInputError, match=r"--least: 4; 5 or more"):
        deidentified.export(results, tmp_path / "out", 4)
    assert not (tmp_path / "out").exists()
    deidentified.export(results, tmp_path / "out", 10)
    assert min(exported(tmp_path / "out").values()) >= 10


def test_a_folder_that_holds_something_is_refused(results, tmp_path):
    (tmp_path / "other").write_text("x")
    with pytest.raises(WorkflowInputError, match="holds something already; give a new folder"):
        deidentified.export(results, tmp_path)
