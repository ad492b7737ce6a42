"""Depth by both programs against a count of our own, and against each other on real reads."""

from __future__ import annotations

import random
import shutil

import numpy as np
import pysam
import pytest
from alignment_builders import GRCH38, Read, pair, write_bam
from hypothesis import given
from hypothesis import strategies as st

from apothecary.alignments import files
from apothecary.errors import ResourceError, WorkflowInputError
from apothecary.qc import depth, programs
from apothecary.qc.programs import Programs

LENGTHS = {name: GRCH38[name] for name in ("chr1", "chr22")}
STRETCHES = {"chr1": ((900, 1100), (1300, 1350)), "chr22": ((5000, 5050),)}


@pytest.fixture(params=["mosdepth", "samtools", "pysam"])
def tools(request):
    if request.param == "pysam":
        return Programs()
    found = installed(request.param)
    if getattr(found, request.param) is None:
        pytest.skip(f"{request.param} is not installed: apt-get install {request.param}")
    return found


def installed(name):
    try:
        return programs.find(name)
    except ResourceError:
        pytest.skip(f"{name} is not installed: apt-get install {name}")


def counted(reads, chrom, base):
    """Names of the reads that cover a base, so that overlapping mates count once."""
    names = set()
    for number, read in enumerate(reads):
        if read.chrom != chrom or read.flag & 0x704:
            continue
        record = pysam.AlignedSegment()
        record.query_sequence, record.reference_start = read.bases, read.start0
        record.cigarstring = read.cigar or f"{len(read.bases)}M"
        if any(start <= base < end for start, end in record.get_blocks()):
            names.add(read.name or number)
    return len(names)


def some_reads():
    drawn = random.Random(7)
    reads = []
    for number in range(120):
        start = drawn.randrange(850, 1340)
        reads += pair("chr1", start, start + drawn.randrange(0, 90), "ACGT" * 15, f"p{number}")
    reads += [Read("chr1", 950, "A" * 40, cigar="10M5D30M") for _ in range(4)]
    reads += [Read("chr1", 960, "A" * 40, cigar="8S20M12S")]
    reads += [Read("chr1", 960, "A" * 40, flag=flag) for flag in (0x400, 0x100, 0x200)]
    reads += [Read("chr22", 4990, "C" * 30)]
    return reads


def test_every_base_has_the_depth_that_was_made(tmp_path, tools):
    reads = some_reads()
    file = files.look(str(write_bam(tmp_path / "a.bam", reads, lengths=LENGTHS)))
    found = depth.measure(file, STRETCHES, tools, tmp_path)
    for chrom, pieces in STRETCHES.items():
        expected = [counted(reads, chrom, b) for start, end in pieces for b in range(start, end)]
        assert found.over(chrom, pieces).tolist() == expected


def test_a_chromosome_that_the_file_lacks_is_not_covered(tmp_path, tools):
    reads = [Read("chr1", 990, "A" * 30)]
    bam = write_bam(tmp_path / "a.bam", reads, lengths={"chr1": GRCH38["chr1"]})
    file = files.look(str(bam))
    found = depth.measure(file, STRETCHES, tools, tmp_path)
    assert not found.over("chr22", STRETCHES["chr22"]).any()
    assert found.over("chr1", ((990, 991),)).tolist() == [1]


def test_a_program_that_fails_is_one_line(tmp_path, tools):
    bam = write_bam(tmp_path / "a.bam", some_reads(), lengths=LENGTHS)
    file = files.look(str(bam))
    bam.unlink()
    with pytest.raises(WorkflowInputError) as caught:
        depth.measure(file, STRETCHES, tools, tmp_path)
    assert str(caught.value).count("\n") == 0
    assert "cannot read it" in str(caught.value)


def test_mosdepth_that_is_asked_for_and_missing_is_told(monkeypatch):
    monkeypatch.setenv("PATH", "")
    assert programs.find() == Programs()
    with pytest.raises(ResourceError, match=r"qc\.depth_program"):
        programs.find("mosdepth")


def test_bases_that_were_not_measured_are_refused():
    with pytest.raises(ValueError, match="was not measured"):
        depth.empty(STRETCHES).over("chr1", ((1090, 1101),))


@given(st.lists(st.tuples(st.integers(1, 5), st.integers(1, 8)), min_size=1, max_size=6), st.data())
def test_what_is_placed_is_found(drawn, data):
    pieces, at = [], 0
    for gap, size in drawn:
        pieces.append((at + gap, at + gap + size))
        at += gap + size
    found = depth.empty({"chr1": pieces})
    bases = np.array([b for start, end in pieces for b in range(start, end)])
    depth._place(found, "chr1", bases, bases * 3)
    start, end = data.draw(st.sampled_from(pieces))
    low = data.draw(st.integers(start, end - 1))
    high = data.draw(st.integers(low + 1, end))
    assert found.over("chr1", ((low, high),)).tolist() == [b * 3 for b in range(low, high)]


@pytest.mark.parametrize(
    ("name", "chrom", "start", "end"),
    [
        ("cyp2d6/HG03130.bam", "chr22", 42_120_000, 42_150_000),
        ("cyp2d6/NA20129_wgs.GRCh38.bam", "chr22", 42_120_000, 42_150_000),
        ("cyp2d6/HG002_target_capture.GRCh38.bam", "chr22", 42_120_000, 42_150_000),
        ("cyp2d6/SIM001.bam", "chr22", 42_120_000, 42_150_000),
        ("NA12878_chrM_1-1000.bam", "chrM", 0, 1000),
    ],
)
def test_both_programs_agree_on_real_reads(shared, tmp_path, name, chrom, start, end):
    found = installed("mosdepth")
    bam = tmp_path / "a.bam"
    shutil.copy(shared / "data" / "reads" / name, bam)
    pysam.index(str(bam))
    pieces = {chrom: ((start, end),)}
    depths = []
    for tools in (found, Programs()):
        file = files.look(str(bam))
        depths.append(depth.measure(file, pieces, tools, tmp_path).over(chrom, pieces[chrom]))
    assert depths[0].any()
    assert np.mean(depths[0]) == pytest.approx(np.mean(depths[1]), rel=0.005)
    assert np.median(depths[0]) == pytest.approx(np.median(depths[1]), rel=0.005)
    for limit in (10, 20, 30, 100):
        shares = [(values >= limit).mean() for values in depths]
        assert shares[0] == pytest.approx(shares[1], rel=0.005)
