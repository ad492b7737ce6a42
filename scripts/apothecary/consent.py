"""What a sample may be analysed for, before anything is joined with knowledge.

Unknown is withheld. Secondary findings follow the opt-in of the ACMG policy on secondary findings
(the list's version is in the knowledge pack).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

SCOPES_BY_ROLE: Mapping[str, tuple[str, ...]] = {
    "germline": ("pharmacogenes", "germline", "secondary_findings"),
    "normal": ("pharmacogenes", "germline", "secondary_findings"),
    "tumor": ("tumor",),
}


def granted_scopes(
    sample: Mapping[str, Any], consent_rows: Iterable[Mapping[str, Any]]
) -> tuple[str, ...]:
    """The scopes that a sample may be analysed for.

    Args:
        sample: A row of the table samples.
        consent_rows: Rows of the table consent.

    Returns:
        The scopes of the sample's role for which the subject said yes, in the order of
        `SCOPES_BY_ROLE`.
    """
    decisions = {
        row["scope"]: row["decision"]
        for row in consent_rows
        if row["subject_id"] == sample["subject_id"]
    }
    return tuple(s for s in SCOPES_BY_ROLE[sample["role"]] if decisions.get(s) == "yes")


def withheld_scopes(
    sample: Mapping[str, Any], consent_rows: Iterable[Mapping[str, Any]]
) -> tuple[str, ...]:
    """The scopes of a sample's role that are not granted; the complement of `granted_scopes`."""
    granted = granted_scopes(sample, consent_rows)
    return tuple(s for s in SCOPES_BY_ROLE[sample["role"]] if s not in granted)
