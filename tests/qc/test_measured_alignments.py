"""Measures of reads against what was written, and files that must be refused."""

from __future__ import annotations

import shutil

import pysam
import pytest
from alignment_builders import GRCH38, Read, pair, write_bam

from apothecary.alignments import files
from apothecary.errors import WorkflowInputError
from apothecary.qc import alignment_file, alignments, programs, read_statistics
from apothecary.qc.programs import Programs

LENGTHS = {name: GRCH38[name] for name in ("chr1", "chr22")}
TARGETS = {"chr1": ((1000, 1100), (1150, 1200))}


def look(bam, fasta=""):
    return files.look(str(bam), fasta=str(fasta), build="GRCh38")


def values(bam, tmp_path, tools=None):
    file, tools = look(bam), tools or Programs()
    content = alignment_file.content(file, tools, tmp_path)
    found, _ = alignments.read_metrics(file, content, TARGETS, tools, tmp_path)
    return {metric.name: metric for metric in found}


def test_measures_are_those_that_were_written(tmp_path):
    reads = [read for n in range(8) for read in pair("chr1", 1000, 1110, "ACGT" * 10, f"p{n}")]
    reads += [Read("chr1", 1010, "G" * 40, cigar="10S30M", mismatches=3, base_quality=10)]
    reads += [Read("chr1", 1020, "G" * 40, flag=0x400)]
    # One read over both targets, one on none, and records that are no reads of their own.
    reads += [Read("chr1", 1050, "A" * 120, flag=0x10), Read("chr22", 5000, "A" * 40)]
    reads += [Read("chr1", 1050, "A" * 40, flag=flag, mapping_quality=0) for flag in (0x100, 0x800)]
    reads += [Read("chr22", 5000, "A" * 40, flag=4, mapping_quality=0)]
    bam = write_bam(tmp_path / "a.bam", reads, lengths=LENGTHS)
    found = {name: metric.value for name, metric in values(bam, tmp_path).items()}
    bases, mapped_bases = 16 * 40 + 40 + 40 + 120 + 40 + 40, 16 * 40 + 40 + 40 + 120 + 40
    assert found["total_reads"] == 21
    assert found["mapped_fraction"] == pytest.approx(20 / 21)
    assert found["properly_paired_fraction"] == 1
    assert found["duplicate_fraction"] == pytest.approx(1 / 21)
    assert found["mapping_quality_0_fraction"] == 0
    assert found["q30_fraction"] == pytest.approx(1 - 40 / bases)
    assert found["gc_fraction"] == pytest.approx((16 * 20 + 80) / bases)
    assert found["soft_clipped_fraction"] == pytest.approx(10 / mapped_bases)
    assert found["error_rate"] == pytest.approx(3 / (mapped_bases - 10))
    assert found["median_insert_size"] == 150
    # Of the pairs only the first mates; the single read, the duplicate, and the one over both.
    assert found["on_target_fraction"] == pytest.approx(11 / 20)
    assert found["forward_strand_fraction"] == pytest.approx(10 / 11)


def test_reads_without_nm_have_no_error_rate(tmp_path):
    reads = [Read("chr1", 1000, "A" * 40, mismatches=None)]
    bam = write_bam(tmp_path / "a.bam", reads, lengths=LENGTHS)
    metric = values(bam, tmp_path)["error_rate"]
    assert metric.value is None
    assert metric.reason == "the reads carry no NM"


def test_a_file_without_reads_is_measured_as_such(tmp_path):
    found = values(write_bam(tmp_path / "a.bam", [], lengths=LENGTHS), tmp_path)
    assert found["total_reads"].value == 0
    unknown = {name for name, metric in found.items() if metric.value is None}
    assert unknown == set(found) - {"total_reads"}
    assert all(found[name].reason for name in unknown)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"order": "unsorted"}, "sort order 'unsorted'"),
        ({"order": "queryname"}, "sort order 'queryname'"),
        ({"index": False}, "no index beside the file"),
        ({"lengths": {"chr1": 249250621}}, "GRCh37, and reference.build is GRCh38"),
        ({"lengths": {"chr1": GRCH38["chr1"], "1": GRCH38["chr1"]}}, "are the same chromosome"),
        ({"lengths": {"decoy": 99999}}, "the build cannot be told"),
    ],
)
def test_a_file_that_cannot_be_taken_is_told_in_a_line(tmp_path, options, words):
    name = next(iter(options.get("lengths", LENGTHS)))
    options = {"lengths": LENGTHS, **options}
    bam = write_bam(tmp_path / "a.bam", [Read(name, 100, "A" * 30)], **options)
    with pytest.raises(WorkflowInputError) as caught:
        look(bam)
    assert words in str(caught.value)
    assert str(caught.value).count("\n") == 0


