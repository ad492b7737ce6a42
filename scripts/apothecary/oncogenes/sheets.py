"""The user's tab-separated files of copy number and fusions, read with their line numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from apothecary.errors import Problem, WorkflowInputError

MAX_BYTES = 50_000_000


def read_sheet(
    path: Path | str, marked_headers: Sequence[str] = ()
) -> tuple[list[str], list[tuple[int, Mapping[str, str]]]]:
    """Read a tab-separated file with a header.

    Args:
        path: UTF-8 text, with or without a byte-order mark; lines that begin with # and empty
            lines are left out.
        marked_headers: First fields of headers that stand behind #, such as #gene1.

    Returns:
        The header, and each row as its 1-based line number and its fields, trimmed.

    Raises:
        WorkflowInputError: The file is absent, too large, not text, empty, or a row has more or
            fewer fields than the header, which repeats no column.
    """
    file = str(path)
    lines = _lines(Path(path), marked_headers)
    rows = [text.split("\t") for _, text in lines]
    if not rows:
        raise WorkflowInputError(Problem(file, "the file is empty", "a header line is needed"))
    numbers = [number for number, _ in lines]
    header = [name.strip() for name in rows[0]]
    problems = []
    if len(header) == 1 and any(mark in header[0] for mark in (",", ";", " ")):
        problems.append(
            Problem(file, "the header has one column", "tabs must part the columns", numbers[0])
        )
    for name in sorted({name for name in header if header.count(name) > 1}):
        problems.append(
            Problem(file, f"column {name!r} is repeated", "name each column once", numbers[0])
        )
    found: list[tuple[int, Mapping[str, str]]] = []
    for number, row in zip(numbers[1:], rows[1:], strict=True):
        if len(row) != len(header):
            problems.append(
                Problem(
                    file,
                    f"{len(row)} fields",
                    f"the header has {len(header)}: tabs must part the columns",
                    number,
                )
            )
            continue
        found.append((number, {name: text.strip() for name, text in zip(header, row, strict=True)}))
    if problems:
        raise WorkflowInputError(problems)
    return header, found


def chromosome(text: str) -> str:
    """A chromosome's name with the prefix chr, and chrM for MT; other names as they are."""
    core = text[3:] if text.lower().startswith("chr") else text
    core = core.upper()
    if core in ("M", "MT"):
        return "chrM"
    return f"chr{core}"


def _lines(path: Path, marked_headers: Sequence[str]) -> list[tuple[int, str]]:
    file = str(path)
    try:
        if path.stat().st_size > MAX_BYTES:
            raise WorkflowInputError(
                Problem(file, "the file is larger than 50 MB", "segments or fusions are needed")
            )
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise WorkflowInputError(
            Problem(file, f"cannot be read ({error.strerror})", "correct the path in the sheet")
        ) from error
    except UnicodeDecodeError as error:
        raise WorkflowInputError(
            Problem(file, "is not UTF-8 text", "a tab-separated text file is needed")
        ) from error
    if "\0" in text:
        raise WorkflowInputError(
            Problem(file, "holds a NUL byte", "a tab-separated text file is needed")
        )
    found: list[tuple[int, str]] = []
    for number, line in enumerate(text.replace("\r\n", "\n").split("\n"), start=1):
        if not found and line.split("\t")[0] in marked_headers:
            found.append((number, line.removeprefix("#")))
        elif line.strip() and not line.startswith("#"):
            found.append((number, line))
    return found
