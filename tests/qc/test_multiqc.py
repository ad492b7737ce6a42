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


@pytest.fixture
def folder(tmp_path):
    stats = tmp_path / "S1.stats.txt"
    stats.write_text("# This file was produced by samtools stats (1.24)\nSN\tsequences:\t5\n")
    multiqc.collect(tmp_path / "out", [str(stats)], METRICS, GATES)
    return tmp_path / "out"


def test_tables_hold_what_was_measured(folder):
    table = json.loads((folder / "apothecary_metrics_mqc.json").read_text())
    assert table["data"] == {"S1": {"mean_target_depth": 31.5}}
    assert (folder / "S1.stats.txt").is_file()


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
    assert "Alignment quality" in page
    assert "S1" in page
    assert "<b>x</b>" not in page
