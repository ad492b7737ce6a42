"""What two runs say of germline variants: their class, and whether they are reported."""

from __future__ import annotations

from typing import Any

from apothecary import schemas
from apothecary.changes import GERMLINE, Change
from apothecary.runs import Run
from apothecary.story import Row, place

_FINDINGS = schemas.TABLES["germline_findings"]
_TOLD = ("class", "decided_class", "reported_as", "zygosity")


def germline_changes(a: Run, b: Run, both: frozenset[str]) -> list[Change]:
    """Variants of another class, zygosity or report; other points within a class are no change.

    Of variants that only one run has, those that it reports are told.

    Args:
        a: The first run.
        b: The second.
        both: The samples to look at.
    """
    before, after = _rows(a, both), _rows(b, both)
    changes = []
    for key in sorted(before.keys() | after.keys()):
        old, new = before.get(key), after.get(key)
        row = new or old or {}
        if old and new:
            differs = any(old[name] != new[name] for name in _TOLD)
        else:
            differs = row["reported_as"] is not None
        if differs:
            subject = f"{row['gene']} {row['hgvs_p'] or row['hgvs_c'] or place(row)}"
            changes.append(Change(GERMLINE, key[0], subject, _words(old), _words(new)))
    return changes


def _rows(run: Run, both: frozenset[str]) -> dict[tuple[Any, ...], Row]:
    return {
        tuple(row[name] for name in _FINDINGS.key): row
        for row in run.rows(_FINDINGS)
        if row["sample_id"] in both
    }


def _words(row: Row | None) -> str:
    if row is None:
        return ""
    decided = (
        "" if row["decided_class"] == row["class"] else f", reported as {row['decided_class']}"
    )
    told = f"{row['class']}, {row['points']} points ({', '.join(row['codes'])}){decided}"
    return f"{told}, {row['zygosity']}, {row['reported_as'] or 'not reported'}: {row['reason']}"
