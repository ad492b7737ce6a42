from __future__ import annotations

import hashlib
import os
import random
import shlex
import shutil

import pysam
import pytest
from fastq_builders import SLICES, Genome, Read, pairs, prepare, sequence, write_fasta

from apothecary.errors import ResourceError
from apothecary.hardening.bounded import Limits
from apothecary.reads import aligners, alignments, lift, processes
from apothecary.reads.reference import KnownContig
from apothecary.variants import contigs


@pytest.fixture(scope="module")
def genome(tmp_path_factory) -> Genome:
    return Genome(tmp_path_factory.mktemp("genome"))


def simulated(genome: Genome, seed: int, count: int = 150) -> tuple[list[Read], list[Read]]:
    first, second = [], []
    for number, (chrom, (start, _)) in enumerate(SLICES.items()):
        one, two = pairs(chrom, start, genome.bases[chrom], count, seed * 10 + number)
        first += one
        second += two
    return first, second


def records(genome: Genome, sample: str, out: str = "out", form: str = "bam"):
    files = genome.files(sample, out, form)
    with pysam.AlignmentFile(str(files.alignments), index_filename=str(files.index)) as opened:
        return opened.header.to_dict(), list(opened.fetch(until_eof=True))


@pytest.mark.parametrize("form", ["bam", "cram"])
def test_simulated_pairs_are_found_at_their_places_in_the_genome(genome, form):
    reads = simulated(genome, 1)
    done = genome.align([genome.lane("PAIRS", "L1", reads)], form=form)
    head, found = records(genome, "PAIRS", form=form)
    assert done.alignment["status"] == "ok"
    assert done.alignment["reads"] == done.alignment["primary"] == len(found) == 600
    assert head["HD"]["SO"] == "coordinate"
    lengths = {line["SN"]: line["LN"] for line in head["SQ"]}
    assert lengths == {name: c.lengths["GRCh38"] for name, c in contigs.contigs().items()}
    places = [(record.reference_id, record.reference_start) for record in found]
    assert places == sorted(places)
    for record in found:
        chrom, one, two, _ = record.query_name.split(":")
        own, mate = (one, two) if record.is_read1 else (two, one)
        assert (record.reference_name, record.reference_start + 1) == (chrom, int(own))
        assert (record.next_reference_name, record.next_reference_start + 1) == (chrom, int(mate))
        assert record.cigarstring == "100M"
        assert record.is_proper_pair
        assert record.get_tag("RG") == "PAIRS.L1"
        assert abs(record.template_length) == abs(int(one) - int(two)) + 100


def test_a_deletion_stands_at_its_place_and_the_index_finds_it(genome):
    start, _ = SLICES["chr9"]
    bases = genome.bases["chr9"]
    changed = bases[:2000] + bases[2005:]
    reads = pairs("chr9", start, changed, 400, 7)
    genome.align([genome.lane("DEL", "L1", reads)])
    files = genome.files("DEL")
    with pysam.AlignmentFile(str(files.alignments)) as opened:
        over = [r for r in opened.fetch("chr9", start + 1999, start + 2005) if "D" in r.cigarstring]
    assert len(over) >= 10
    assert all("5D" in record.cigarstring for record in over)


def test_lanes_are_read_groups_of_one_sample(genome):
    lanes = [
        genome.lane("LANES", "L1", simulated(genome, 2), library="lib1"),
        genome.lane("LANES", "L2", simulated(genome, 3), library="lib1"),
        genome.lane("LANES", "L3", simulated(genome, 4)[:1], platform="ELEMENT"),
    ]
    done = genome.align(lanes)
    head, found = records(genome, "LANES")
    assert head["RG"] == [
        {"ID": "LANES.L1", "SM": "LANES", "LB": "lib1", "PL": "ILLUMINA"},
        {"ID": "LANES.L2", "SM": "LANES", "LB": "lib1", "PL": "ILLUMINA"},
        {"ID": "LANES.L3", "SM": "LANES", "LB": "LANES", "PL": "ELEMENT"},
    ]
    of_lane = [sum(r.get_tag("RG") == line["ID"] for r in found) for line in head["RG"]]
    assert of_lane == [600, 600, 300]
    assert [(row["lane"], row["mate"], row["reads"]) for row in done.read_files] == [
        *(("L1", 1, 300), ("L1", 2, 300), ("L2", 1, 300), ("L2", 2, 300), ("L3", 1, 300)),
    ]
    assert not any(record.is_paired for record in found if record.get_tag("RG") == "LANES.L3")


