"""Pack tables as plain TSV: the form that is committed and reviewed.

One file a table. A cell is the value's plain text: nothing is quoted or escaped, since no fact
holds a tab or a line break. An empty cell is null in an optional column and the empty string in a
required one; a list is joined by `|`. Files above `PLAIN_BYTES` are gzipped without clock or name.
"""

from __future__ import annotations

import gzip
import io
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from apothecary.errors import Problem, ResourceError
from apothecary.files import replacing
from apothecary.tables import Column, Table

PLAIN_BYTES = 1_000_000
LIST_SEPARATOR = "|"
_BOOLEANS: Mapping[str, bool] = {"true": True, "false": False}


@dataclass(frozen=True)
class TsvTable:
    """The rows of one TSV file.

    Attributes:
        path: The file.
        rows: One mapping a line, in the order of the file; the row of index 0 is line 2.
    """

    path: Path
    rows: list[dict[str, Any]]


def line_of(index: int) -> int:
    """The 1-based line of the row of a 0-based index."""
    return index + 2


def find(folder: Path | str, table: Table) -> Path | None:
    """The file of a table in a folder: `<table>.tsv`, else `<table>.tsv.gz`, else None."""
    for name in (f"{table.name}.tsv", f"{table.name}.tsv.gz"):
        path = Path(folder) / name
        if path.is_file():
            return path
    return None


def write(folder: Path | str, table: Table, rows: Iterable[Mapping[str, Any]]) -> Path:
    """Write the TSV of a table, sorted by its key; replaces an older file of the table.

    Args:
        folder: The folder of the TSV files.
        table: The declaration.
        rows: Mappings from column name to value; optional columns may be absent.

    Returns:
        The file, `<table>.tsv` or, above `PLAIN_BYTES`, `<table>.tsv.gz`.

    Raises:
        ValueError: A value cannot stand in a TSV cell, is of the wrong type or is a missing
            required value. These are bugs of an importer.
    """
    names = [column.name for column in table.columns]
    known = set(names)
    cells: list[tuple[tuple[Any, ...], str]] = []
    for row in rows:
        if not known.issuperset(row):
            raise ValueError(f"table {table.name}: unknown columns {sorted(set(row) - known)}")
        key = tuple(row[name] for name in table.key)
        text = "\t".join(_encode(table, column, row.get(column.name)) for column in table.columns)
        cells.append((key, text))
    cells.sort()
    body = ("\n".join(["\t".join(names), *(text for _, text in cells)]) + "\n").encode()
    plain = Path(folder) / f"{table.name}.tsv"
    packed = Path(folder) / f"{table.name}.tsv.gz"
    path, other = (plain, packed) if len(body) <= PLAIN_BYTES else (packed, plain)
    with replacing(path) as temporary:
        temporary.write_bytes(body if path is plain else _gzip(body))
    other.unlink(missing_ok=True)
    return path


def _gzip(body: bytes) -> bytes:
    raw = io.BytesIO()
    with gzip.GzipFile(filename="", mode="wb", compresslevel=9, fileobj=raw, mtime=0) as stream:
        stream.write(body)
    return raw.getvalue()


def _encode(table: Table, column: Column, value: Any) -> str:
    where = f"table {table.name}, column {column.name}"
    if value is None:
        if column.required:
            raise ValueError(f"{where}: a required value is missing")
        return ""
    if column.kind == "list":
        if any(LIST_SEPARATOR in item or not item for item in value):
            raise ValueError(f"{where}: {value!r} cannot be joined by {LIST_SEPARATOR}")
        text = LIST_SEPARATOR.join(value)
    elif column.kind == "bool":
        if not isinstance(value, bool):
            raise ValueError(f"{where}: {value!r} is no truth value")
        text = "true" if value else "false"
    elif column.kind == "int":
        text = str(int(value))
    elif column.kind == "float":
        text = repr(float(value))
    else:
        if not isinstance(value, str):
            raise ValueError(f"{where}: {value!r} is no text")
        text = value
    if any(character in text for character in "\t\n\r"):
        raise ValueError(f"{where}: {text!r} holds a tab or a line break")
    return text


def read(path: Path | str, table: Table) -> TsvTable:
    """Read the TSV of a table.

    Args:
        path: The file; gzipped when its name ends in `.gz`.
        table: The declaration; its columns must stand in the declared order.

    Returns:
        The rows with typed values.

    Raises:
        ResourceError: The file cannot be read, has other columns, or a cell is not of its type.
            Every faulty cell is told.
    """
    file = Path(path)
    lines = _lines(file)
    names = [column.name for column in table.columns]
    found = lines[0].split("\t") if lines else []
    if found != names:
        differing = sorted(set(found) ^ set(names)) or "in another order"
        raise ResourceError(
            Problem(
                str(file), f"columns {differing} differ", f"the columns are {', '.join(names)}", 1
            )
        )
    problems: list[Problem] = []
    rows: list[dict[str, Any]] = []
    decoders = [(column, column.name, column.kind) for column in table.columns]
    for number, line in enumerate(lines[1:], start=2):
        cells = line.split("\t")
        if len(cells) != len(names):
            problems.append(
                Problem(
                    str(file), f"{len(cells)} cells", f"{len(names)} cells, tab-separated", number
                )
            )
            continue
        row: dict[str, Any] = {}
        for (column, name, kind), cell in zip(decoders, cells, strict=True):
            if kind == "str":
                row[name] = cell if cell or column.required else None
            else:
                try:
                    row[name] = _decode(column, cell)
                except ValueError:
                    right = f"a value of type {kind}" + (" is required" if not cell else "")
                    problems.append(Problem(str(file), f"{cell!r}", right, number, name))
        rows.append(row)
    if problems:
        raise ResourceError(problems)
    return TsvTable(file, rows)


def _lines(file: Path) -> list[str]:
    try:
        raw = file.read_bytes()
        text = (gzip.decompress(raw) if file.suffix == ".gz" else raw).decode("utf-8")
    except (OSError, EOFError, zlib.error, UnicodeDecodeError) as error:
        raise ResourceError(
            Problem(str(file), f"cannot be read ({error})", "restore the file")
        ) from error
    return text.removesuffix("\n").split("\n") if text else []


def _decode(column: Column, cell: str) -> Any:
    if column.kind == "list":
        return cell.split(LIST_SEPARATOR) if cell else []
    if not cell:
        if column.required:
            raise ValueError(column.name)
        return None
    if column.kind == "int":
        return int(cell)
    if column.kind == "float":
        return float(cell)
    if cell not in _BOOLEANS:
        raise ValueError(cell)
    return _BOOLEANS[cell]


def read_folder(
    folder: Path | str, tables: Mapping[str, Table]
) -> Iterator[tuple[Table, TsvTable | None]]:
    """Every table of a folder of TSV files; None for a table without a file.

    Raises:
        ResourceError: As `read`.
    """
    for table in tables.values():
        path = find(folder, table)
        yield table, read(path, table) if path else None
