"""Every Parquet table of a run, and the one reader and writer.

A table is declared once, in `schemas.py` or `knowledge/schemas.py`: columns with type and meaning,
and the key by which its rows are sorted. What is written depends on the rows alone: no clock, no
path and no library default enters the bytes.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from apothecary import lean_arrow
from apothecary.errors import Problem, ResourceError
from apothecary.files import replacing
from apothecary.version import VERSION

lean_arrow.settle()

ROW_GROUP_ROWS = 65_536
GROUP_PIECE_ROWS = 1024
"""Rows that `read_groups` turns into mappings at once; as such they take far more memory."""

_FORMAT: Mapping[str, Any] = {
    "compression": "zstd",
    "compression_level": 1,
    "use_dictionary": True,
    "write_statistics": True,
    "store_schema": True,
}
_TYPES: Mapping[str, pa.DataType] = {
    "str": pa.string(),
    "int": pa.int64(),
    "float": pa.float64(),
    "bool": pa.bool_(),
    "list": pa.list_(pa.string()),
}


@dataclass(frozen=True)
class Column:
    """One column of a table.

    Attributes:
        name: The column's name, the same in table, report and export.
        kind: One of `str`, `int`, `float`, `bool`, `list` (a list of strings).
        meaning: What a value says, with unit and coordinate base.
        required: Whether null is refused.
    """

    name: str
    kind: str
    meaning: str
    required: bool = False


@dataclass(frozen=True)
class Table:
    """The declaration of a table.

    Attributes:
        name: The table's name and the stem of its file.
        version: Raised whenever the columns or their meaning change.
        key: Columns that are unique together and that sort the rows.
        columns: All columns, in the order of the file.
        meaning: What a row is.
    """

    name: str
    version: int
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    meaning: str

    @property
    def schema(self) -> pa.Schema:
        """The Arrow schema, without metadata."""
        return pa.schema(
            [pa.field(c.name, _TYPES[c.kind], nullable=not c.required) for c in self.columns]
        )


Rows: TypeAlias = "Iterable[Mapping[str, Any]] | pa.Table"


def to_arrow(table: Table, rows: Rows) -> pa.Table:
    """Rows as an Arrow table of the declared schema, sorted by the key.

    Args:
        table: The declaration.
        rows: Mappings from column name to value, or an Arrow table with the declared columns.
            A mapping may leave out columns that are not required.

    Returns:
        The sorted table, one chunk a column.

    Raises:
        ValueError: A column is unknown or absent, a required value is null, or two rows have the
            same key. These are bugs of the caller, not of the user.
    """
    schema = table.schema
    if isinstance(rows, pa.Table):
        if set(rows.column_names) != set(schema.names):
            differing = sorted(set(rows.column_names) ^ set(schema.names))
            raise ValueError(f"table {table.name}: columns {differing} differ from the schema")
        arrow = rows.select(schema.names).cast(schema)
    else:
        arrow = _from_mappings(table, schema, rows)
    for column in table.columns:
        if column.required and arrow.column(column.name).null_count:
            raise ValueError(f"table {table.name}: required column {column.name} holds a null")
    arrow = arrow.combine_chunks()
    if _in_order(arrow, table.key):
        return arrow
    arrow = arrow.sort_by([(name, "ascending") for name in table.key]).combine_chunks()
    distinct = arrow.group_by(list(table.key), use_threads=False).aggregate([]).num_rows
    if distinct != arrow.num_rows:
        repeated = arrow.num_rows - distinct
        raise ValueError(f"table {table.name}: {repeated} rows repeat a key {table.key}")
    return arrow


def _in_order(arrow: pa.Table, key: Sequence[str]) -> bool:
    """Whether every row's key is greater than that of the row before, and none holds a null."""
    equal = pa.scalar(True)  # So far, of the columns looked at.
    decided = pa.scalar(False)
    for name in key:
        column = arrow.column(name)
        if column.null_count:
            return False
        before, after = column.slice(0, max(len(column) - 1, 0)), column.slice(1)
        decided = pc.or_(decided, pc.and_(equal, pc.less(before, after)))
        equal = pc.and_(equal, pc.equal(before, after))
        if pc.all(decided, min_count=0).as_py():
            return True
        if not pc.all(pc.or_(decided, equal), min_count=0).as_py():
            return False
    return False


