"""Biomarkers and signatures of a tumor in a report, each with its interval, method and reason."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from apothecary.reports.context import Context, Row, SampleTables
from apothecary.reports.text import fraction

_DIGITS = 2
_OF = ", "


def biomarkers(tables: SampleTables, shared: Context) -> dict[str, Any]:
    """The section `biomarkers` of the report model.

    Args:
        tables: The rows of the sample.
        shared: What every report of the run shares.

    Returns:
        Markers in the order of the catalogue of words, signatures by catalogue and share.
    """
    order = {key: place for place, key in enumerate(shared.words.texts)}
    markers = sorted(
        tables.rows("biomarkers"),
        key=lambda row: order.get(f"biomarker.{row['biomarker']}", len(order)),
    )
    signatures = sorted(
        tables.rows("signatures"),
        key=lambda row: (row["catalogue"], -(row["fraction"] or 0.0), row["signature"]),
    )
    return {
        "markers": _told_once([_marker(row, shared) for row in markers], shared),
        "signatures": [_signature(row, shared) for row in signatures],
    }


def not_judged(section: dict[str, Any]) -> list[dict[str, str]]:
    """What of the section stands among what was not assessed; each reason is told once."""
    names: dict[str, list[str]] = {}
    for marker in section["markers"]:
        if marker["status"] == "not_assessed":
            names.setdefault(marker["reason"], []).append(marker["name"])
    return [
        {"step": "biomarkers", "reason": f"{_joined(of_reason)}: {reason}"}
        for reason, of_reason in names.items()
    ]


def _joined(names: Sequence[str]) -> str:
    """Names in one text; what the first words of all are stands once: a burden, coding; all."""
    heads = {name.partition(_OF)[0] for name in names}
    if len(names) == 1 or len(heads) > 1:
        return "; ".join(names)
    return f"{heads.pop()}{_OF}{'; '.join(name.partition(_OF)[2] for name in names)}"


def _told_once(markers: list[dict[str, Any]], shared: Context) -> list[dict[str, Any]]:
    """The markers with their reason for a reader, who is told once what several lines have."""
    first: dict[str | None, str] = {None: ""}
    for marker in markers:
        reason, name = marker["reason"], marker["name"]
        marker["reason_text"] = (
            shared.words("biomarkers.same_reason", name=first[reason])
            if first.setdefault(reason, name) not in ("", name)
            else reason
        )
    return markers


def nothing() -> dict[str, Any]:
    """The section of a sample that failed."""
    return {"markers": [], "signatures": []}


def _marker(row: Row, shared: Context) -> dict[str, Any]:
    return {
        "finding": f"biomarker:{row['biomarker']}",
        "biomarker": row["biomarker"],
        "name": shared.words.term("biomarker", row["biomarker"]),
        "value": _value(row["value"], row["unit"]),
        "low": _value(row["low"], row["unit"]),
        "high": _value(row["high"], row["unit"]),
        "interval_text": _interval(row, shared, row["unit"]),
        "unit": row["unit"],
        "status": row["status"],
        "status_words": shared.words.term("biomarker_status", row["status"]),
        "numerator": row["numerator"],
        "denominator": fraction(row["denominator"]),
        "counted_text": _counted(row, shared),
        "denominator_source": row["denominator_source"],
        "method": row["method"],
        "reason": row["reason"],
    }


def _value(value: float | None, unit: str) -> float | None:
    return fraction(value) if unit == "fraction" or value is None else round(value, _DIGITS)


def _interval(row: Row, shared: Context, unit: str) -> str | None:
    if row["low"] is None or row["high"] is None:
        return None
    low, high = _value(row["low"], unit), _value(row["high"], unit)
    return shared.words("biomarkers.interval", low=low, high=high)


def _counted(row: Row, shared: Context) -> str | None:
    if row["numerator"] is None:
        return None
    if row["denominator"] is None:
        return str(row["numerator"])
    of = fraction(row["denominator"])
    return shared.words("biomarkers.counted", count=row["numerator"], of=of)


def _catalogued(row: Row, shared: Context) -> str:
    if not row["without_context"]:
        return str(row["mutations"])
    count, others = row["mutations"], row["without_context"]
    return shared.words("biomarkers.without_context", count=count, others=others)


def _signature(row: Row, shared: Context) -> dict[str, Any]:
    return {
        "finding": f"signature:{row['catalogue']}:{row['signature'] or 'none'}",
        "catalogue": row["catalogue"],
        "signature": row["signature"] or None,
        "group": row["group"],
        "group_words": row["group"].replace("_", " ") if row["group"] else None,
        "exposure": None if row["exposure"] is None else round(row["exposure"], 1),
        "fraction": fraction(row["fraction"]),
        "low": fraction(row["low"]),
        "high": fraction(row["high"]),
        "interval_text": _interval(row, shared, "fraction"),
        "status": row["status"],
        "status_words": shared.words.term("biomarker_status", row["status"]),
        "mutations": row["mutations"],
        "without_context": row["without_context"],
        "counted_text": _catalogued(row, shared),
        "cosine": fraction(row["cosine"]),
        "matrix": row["matrix"],
        "reason": row["reason"],
    }
