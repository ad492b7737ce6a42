"""Segment files of callers: the same segments, whatever the columns are called."""

from __future__ import annotations

import math
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apothecary.errors import WorkflowInputError
from apothecary.oncogenes import copy_number, segment_formats


def read(tmp_path: Path, lines: list[str], **facts: float) -> list[tuple[object, ...]]:
    path = tmp_path / "segments.tsv"
    path.write_text("\n".join(line.replace(" ", "\t") for line in lines) + "\n")
    found = copy_number.read(path, **facts)
    return [(s.chrom, s.start, s.end, s.major, s.minor, s.total) for s in found]


EXPECTED = [("chr7", 101, 200, 3.0, 1.0, 4.0), ("chrX", 1, 50, 1.0, 0.0, 1.0)]


@pytest.mark.parametrize(
    "lines",
    [
        ["sample chr startpos endpos nMajor nMinor", "T 7 101 200 3 1", "T X 1 50 1 0"],
        [
            "chrom seg start end cf.em tcn.em lcn.em",
            "7 1 101 200 0.8 4 1",
            "23 2 1 50 0.8 1 0",
        ],
        [
            "chromosome start end copyNumber minorAlleleCopyNumber majorAlleleCopyNumber",
            "chr7 101 200 4.0 1.0 3.0",
            "chrX 1 50 1.0 -0.02 1.0",
        ],
        [
            "chromosome start end gene log2 cn cn1 cn2",
            "chr7 100 200 EGFR 1.0 4 1 3",
            "chrX 0 50 AR -1 1 0 1",
        ],
    ],
    ids=["ascat", "facets", "purple", "cnvkit"],
)
def test_each_caller_gives_the_same_segments(tmp_path: Path, lines: list[str]) -> None:
    assert read(tmp_path, lines) == EXPECTED


def test_a_minor_copy_number_that_is_not_known_leaves_the_total(tmp_path: Path) -> None:
    lines = ["chrom start end tcn.em lcn.em", "7 101 200 4 NA", "7 201 300 NA NA"]
    assert read(tmp_path, lines) == [("chr7", 101, 200, None, None, 4.0)]


def test_log2_ratios_need_a_purity(tmp_path: Path) -> None:
    lines = ["chromosome start end gene log2 probes", "chr7 100 200 EGFR 1.0 30"]
    with pytest.raises(WorkflowInputError, match="log2: log2 ratios only; give the purity"):
        read(tmp_path, lines)
    assert read(tmp_path, lines, purity=1.0)[0][-1] == pytest.approx(4)
    assert read(tmp_path, lines, purity=0.5)[0][-1] == pytest.approx(6)


@given(
    st.floats(0, 20),
    st.floats(0.1, 1),
    st.floats(1.5, 5),
)
def test_copies_come_back_from_the_ratio_that_they_give(copies, purity, ploidy):
    mean = purity * ploidy + 2 * (1 - purity)
    seen = purity * copies + 2 * (1 - purity)
    if seen == 0:
        return
    log2 = math.log2(seen / mean)
    assert segment_formats.copies_of_ratio(log2, purity, ploidy) == pytest.approx(copies, abs=1e-9)
