"""The sheet of orders: what the order of a test tells of its sample."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from apothecary import sheets
from apothecary.errors import Problem
from apothecary.sheets import Sheet

DATES = ("date_of_birth", "collected", "received", "reported")
"""In the order that they come in."""


def problems(sheet: Sheet | None, samples: Sheet) -> list[Problem]:
    """What is wrong with the sheet of orders beside the form of its cells.

    Args:
        sheet: The sheet, or None.
        samples: The sheet of samples.

    Returns:
        A problem for each sample that is not known or stands twice, each date that there is not or
        that comes before one that it must follow, and each amendment without its half.
    """
    if sheet is None:
        return []
    known = {row["sample_id"] for _, row in samples.rows}
    found = sheets.check_unique(
        sheet, "sample_id", [(line, row["sample_id"]) for line, row in sheet.rows]
    )
    for line, row in sheet.rows:
        if row["sample_id"] not in known:
            right = "not a sample of the sample sheet"
            found.append(Problem(sheet.path, repr(row["sample_id"]), right, line, "sample_id"))
        found += _date_problems(sheet.path, line, row)
        if row["amends"] and not row["amend_reason"]:
            right = "why the report is amended"
            found.append(Problem(sheet.path, "no reason", right, line, "amend_reason"))
    return found


def _date_problems(path: str, line: int, row: Mapping[str, str]) -> Iterator[Problem]:
    latest: tuple[str, date] | None = None
    for column in DATES:
        if not row[column]:
            continue
        try:
            day = date.fromisoformat(row[column])
        except ValueError:
            yield Problem(path, repr(row[column]), "a date as 2026-01-31", line, column)
            continue
        if latest and day < latest[1]:
            found = f"{row[column]} is before {latest[0]} ({latest[1]})"
            yield Problem(path, found, f"a date from {latest[1]} on", line, column)
        else:
            latest = (column, day)


def rows(sheet: Sheet | None) -> tuple[dict[str, Any], ...]:
    """Rows of the table orders, in the order of the sheet; none without the sheet."""
    if sheet is None:
        return ()
    return tuple(
        {
            **{column: value or None for column, value in row.items()},
            "phenotypes": row["phenotypes"].split(",") if row["phenotypes"] else [],
        }
        for _, row in sheet.rows
    )


def of_sample(found: Sequence[Mapping[str, Any]], sample_id: str) -> Mapping[str, Any]:
    """The order of a sample; empty without one.

    Args:
        found: Rows of the table orders.
        sample_id: The sample.
    """
    return next((row for row in found if row["sample_id"] == sample_id), {})
