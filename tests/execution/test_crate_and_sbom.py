"""The crate of a run as another program reads it; the bill of materials."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from rocrate.rocrate import ROCrate

from apothecary.execution import audit, crate, sbom

OUTPUTS = ["index.html", "tables/batch0001/diplotypes.parquet", "reports/batch0001/S1.html"]


@pytest.fixture
def results(tmp_path: Path) -> Path:
    folder = tmp_path / "results"
    for path in OUTPUTS:
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(path)
    document = {
        "pipeline": {"name": "apothecary", "version": "1.2.3"},
        "config": {},
        "inputs": {
            "sheets": [{"path": "config/samples.tsv", "sha256": "b" * 64, "size": 7}],
            "samples": [
                {"sample_id": "S1", "sha256": "c" * 64},
                {"sample_id": "S2", "sha256": "c" * 64},
                {"sample_id": "S3", "sha256": None},
            ],
        },
        "knowledge": {"digest": "d" * 64},
        "software": {"pysam": "0.24.1"},
        "outputs": [{"path": path, "sha256": "a" * 64, "size": 9} for path in OUTPUTS],
    }
    (folder / "manifest.json").write_text(json.dumps(document))
    audit.append(folder, "run started", {"run_id": "r1"})
    audit.append(folder, "run ended", {"run_id": "r1", "status": 0})
    return folder


def test_the_crate_is_read_by_the_library_of_the_standard(results):
    crate.write(results)
    read = ROCrate(str(results))
    action = read.dereference("#run")
    assert read.mainEntity.id == "#workflow"
    assert action.type == "CreateAction"
    assert action["instrument"].id == "#workflow"
    assert sorted(entity.id for entity in action["result"]) == sorted(OUTPUTS)
    assert {entity.id for entity in read.data_entities} >= set(OUTPUTS)
    assert str(action["actionStatus"]).endswith("CompletedActionStatus") or action[
        "actionStatus"
    ].id.endswith("CompletedActionStatus")
    assert action["startTime"] <= action["endTime"]


def test_every_reference_of_the_crate_has_its_entity(results):
    graph = json.loads(crate.write(results).read_text())["@graph"]
    there = {entity["@id"] for entity in graph}
    assert len(there) == len(graph)
    for entity in graph:
        for key in ("object", "result", "hasPart", "mainEntity", "mentions", "instrument"):
            value = entity.get(key, [])
            for reference in value if isinstance(value, list) else [value]:
                assert reference["@id"] in there


def test_the_crate_is_the_same_twice_and_no_person_is_named(results):
    first = crate.write(results).read_text()
    assert crate.write(results).read_text() == first
    assert "S1" not in first.replace("reports/batch0001/S1.html", "")


def test_a_failed_run_is_told_as_failed(results):
    audit.append(results, "run started", {"run_id": "r2"})
    audit.append(results, "run ended", {"run_id": "r2", "status": 1})
    assert "FailedActionStatus" in crate.write(results).read_text()


def test_the_bill_of_materials_names_what_is_installed_and_is_valid():
    text = sbom.render()
    assert text == sbom.render()
    document = json.loads(text)
    assert document["bomFormat"] == "CycloneDX"
    versions = {part["name"]: part["version"] for part in document["components"]}
    import pysam

    assert versions["pysam"] == pysam.__version__
    assert "timestamp" not in document["metadata"]
    assert "serialNumber" not in document