def test_duplicates_are_marked_but_for_amplicons(genome):
    first, second = simulated(genome, 5)
    again = [
        [Read(f"{read.name}_again", read.bases) for read in of_mate[:40]]
        for of_mate in (first, second)
    ]
    reads = (first + again[0], second + again[1])
    marked = genome.align([genome.lane("MARKED", "L1", reads)])
    assert marked.alignment["duplicates"] == 80
    assert sum(record.is_duplicate for record in records(genome, "MARKED")[1]) == 80
    kept = genome.align([genome.lane("AMPLICONS", "L1", reads, protocol="amplicons")])
    assert kept.alignment["duplicates"] is None
    assert not any(record.is_duplicate for record in records(genome, "AMPLICONS")[1])


@pytest.mark.parametrize("form", ["bam", "cram"])
def test_bytes_depend_on_neither_threads_nor_place(genome, tmp_path, form):
    lanes = [
        genome.lane("SAME", "L1", simulated(genome, 6)),
        genome.lane("SAME", "L2", simulated(genome, 8)),
    ]
    genome.align(lanes, "one", form=form)
    moved = Genome(tmp_path)
    for name in {lane[column] for lane in lanes for column in ("fastq_1", "fastq_2")}:
        shutil.copy(genome.folder / name, tmp_path / name)
    moved.align(lanes, "other", form=form, threads=3)
    for part in ("alignments", "index"):
        one = getattr(genome.files("SAME", "one", form), part).read_bytes()
        assert one == getattr(moved.files("SAME", "other", form), part).read_bytes()
        assert str(genome.folder).encode() not in one


def test_reads_over_two_slices_keep_their_other_alignments_in_genome_coordinates(genome):
    (start7, _), (start9, _) = SLICES.values()
    reads = [
        Read(f"split{n}", genome.bases["chr7"][n : n + 90] + genome.bases["chr9"][n : n + 60])
        for n in range(100, 120)
    ]
    done = genome.align([genome.lane("SPLIT", "L1", (reads,))])
    assert done.alignment["supplementary"] == 20
    _, found = records(genome, "SPLIT")
    for record in found:
        at = int(record.query_name.removeprefix("split"))
        name, position, *_ = record.get_tag("SA").split(",")
        here = {record.reference_name: record.reference_start + 1, name: int(position)}
        # Bases that both sides share may stand on either.
        assert abs(here["chr7"] - start7 - at) <= 5
        assert abs(here["chr9"] - start9 - at) <= 5


def test_a_whole_genome_keeps_its_names_and_cram_is_written_against_it(tmp_path):
    bases = {"1": sequence(5000, 11), "2": sequence(4000, 12)}
    known = [
        KnownContig("GRCh38", f"chr{name}", len(b), hashlib.md5(b.encode()).hexdigest())
        for name, b in bases.items()
    ]
    genome = Genome(tmp_path)
    fasta = write_fasta(tmp_path / "whole.fa", bases)
    prepare(fasta, genome.prepared, known)
    genome.align([genome.lane("WHOLE", "L1", pairs("2", 1, bases["2"], 80, 3))], form="cram")
    path = str(genome.files("WHOLE", form="cram").alignments)
    with pysam.AlignmentFile(path, reference_filename=str(fasta)) as opened:
        head, found = opened.header.to_dict(), list(opened.fetch("2"))
    assert [(line["SN"], line["LN"], line["M5"]) for line in head["SQ"]] == [
        (name, k.length, k.md5) for name, k in zip(bases, known, strict=True)
    ]
    assert len(found) == 160
    assert str(tmp_path) not in str(head)


@pytest.mark.parametrize("program", ["bwa", "bwa-mem2"])
def test_other_aligners_find_the_same_places(tmp_path, program):
    if shutil.which(program) is None:
        pytest.skip(f"{program} is not installed")
    _finds_the_same_places(tmp_path, program)


def test_the_arguments_of_bwa_mem2_are_those_of_bwa(tmp_path, monkeypatch):
    """bwa-mem2 is on neither PyPI nor Debian; bwa, whose options it takes, stands in for it."""
    if shutil.which("bwa") is None:
        pytest.skip("bwa is not installed: apt-get install bwa")
    record, program = tmp_path / "record", tmp_path / "bin" / "bwa-mem2"
    program.parent.mkdir()
    program.write_text(
        f"""#!/bin/sh
echo "$@" >> "{record}"
if [ "$1" = version ]; then echo 2.2.1; exit; fi
bwa "$@" | sed 's/^@PG\tID:bwa\t/@PG\tID:bwa-mem2\t/'
"""
    )
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}:{os.environ['PATH']}")
    (tmp_path / "work").mkdir()
    _finds_the_same_places(tmp_path / "work", "bwa-mem2")
    commands = [line.split() for line in record.read_text().splitlines()]
    assert {"index", "mem", "version"} == {words[0] for words in commands}
    (aligned,) = [words for words in commands if words[0] == "mem"]
    assert aligned[1:4] == ["-Y", "-K", str(aligners.BATCH_BASES)]


