"""Changes of the biomarkers and approvals of tumors between two runs."""

from __future__ import annotations

from apothecary import schemas
from apothecary.changes import ACTIONABILITY, Change, Row, pairs, worded
from apothecary.runs import Run


def pertinent_negative_changes(a: Run, b: Run, both: frozenset[str]) -> list[Change]:
    """One change for each biomarker or approval of a tumor that has another status.

    Args:
        a: The first run.
        b: The second.
        both: The samples to look at.
    """
    changes = []
    for name, key in (
        ("pertinent_negatives", ("sample_id", "molecular_profile")),
        ("approvals", ("sample_id", "approval_id")),
    ):
        for (sample, subject), old, new in pairs(a, b, schemas.TABLES[name], both, key):
            before, after = worded(old, _said), worded(new, _said)
            if before != after:
                told = f"{name.replace('_', ' ')} {subject}"
                changes.append(Change(ACTIONABILITY, sample, told, before, after))
    return changes


def _said(row: Row) -> str:
    text = str(row["status"]).replace("_", " ")
    if row["detection_limit"] is not None:
        text += f", limit {row['detection_limit']:.3g}"
    if "agency" in row:
        text += f" ({row['agency']}, {row['molecular_profile']})"
    return text
