"""Exports: the same findings in every view, no formula, the same bytes."""

from __future__ import annotations

import csv
import io
import math
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from report_builders import (
    RUN,
    diplotype,
    failed_tables,
    germline_tables,
    pack,
    sample,
    tumor_sample,
    tumor_tables,
)

from apothecary.reports import exports, model, write
from apothecary.reports.section import Section
from apothecary.reports.sections import SECTIONS, findings

CASES = {
    "germline": (sample(), germline_tables()),
    "tumor": (tumor_sample(), tumor_tables()),
}


def built(name: str):
    return model.build_model(*CASES[name], pack(), RUN)


def read_tsv(text: str) -> tuple[list[str], list[list[str]]]:
    about, header, *rows = text.removesuffix("\n").split("\n")
    assert about.startswith("# ")
    return header.split("\t"), [row.split("\t") for row in rows]


def plain(cell: str) -> str:
    return cell.removeprefix("'")


def as_text(value) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else repr(value) if isinstance(value, int | float) else value


def sheets(path: Path) -> dict[str, list[list[object]]]:
    book = openpyxl.load_workbook(path)
    return {
        sheet.title: [[cell.value for cell in row] for row in sheet.iter_rows()] for sheet in book
    }


@pytest.mark.parametrize("name", CASES)
def test_json_tsv_and_xlsx_hold_the_same_findings(name, tmp_path):
    made = built(name)
    exports.write_xlsx(tmp_path / "a.xlsx", made)
    book = sheets(tmp_path / "a.xlsx")
    in_tsv, in_xlsx = [], []
    for section in SECTIONS:
        columns, rows = read_tsv(exports.tsv(section, made))
        head, *lines = book[section.name]
        assert columns == head == list(section.columns)
        in_tsv += [plain(row[0]) for row in rows]
        in_xlsx += [line[0] for line in lines]
        for row, line, values in zip(rows, lines, section.values(made), strict=True):
            assert [plain(cell) for cell in row] == [as_text(value) for value in values]
            assert line == [value if value != "" else None for value in values]
    assert in_tsv == in_xlsx == findings(made)
    assert len(in_tsv) > 5


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t=", "\r=", "＝", "＋", "－", "＠"])
def test_no_cell_is_a_formula(start, tmp_path):
    rows = germline_tables()
    rows["diplotypes"] = [
        diplotype("HG00276", "CYP2C19", 1, f"{start}cmd|' /C calc'!A0", warnings=[f"{start}1+1"])
    ]
    made = model.build_model(sample(), rows, pack(), RUN)
    (section,) = [s for s in SECTIONS if s.name == "genes"]
    for row in read_tsv(exports.tsv(section, made))[1]:
        assert not [cell for cell in row if cell.startswith(tuple("=+-@＝＋－＠"))]
    exports.write_xlsx(tmp_path / "a.xlsx", made)
    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    kinds = {cell.data_type for sheet in book for line in sheet.iter_rows() for cell in line}
    assert "f" not in kinds
    assert not [c for sheet in book for line in sheet.iter_rows() for c in line if c.hyperlink]


def test_numbers_stay_numbers():
    made = built("tumor")
    made["tumor"]["copy_number"][0]["total"] = -0.5
    (section,) = [s for s in SECTIONS if s.name == "copy_number"]
    (row,) = read_tsv(exports.tsv(section, made))[1]
    assert row[section.columns.index("total")] == "-0.5"


_VALUE = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**9), 10**9),
    st.floats(allow_nan=False, allow_infinity=False, width=32),
    st.text(max_size=40),
)
_MADE = Section("made", ("finding", "a", "b"), lambda made: list(made["rows"]))
_HEAD = {
    "identity": {"sample_id": "S", "software": "Apothecary", "knowledge_digest": "0"},
    "words": {"export.note": ""},
    "status_words": "reported",
    "failure": [],
    "not_assessed": {"steps": [], "withheld": []},
}


