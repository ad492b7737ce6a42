"""A file that brings its reader down fails its own samples; the rest of the batch goes on."""

from __future__ import annotations

import os
import signal

import pytest
from variant_builders import ALL, SITES, config, sample, vcf, write

from apothecary.hardening.bounded import Limits
from apothecary.variants import read

GOOD = "chr1 1000 rs1 A G 50 PASS . GT:DP:GQ 0/1:30:99"


@pytest.fixture
def batch(tmp_path):
    (tmp_path / "good").mkdir()
    (tmp_path / "bad").mkdir()
    paths = {name: write(tmp_path / name, vcf([GOOD])) for name in ("good", "bad")}
    rows = [sample(path, sample_id=name, sample_in_file="S1") for name, path in paths.items()]
    (tmp_path / "work").mkdir()

    def outcomes(**limits):
        found = read.read_variants(
            rows,
            {row["sample_id"]: ALL for row in rows},
            SITES,
            config(),
            tmp_path / "work",
            Limits(**limits),
        )
        return {row["sample_id"]: (row["status"], row["reason"]) for row in found.outcomes}

    return outcomes


def where_bad(monkeypatch, what):
    """Do something when the file of the sample `bad` is read."""
    usual = read._read_file

    def changed(path, samples, reading):
        if samples[0]["sample_id"] == "bad":
            what()
        return usual(path, samples, reading)

    monkeypatch.setattr(read, "_read_file", changed)


def turn():
    while True:
        sum(range(1000))


@pytest.mark.parametrize(
    ("what", "limits", "words"),
    [
        (lambda: bytearray(500 * 1024 * 1024), {"memory_mb": 100}, "more than 100 MiB of memory"),
        (turn, {"cpu_seconds": 1}, "more than 1 s of CPU time"),
        (lambda: os.kill(os.getpid(), signal.SIGSEGV), {}, "its reader died of SIGSEGV"),
    ],
    ids=["memory", "time", "crash"],
)
def test_the_file_fails_alone_with_its_name(batch, monkeypatch, what, limits, words):
    usual = batch(**limits)
    where_bad(monkeypatch, what)
    found = batch(**limits)
    assert found["good"] == usual["good"]
    assert found["good"][0] != "failed"
    status, reason = found["bad"]
    assert status == "failed"
    assert words in reason
    assert "bad" in reason.split(":")[0]
