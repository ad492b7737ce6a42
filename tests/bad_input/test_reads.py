"""Bad BAM and CRAM input: one test a row of the list of bad input, by its number.

Rows 65 to 69 are of FASTQ, which is not taken.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

import pysam
import pytest
from hypothesis import given
from hypothesis import strategies as st
from read_builders import LENGTHS, admitted, sequence, tiled, write_fasta, write_reads

from apothecary.alignments import admission, index
from apothecary.alignments.index_fit import _itf8
from apothecary.errors import WorkflowInputError
from apothecary.variants.stream import BGZF_END

BASES = {"chr1": (1, sequence(70_000)), "chrM": (1, sequence(16_569, seed=2))}
SPANS = [(n, n + 149) for n in range(1, 65_000, 40)]
READS = tiled({}, SPANS, "r")
MITO = {"chrM": 16_569}
MITO_READS = tiled({}, [(n, n + 149) for n in range(1, 16_000, 15)], "m", chrom="chrM")


def _bam(folder: Path, name: str = "x.bam", reads=READS, **options) -> str:
    return write_reads(folder / name, reads, BASES, **options)


def _cram(folder: Path, **options) -> tuple[str, Path]:
    fasta = write_fasta(folder / "ref.fa", {"chrM": BASES["chrM"][1]})
    path = folder / "x.cram"
    return write_reads(path, MITO_READS, BASES, fasta=fasta, lengths=MITO, **options), fasta


def _refused(path: str, folder: Path, fasta: str = "", **expected) -> str:
    """The one line for which a file is refused; it names the file, and no file is left."""
    with pytest.raises(WorkflowInputError) as caught:
        admitted(path, folder / "work", fasta, **expected)
    (problem,) = caught.value.problems
    assert problem.file == path
    assert "\n" not in problem.line()
    return problem.line()


def _touch_index(path: str) -> None:
    stat = Path(path).stat()
    for suffix in (".bai", ".csi", ".crai"):
        if Path(path + suffix).exists():
            os.utime(path + suffix, ns=(stat.st_atime_ns, stat.st_mtime_ns))


def test_good_files_are_taken(tmp_path):
    assert admitted(_bam(tmp_path), tmp_path).names == {"chr1": "chr1", "chrM": "chrM"}
    path, fasta = _cram(tmp_path)
    taken = admitted(path, tmp_path / "work", str(fasta))
    assert admission.decode(taken, [("chrM", 1000, 1000)]) == 10
    # The names that the file has are those that it is read by.
    named = {name.removeprefix("chr"): n for name, n in LENGTHS["GRCh38"].items()}
    plain = {"MT" if name == "M" else name: n for name, n in named.items()}
    bare = tiled({}, SPANS, "r", chrom="1")
    path = write_reads(tmp_path / "b.bam", bare, {"1": BASES["chr1"]}, lengths=plain)
    assert admitted(path, tmp_path).names == {"chr1": "1", "chrM": "MT"}


def test_a_csi_index_is_read_as_well(tmp_path):
    path = _bam(tmp_path, index=False)
    pysam.index("-c", path)
    assert admitted(path, tmp_path).index.endswith(".csi")


def test_row_55_no_end_marker(tmp_path):
    path = _bam(tmp_path)
    Path(path).write_bytes(Path(path).read_bytes().removesuffix(BGZF_END))
    _touch_index(path)
    assert "the end marker of a BAM is missing" in _refused(path, tmp_path)
    cram, fasta = _cram(tmp_path)
    Path(cram).write_bytes(Path(cram).read_bytes()[:-38])
    _touch_index(cram)
    assert "the end marker of a CRAM is missing" in _refused(cram, tmp_path, str(fasta))


def test_row_56_cut_at_a_block_and_closed_again(tmp_path):
    path = _bam(tmp_path)
    whole = Path(path).read_bytes()
    starts = [i for i in range(len(whole)) if whole[i : i + 4] == b"\x1f\x8b\x08\x04"]
    cut = starts[len(starts) // 2]
    assert len(starts) > 4
    Path(path).write_bytes(whole[:cut] + BGZF_END)
    with pysam.AlignmentFile(path) as file:
        assert 0 < len(list(file.fetch(until_eof=True))) < len(READS), "silently fewer"
    _touch_index(path)
    line = _refused(path, tmp_path)
    assert "cut: the index x.bam.bai counts data to byte" in line


def test_row_56_a_cut_cram(tmp_path):
    cram, fasta = _cram(tmp_path)
    whole = Path(cram).read_bytes()
    Path(cram).write_bytes(whole[: len(whole) // 2] + whole[-38:])
    _touch_index(cram)
    assert "cut: the index x.cram.crai counts" in _refused(cram, tmp_path, str(fasta))


def test_row_57_no_index(tmp_path):
    path = _bam(tmp_path, index=False)
    line = _refused(path, tmp_path)
    assert "no index beside the file" in line
    assert f"samtools index {path}" in line


def test_row_57_an_index_that_is_older_than_its_file(tmp_path):
    path = _bam(tmp_path)
    os.utime(path + ".bai", (1, 1))
    line = _refused(path, tmp_path)
    assert "older than the file" in line
    assert f"samtools index {path}" in line


@pytest.mark.parametrize(
    "other",
    [
        tiled({}, [(a + 40_000, b + 40_000) for a, b in SPANS if b < 20_000], "o"),
        MITO_READS,
        tiled({}, [(n, n + 149) for n in range(5, 65_000, 44)], "o", base_quality=30),
    ],
)
def test_row_57_an_index_of_another_file(tmp_path, other):
    path = _bam(tmp_path)
    wrong = _bam(tmp_path, "other.bam", other)
    shutil.copy(wrong + ".bai", path + ".bai")
    assert any(text in _refused(path, tmp_path) for text in ("is not of this file", "cut: "))


def test_row_57_an_index_of_a_file_with_other_contigs(tmp_path):
    path = write_reads(
        tmp_path / "x.bam", READS, BASES, lengths={"chr1": LENGTHS["GRCh38"]["chr1"]}
    )
    shutil.copy(_bam(tmp_path, "other.bam") + ".bai", path + ".bai")
    assert "is not of this file (1 contigs" in _refused(path, tmp_path)


@pytest.mark.parametrize(
    "content", [b"", b"BAI\x01\x02", b"BAI\x01\x19\x00\x00\x00\x05", b"no index"]
)
def test_row_57_an_index_that_cannot_be_read(tmp_path, content):
    path = _bam(tmp_path)
    Path(path + ".bai").write_bytes(content)
    line = _refused(path, tmp_path)
    assert "cannot be read" in line or "is not of this file" in line


def test_row_58_a_cram_without_its_reference(tmp_path):
    cram, _ = _cram(tmp_path)
    line = _refused(cram, tmp_path)
    assert "cannot be read without its reference sequence" in line
    assert "truncated" not in line


def test_row_59_a_cram_with_another_reference(tmp_path):
    cram, _ = _cram(tmp_path)
    wrong = write_fasta(tmp_path / "wrong.fa", {"chrM": sequence(16_569, seed=3)})
    line = _refused(cram, tmp_path, str(wrong))
    with pysam.AlignmentFile(cram) as file:
        md5 = file.header["SQ"][0]["M5"]
    assert f"contig chrM has MD5 {md5}, in {wrong}" in line
    short = write_fasta(tmp_path / "short.fa", {"chrM": "ACGT"})
    assert "has 4 bases there" in _refused(cram, tmp_path, str(short))
    none = write_fasta(tmp_path / "none.fa", {"chr2": "ACGT"})
    assert "has no such contig" in _refused(cram, tmp_path, str(none))


def test_row_60_reads_of_two_samples(tmp_path):
    path = _bam(tmp_path, samples=("S1", "S2"))
    assert "reads of 2 samples: S1, S2" in _refused(path, tmp_path)
    assert admitted(_bam(tmp_path, "y.bam", samples=("S1", "S1")), tmp_path)


def test_row_60_reads_of_another_sample(tmp_path):
    path = _bam(tmp_path, samples=("S2",))
    line = _refused(path, tmp_path)
    assert "reads of sample 'S2'; the sample is 'S1'; sample_in_file names it" in line
    assert admitted(path, tmp_path, names=("S2", "S1"))


@pytest.mark.parametrize("samples", [(), (None,)])
def test_row_61_no_read_group(tmp_path, samples):
    path = _bam(tmp_path, samples=samples)
    assert "no read group names a sample" in _refused(path, tmp_path)
    assert admitted(path, tmp_path, unnamed=True)


def test_row_62_another_build(tmp_path):
    path = _bam(tmp_path, lengths=LENGTHS["GRCh37"])
    line = _refused(path, tmp_path)
    assert "chr1 has 249250621 bases, which is GRCh37; the variants are GRCh38" in line
    assert admitted(path, tmp_path, build="GRCh37")
    odd = _bam(tmp_path, "odd.bam", lengths={**LENGTHS["GRCh38"], "chr2": 12})
    assert "chr2 has 12 bases, which is neither build" in _refused(odd, tmp_path)


def test_row_62_checksums_of_another_build(tmp_path):
    fasta = write_fasta(tmp_path / "ref.fa", {"chrM": BASES["chrM"][1]})
    options = {"lengths": MITO, "m5": {"chrM": "c" * 32}}
    path = _bam(tmp_path, reads=MITO_READS, **options)
    assert f"contig chrM has MD5 {'c' * 32}, in" in _refused(path, tmp_path, str(fasta))


def test_row_62_the_mitochondrion_of_hg19_is_not_read(tmp_path):
    path = _bam(tmp_path, lengths={**LENGTHS["GRCh37"], "chrM": 16_571})
    assert admitted(path, tmp_path, build="GRCh37").names == {"chr1": "chr1"}


@pytest.mark.parametrize("order", ["unsorted", "queryname"])
def test_row_63_unsorted(tmp_path, order):
    path = _bam(tmp_path, reads=READS[::-1], order=order, index=False)
    line = _refused(path, tmp_path)
    assert f"sort order '{order}'; sort it by coordinate" in line


def test_row_64_no_read_over_a_position(tmp_path):
    assert admission.decode(admitted(_bam(tmp_path), tmp_path), [("chr1", 69_000, 69_001)]) == 0


def test_damaged_data_within_the_file(tmp_path):
    path = _bam(tmp_path)
    data = bytearray(Path(path).read_bytes())
    middle = len(data) // 2
    for at in range(middle, middle + 60):
        data[at] ^= 0xFF
    Path(path).write_bytes(bytes(data))
    _touch_index(path)
    with pytest.raises(WorkflowInputError, match=r"decoded|other reads|damaged"):
        admission.decode(admitted(path, tmp_path), [("chr1", n, n) for n in range(1, 65_000, 500)])


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (b"", "neither BAM nor CRAM"),
        (b"@HD\tVN:1.6\n", "neither BAM nor CRAM"),
        (b"\x1f\x8b\x08\x04 no block at all", "block is damaged|neither BAM nor CRAM"),
        (None, "is not there"),
    ],
)
def test_the_format_is_told_from_the_content(tmp_path, content, found):
    path = tmp_path / "x.bam"
    if content is not None:
        path.write_bytes(content)
    line = _refused(str(path), tmp_path)
    assert any(text in line for text in found.split("|"))


@pytest.mark.parametrize(
    ("data", "value"),
    [
        (b"\x05", 5),
        (b"\x81\x00", 0x100),
        (b"\xc1\x00\x02", 0x10002),
        (b"\xe1\x00\x00\x03", 0x1000003),
        (b"\xff\xff\xff\xff\x0e", -2),
    ],
)
def test_numbers_of_a_container(data, value):
    assert _itf8(data + bytes(4)) == value


def test_bins():
    bai = index.Index("x", 1, 0, ())
    assert bai.bin_of(0, 100) == 4681
    assert bai.bin_of(16_384, 16_385) == 4682
    assert bai.bin_of(16_000, 17_000) == 585
    assert bai.bin_of(0, 1 << 29) == 0
    assert bai.holds(585, 0, 100)
    assert not bai.holds(4682, 0, 100)


@given(st.sampled_from([b"", b"BAI\x01", b"CSI\x01"]), st.binary(max_size=200), st.data())
def test_any_bytes_are_an_index_or_are_refused(head, tail, data):
    kind = data.draw(st.sampled_from(["BAM", "CRAM"]))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "x.bai"
        path.write_bytes(head + tail)
        try:
            found = index.read(path, kind)
        except ValueError:
            return
    assert kind == "CRAM" or head
    assert found.end >= 0
