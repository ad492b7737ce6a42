"""Tab-separated sheets to rows of text, with every problem of a sheet told at once."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jsonschema
import yaml

from apothecary.errors import Problem, WorkflowInputError

MAX_SHEET_BYTES = 64 * 1024 * 1024


@dataclass(frozen=True)
class Sheet:
    """A sheet as text.

    Attributes:
        path: The path as the user gave it.
        columns: Names of the header.
        rows: 1-based line number and the cells of each line that is not blank.
    """

    path: str
    columns: tuple[str, ...]
    rows: tuple[tuple[int, Mapping[str, str]], ...]


def load_schema(path: Path) -> dict[str, Any]:
    """A JSON Schema that is kept as YAML.

    Args:
        path: The schema's file, part of the workflow.

    Returns:
        The schema.
    """
    schema: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return schema


def read(path: Path | str, schema: Mapping[str, Any]) -> Sheet:
    """Read a sheet and check its form and its header.

    Args:
        path: A tab-separated UTF-8 file with a header line.
        schema: JSON Schema of one row; its properties are the columns that are known and its
            required ones must stand in the header.

    Returns:
        The cells as text; a column that the header leaves out is an empty string.

    Raises:
        WorkflowInputError: The file is absent, empty, not UTF-8, not tab-separated, or its header
            lacks, repeats or adds a column, or a line has another number of cells.
    """
    name = str(path)
    text = _text(path, name).replace("\r\n", "\n")
    # Cells are not quoted: what ends a line, and what parts cells, is never within one.
    numbered = [(line, cells.split("\t")) for line, cells in enumerate(text.split("\n"), 1)]
    if not text:
        raise WorkflowInputError(Problem(name, "the sheet is empty", "a header line is needed"))
    header = [cell.strip() for cell in numbered[0][1]]
    problems = _header_problems(name, header, schema)
    if problems:
        raise WorkflowInputError(problems)
    rows: list[tuple[int, Mapping[str, str]]] = []
    for line, cells in numbered[1:]:
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) != len(header):
            problems.append(
                Problem(
                    name,
                    f"{len(cells)} cells",
                    f"the header has {len(header)}: separate cells with one tab each",
                    row=line,
                )
            )
            continue
        row = dict.fromkeys(schema["properties"], "")
        row.update(zip(header, cells, strict=True))
        rows.append((line, row))
    if problems:
        raise WorkflowInputError(problems)
    return Sheet(name, tuple(header), tuple(rows))


def _text(path: Path | str, name: str) -> str:
    file = Path(path)
    if not file.is_file():
        found = "not a regular file" if file.exists() else "no such file"
        raise WorkflowInputError(Problem(name, found, "give the path of a tab-separated sheet"))
    if file.stat().st_size > MAX_SHEET_BYTES:
        limit = f"a sheet has at most {MAX_SHEET_BYTES // 1024 // 1024} MiB"
        raise WorkflowInputError(Problem(name, f"{file.stat().st_size} bytes", limit))
    raw = file.read_bytes()
    if raw.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")):
        raise WorkflowInputError(
            Problem(name, "a byte-order mark", "save the sheet as UTF-8 without one", row=1)
        )
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        row = raw.count(b"\n", 0, error.start) + 1
        found = f"byte 0x{raw[error.start]:02x} is not UTF-8"
        raise WorkflowInputError(Problem(name, found, "save the sheet as UTF-8", row=row)) from None
    if "\0" in text:
        row = text.count("\n", 0, text.index("\0")) + 1
        raise WorkflowInputError(Problem(name, "a NUL byte", "a sheet is plain text", row=row))
    return text


def _header_problems(name: str, header: Sequence[str], schema: Mapping[str, Any]) -> list[Problem]:
    known = list(schema["properties"])
    if len(header) == 1 and len(known) > 1:
        found = "one column only"
        if ";" in header[0] or "," in header[0]:
            found = "a header separated by ; or ,"
        return [Problem(name, found, "separate columns with tabs", row=1)]
    problems = []
    for column in header:
        if column not in known:
            near = difflib.get_close_matches(column, known, n=1)
            right = f"did you mean {near[0]!r}?" if near else f"known are: {', '.join(known)}"
            problems.append(Problem(name, f"unknown column {column!r}", right, row=1))
    for column in sorted({column for column in header if header.count(column) > 1}):
        problems.append(Problem(name, f"column {column!r} twice", "give it once", row=1))
    for column in schema["required"]:
        if column not in header:
            problems.append(Problem(name, f"no column {column!r}", "add it", row=1))
    return problems


def check_rows(sheet: Sheet, schema: Mapping[str, Any]) -> list[Problem]:
    """Hold every row of a sheet against the JSON Schema of a row.

    Args:
        sheet: The sheet.
        schema: JSON Schema of a row. Each property may tell under `x-right`, in words, what
            would be right.

    Returns:
        One problem for each cell that does not fit, in the order of the sheet.
    """
    validator = jsonschema.Draft202012Validator(schema)
    problems = []
    for line, row in sheet.rows:
        for column, found in row.items():
            if found != found.strip():
                problems.append(
                    Problem(sheet.path, repr(found), "no space around a value", line, column)
                )
        for error in sorted(validator.iter_errors(dict(row)), key=lambda e: list(e.path)):
            column = str(error.path[0]) if error.path else error.validator
            found = repr(error.instance) if error.path else error.message
            right = schema["properties"].get(column, {}).get("x-right", error.message)
            problems.append(Problem(sheet.path, found, right, line, column))
    return problems


def check_unique(sheet: Sheet, column: str, values: Sequence[tuple[int, str]]) -> list[Problem]:
    """Find identifiers that are the same, or the same but for upper and lower case.

    Args:
        sheet: The sheet, for its path.
        column: The column that the values are of.
        values: Line and value.

    Returns:
        A problem for each value after the first of its kind.
    """
    first: dict[str, tuple[int, str]] = {}
    problems = []
    for line, value in values:
        folded = value.casefold()
        if folded in first:
            other_line, other = first[folded]
            found = f"{value!r} stands in row {other_line} already"
            if other != value:
                found = f"{value!r} differs from {other!r} of row {other_line} in case only"
            problems.append(Problem(sheet.path, found, "give each its own name", line, column))
        else:
            first[folded] = (line, value)
    return problems


_WINDOWS_RESERVED = re.compile(r"^(con|prn|aux|nul|com\d|lpt\d)(\..*)?$", re.IGNORECASE)


def is_reserved(value: str) -> bool:
    """Whether a name cannot stand as a file name on every system."""
    return bool(_WINDOWS_RESERVED.match(value))
