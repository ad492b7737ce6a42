"""What stands at the head of a report in a few words: what was not assessed, and the quality."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from apothecary.reports.context import Context

Model = Mapping[str, Any]
# The most serious first.
_STATUSES = ("fail", "warn", "not_assessed", "pass")


def glance(model: Model, shared: Context) -> dict[str, Any]:
    """The head of a report.

    Args:
        model: The other sections of the report model.
        shared: What every report of the run shares.

    Returns:
        `not_assessed`: a line a kind of what was not assessed, with its count and its items by
        name; `nothing` stands there when nothing is missing. `quality`: the worst status of the
        checks of the sample, in words, and what does not pass; of genes their number.
    """
    return {"not_assessed": _not_assessed(model, shared), "quality": _quality(model, shared)}


def _not_assessed(model: Model, shared: Context) -> dict[str, Any]:
    section = model["not_assessed"]
    genes = [
        shared.words("glance.gene", gene=row["gene"], missing=row["missing"], of=row["positions"])
        if row["positions"] is not None
        else shared.words("glance.gene_some", gene=row["gene"], missing=row["missing"])
        for row in section["genes"]
    ]
    lines = [
        _line("withheld", [row["scope_words"] for row in section["withheld"]], shared),
        _line("not_called", [row["gene"] for row in section["not_called"]], shared),
        _line("genes", genes, shared),
        _line("steps", _topics(section["steps"], shared), shared, len(section["steps"])),
    ]
    found = [line for line in lines if line["count"]]
    nothing = None if found else shared.words("glance.nothing_missing")
    return {"lines": found, "nothing": nothing}


def _line(kind: str, items: list[str], shared: Context, count: int | None = None) -> dict[str, Any]:
    counted = len(items) if count is None else count
    return {"kind": kind, "name": shared.words(f"glance.{kind}"), "count": counted, "items": items}


def _topics(steps: Iterable[Mapping[str, Any]], shared: Context) -> list[str]:
    """The steps by what they are about, with the number of those that are about the same."""
    counts: dict[str, int] = {}
    for row in steps:
        counts[row["step"]] = counts.get(row["step"], 0) + 1
    return [
        shared.words("glance.several", topic=topic, count=count) if count > 1 else topic
        for topic, count in ((_topic(step, shared), n) for step, n in counts.items())
    ]


def _topic(step: str, shared: Context) -> str:
    return shared.words.texts.get(f"topic.{step}", step.replace("_", " "))


def _quality(model: Model, shared: Context) -> dict[str, Any]:
    section = model["quality"]
    checks = section["checks"]
    if not checks:
        text = shared.words("glance.no_checks")
        return _status("not_assessed", text, [], shared)
    found = {row["status"] for row in checks}
    worst = next(status for status in _STATUSES if status in found)
    text = shared.words("glance.checks", count=len(checks))
    open_ones = [row["name"] for row in checks if row["status"] != "pass"]
    if section["gene_count"]:
        open_ones.append(shared.words("glance.genes_open", count=section["gene_count"]))
    return _status(worst, text, open_ones, shared)


def _status(status: str, text: str, items: list[str], shared: Context) -> dict[str, Any]:
    words = shared.words.term("quality_status", status)
    return {"status": status, "status_words": words, "text": text, "items": items}
