"""Changes of the biomarkers and signatures of tumors between two runs."""

from __future__ import annotations

from apothecary import schemas
from apothecary.changes import ACTIONABILITY, DATA, Change, Row, pairs, worded
from apothecary.runs import Run


def biomarker_changes(a: Run, b: Run, both: frozenset[str]) -> list[Change]:
    """One change for each biomarker or signature whose status or value differs.

    Args:
        a: The first run.
        b: The second.
        both: The samples to look at.

    Returns:
        Another status has clinical weight; another value of the same status is data.
    """
    changes = []
    for (name, marker), old, new in pairs(
        a, b, schemas.BIOMARKERS, both, ("sample_id", "biomarker")
    ):
        before, after = worded(old, _words), worded(new, _words)
        if before != after:
            other = worded(old, _status) != worded(new, _status)
            changes.append(Change(ACTIONABILITY if other else DATA, name, marker, before, after))
    key = ("sample_id", "catalogue", "signature")
    for (name, catalogue, signature), old, new in pairs(a, b, schemas.SIGNATURES, both, key):
        before, after = worded(old, _signature), worded(new, _signature)
        if before != after:
            subject = f"signature {signature or 'none'} of {catalogue}"
            other = worded(old, _status) != worded(new, _status)
            changes.append(Change(ACTIONABILITY if other else DATA, name, subject, before, after))
    return changes


def _status(row: Row) -> str:
    return str(row["status"]).replace("_", " ")


def _words(row: Row) -> str:
    value = "" if row["value"] is None else f", {row['value']:.3g} {row['unit']}"
    return f"{_status(row)}{value}"


def _signature(row: Row) -> str:
    share = "" if row["fraction"] is None else f", share {row['fraction']:.3g}"
    return f"{_status(row)}{share}"
