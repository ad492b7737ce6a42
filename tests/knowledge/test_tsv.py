"""TSV files: what is written is read back, and a faulty cell is told."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apothecary.errors import ResourceError
from apothecary.knowledge import tsv
from apothecary.tables import Column, Table

MADE = Table(
    "made",
    1,
    ("name",),
    (
        Column("name", "str", "name", required=True),
        Column("note", "str", "note"),
        Column("count", "int", "count"),
        Column("share", "float", "share"),
        Column("known", "bool", "known", required=True),
        Column("parts", "list", "parts"),
    ),
    "made for the test",
)
TEXT = st.text(
    st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="|\u2028\u2029\x85"),
    min_size=1,
)


@given(
    st.lists(
        st.fixed_dictionaries(
            {
                "name": TEXT,
                "note": st.none() | TEXT,
                "count": st.none() | st.integers(),
                "share": st.none() | st.floats(allow_nan=False),
                "known": st.booleans(),
                "parts": st.lists(TEXT),
            }
        ),
        unique_by=lambda row: row["name"],
    )
)
@settings(max_examples=50, deadline=None)
def test_rows_come_back_sorted_as_they_were(tmp_path_factory, rows):
    folder = tmp_path_factory.mktemp("tsv")
    path = tsv.write(folder, MADE, rows)
    assert tsv.read(path, MADE).rows == sorted(rows, key=lambda row: row["name"])


def test_bytes_do_not_depend_on_the_order_of_rows(tmp_path: Path):
    rows = [{"name": name, "known": True} for name in "cab"]
    first = tsv.write(tmp_path / "1", MADE, rows).read_bytes()
    assert tsv.write(tmp_path / "2", MADE, reversed(rows)).read_bytes() == first


def test_a_large_table_is_gzipped_without_clock_and_name(tmp_path: Path):
    rows = [{"name": f"{number:06}", "note": "x" * 90, "known": True} for number in range(12_000)]
    tsv.write(tmp_path, MADE, rows[:1])
    path = tsv.write(tmp_path, MADE, rows)
    assert path.name == "made.tsv.gz"
    assert not (tmp_path / "made.tsv").exists()
    raw = path.read_bytes()
    assert raw[3] & 8 == 0, "a name is stored"
    assert raw[4:8] == b"\0\0\0\0", "a time is stored"
    assert gzip.decompress(raw).count(b"\n") == 12_001
    assert len(tsv.read(path, MADE).rows) == 12_000


@pytest.mark.parametrize(
    "row",
    [
        {"name": "a\tb", "known": True},
        {"name": "a\nb", "known": True},
        {"name": "a", "known": None},
        {"name": "a", "known": True, "parts": ["x|y"]},
        {"name": "a", "known": True, "other": "x"},
        {"name": 1, "known": True},
    ],
)
def test_what_a_cell_cannot_hold_is_a_bug(tmp_path: Path, row):
    with pytest.raises(ValueError, match="made"):
        tsv.write(tmp_path, MADE, [row])


def test_every_faulty_cell_is_told_with_its_line(tmp_path: Path):
    path = tmp_path / "made.tsv"
    path.write_text(
        "name\tnote\tcount\tshare\tknown\tparts\na\t\tmany\t\ttrue\t\nb\t\t1\t\tyes\t\nc\t\t1\n"
    )
    with pytest.raises(ResourceError) as caught:
        tsv.read(path, MADE)
    assert [problem.line() for problem in caught.value.problems] == [
        f"{path}, row 2, count: 'many'; a value of type int",
        f"{path}, row 3, known: 'yes'; a value of type bool",
        f"{path}, row 4: 3 cells; 6 cells, tab-separated",
    ]


def test_other_columns_are_refused(tmp_path: Path):
    path = tmp_path / "made.tsv"
    path.write_text("name\tnote\n")
    with pytest.raises(ResourceError, match=r"row 1: columns .*'count'"):
        tsv.read(path, MADE)


def test_a_cut_gzip_is_told(tmp_path: Path):
    path = tmp_path / "made.tsv.gz"
    path.write_bytes(gzip.compress(b"name\n" * 1000)[:-12])
    with pytest.raises(ResourceError, match="cannot be read"):
        tsv.read(path, MADE)
