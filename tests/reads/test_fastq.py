from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from fastq_builders import Read, write_fastq
from hypothesis import given
from hypothesis import strategies as st

from apothecary.errors import WorkflowInputError
from apothecary.reads import fastq

READS = [Read(f"r{n}", "ACGTN"[: n % 6] * 4, "") for n in range(50)]


def told(*paths: Path, max_quality: int | None = 45) -> str:
    with pytest.raises(WorkflowInputError) as caught:
        fastq.check_lane(paths, [path.name for path in paths], max_quality)
    (problem,) = caught.value.problems
    return problem.line()


def check(*paths: Path) -> list[fastq.FileCount]:
    return fastq.check_lane(paths, [path.name for path in paths], 45)


reads = st.lists(
    st.builds(
        lambda number, bases: Read(f"r{number}/1 a b", bases, "5" * len(bases)),
        st.integers(0, 10**6),
        st.text("ACGTNacgtnRY.", max_size=40),
    ),
    max_size=40,
)


@given(reads=reads, block=st.integers(1, 9))
def test_counts_do_not_depend_on_how_a_file_is_packed(tmp_path_factory, reads, block):
    folder = tmp_path_factory.mktemp("fastq")
    names = ("a.fastq", "a.fastq.gz", "a.fastq.bgz")
    kept = fastq.RECORDS
    fastq.RECORDS = block
    try:
        counts = [check(write_fastq(folder / name, reads))[0] for name in names]
    finally:
        fastq.RECORDS = kept
    for count in counts:
        assert count.reads == len(reads)
        assert count.bases == sum(len(read.bases) for read in reads)
    assert len({count.digest.hexdigest() for count in counts}) == 1


def test_windows_line_ends_and_blank_lines_at_the_end_are_no_reads(tmp_path):
    plain = write_fastq(tmp_path / "a.fastq", READS)
    other = tmp_path / "b.fastq"
    other.write_bytes(plain.read_bytes().replace(b"\n", b"\r\n") + b"\r\n\r\n")
    (one,), (two,) = check(plain), check(other)
    assert (
        (one.reads, one.bases) == (two.reads, two.bases) == (50, sum(len(r.bases) for r in READS))
    )
    assert one.digest.hexdigest() == two.digest.hexdigest()


def test_mates_are_told_by_number_or_by_the_words_after_the_name(tmp_path):
    first = [Read("a/1", "ACGT"), Read("b 1:N:0:AC", "ACGT")]
    second = [Read("a/2", "TTTT"), Read("b 2:N:0:AC", "TTTT")]
    counts = check(write_fastq(tmp_path / "1.fq", first), write_fastq(tmp_path / "2.fq", second))
    assert [count.reads for count in counts] == [2, 2]


@pytest.mark.parametrize(
    ("number", "record", "expected"),
    [
        (3, "@\nACGT\n+\nFFFF\n", "bad.fq, row 13: '@' is no name of a read; a record begins"),
        (3, ">r\nACGT\n+\nFFFF\n", "bad.fq, row 13: '>r' is no name of a read"),
        (0, "@r\nAC!T\n+\nFFFF\n", "bad.fq, row 2: '!' is no base; letters of IUPAC"),
        (9000, "@r\nACGT\n-\nFFFF\n", "bad.fq, row 36003: '-'; a line that begins with +"),
        (3, "@r\nACGT\n+\nFF F\n", "bad.fq, row 16: a quality out of range; characters 33 to 126"),
        (3, "@r\nACGT\n+\n", "bad.fq, row 15: the file ends within a record, after 3 of its 4"),
    ],
)
def test_a_record_that_is_none_is_told_with_its_line(tmp_path, number, record, expected):
    good = "".join(Read(f"r{n}", "ACGT").lines() for n in range(number))
    rest = "" if record.endswith("+\n") else Read("z", "ACGT").lines()
    path = tmp_path / "bad.fq"
    path.write_text(good + record + rest)
    assert told(path).startswith(expected)


def test_a_flipped_byte_of_a_packed_file_is_found(tmp_path):
    for name in ("a.fastq.gz", "a.fastq.bgz"):
        path = write_fastq(tmp_path / name, [Read(f"r{n}", "ACGT" * 25) for n in range(2000)])
        data = bytearray(path.read_bytes())
        data[len(data) // 2] ^= 0x40
        path.write_bytes(bytes(data))
        assert "damaged" in (line := told(path)) or "checksum" in line


def test_several_gzip_members_are_one_file(tmp_path):
    path = tmp_path / "a.fastq.gz"
    parts = [gzip.compress(read.lines().encode()) for read in READS]
    path.write_bytes(b"".join(parts))
    assert check(path)[0].reads == 50


def test_a_read_that_one_file_lacks_is_named(tmp_path):
    first = write_fastq(tmp_path / "1.fq", READS)
    second = write_fastq(tmp_path / "2.fq", [r for r in READS if r.name != "r30"])
    assert told(first, second) == (
        "2.fq, row 121: read 31 is '@r31', but '@r30' in 1.fq; both files hold the mates in the "
        "same order"
    )
