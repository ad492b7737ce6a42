"""The sheet of orders: every cell may be empty, and what is given must be right."""

from __future__ import annotations

import pytest

from apothecary import orders, sheets
from apothecary.sheets import Sheet

COLUMNS = (
    "sample_id",
    *("date_of_birth", "ordered_by", "indication", "phenotypes", "specimen", "specimen_remark"),
    *("collected", "received", "reported", "amends", "amend_reason"),
)
SAMPLES = Sheet("samples.tsv", ("sample_id",), ((2, {"sample_id": "S1"}), (3, {"sample_id": "S2"})))


def ordered(**values: str) -> Sheet:
    row = {**dict.fromkeys(COLUMNS, ""), "sample_id": "S1", **values}
    return Sheet("orders.tsv", COLUMNS, ((2, row),))


def told(sheet: Sheet, repository) -> list[str]:
    schema = sheets.load_schema(repository / "workflow" / "schemas" / "orders.schema.yaml")
    assert set(schema["properties"]) == set(COLUMNS)
    found = [*sheets.check_rows(sheet, schema), *orders.problems(sheet, SAMPLES)]
    return [problem.line() for problem in found]


def test_an_order_with_a_sample_alone_is_right(repository):
    assert told(ordered(), repository) == []
    assert orders.rows(None) == ()
    (row,) = orders.rows(ordered(phenotypes="HP:0001250,HP:0001263", specimen="blood"))
    assert (row["specimen"], row["collected"]) == ("blood", None)
    assert row["phenotypes"] == ["HP:0001250", "HP:0001263"]
    assert orders.of_sample([row], "S1") == row
    assert orders.of_sample([row], "S2") == {}


@pytest.mark.parametrize(
    ("values", "line"),
    [
        ({"sample_id": "S3"}, "sample_id: 'S3'; not a sample of the sample sheet"),
        ({"collected": "1.3.2026"}, "collected: '1.3.2026'; a date as 2026-01-31, or empty"),
        ({"reported": "2026-02-30"}, "reported: '2026-02-30'; a date as 2026-01-31"),
        (
            {"collected": "2026-03-02", "received": "2026-03-01"},
            "received: 2026-03-01 is before collected (2026-03-02); a date from 2026-03-02 on",
        ),
        ({"phenotypes": "seizure"}, "phenotypes: 'seizure'; HPO terms such as HP:0001250"),
        ({"specimen": "=1+1"}, "specimen: '=1+1'; up to 200 characters without < or >"),
        ({"ordered_by": "<b>Dr</b>"}, "ordered_by: '<b>Dr</b>'; up to 200 characters"),
        ({"amends": "7"}, "amends: '7'; the id of the report that this one amends"),
        (
            {"amends": "R-0123456789abcdef"},
            "amend_reason: no reason; why the report is amended",
        ),
    ],
)
def test_what_is_wrong_is_told_with_its_row_and_field(values, line, repository):
    found = told(ordered(**values), repository)
    assert any(entry.startswith(f"orders.tsv, row 2, {line}") for entry in found), found


def test_a_sample_is_ordered_once(repository):
    twice = Sheet("orders.tsv", COLUMNS, (*ordered().rows, (3, ordered().rows[0][1])))
    assert told(twice, repository) == [
        "orders.tsv, row 3, sample_id: 'S1' stands in row 2 already; give each its own name"
    ]
