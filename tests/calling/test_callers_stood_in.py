"""GATK and DeepVariant, which cannot be installed here, by a program that records its arguments."""

from __future__ import annotations

import gzip
import json
import random
import stat
import sys
from dataclasses import replace
from pathlib import Path

import pysam
import pytest
from calling_builders import Reads

from apothecary.calling import external
from apothecary.errors import WorkflowInputError

STANDIN = Path(__file__).with_name("caller_standin.py")


@pytest.fixture
def recorded(tmp_path, monkeypatch):
    """gatk and run_deepvariant on the search path; gives what they were called with."""
    for name in ("gatk", "run_deepvariant"):
        program = tmp_path / name
        program.write_text(f'#!/bin/sh\nexec "{sys.executable}" "{STANDIN}" "$@"\n')
        program.chmod(program.stat().st_mode | stat.S_IXUSR)
    record = tmp_path / "record"
    record.touch()
    monkeypatch.setenv("STANDIN_RECORD", str(record))
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    return lambda: [json.loads(line) for line in record.read_text().splitlines()]


def job(folder: Path, tumor: str = "", normal: str = "") -> external.Job:
    """A job on chrM; with a normal where one is named."""
    text = "".join(random.Random(2).choices("ACGT", k=16569))
    fasta = folder / "reference.fa"
    fasta.write_text(f">chrM\n{text}\n")
    pysam.faidx(str(fasta))
    paths = [
        str(
            Reads({"chrM": 16569}, name)
            .add("chrM", 5051, text[5050:5150])
            .write(folder / f"{n}.bam")
        )
        for n, name in enumerate([tumor or "X", *([normal] if normal else [])])
    ]
    (folder / "targets.bed").write_text("chrM\t5050\t5150\n")
    (folder / "external").mkdir()
    made = external.Job(
        paths[0],
        str(fasta),
        folder / "targets.bed",
        folder / "external",
        build="GRCh38",
        sample_name=tumor or "X",
    )
    return replace(made, normal=paths[1], normal_name=normal) if normal else made


def written(path: Path) -> tuple[list[str], list[list[str]]]:
    lines = gzip.decompress(path.read_bytes()).decode().splitlines()
    return [x for x in lines if x[0] == "#"], [x.split("\t") for x in lines if x[0] != "#"]


def test_haplotypecaller(tmp_path, recorded):
    asked = job(tmp_path)
    external.run("haplotypecaller", asked, tmp_path / "out.g.vcf.gz", ["S1"])
    (called,) = recorded()
    assert called[0] == "HaplotypeCaller"
    for option, value in (("-R", asked.reference), ("-I", asked.reads), ("-ERC", "BP_RESOLUTION")):
        assert called[called.index(option) + 1] == value
    head, (record,) = written(tmp_path / "out.g.vcf.gz")
    assert head[-1].split("\t")[9:] == ["S1"]
    assert (record[1], record[9]) == ("5101", "0/1:30:15,15")


def test_deepvariant(tmp_path, recorded):
    asked = job(tmp_path)
    external.run("deepvariant", asked, tmp_path / "out.g.vcf.gz", ["S1"])
    (called,) = recorded()
    assert f"--reads={asked.reads}" in called
    assert f"--regions={asked.regions}" in called
    assert written(tmp_path / "out.g.vcf.gz")[1][0][1] == "5101"


@pytest.mark.parametrize(("tumor", "normal"), [("T", "N"), ("A", "N"), ("Z", "NORMAL")])
def test_the_columns_of_mutect2_are_told_by_name(tmp_path, recorded, tumor, normal):
    asked = job(tmp_path, tumor, normal)
    external.run("mutect2", asked, tmp_path / "out.vcf.gz", ["TUMOR1", "NORMAL1"])
    assert [called[0] for called in recorded()] == [
        "Mutect2",
        "LearnReadOrientationModel",
        "FilterMutectCalls",
    ]
    head, (record,) = written(tmp_path / "out.vcf.gz")
    assert head[-1].split("\t")[9:] == ["TUMOR1", "NORMAL1"]
    assert record[9:] == ["0/1:30:15,15", "0/0:30:30,0"]


@pytest.mark.parametrize("name", ["T", ""])
def test_mutect2_is_not_run_where_names_do_not_tell_tumor_from_normal(tmp_path, recorded, name):
    asked = replace(job(tmp_path, "T", "T"), sample_name=name, normal_name=name)
    with pytest.raises(WorkflowInputError, match=r"tumor and normal are both .* in @RG SM"):
        external.run("mutect2", asked, tmp_path / "out.vcf.gz", ["TUMOR1", "NORMAL1"])
    assert recorded() == []
    assert not (tmp_path / "out.vcf.gz").exists()


def test_no_path_and_no_command_stays_in_the_file(tmp_path, recorded):
    external.run("haplotypecaller", job(tmp_path), tmp_path / "out.g.vcf.gz", ["S1"])
    assert recorded()
    head, _ = written(tmp_path / "out.g.vcf.gz")
    assert not [line for line in head if str(tmp_path) in line or "CommandLine" in line]
    assert "##reference=GRCh38" in head
