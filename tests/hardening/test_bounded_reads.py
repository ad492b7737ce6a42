"""Sequencing reads, and the file of `apothecary pgx`, are read within limits, each apart."""

from __future__ import annotations

import gzip
import os
from pathlib import Path

import pytest

from apothecary import cli
from apothecary.errors import WorkflowInputError
from apothecary.hardening.bounded import Limits
from apothecary.pharmacogenes import pgx, pgx_apart
from apothecary.qc import alignments as measured
from apothecary.reads import alignments, fastq

SMALL = Limits(memory_mb=64)


def swollen(*_: object, **__: object):
    return [len(bytearray(500 * 1024 * 1024))]


def test_fastq_files(tmp_path, monkeypatch):
    with gzip.open(tmp_path / "a.fastq.gz", "wt") as file:
        file.write("@r\nACGT\n+\nIIII\n")
    lane = {"lane": "L1", "fastq_1": "a.fastq.gz", "fastq_2": ""}
    (row,) = alignments.check_apart([lane], tmp_path, None, SMALL)
    assert (row["reads"], row["bases"]) == (1, 4)
    monkeypatch.setattr(fastq, "check_lane", swollen)
    with pytest.raises(WorkflowInputError, match=r"a\.fastq\.gz: reading it takes more than 64"):
        alignments.check_apart([lane], tmp_path, None, SMALL)


def test_alignments_that_are_measured(tmp_path, monkeypatch):
    monkeypatch.setattr(measured, "_measured", swollen)
    monkeypatch.setattr(measured.given, "look", lambda *_: None)
    reads = [tmp_path / "a.bam", tmp_path / "a.bam.bai"]
    for path in reads:
        path.touch()
    sample = {"sample_id": "S1", "format": "fastq", "build": "GRCh38"}
    assay = measured.Assay([], None, [], None)
    found = measured.measure(sample, list(map(str, reads)), assay, {}, {}, tmp_path, SMALL)
    assert found.reason.startswith("a.bam: reading it takes more than 64 MiB")
    assert found.outcome("S1")["status"] == "failed"


def test_pgx_is_a_process_of_its_own(tmp_path, monkeypatch):
    options = pgx.PgxOptions(Path("a.vcf"), tmp_path / "out", tmp_path)
    summary = pgx.PgxSummary(tmp_path, "GRCh38", ("S1",), 1, 20, "digest", {"sites": 3}, ("note",))
    monkeypatch.setattr(pgx_apart, "run_pgx", lambda _: summary)
    assert pgx_apart.run(options, SMALL) == summary
    pids = []
    monkeypatch.setattr(pgx_apart, "run_pgx", lambda _: pids.append(os.getpid()) or summary)
    pgx_apart.run(options, SMALL)
    assert pids == []
    monkeypatch.setattr(pgx_apart, "run_pgx", swollen)
    with pytest.raises(WorkflowInputError, match=r"a\.vcf: .*64 MiB.*--memory-mb"):
        pgx_apart.run(options, SMALL)


def test_pgx_takes_its_limits_from_the_command(tmp_path, monkeypatch, capsys):
    asked = []

    def ran(_, limits):
        asked.append(limits)
        raise SystemExit(0)

    monkeypatch.setattr(pgx_apart, "run", ran)
    words = ["pgx", "a.vcf", "--out", str(tmp_path), "--knowledge", str(tmp_path)]
    with pytest.raises(SystemExit):
        cli.main([*words, "--memory-mb", "100", "--cpu-seconds", "5"])
    assert asked == [Limits(100, 5)]