def in_groups(batches: Iterable[pa.Table]) -> Iterator[pa.Table]:
    """The rows of tables as tables of `ROW_GROUP_ROWS` each, and one of what is left.

    Written by `write_batches`, they make the bytes that `write` makes of all rows.
    """
    held: list[pa.Table] = []
    count = 0
    for batch in batches:
        held.append(batch)
        count += batch.num_rows
        if count >= ROW_GROUP_ROWS:
            together = pa.concat_tables(held)
            whole = count - count % ROW_GROUP_ROWS
            for start in range(0, whole, ROW_GROUP_ROWS):
                yield together.slice(start, ROW_GROUP_ROWS)
            held, count = [together.slice(whole)], count - whole
    if count:
        yield pa.concat_tables(held)


def _from_mappings(table: Table, schema: pa.Schema, rows: Iterable[Mapping[str, Any]]) -> pa.Table:
    names = schema.names
    known = set(names)
    values: dict[str, list[Any]] = {name: [] for name in names}
    for row in rows:
        if not known.issuperset(row):
            unknown = sorted(set(row) - known)
            raise ValueError(f"table {table.name}: unknown columns {unknown}")
        for name in names:
            values[name].append(row.get(name))
    arrays = [pa.array(values[field.name], type=field.type) for field in schema]
    return pa.Table.from_arrays(arrays, schema=schema)


def write(path: Path | str, table: Table, rows: Rows, *, knowledge: str = "") -> int:
    """Write a table: schema checked, sorted by key, the same bytes for the same rows.

    Args:
        path: The Parquet file, written beside and renamed.
        table: The declaration.
        rows: See `to_arrow`.
        knowledge: Digest of the knowledge pack that the rows depend on, or the empty string.

    Returns:
        The number of rows.

    Raises:
        ValueError: As `to_arrow`.
    """
    arrow = to_arrow(table, rows).replace_schema_metadata(_metadata(table, knowledge))
    with replacing(path) as temporary:
        pq.write_table(
            arrow,
            temporary,
            row_group_size=ROW_GROUP_ROWS,
            **_FORMAT,
        )
    return int(arrow.num_rows)


def write_batches(
    path: Path | str, table: Table, batches: Iterable[Rows], *, knowledge: str = ""
) -> int:
    """Write a table that is too big to hold at once, batch by batch.

    Args:
        path: The Parquet file, written beside and renamed.
        table: The declaration.
        batches: Rows as for `to_arrow`; every key of a batch is greater than all keys before it.
        knowledge: Digest of the knowledge pack that the rows depend on, or the empty string.

    Returns:
        The number of rows.

    Raises:
        ValueError: As `to_arrow`, or the batches are not in the order of the key.
    """
    metadata = _metadata(table, knowledge)
    schema = table.schema.with_metadata(metadata)
    rows = 0
    last: tuple[Any, ...] | None = None
    with (
        replacing(path) as temporary,
        pq.ParquetWriter(
            temporary,
            schema,
            **_FORMAT,
        ) as writer,
    ):
        for batch in batches:
            arrow = to_arrow(table, batch)
            if not arrow.num_rows:
                continue
            first = tuple(arrow.column(name)[0].as_py() for name in table.key)
            if last is not None and first <= last:
                raise ValueError(f"table {table.name}: key {first} comes after {last}")
            last = tuple(arrow.column(name)[-1].as_py() for name in table.key)
            writer.write_table(arrow, row_group_size=ROW_GROUP_ROWS)
            rows += arrow.num_rows
    return rows


def _metadata(table: Table, knowledge: str) -> dict[str, str]:
    return {
        "apothecary.table": table.name,
        "apothecary.schema_version": str(table.version),
        "apothecary.pipeline_version": VERSION,
        "apothecary.knowledge": knowledge,
    }


