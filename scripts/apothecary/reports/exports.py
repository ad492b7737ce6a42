"""TSV and XLSX of the findings, safe against formulas and the same bytes for the same model."""

from __future__ import annotations

import datetime
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from apothecary.files import replacing, write_text
from apothecary.reports.section import Section, Value
from apothecary.reports.sections import SECTIONS
from apothecary.reports.text import printable

# A program may take a cell that begins so for a formula, in ASCII or full width.
_GUARDED = ("'", "=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
# XLSX holds a date of creation; a constant keeps the bytes the same.
_CREATED = datetime.datetime(2000, 1, 1)
# What a sheet holds: units of UTF-16 in a cell, rows, characters in its name.
_MAX_CELL = 32_767
_MAX_ROWS = 1_048_576
_MAX_NAME = 31
# A character may be two units; the mark of a part goes behind.
_PART = 16_000
_MAX_WIDTH = 60


def guarded(text: str) -> str:
    """Text that no spreadsheet takes for a formula: `'` goes before one that might be.

    A text that begins with `'` gets one more, so that taking one `'` off always gives the text.
    """
    return f"'{text}" if text.startswith(_GUARDED) else text


def tsv(section: Section, model: Mapping[str, Any]) -> str:
    """A section as tab-separated text: a line on how to read it, the header, the rows.

    Args:
        section: The section.
        model: The report model.

    Returns:
        Text with line feeds; null is empty, numbers stand bare, text is guarded (`guarded`).
    """
    identity, words = model["identity"], model["words"]
    head = (
        f"# {section.name} of sample {identity['sample_id']}, {identity['software']}, "
        f"knowledge {identity['knowledge_digest']}."
    )
    about = " ".join((head, *_state(model), words["export.note"]))
    lines = [about, "\t".join(section.columns)]
    lines += ["\t".join(_text(value) for value in row) for row in section.values(model)]
    return "\n".join(lines) + "\n"


def _state(model: Mapping[str, Any]) -> list[str]:
    """What a table without a row must not hide: that the sample failed, or was read in part."""
    unread = (*model["not_assessed"]["steps"], *model["not_assessed"]["withheld"])
    reasons = [entry["reason"] for entry in (*model["failure"], *unread)]
    return [f"{model['status_words']}.", *(printable(reason) for reason in reasons)]


def _text(value: Value) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return repr(value)
    return guarded(printable(value))


def write_tsv(path: Path | str, section: Section, model: Mapping[str, Any]) -> None:
    """Write a section as a TSV file; see `tsv`."""
    write_text(path, tsv(section, model))


def write_xlsx(path: Path | str, model: Mapping[str, Any]) -> None:
    """Write all sections as the sheets of a workbook; text is text, never formula or link.

    Nothing is cut: a text longer than a cell holds goes on in the rows below, which bear the same
    finding, and a section longer than a sheet holds in a further sheet that the first page tells.

    Args:
        path: The XLSX file, written beside and renamed.
        model: The report model.
    """
    import xlsxwriter

    buffer = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    words = model["words"]
    with xlsxwriter.Workbook(buffer, options) as workbook:
        workbook.set_properties({"created": _CREATED, "title": _title(model)})
        head = workbook.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
        cell = workbook.add_format({"text_wrap": True, "valign": "top"})
        about = [
            (words["field.sample_id"], model["identity"]["sample_id"]),
            (words["field.status"], model["status_words"]),
            (words["field.software"], model["identity"]["software"]),
            (words["field.knowledge_digest"], model["identity"]["knowledge_digest"]),
            *((words["section.failure"], entry["reason"]) for entry in model["failure"]),
            *((words["section.actions"], line["text"]) for line in model["actions"]["headlines"]),
            *(
                (words["section.not_assessed"], entry["reason"])
                for entry in (*model["not_assessed"]["steps"], *model["not_assessed"]["withheld"])
            ),
        ]
        about += [
            (words[f"section.{name}"], text)
            for name in ("limitations", "methods", "further")
            for text in model[name]
        ]
        sheets = [part for section in SECTIONS for part in _sheets(section, model)]
        about += [(part.name, part.told) for part in sheets if part.told]
        sheet = workbook.add_worksheet("about")
        sheet.set_column(0, 0, 28)
        sheet.set_column(1, 1, 100)
        for row, (name, value) in enumerate(_parted([list(pair) for pair in about], words)):
            _write_cell(sheet, row, 0, name, head)
            _write_cell(sheet, row, 1, value, cell)
        for part in sheets:
            _write_sheet(workbook.add_worksheet(part.name), part, head, cell)
    with replacing(path) as temporary:
        temporary.write_bytes(buffer.getvalue())


def _title(model: Mapping[str, Any]) -> str:
    return str(model["words"]["title.sample"]).format(sample_id=model["identity"]["sample_id"])


@dataclass(frozen=True)
class _Sheet:
    """A sheet of the workbook: its name, columns and rows, and where it goes on, in words."""

    name: str
    columns: tuple[str, ...]
    rows: list[list[Value]]
    told: str | None


def _sheets(section: Section, model: Mapping[str, Any]) -> list[_Sheet]:
    """A section as one sheet, or as several where one does not hold it."""
    words = model["words"]
    rows = _parted(section.values(model), words)
    size = _MAX_ROWS - 1
    starts = range(0, max(len(rows), 1), size)
    tails = ["", *(f"_{number}" for number in range(2, len(starts) + 1))]
    names = [section.name[: _MAX_NAME - len(tail)] + tail for tail in tails]
    told = [
        words["export.split"].format(sheet=name, next=following, rows=size)
        for name, following in pairwise(names)
    ]
    return [
        _Sheet(name, section.columns, rows[start : start + size], text)
        for name, start, text in zip(names, starts, (*told, None), strict=True)
    ]


def _parted(rows: Iterable[list[Value]], words: Mapping[str, str]) -> list[list[Value]]:
    """Rows whose long texts go on in further rows, which bear the first cell, the finding, too."""
    made: list[list[Value]] = []
    for row in rows:
        parts = [_parts(value, words) for value in row]
        for place in range(max(len(part) for part in parts)):
            made.append([part[place] if place < len(part) else None for part in parts])
            if place:
                made[-1][0] = row[0]
    return made


def _parts(value: Value, words: Mapping[str, str]) -> list[Value]:
    if not isinstance(value, str):
        return [value]
    text = printable(value)
    if len(text.encode("utf-16-le", "surrogatepass")) // 2 <= _MAX_CELL:
        return [text]
    starts = range(0, len(text), _PART)
    return [
        f"{text[start : start + _PART]} "
        + words["export.part"].format(part=number, parts=len(starts))
        for number, start in enumerate(starts, start=1)
    ]


def _write_sheet(sheet: Any, part: _Sheet, head: Any, cell: Any) -> None:
    for column, name in enumerate(part.columns):
        sheet.write_string(0, column, name, head)
        widest = max([len(name), *(len(str(row[column] or "")) for row in part.rows)])
        sheet.set_column(column, column, min(widest + 2, _MAX_WIDTH))
    for number, values in enumerate(part.rows, start=1):
        for column, value in enumerate(values):
            _write_cell(sheet, number, column, value, cell)
    sheet.freeze_panes(1, 2)
    if part.rows:
        sheet.autofilter(0, 0, len(part.rows), len(part.columns) - 1)


def _write_cell(sheet: Any, row: int, column: int, value: Value, cell: Any) -> None:
    if value is None or value == "":
        return
    if isinstance(value, bool):
        sheet.write_boolean(row, column, value, cell)
    elif isinstance(value, int | float):
        sheet.write_number(row, column, value, cell)
    else:
        sheet.write_string(row, column, value, cell)