@given(rows=st.lists(st.lists(_VALUE, min_size=3, max_size=3), max_size=5))
def test_a_tsv_cell_reads_back_as_what_was_written(rows):
    made = {**_HEAD, "rows": [dict(zip(_MADE.columns, row, strict=True)) for row in rows]}
    text = exports.tsv(_MADE, made)
    lines = text.split("\n")
    assert lines[-1] == ""
    assert len(lines) == len(rows) + 3
    read = list(csv.reader(io.StringIO(text), delimiter="\t", quoting=csv.QUOTE_NONE))[2:]
    for cells, values in zip(read, rows, strict=True):
        assert len(cells) == len(values)
        for cell, value in zip(cells, values, strict=True):
            if isinstance(value, str):
                assert not cell.startswith(("=", "+", "-", "@", "\t", "\r"))
                assert plain(cell) == exports.printable(value)
            elif isinstance(value, float):
                assert math.isclose(float(cell), value, rel_tol=0, abs_tol=0)
            else:
                assert cell == as_text(value)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(min_size=1, max_size=60))
def test_an_xlsx_cell_reads_back_as_text(text, tmp_path):
    made = built("germline")
    made["genes"][0]["diplotype_text"] = text
    exports.write_xlsx(tmp_path / "a.xlsx", made)
    sheet = openpyxl.load_workbook(tmp_path / "a.xlsx")["genes"]
    cell = sheet.cell(row=2, column=3)
    assert cell.data_type == "s"
    assert cell.value == exports.printable(text)


def test_a_long_text_goes_on_in_the_rows_below_and_is_whole(tmp_path):
    made = built("germline")
    text = "".join(f"{number}𝄞" for number in range(9000))
    made["genes"][0]["diplotype_text"] = text
    exports.write_xlsx(tmp_path / "a.xlsx", made)
    rows = sheets(tmp_path / "a.xlsx")["genes"]
    finding = made["genes"][0]["finding"]
    cells = [row[2] for row in rows if row[0] == finding]
    assert len(cells) == 3
    assert "".join(cell.rsplit(" [part", 1)[0] for cell in cells) == text
    assert cells[1].endswith(" [part 2 of 3; rows of one finding belong together]")
    assert [row[1] for row in rows[1:4]] == [made["genes"][0]["gene"], None, None]
    assert rows[4][0] == made["genes"][1]["finding"]


def test_a_long_section_goes_on_in_a_further_sheet_that_is_told(tmp_path, monkeypatch):
    monkeypatch.setattr(exports, "_MAX_ROWS", 4)
    made = built("germline")
    exports.write_xlsx(tmp_path / "a.xlsx", made)
    book = sheets(tmp_path / "a.xlsx")
    parts = [name for name in book if name in ("genes", "genes_2", "genes_3")]
    assert len(parts) > 1
    assert [row[0] for name in parts for row in book[name][1:]] == [
        gene["finding"] for gene in made["genes"]
    ]
    assert ["genes", "The sheet genes goes on in genes_2: a sheet holds 3 rows."] in book["about"]


def test_a_table_without_a_row_tells_that_the_sample_failed():
    made = model.build_model(sample("BAD"), failed_tables("BAD"), pack(), RUN)
    for section in SECTIONS:
        about, _, *rows = exports.tsv(section, made).removesuffix("\n").split("\n")
        assert not rows
        assert "the file is cut short" in about


def test_the_files_of_a_batch_are_written_whole_and_the_same_again(tmp_path):
    models = [built("germline"), built("tumor")]
    models.append(model.build_model(sample("BAD"), failed_tables("BAD"), pack(), RUN))
    for folder in ("a", "b"):
        names = write.write_reports(tmp_path / folder, models)
        assert names == ["HG00276", "T001", "BAD"]
    kinds = ["json", "html", "xlsx", *(f"{section.name}.tsv" for section in SECTIONS)]
    expected = {f"{name}.{kind}" for name in names for kind in kinds} | {write.BATCH_FILE}
    assert {path.name for path in (tmp_path / "a").iterdir()} == expected
    for name in expected:
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()
    batch = write.read_batch(tmp_path / "a")
    assert [entry["status"] for entry in batch["samples"]] == ["ok", "warn", "failed"]


def test_a_failed_sample_has_sheets_without_rows(tmp_path):
    made = model.build_model(sample("BAD"), failed_tables("BAD"), pack(), RUN)
    exports.write_xlsx(tmp_path / "a.xlsx", made)
    book = sheets(tmp_path / "a.xlsx")
    assert all(len(book[section.name]) == 1 for section in SECTIONS)
    assert "the file is cut short" in {line[1] for line in book["about"]}
