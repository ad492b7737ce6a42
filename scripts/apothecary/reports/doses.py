"""Doses of a report: by each model and guideline, or why there is none."""

from __future__ import annotations

from typing import Any

from apothecary.reports.context import Context, Row, SampleTables


def doses(tables: SampleTables, shared: Context) -> list[dict[str, Any]]:
    """The doses of the medicines that the person takes.

    Args:
        tables: The rows of the sample.
        shared: What every report of the run shares.

    Returns:
        The section `doses` of the report model, by medicine and model.
    """
    rows = sorted(tables.rows("doses"), key=lambda row: (row["drug"], row["model"]))
    return [_dose(row, shared) for row in rows]


def _dose(row: Row, shared: Context) -> dict[str, Any]:
    return {
        "finding": f"dose:{row['drug']}:{row['model']}",
        "drug": row["drug"],
        "model": row["model"],
        "model_words": shared.words.term("dose_model", row["model"]),
        "dose": _text(row, shared),
        "value": row["value"],
        "low": row["low"],
        "high": row["high"],
        "unit": row["unit"],
        "inputs": list(row["inputs"]),
        "refused": row["refused"],
        "notes": list(row["notes"]),
        "validity": row["validity"],
        "source": row["source"],
    }


def _text(row: Row, shared: Context) -> str:
    """The dose in words, or that none is given."""
    words = shared.words
    if row["refused"]:
        return words("doses.refused")
    if row["value"] is not None:
        return words("doses.value", value=_number(row["value"]), unit=row["unit"])
    if row["low"] is None:
        return words("doses.at_most", high=_number(row["high"]), unit=row["unit"])
    low, high = _number(row["low"]), _number(row["high"])
    return words("doses.range", low=low, high=high, unit=row["unit"])


def _number(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")
