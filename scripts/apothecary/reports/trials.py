"""Trials that a tumor patient may meet: met, unmet and unknown, each with its criteria."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from apothecary.reports.context import Context, Row, SampleTables
from apothecary.reports.words import Words

_ORDER = ("met", "unknown", "unmet")
CLOSED = "closed"


def trials(tables: SampleTables, shared: Context) -> dict[str, Any]:
    """The trials that a patient was held against.

    Args:
        tables: The rows of the sample.
        shared: What every report of the run shares.

    Returns:
        The section `trials` of the report model: parts that take patients, those met first; the
        closed ones are counted.
    """
    if tables.sample["role"] != "tumor" or not tables.rows("trials"):
        return nothing()
    rows = sorted(tables.rows("trials"), key=_place)
    open_rows = [row for row in rows if row["accrual"] != CLOSED]
    counts = {status: sum(row["status"] == status for row in open_rows) for status in _ORDER}
    return {
        "summary": [
            shared.words("trials.summary", **counts),
            shared.words("trials.closed", count=len(rows) - len(open_rows)),
        ],
        "rows": [_row(row, shared) for row in open_rows],
    }


def counts(rows: Mapping[str, Iterable[Row]], words: Words) -> list[dict[str, Any]]:
    """Persons by answer to each part of a trial, a line a batch, for the page of a run.

    Counts that the table suppresses stay so: batches are not added up.

    Args:
        rows: Rows of the table trial_counts by batch.
        words: The catalogue.
    """
    lines: dict[tuple[Any, ...], dict[str, Any]] = {}
    for batch in sorted(rows):
        for row in rows[batch]:
            line = lines.setdefault(
                (row["trial_id"], row["block"], batch),
                {
                    "trial": row["trial_id"],
                    "part": _part(row, words),
                    "accrual": words.term("accrual", row["accrual"]),
                    "batch": batch,
                    **dict.fromkeys(_ORDER, words("trials.suppressed")),
                },
            )
            if row["persons"] is not None:
                line[row["status"]] = str(row["persons"])
    return [lines[key] for key in sorted(lines)]


def _part(row: Row, words: Words) -> str:
    """The step, arm and dose level of a part in words."""
    parts = (("step", row["step"]), ("arm", row["arm"]), ("dose_level", row["dose_level"]))
    place = ", ".join(f"{words(f'trials.{name}')} {code}" for name, code in parts if code)
    return place or words("trials.whole")


def nothing() -> dict[str, Any]:
    """The section of a sample that was held against no trial."""
    return {"summary": [], "rows": []}


def _place(row: Row) -> tuple[Any, ...]:
    return _ORDER.index(row["status"]), row["trial_id"], row["block"]


def _row(row: Row, shared: Context) -> dict[str, Any]:
    return {
        "finding": f"trial:{row['trial_id']}:{row['block']}",
        "trial": row["trial_id"],
        "title": row["title"],
        "phase": row["phase"],
        "part": _part(row, shared.words),
        "accrual": shared.words.term("accrual", row["accrual"]),
        "status": row["status"],
        "status_words": shared.words.term("trial_status", row["status"]),
        "met": list(row["met"] or []),
        "unmet": list(row["unmet"] or []),
        "unknown": list(row["unknown"] or []),
        "matched_by": list(row["matched_by"] or []),
    }
