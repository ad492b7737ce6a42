from __future__ import annotations

import gzip
import random
import shutil
import stat

import pysam
import pytest
import yaml
from calling_builders import Reads

from apothecary.callers import CALLER_ENVIRONMENTS
from apothecary.calling import external
from apothecary.errors import ResourceError, WorkflowInputError


@pytest.fixture
def job(tmp_path):
    """A job on chrM, of which the reference is whole."""
    dice = random.Random(2)
    text = "".join(dice.choice("ACGT") for _ in range(16569))
    fasta = tmp_path / "reference.fa"
    fasta.write_text(f">chrM\n{text}\n")
    pysam.faidx(str(fasta))
    reads = Reads({"chrM": 16569}, sample="X")
    changed = text[:5099] + "ACGT"[("ACGT".index(text[5099]) + 1) % 4] + text[5100:]
    for number in range(40):
        low = 5000 + number
        reads.add("chrM", low + 1, changed[low : low + 100], reverse=number % 2 == 1)
    bed = tmp_path / "targets.bed"
    bed.write_text("chrM\t5050\t5150\n")
    folder = tmp_path / "external"
    folder.mkdir()
    return external.Job(str(reads.write(tmp_path / "x.bam")), str(fasta), bed, folder)


def program(folder, name, lines, monkeypatch):
    """A program of that name ahead of all others."""
    path = folder / name
    path.write_text("#!/bin/sh\n" + lines)
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")


def test_a_missing_program_names_its_environment(job, tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", "")
    with pytest.raises(ResourceError, match=r"calling \(mutect2\): the program gatk is not there"):
        external.run("mutect2", job, tmp_path / "out.vcf.gz", ["T"])
    for caller in external.PROGRAMS:
        with pytest.raises(ResourceError, match=CALLER_ENVIRONMENTS[caller]):
            external.run(caller, job, tmp_path / "out.vcf.gz", ["T"])
    assert not (tmp_path / "out.vcf.gz").exists()


def test_every_environment_is_there_and_agrees_with_the_lock(repository):
    pins = yaml.safe_load((repository / "envs" / "apothecary.yaml").read_text())["dependencies"]
    for name in set(CALLER_ENVIRONMENTS.values()):
        own = yaml.safe_load((repository / "envs" / name).read_text())["dependencies"]
        assert own[:-1]
        assert all(pin in pins for pin in own[:-1]), name


def test_arguments_are_lists_with_the_files_of_the_job(job):
    haplotypecaller = external.commands("haplotypecaller", job)[0]
    assert haplotypecaller[haplotypecaller.index("-L") + 1] == str(job.regions)
    somatic = external.Job(
        "t.bam", "r.fa", job.regions, job.folder, normal="n.bam", normal_name="N; rm", panel="p.vcf"
    )
    call, learn, judge = external.commands("mutect2", somatic)
    assert call[call.index("-normal") + 1] == "N; rm"
    assert call[call.index("--panel-of-normals") + 1] == "p.vcf"
    assert learn[1] == "LearnReadOrientationModel"
    assert judge[-1] == str(somatic.result)
    (alone, *_) = external.commands("mutect2", job)
    assert "-normal" not in alone


def test_what_a_program_says_when_it_fails_is_told(job, tmp_path, monkeypatch):
    program(tmp_path, "freebayes", 'echo "no such contig" >&2\nexit 3\n', monkeypatch)
    with pytest.raises(WorkflowInputError, match="freebayes failed: no such contig"):
        external.run("freebayes", job, tmp_path / "out.vcf.gz", ["S1"])
    assert not (tmp_path / "out.vcf.gz").exists()


def test_the_file_loses_commands_and_dates_and_names_the_sample(job, tmp_path, monkeypatch):
    ref = pysam.FastaFile(job.reference).fetch("chrM", 99, 100)
    alt = "ACGT"[("ACGT".index(ref) + 1) % 4]
    vcf = (
        "##fileformat=VCFv4.2\\n##fileDate=20990101\\n##commandline=secret\\n"
        "##contig=<ID=chrM,length=16569>\\n##FORMAT=<ID=GT,Number=1,Type=String,Description=G>\\n"
        "#CHROM\\tPOS\\tID\\tREF\\tALT\\tQUAL\\tFILTER\\tINFO\\tFORMAT\\tother\\n"
        f"chrM\\t100\\t.\\t{ref}\\t{alt}\\t50\\t.\\t.\\tGT\\t0/1\\n"
    )
    script = f"printf '{vcf}' > {job.folder}/called.vcf\n"
    program(tmp_path, "freebayes", script, monkeypatch)
    external.run("freebayes", job, tmp_path / "out.vcf.gz", ["S1"])
    lines = gzip.decompress((tmp_path / "out.vcf.gz").read_bytes()).decode().splitlines()
    assert not any("secret" in line or "2099" in line for line in lines)
    assert lines[-2].split("\t")[-1] == "S1"
    assert lines[-1].split("\t")[1] == "100"
    assert (tmp_path / "out.vcf.gz.tbi").is_file()


@pytest.mark.skipif(shutil.which("freebayes") is None, reason="freebayes is not installed")
def test_freebayes_itself(job, tmp_path):
    external.run("freebayes", job, tmp_path / "out.vcf.gz", ["S1"])
    text = gzip.decompress((tmp_path / "out.vcf.gz").read_bytes()).decode()
    records = [line.split("\t") for line in text.splitlines() if line[0] != "#"]
    (carried,) = [r for r in records if r[9].startswith("1/1")]
    assert carried[1] == "5100"
    assert sum(r[9].startswith("0/0") for r in records) > 50
