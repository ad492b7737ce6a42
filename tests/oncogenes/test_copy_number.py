from __future__ import annotations

from pathlib import Path

import pytest

from apothecary.errors import WorkflowInputError
from apothecary.oncogenes import copy_number
from apothecary.oncogenes.copy_number import Segment
from apothecary.oncogenes.settings import Settings

HEADER = "Chromosome\tStart\tEnd\tnMajor\tnMinor\n"


def write(folder: Path, text: str) -> Path:
    path = folder / "segments.tsv"
    path.write_text(text)
    return path


def problems(folder: Path, text: str) -> str:
    with pytest.raises(WorkflowInputError) as caught:
        copy_number.read(write(folder, text))
    return str(caught.value).replace(str(folder), "")


def test_segments_are_read_with_their_lines(tmp_path: Path) -> None:
    path = write(tmp_path, "# made by hand\n" + HEADER + "chr7\t10\t20\t8\t1\n\nX\t5\t9\t1\t0\n")
    assert copy_number.read(path) == [
        Segment(3, "chr7", 10, 20, 8.0, 1.0, 9.0),
        Segment(5, "chrX", 5, 9, 1.0, 0.0, 1.0),
    ]


def test_a_total_will_do(tmp_path: Path) -> None:
    path = write(tmp_path, "Chromosome\tStart\tEnd\tnTotal\n7\t10\t20\t2.5\n")
    assert copy_number.read(path) == [Segment(2, "chr7", 10, 20, None, None, 2.5)]


def test_windows_line_ends_and_a_byte_order_mark(tmp_path: Path) -> None:
    text = "\ufeff" + HEADER + "7\t10\t20\t1\t1\n"
    path = tmp_path / "s.tsv"
    path.write_bytes(text.replace("\n", "\r\n").encode())
    assert copy_number.read(path)[0].total == 2


def test_every_problem_is_told_with_row_and_field(tmp_path: Path) -> None:
    text = problems(
        tmp_path, HEADER + "99\t10\t20\t1\t1\n7\t-5\t20\tx\t1\n7\t30\t20\t1\t1\n7\t1\t2\t1\n"
    )
    assert text == "/segments.tsv, row 5: 4 fields; the header has 5: tabs must part the columns"
    text = problems(tmp_path, HEADER + "99\t10\t20\t1\t1\n7\t-5\t20\tx\tnan\n7\t30\t20\t1\t1\n")
    assert text.splitlines() == [
        "/segments.tsv, row 2, Chromosome: found '99'; a chromosome from 1 to 22, X, Y or M is "
        "needed",
        "/segments.tsv, row 3, Start: found '-5'; a whole number from 1 is needed",
        "/segments.tsv, row 3, nMajor: found 'x'; a number from 0 is needed",
        "/segments.tsv, row 3, nMinor: found 'nan'; a number from 0 is needed",
        "/segments.tsv, row 4, End: End 20 is before Start 30; swap them",
    ]


def test_overlapping_segments_are_refused(tmp_path: Path) -> None:
    assert problems(tmp_path, HEADER + "7\t10\t20\t1\t1\n7\t20\t30\t1\t1\n") == (
        "/segments.tsv, row 3, Start: the segment overlaps the one of row 2; "
        "segments must not overlap: correct Start or End"
    )


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "the file is empty"),
        ("Chromosome,Start,End\n", "tabs must part the columns"),
        ("Chromosome\tStart\tEnd\n", "nMajor and nMinor, or nTotal, are needed"),
        ("Start\tEnd\tnTotal\n", "column Chromosome is absent"),
        ("Start\tStart\n", "column 'Start' is repeated"),
        ("a\0b\n", "NUL byte"),
    ],
)
def test_a_file_of_another_form_is_refused(tmp_path: Path, text: str, words: str) -> None:
    assert words in problems(tmp_path, text)


def test_an_absent_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(WorkflowInputError, match="correct the path in the sheet"):
        copy_number.read(tmp_path / "absent.tsv")


@pytest.mark.parametrize(
    ("major", "minor", "expected"),
    [
        (5, 1, "amplification"),
        (4, 1, "gain"),
        (2, 1, "gain"),
        (1, 1, "neutral"),
        (1, 0, "loss"),
        (2, 0, "loss_of_heterozygosity"),
        (3, 0, "loss_of_heterozygosity"),
        (0, 0, "homozygous_deletion"),
        (12, 0, "amplification"),
    ],
)
def test_states(major: float, minor: float, expected: str) -> None:
    segment = Segment(1, "chr7", 1, 2, major, minor, major + minor)
    assert copy_number.state(segment, Settings()) == expected


def region(gene: str, start: int, end: int, chrom: str = "chr7") -> dict[str, object]:
    return {"gene": gene, "chrom": chrom, "start": start, "end": end}


def test_a_gene_takes_the_segment_that_holds_most_of_it() -> None:
    segments = [
        Segment(2, "chr7", 1, 120, 1, 1, 2),
        Segment(3, "chr7", 121, 400, 10, 1, 11),
    ]
    regions = [
        region("A", 100, 200),
        region("B", 500, 600),
        region("C", 100, 110),
        region("D", 1, 9),
    ]
    rows = copy_number.of_genes("T1", segments, regions, frozenset("ABC"), Settings())
    assert [(r["gene"], r["total"], r["state"], r["row"]) for r in rows] == [
        ("A", 11, "amplification", 3),
        ("C", 2, "neutral", 2),
    ]