def read(path: Path | str, table: Table, columns: Sequence[str] | None = None) -> pa.Table:
    """Read a table and refuse one that is not of the declared schema and version.

    Args:
        path: The Parquet file.
        table: The declaration.
        columns: The columns wanted; all when not given.

    Returns:
        The Arrow table, sorted by the table's key as it was written.

    Raises:
        ResourceError: The file is absent, is cut, or holds another table or schema version.
    """
    file = Path(path)
    parquet = _opened(file, table)
    try:
        arrow: pa.Table = parquet.read(columns=list(columns) if columns else None)
    except (OSError, pa.ArrowInvalid) as error:
        raise ResourceError(_damaged(file, error)) from error
    return arrow.replace_schema_metadata(None)


def read_groups(
    path: Path | str, table: Table, column: str
) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Read a table one group of rows at a time, so that memory holds a few at most.

    Args:
        path: The Parquet file.
        table: The declaration.
        column: The first column of the table's key, by which the rows are sorted.

    Yields:
        A value of the column and its rows, in the order of the table.

    Raises:
        ResourceError: As `read`.
    """
    file = Path(path)
    parquet = _opened(file, table)
    open_group: list[dict[str, Any]] = []
    pieces = parquet.iter_batches(batch_size=GROUP_PIECE_ROWS)
    while (piece := _next_piece(pieces, file)) is not None:
        for row in piece.to_pylist():
            if open_group and row[column] != open_group[0][column]:
                yield open_group[0][column], open_group
                open_group = []
            open_group.append(row)
    if open_group:
        yield open_group[0][column], open_group


def name_of(path: str | Path) -> str:
    """The name of the table that a Parquet file was written as; empty when it tells none."""
    metadata = pq.read_schema(path).metadata or {}
    return str(metadata.get(b"apothecary.table", b"").decode())


def _opened(file: Path, table: Table) -> pq.ParquetFile:
    """Open a Parquet file that is of the declared schema and version; raises as `read`."""
    try:
        parquet = pq.ParquetFile(file)
    except (OSError, pa.ArrowInvalid) as error:
        raise ResourceError(
            Problem(
                str(file), f"not a readable Parquet file ({_first_line(error)})", "write it anew"
            )
        ) from error
    metadata = parquet.schema_arrow.metadata or {}
    name = metadata.get(b"apothecary.table", b"").decode()
    version = metadata.get(b"apothecary.schema_version", b"").decode()
    if (name, version) != (table.name, str(table.version)):
        raise ResourceError(
            Problem(
                str(file),
                f"table {name or 'unknown'} of schema version {version or 'unknown'}",
                f"table {table.name} of schema version {table.version} is needed: run again",
            )
        )
    if not parquet.schema_arrow.remove_metadata().equals(table.schema):
        differing = sorted(set(parquet.schema_arrow.names) ^ set(table.schema.names))
        raise ResourceError(
            Problem(
                str(file),
                f"columns {differing or 'of another type'} differ",
                f"the columns of table {table.name} are declared in the library: run again",
            )
        )
    return parquet


def _next_piece(pieces: Iterator[pa.RecordBatch], file: Path) -> pa.RecordBatch | None:
    try:
        return next(pieces, None)
    except (OSError, pa.ArrowInvalid) as error:
        raise ResourceError(_damaged(file, error)) from error


def _damaged(file: Path, error: Exception) -> Problem:
    return Problem(str(file), f"damaged Parquet file ({_first_line(error)})", "write it anew")


def read_rows(path: Path | str, table: Table) -> list[dict[str, Any]]:
    """Read a table as one dictionary a row; see `read`."""
    rows: list[dict[str, Any]] = read(path, table).to_pylist()
    return rows


def content_digest(arrow: pa.Table) -> str:
    """SHA-256 over a canonical text of the rows, independent of the Parquet writer's version.

    Args:
        arrow: A table, as `read` returns it.

    Returns:
        64 hexadecimal digits; equal for equal column names and values in equal order.
    """
    digest = hashlib.sha256(json.dumps(arrow.column_names).encode())
    for batch in arrow.to_batches(max_chunksize=ROW_GROUP_ROWS):
        for row in zip(*(column.to_pylist() for column in batch.columns), strict=True):
            digest.update(json.dumps(row, ensure_ascii=False).encode())
            digest.update(b"\n")
    return digest.hexdigest()


def _first_line(error: Exception) -> str:
    return str(error).splitlines()[0] if str(error) else type(error).__name__
