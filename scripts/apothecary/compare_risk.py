"""What changed between two runs in the polygenic scores of samples."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from apothecary.changes import SCORE, Change
from apothecary.risk.schemas import RISK
from apothecary.runs import Run

Row = Mapping[str, Any]


def risk_changes(a: Run, b: Run, both: frozenset[str]) -> list[Change]:
    """Scores with another value, place among reference persons, or reason for none.

    Args:
        a: The first run.
        b: The second run.
        both: Samples that both runs have results of.
    """
    before, after = _scores(a, both), _scores(b, both)
    changes = []
    for name, model in sorted(before.keys() | after.keys()):
        was, now = (_told(held.get((name, model))) for held in (before, after))
        if was != now:
            changes.append(Change(SCORE, name, f"score {model}", was, now))
    return changes


def _scores(run: Run, both: frozenset[str]) -> dict[tuple[str, str], Row]:
    """Rows by sample and score; a run without scores has no table."""
    return {
        (name, row["model"]): row
        for name in sorted(both & run.samples.keys())
        for row in run.sample_rows(RISK, name) or ()
    }


def _told(row: Row | None) -> str:
    if row is None:
        return ""
    if row["score"] is None:
        return f"{row['status']} ({row['reason']})"
    text = f"{row['score']:.6g}, {row['matched']} of {row['variants']} variants"
    return text if row["percentile"] is None else f"{text}, percentile {row['percentile']:.1f}"