def _finds_the_same_places(tmp_path, program):
    genome = Genome(tmp_path, program)
    done = genome.align([genome.lane("OTHER", "L1", simulated(genome, 1))], aligner=program)
    head, found = records(genome, "OTHER")
    assert done.alignment["aligner"] == head["PG"][0]["ID"] == program
    assert done.alignment["primary"] == 600
    for record in found:
        chrom, one, two, _ = record.query_name.split(":")
        own = int(one if record.is_read1 else two)
        assert (record.reference_name, record.reference_start + 1) == (chrom, own)


def test_fastp_removes_what_it_removes_and_no_more(genome):
    if shutil.which("fastp") is None:
        pytest.skip("fastp is not installed")
    first, second = simulated(genome, 9)
    low = [Read(f"low{n}", read.bases, "#" * 100) for n, read in enumerate(first[:25])]
    lane = genome.lane("TRIM", "L1", (first + low, second + low[::-1]))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("apothecary.reads.fastq._check_mates", lambda *_: None)
        done = genome.align([lane], trimming="fastp")
    assert done.alignment["removed"] == 50
    assert done.alignment["primary"] == done.alignment["reads"] - 50 == 600


def test_trimming_without_fastp_is_told_with_its_environment(genome, tmp_path, monkeypatch):
    lane = genome.lane("NOFASTP", "L1", simulated(genome, 1))
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ResourceError, match=r"fastp is not on the search path.*trimming: none"):
        genome.align([lane], "nofastp", trimming="fastp")
    assert not list((genome.folder / "nofastp").iterdir())


def test_a_read_that_the_aligner_loses_is_an_error(genome, monkeypatch):
    kept = lift.mover

    def losing(genome):
        return lambda line: b"" if random.Random(line).random() < 0.01 else kept(genome)(line)

    monkeypatch.setattr(lift, "mover", losing)
    with pytest.raises(RuntimeError, match=r"\d+ alignments stand in the file, but 600"):
        genome.align([genome.lane("LOST", "L1", simulated(genome, 1))], "lost")
    assert list((genome.folder / "lost").iterdir()) == []


def test_an_aligner_that_drops_reads_is_an_error(genome, monkeypatch):
    words = aligners.command

    def dropping(*arguments, **named):
        return ["sh", "-c", f"{shlex.join(words(*arguments, **named))} | sed -e '$d'"]

    monkeypatch.setattr(aligners, "command", dropping)
    with pytest.raises(RuntimeError, match="600 reads, 0 removed before alignment, but 599"):
        genome.align([genome.lane("DROPPED", "L1", simulated(genome, 1))], "dropped")
    assert list((genome.folder / "dropped").iterdir()) == []


def test_a_program_that_fails_tells_why_and_leaves_nothing(genome, monkeypatch):
    monkeypatch.setattr(
        processes, "samtools", lambda *words: ["sh", "-c", "echo no space >&2; exit 3"]
    )
    with pytest.raises(RuntimeError, match=r"exit status 3: no space"):
        genome.align([genome.lane("FULL", "L1", simulated(genome, 1))], "full")
    assert list((genome.folder / "full").iterdir()) == []


def test_an_aligner_that_never_ends_fails_its_sample_alone(genome, monkeypatch):
    monkeypatch.setattr(aligners, "command", lambda *arguments, **named: ["sleep", "300"])
    lane = genome.lane("ENDLESS", "L1", pairs("chr9", *_stretch(genome), 5, 1))
    done = genome.align([lane], "endless", limits=Limits(program_seconds=1))
    assert done.alignment["status"] == "failed"
    assert "reading it takes more than 1 s (sleep)" in done.alignment["reason"]
    assert done.read_files == []
    assert records(genome, "ENDLESS", "endless")[1] == []


def _stretch(genome: Genome) -> tuple[int, str]:
    return SLICES["chr9"][0], genome.bases["chr9"]


def test_samples_of_the_same_reads_fail_together_however_they_are_packed():
    rows = [{"sample_id": s, "status": "ok", "reason": ""} for s in ("A", "B", "C")]
    rows.append({"sample_id": "D", "status": "failed", "reason": "cut"})
    files = [
        {"sample_id": s, "path": f"{s}.fq", "reads": n, "sha256": d}
        for s, n, d in (("A", 9, "x"), ("B", 9, "x"), ("C", 9, "y"), ("C", 0, "e"), ("B", 0, "e"))
    ]
    told = {row["sample_id"]: row["reason"] for row in alignments.collect(rows, files, False)}
    assert told == {
        "A": "A.fq: the same reads as B.fq of B; give each sample its own reads",
        "B": "B.fq: the same reads as A.fq of A; give each sample its own reads",
        "C": "",
        "D": "cut",
    }
    assert alignments.collect(rows, files, True) == rows