def test_a_cram_without_reference_is_told_as_such(tmp_path):
    bam = write_bam(tmp_path / "a.bam", [Read("chr1", 100, "A" * 30)], lengths=LENGTHS)
    option = "--output-fmt-option=no_ref=1"
    pysam.view("-C", option, "-o", str(tmp_path / "a.cram"), str(bam), catch_stdout=False)
    with pytest.raises(WorkflowInputError, match="a CRAM cannot be read without its reference"):
        look(tmp_path / "a.cram")


def test_a_file_cut_at_a_block_is_held_against_its_index(tmp_path):
    reads = [Read("chr1", 1000 + n, "ACGT" * 25) for n in range(3000)]
    bam = write_bam(tmp_path / "a.bam", reads, lengths=LENGTHS)
    cut_at_a_block(bam)
    with pytest.raises(WorkflowInputError, match="but its index was made of 3000"):
        values(bam, tmp_path)


def cut_at_a_block(bam):
    """Keep the first blocks of a BGZF file, and its end marker."""
    data, ends, at = bam.read_bytes(), [], 0
    while at < len(data):
        at += int.from_bytes(data[at + 16 : at + 18], "little") + 1
        ends.append(at)
    assert len(ends) > 4
    bam.write_bytes(data[: ends[len(ends) // 2]] + data[ends[-2] :])


def test_the_index_of_another_file_is_seen(tmp_path):
    bam = write_bam(tmp_path / "a.bam", [Read("chr1", 1000, "A" * 40)], lengths=LENGTHS)
    reads = [Read("chr1", 1000, "A" * 40)] * 3
    other = write_bam(tmp_path / "b.bam", reads, lengths=LENGTHS)
    shutil.copy(f"{other}.bai", f"{bam}.bai")
    with pytest.raises(WorkflowInputError, match="1 records, but its index was made of 3"):
        values(bam, tmp_path)


@pytest.mark.parametrize(
    "name", ["cyp2d6/HG03130.bam", "cyp2d6/NA20129_wgs.GRCh38.bam", "NA12878_chrM_1-1000.bam"]
)
def test_measures_are_those_of_a_count_over_the_reads(shared, tmp_path, name):
    """Held against a loop over the records, which shares nothing with samtools stats."""
    bam = tmp_path / "a.bam"
    shutil.copy(shared / "data" / "reads" / name, bam)
    pysam.index(str(bam))
    with pysam.AlignmentFile(str(bam)) as file:
        reads = [r for r in file.fetch(until_eof=True) if not r.flag & 0x900]
    mapped = [r for r in reads if not r.is_unmapped]
    found = {name: metric.value for name, metric in values(bam, tmp_path).items()}
    clipped = sum(length for r in mapped for op, length in r.cigartuples if op == 4)
    qualities = [q for r in reads for q in r.query_qualities or ()]
    sequence = "".join(r.query_sequence for r in reads)
    expected = {
        "total_reads": len(reads),
        "mapped_fraction": len(mapped) / len(reads),
        "duplicate_fraction": sum(r.is_duplicate for r in reads) / len(reads),
        "mapping_quality_0_fraction": sum(not r.mapping_quality for r in mapped) / len(mapped),
        "soft_clipped_fraction": clipped / sum(r.query_length for r in mapped),
        "mean_read_length": sum(r.query_length for r in reads) / len(reads),
        "mean_base_quality": sum(qualities) / len(qualities),
        "q30_fraction": sum(q >= 30 for q in qualities) / len(qualities),
        "gc_fraction": sum(sequence.count(b) for b in "GC") / len(sequence),
    }
    for metric, value in expected.items():
        # samtools gives lengths and qualities to a digit after the point at most.
        assert found[metric] == pytest.approx(value, rel=0.005), metric


@pytest.mark.parametrize("name", ["cyp2d6/HG03130.bam", "cyp2d6/SIM001.bam"])
def test_samtools_of_the_machine_and_of_pysam_agree(shared, tmp_path, name):
    tools = programs.find()
    if tools.samtools is None:
        pytest.skip("samtools is not installed: apt-get install samtools")
    bam = tmp_path / "a.bam"
    shutil.copy(shared / "data" / "reads" / name, bam)
    pysam.index(str(bam))
    assert values(bam, tmp_path, tools) == values(bam, tmp_path)


def test_numbers_are_read_from_their_sections(tmp_path):
    output = tmp_path / "stats.txt"
    output.write_text(
        "# a comment\nCHK\t1f\t2a\t3b\nSN\traw total sequences:\t4\t# note\n"
        "FFQ\t1\t0\t2\nIS\t10\t3\t1\t1\t1\nIS\t20\t9\t1\t1\t1\n"
    )
    stats = read_statistics.read(output)
    assert stats.summary == {"raw total sequences": 4}
    assert stats.sections["IS"][1] == (20, 9, 1, 1, 1)
    assert set(stats.sections) == {"FFQ", "IS"}
