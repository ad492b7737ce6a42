"""What differs from a past run is told by kind and name."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from apothecary import files
from apothecary.errors import WorkflowInputError
from apothecary.execution import rerun
from apothecary.version import VERSION


def document(folder: Path) -> dict:
    sheet, sample = folder / "samples.tsv", folder / "S1.vcf"
    sheet.write_text("sheet\n")
    sample.write_text("variants\n")
    return {
        "pipeline": {"name": "apothecary", "version": VERSION},
        "config": {},
        "inputs": {
            "sheets": [{"path": str(sheet), "sha256": files.sha256(sheet), "size": 6}],
            "samples": [
                {"sample_id": "S1", "sha256": files.sha256(sample)},
                {"sample_id": "S2", "sha256": None},
            ],
        },
        "knowledge": {"digest": "a" * 64},
        "software": {"pyarrow": rerun._version("pyarrow")},
        "outputs": [],
    }


def test_nothing_differs_when_nothing_was_changed(tmp_path):
    made = document(tmp_path)
    assert rerun.changed_sheets(made) == []
    assert rerun.changed_samples(made, {"S1": tmp_path / "S1.vcf"}) == []
    assert rerun.changed_software(made) == []


def test_changed_and_absent_inputs_are_named(tmp_path):
    made = document(tmp_path)
    (tmp_path / "samples.tsv").write_text("other\n")
    (tmp_path / "S1.vcf").unlink()
    (sheet,) = rerun.changed_sheets(made)
    assert sheet.line().startswith(f"input {tmp_path}/samples.tsv: was ")
    (sample,) = rerun.changed_samples(made, {"S1": tmp_path / "S1.vcf"})
    assert sample.line().startswith("input of sample S1: was ")
    assert sample.now == "absent"


def test_other_software_is_named(tmp_path):
    made = document(tmp_path)
    made["software"] = {"pyarrow": "1.0", "no-such-package": "2.0", "python": "2.7"}
    made["pipeline"]["version"] = "0.0.1"
    told = {(d.kind, d.name, d.now) for d in rerun.changed_software(made)}
    assert ("pipeline", "apothecary", VERSION) in told
    assert ("software", "no-such-package", "absent") in told
    assert {name for _, name, _ in told} == {"apothecary", "no-such-package", "pyarrow", "python"}


def output(path: str, digest: str, content: str | None = None) -> dict:
    return {"path": path, "sha256": digest * 64, "content_sha256": content}


def test_outputs_are_the_same_in_bytes_in_rows_or_not():
    before = [output("a", "1"), output("b", "2", "x"), output("c", "3", "x"), output("d", "4")]
    after = [output("a", "1"), output("b", "9", "x"), output("c", "9", "y"), output("e", "5")]
    agreement = rerun.compare_outputs(before, after)
    assert (agreement.same_bytes, agreement.same_content) == (1, 1)
    assert [(d.name, d.was[:1], d.now[:1]) for d in agreement.different] == [
        ("c", "3", "9"),
        ("d", "4", "a"),
        ("e", "a", "5"),
    ]


@pytest.mark.parametrize("text", ["", "[1", '{"config": {}}'])
def test_what_is_no_manifest_is_told(tmp_path, text):
    path = tmp_path / "manifest.json"
    path.write_text(text)
    with pytest.raises(WorkflowInputError, match=r"give manifest\.json of a run"):
        rerun.read_manifest(path)


def test_a_manifest_is_read(tmp_path):
    made = document(tmp_path)
    (tmp_path / "manifest.json").write_text(json.dumps(made))
    assert rerun.read_manifest(tmp_path / "manifest.json") == made
