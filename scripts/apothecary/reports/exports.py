"""TSV and XLSX of the findings, safe against formulas and the same bytes for the same model."""

from __future__ import annotations

import datetime
import io
from collections.abc import Mapping, Sequence
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
_MAX_CELL = 32_767
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
    about = (
        f"# {section.name} of sample {identity['sample_id']}, {identity['software']}, "
        f"knowledge {identity['knowledge_digest']}. {words['export.note']}"
    )
    lines = [about, "\t".join(section.columns)]
    lines += ["\t".join(_text(value) for value in row) for row in section.values(model)]
    return "\n".join(lines) + "\n"


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
        sheet = workbook.add_worksheet("about")
        sheet.set_column(0, 0, 28)
        sheet.set_column(1, 1, 100)
        for row, (name, value) in enumerate(about):
            _write_cell(sheet, row, 0, name, head)
            _write_cell(sheet, row, 1, value, cell)
        for section in SECTIONS:
            _write_sheet(workbook.add_worksheet(section.name), section, model, head, cell)
    with replacing(path) as temporary:
        temporary.write_bytes(buffer.getvalue())


def _title(model: Mapping[str, Any]) -> str:
    return str(model["words"]["title.sample"]).format(sample_id=model["identity"]["sample_id"])


def _write_sheet(
    sheet: Any, section: Section, model: Mapping[str, Any], head: Any, cell: Any
) -> None:
    rows = section.values(model)
    for column, name in enumerate(section.columns):
        sheet.write_string(0, column, name, head)
        widest = max([len(name), *(len(str(row[column] or "")) for row in rows)])
        sheet.set_column(column, column, min(widest + 2, _MAX_WIDTH))
    for number, values in enumerate(rows, start=1):
        for column, value in enumerate(values):
            _write_cell(sheet, number, column, value, cell)
    sheet.freeze_panes(1, 2)
    if rows:
        sheet.autofilter(0, 0, len(rows), len(section.columns) - 1)


def _write_cell(sheet: Any, row: int, column: int, value: Value | Sequence[str], cell: Any) -> None:
    if value is None or value == "":
        return
    if isinstance(value, bool):
        sheet.write_boolean(row, column, value, cell)
    elif isinstance(value, int | float):
        sheet.write_number(row, column, value, cell)
    else:
        text = printable(str(value))
        if len(text) > _MAX_CELL:
            text = text[: _MAX_CELL - 1] + "…"
        sheet.write_string(row, column, text, cell)
