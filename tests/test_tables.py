from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from apothecary import schemas, tables
from apothecary.errors import ResourceError
from apothecary.knowledge import schemas as knowledge_schemas
from apothecary.tables import Column, Table

SPOTS = Table(
    "spots",
    2,
    ("chrom", "pos"),
    (
        Column("chrom", "str", "chromosome", required=True),
        Column("pos", "int", "1-based position", required=True),
        Column("depth", "float", "mean reads"),
        Column("passed", "bool", "passes"),
        Column("names", "list", "names"),
    ),
    "a spot",
)

rows_of_spots = st.lists(
    st.fixed_dictionaries(
        {"chrom": st.text(max_size=5), "pos": st.integers(-(2**62), 2**62)},
        optional={
            "depth": st.none() | st.floats(allow_nan=False),
            "passed": st.none() | st.booleans(),
            "names": st.none() | st.lists(st.text(max_size=4), max_size=3),
        },
    ),
    unique_by=lambda row: (row["chrom"], row["pos"]),
    max_size=20,
)


@given(rows=rows_of_spots)
def test_what_is_written_is_read_sorted_by_key(tmp_path_factory, rows):
    path = tmp_path_factory.mktemp("tables") / "spots.parquet"
    assert tables.write(path, SPOTS, rows) == len(rows)
    full = [{c.name: row.get(c.name) for c in SPOTS.columns} for row in rows]
    assert tables.read_rows(path, SPOTS) == sorted(
        full, key=lambda r: (r["chrom"].encode(), r["pos"])
    )


@given(rows=rows_of_spots, seed=st.randoms())
def test_bytes_do_not_depend_on_row_order(tmp_path_factory, rows, seed):
    folder = tmp_path_factory.mktemp("tables")
    shuffled = list(rows)
    seed.shuffle(shuffled)
    tables.write(folder / "a.parquet", SPOTS, rows)
    tables.write(folder / "b.parquet", SPOTS, shuffled)
    assert (folder / "a.parquet").read_bytes() == (folder / "b.parquet").read_bytes()


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ([{"chrom": "1", "pos": 1}, {"chrom": "1", "pos": 1, "depth": 2.0}], "repeat a key"),
        ([{"chrom": "1"}], "required column pos"),
        ([{"chrom": "1", "pos": 1, "dept": 2.0}], "unknown columns"),
    ],
)
def test_rows_that_do_not_fit_are_refused_and_nothing_is_written(tmp_path, rows, told):
    with pytest.raises(ValueError, match=told):
        tables.write(tmp_path / "spots.parquet", SPOTS, rows)
    assert list(tmp_path.iterdir()) == []


def test_another_table_or_version_is_refused(tmp_path):
    path = tmp_path / "spots.parquet"
    tables.write(path, SPOTS, [])
    newer = Table("spots", 3, SPOTS.key, SPOTS.columns, SPOTS.meaning)
    with pytest.raises(ResourceError, match="schema version 2; table spots of schema version 3"):
        tables.read(path, newer)
    pq.write_table(pa.table({"chrom": ["1"]}), path)
    with pytest.raises(ResourceError, match="table unknown"):
        tables.read(path, SPOTS)


def test_a_cut_file_is_refused(tmp_path):
    path = tmp_path / "spots.parquet"
    tables.write(path, SPOTS, [{"chrom": "1", "pos": n} for n in range(1000)])
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(ResourceError, match="not a readable Parquet file"):
        tables.read(path, SPOTS)


def test_content_digest_is_of_the_rows_alone(tmp_path):
    rows = [{"chrom": "1", "pos": n, "names": ["a"]} for n in range(10)]
    tables.write(tmp_path / "a.parquet", SPOTS, rows, knowledge="one")
    tables.write(tmp_path / "b.parquet", SPOTS, rows, knowledge="two")
    a, b = (tables.read(tmp_path / f"{n}.parquet", SPOTS) for n in "ab")
    assert (tmp_path / "a.parquet").read_bytes() != (tmp_path / "b.parquet").read_bytes()
    assert tables.content_digest(a) == tables.content_digest(b)
    assert tables.content_digest(a) != tables.content_digest(a.slice(0, 9))


@pytest.mark.parametrize(
    "table", [*schemas.TABLES.values(), *knowledge_schemas.PACK.values()], ids=lambda t: t.name
)
def test_every_declared_table_is_sound(tmp_path: Path, table: Table):
    names = [column.name for column in table.columns]
    assert len(set(names)) == len(names)
    assert set(table.key) <= {c.name for c in table.columns if c.required}
    assert all(column.meaning for column in table.columns)
    path = tmp_path / f"{table.name}.parquet"
    assert tables.write(path, table, []) == 0
    assert tables.read(path, table).schema == table.schema


def test_groups_are_the_rows_of_one_value_at_a_time(tmp_path, monkeypatch):
    monkeypatch.setattr(tables, "GROUP_PIECE_ROWS", 3)
    rows = [
        {"sample_id": name, "fate": "kept", "reason": f"r{n}", "records": n}
        for name, count in (("A", 1), ("B", 7), ("C", 3))
        for n in range(count)
    ]
    path = tmp_path / "record_fates.parquet"
    tables.write(path, schemas.RECORD_FATES, rows)
    groups = list(tables.read_groups(path, schemas.RECORD_FATES, "sample_id"))
    assert [(name, len(found)) for name, found in groups] == [("A", 1), ("B", 7), ("C", 3)]
    assert [row for _, found in groups for row in found] == rows
    tables.write(path, schemas.RECORD_FATES, [])
    assert list(tables.read_groups(path, schemas.RECORD_FATES, "sample_id")) == []


def test_rows_in_order_are_sorted_as_any_others(tmp_path):
    columns = (Column("a", "str", "x"), Column("b", "int", "x"), Column("c", "float", "x"))
    table = Table("t", 1, ("a", "b"), columns, "x")
    ordered = [{"a": a, "b": b, "c": 0.5} for a in ("k", "m") for b in range(50)]
    shuffled = sorted(ordered, key=lambda row: (row["b"] * 37 % 50, row["a"]))
    assert tables.to_arrow(table, ordered).equals(tables.to_arrow(table, shuffled))
    assert tables.to_arrow(table, ordered[:1]).num_rows == 1
    null_last = [{"a": "k", "b": 1}, {"a": "k"}, {"a": None, "b": 0}]
    for rows in (null_last, null_last[::-1]):
        assert tables.to_arrow(table, rows).to_pylist()[0]["b"] == 1
    with pytest.raises(ValueError, match="repeat a key"):
        tables.to_arrow(table, [*ordered, ordered[-1]])


def test_batches_in_groups_make_the_bytes_of_one_table(tmp_path, monkeypatch):
    monkeypatch.setattr(tables, "ROW_GROUP_ROWS", 100)
    table = Table("t", 1, ("a",), (Column("a", "int", "x"), Column("b", "str", "x")), "x")
    whole = tables.to_arrow(table, [{"a": at, "b": str(at % 7)} for at in range(1234)])
    cuts = [0, 3, 3, 250, 251, 900, 1234]
    parts = [whole.slice(low, high - low) for low, high in pairwise(cuts)]
    tables.write(tmp_path / "one", table, whole)
    tables.write_batches(tmp_path / "many", table, tables.in_groups(parts))
    assert (tmp_path / "one").read_bytes() == (tmp_path / "many").read_bytes()
