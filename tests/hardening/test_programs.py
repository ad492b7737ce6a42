"""A program of others that takes too much is ended, with what it started, and told in one line."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from apothecary.calling import external
from apothecary.errors import WorkflowInputError
from apothecary.hardening import programs
from apothecary.hardening.bounded import Limits
from apothecary.hardening.programs import Bounds
from apothecary.reads import processes, trimming

EATS = "import sys\nheld = bytearray(400 * 1024 * 1024)\nsys.exit(9)\n"
# As long as nothing else sleeps on this machine, so that what is left of it can be told.
NAP = "304.25"
SLEEPS = f"import subprocess\nsubprocess.run(['sleep', '{NAP}'])\n"
TOO_LONG = "a.fastq: reading it takes more than 1 s ({})"
TOO_BIG = "a.fastq: reading it takes more than 300 MiB of memory ({})"


@pytest.fixture
def stand_in(tmp_path, monkeypatch):
    """Makes a program of a name that runs lines of Python."""

    def make(name, lines):
        path = tmp_path / name
        path.write_text(f"#!/usr/bin/python3 -S\n{lines}", encoding="utf-8")
        path.chmod(0o700)
        monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
        return name

    return make


@pytest.mark.parametrize(
    ("lines", "bounds", "words"),
    [
        (SLEEPS, Bounds("a.fastq", seconds=1), TOO_LONG),
        (EATS, Bounds("a.fastq", memory_mb=300), TOO_BIG),
    ],
    ids=["time", "memory"],
)
def test_aligners_and_trimming_are_ended(stand_in, tmp_path, lines, bounds, words):
    began = time.monotonic()
    stand_in("bwa", lines)
    with (
        pytest.raises(WorkflowInputError, match=r"reading it takes") as error,
        processes.reading(["bwa", "mem"], tmp_path, bounds) as stream,
    ):
        stream.read(0)
    assert str(error.value).startswith(words.format("bwa"))
    assert len(str(error.value).splitlines()) == 1
    stand_in("fastp", lines)
    with pytest.raises(WorkflowInputError) as error:
        trimming.trim([Path("a.fastq")], tmp_path / "trimmed", 1, bounds)
    assert str(error.value).startswith(words.format("fastp"))
    assert time.monotonic() - began < 60
    assert not _running(tmp_path)


@pytest.mark.parametrize("lines", [SLEEPS, EATS], ids=["time", "memory"])
def test_callers_are_ended_with_what_they_started(stand_in, tmp_path, lines):
    stand_in("freebayes", lines)
    bounds = Bounds("a.fastq", memory_mb=300, seconds=1 if lines == SLEEPS else 60)
    job = external.Job("a.bam", "r.fa", tmp_path / "t.bed", tmp_path, bounds=bounds)
    with pytest.raises(WorkflowInputError) as error:
        external.run("freebayes", job, tmp_path / "out.vcf.gz", ["S1"])
    words = TOO_LONG if lines == SLEEPS else TOO_BIG
    assert str(error.value).startswith(words.format("freebayes"))
    assert not (tmp_path / "out.vcf.gz").exists()
    assert not _running(tmp_path)


def _running(folder):
    """What still runs of the programs in a folder, a moment after it was told to end."""
    until = time.monotonic() + 10
    while (found := _commands(folder)) and time.monotonic() < until:
        time.sleep(0.05)
    return found


def _commands(folder):
    """Processes whose command names a folder, and what the sleeping program started."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and int(entry.name) != os.getpid():
            try:
                command = (entry / "cmdline").read_bytes().split(b"\0")
            except OSError:
                continue
            named = str(folder).encode() in b" ".join(command)
            if named or command[:2] == [b"sleep", NAP.encode()]:
                found.append(command)
    return found


def test_other_failures_stay_what_they_were(stand_in, tmp_path):
    bounds = Bounds("a.fastq", memory_mb=300, seconds=60)
    stand_in("bwa", "import sys\nsys.exit('the index is of another version')\n")
    with pytest.raises(RuntimeError, match=r"bwa mem: exit status 1: the index is of another"):
        processes.run(["bwa", "mem"], tmp_path, bounds)
    stand_in("freebayes", "import sys\nsys.exit('no such contig')\n")
    job = external.Job("a.bam", "r.fa", tmp_path / "t.bed", tmp_path, bounds=bounds)
    with pytest.raises(WorkflowInputError, match=r"a\.bam: freebayes failed: no such contig"):
        external.run("freebayes", job, tmp_path / "out.vcf.gz", ["S1"])
    stand_in("bwa", "print('ok')\n")
    processes.run(["bwa", "mem"], tmp_path, bounds)


def test_bounds_grow_with_the_reads(tmp_path):
    reads = tmp_path / "a.bam"
    with reads.open("wb") as sparse:
        sparse.truncate(2_500_000_000)
    limits = Limits(program_memory_mb=7, program_seconds=10, program_seconds_per_gb=100)
    assert programs.bounds_of("a.bam", limits, [reads]) == Bounds("a.bam", 7, 260)
    assert programs.bounds_of("a.bam", Limits(), [reads]) == Bounds("a.bam", None, None)
