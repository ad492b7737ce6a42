"""Reading upstream files as they are published: tab- or comma-separated text and JSON."""

from __future__ import annotations

import csv
import gzip
import json
import zipfile
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from apothecary.errors import Problem, ResourceError

Row = dict[str, Any]


def read_text(path: Path | str) -> str:
    """The text of a file, gzipped or not.

    Raises:
        ResourceError: The file cannot be read as UTF-8 text.
    """
    file = Path(path)
    try:
        raw = file.read_bytes()
        if raw[:2] == b"\x1f\x8b":
            raw = gzip.decompress(raw)
        return raw.decode("utf-8-sig")
    except (OSError, EOFError, zlib.error, UnicodeDecodeError) as error:
        raise ResourceError(
            Problem(str(file), f"cannot be read ({error})", "fetch the file anew")
        ) from error


def read_member(path: Path, member: str, right: str = "fetch the wheel anew") -> str:
    """The text of a file of a package: a wheel, or the folder that one was unpacked into.

    Args:
        path: The wheel or the folder.
        member: Path of the file in it.
        right: What to do when it is not there, for the message.

    Raises:
        ResourceError: The file is not there or no UTF-8 text.
    """
    if path.is_dir():
        return read_text(path / member)
    try:
        with zipfile.ZipFile(path) as archive:
            return archive.read(member).decode("utf-8")
    except (OSError, KeyError, zipfile.BadZipFile, UnicodeDecodeError) as error:
        raise ResourceError(Problem(str(path), f"no {member} in it ({error})", right)) from error


def read_table(
    path: Path | str,
    columns: Sequence[str],
    *,
    delimiter: str = "\t",
    header: Sequence[str] | None = None,
    comment: str | None = None,
) -> list[dict[str, str]]:
    """The rows of a delimited file with a header line.

    Args:
        path: The file, gzipped or not. Tab-separated cells are taken as they are; with another
            delimiter, quotes are those of CSV.
        columns: Columns that the importer needs; the file may have more.
        delimiter: Between cells.
        header: Column names of a file without a header line.
        comment: Lines that begin so are skipped.

    Returns:
        One mapping a line, of header names (stripped of blanks) to text.

    Raises:
        ResourceError: The file cannot be read, lacks a column, or a line has another number of
            cells.
    """
    lines = [
        line
        for line in read_text(path).splitlines()
        if line and not (comment and line.startswith(comment))
    ]
    if delimiter == "\t":
        cells = [line.split("\t") for line in lines]
    else:
        cells = list(csv.reader(lines, delimiter=delimiter))
    names = list(header) if header else [name.strip() for name in (cells[0] if cells else [])]
    absent = [column for column in columns if column not in names]
    if absent:
        raise ResourceError(
            Problem(str(path), f"no column {', '.join(absent)}", "another release of the source?")
        )
    rows = cells if header else cells[1:]
    wrong = [row for row in rows if len(row) != len(names)]
    if wrong:
        raise ResourceError(
            Problem(
                str(path),
                f"{len(wrong)} lines have not {len(names)} cells, such as {wrong[0][:3]}",
                "fetch the file anew",
            )
        )
    return [dict(zip(names, row, strict=True)) for row in rows]


def read_json(path: Path | str) -> Any:
    """The value of a JSON file, gzipped or not.

    Raises:
        ResourceError: The file cannot be read or is not JSON.
    """
    try:
        return json.loads(read_text(path))
    except ValueError as error:
        raise ResourceError(
            Problem(str(path), f"not JSON ({error})", "fetch the file anew")
        ) from error
