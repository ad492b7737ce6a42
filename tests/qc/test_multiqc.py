"""What is written for MultiQC, and its report where it is installed."""

from __future__ import annotations

import json
import shutil

import pytest

from apothecary.qc import multiqc

METRICS = [
    {"sample_id": "S1", "metric": "mean_target_depth", "value": 31.5},
    {"sample_id": "S1", "metric": "at_dropout", "value": None},
]
GATES = [
    {"sample_id": "S1", "level": "sample", "name": "S1", "status": "fail", "reason": "<b>x</b>"},
    {"sample_id": "S1", "level": "gene", "name": "AAA", "status": "pass", "reason": None},
]
IDENTITY = [
    {
        "sample_id": "S1",
        "other_from": "self",
        "status": "warn",
        "contamination": 0.02,
        "contamination_low": 0.01,
        "contamination_high": None,
        "inferred_sex": "F",
        "declared_sex": "M",
    },
    {"sample_id": "S1", "other_from": "sheet", "status": "pass"},
]
COVERAGE = [
    {"sample_id": "S1", "kind": "gene", "bases": 100, "mean_depth": 30.0, "callable": True},
    {"sample_id": "S1", "kind": "gene", "bases": 300, "mean_depth": 10.0, "callable": False},
    {"sample_id": "S1", "kind": "position", "bases": 0, "mean_depth": 0.0, "callable": False},
]
DIPLOTYPES = [
    {"sample_id": name, "gene": gene, "diplotype": diplotype, "decision": decision}
    for name, gene, diplotype, decision in (
        ("S1", "AAA", "*1/*2", "called"),
        ("S1", "BBB", "*1/*2", "indeterminate"),
        ("S1", "BBB", "*1/*3", "indeterminate"),
        ("S1", "CCC", None, "not_called"),
        ("S1", "DDD", "*1/*1", None),
        ("WITHOUT-READS", "AAA", "*1/*1", "called"),
    )
]
ROWS = {
    "qc_metrics": METRICS,
    "qc_gates": GATES,
    "identity": IDENTITY,
    "coverage": COVERAGE,
    "diplotypes": DIPLOTYPES,
}


@pytest.fixture
def folder(tmp_path):
    stats = tmp_path / "S1.stats.txt"
    stats.write_text("# This file was produced by samtools stats (1.24)\nSN\tsequences:\t5\n")
    multiqc.collect(tmp_path / "out", [str(stats)], ROWS)
    return tmp_path / "out"


def test_tables_hold_what_was_measured(folder):
    table = json.loads((folder / "apothecary_metrics_mqc.json").read_text())
    assert table["data"] == {"S1": {"mean_target_depth": 31.5}}
    assert (folder / "S1.stats.txt").is_file()


def test_contamination_sex_coverage_and_calls_are_told(folder):
    told = {
        name: json.loads((folder / f"apothecary_{name}_mqc.json").read_text())["data"]
        for name in ("identity", "coverage", "calls")
    }
    assert told["identity"] == {
        "S1": {
            "status": "warn",
            "contamination": 0.02,
            "contamination_low": 0.01,
            "inferred_sex": "F",
            "declared_sex": "M",
        }
    }
    assert told["coverage"] == {
        "S1": {
            "gene_mean_depth": 15.0,
            "gene_callable_fraction": 0.5,
            "position_callable_fraction": 0.0,
        }
    }
    assert told["calls"] == {"S1": {"genes": 4, "called": 2, "no_call_fraction": 0.5}}


def test_no_text_is_markup(folder):
    text = (folder / "apothecary_gates_mqc.json").read_text()
    assert json.loads(text)["data"] == {"S1": {"status": "fail", "reason": "&lt;b&gt;x&lt;/b&gt;"}}


def test_without_multiqc_the_files_stay(folder, monkeypatch):
    monkeypatch.setenv("PATH", "")
    assert multiqc.report(folder) is False
    assert not (folder / "multiqc_report.html").exists()


def test_multiqc_reads_them(folder):
    if shutil.which("multiqc") is None:
        pytest.skip("MultiQC is not installed: pip install multiqc")
    assert multiqc.report(folder)
    page = (folder / "multiqc_report.html").read_text(encoding="utf-8")
    for title in (
        "Alignment quality",
        "Quality gates",
        "Contamination and sex",
        "Coverage of what is called",
        "Pharmacogenes without a call",
    ):
        assert title in page
    assert "S1" in page
    assert "<b>x</b>" not in page
