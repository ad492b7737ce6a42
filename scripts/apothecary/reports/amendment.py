"""What a report says of the one that it amends; what changed since is told by `previous`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from apothecary import changes
from apothecary.changes import Change
from apothecary.reports.context import Context, SampleTables

Row = Mapping[str, Any]
# Without these no finding of a sample may be told; the others withhold a part of them.
_WHOLE = frozenset(("pharmacogenes", "tumor"))


def amended(
    report_id: str, status: str, tables: SampleTables, shared: Context
) -> dict[str, Any] | None:
    """What a report says of the one that it amends; None when it amends none.

    Args:
        report_id: The id of this report.
        status: Its status.
        tables: The rows of the sample.
        shared: What every report of the run shares.

    Returns:
        The id and the reason of the order, whether the report before was a draft or signed (None
        where that is not known), and the changes. A report of the same content amends
        none. Of what is withheld now, no change is told.
    """
    sample_id = tables.sample["sample_id"]
    ordered: Row = next((r for r in tables.rows("orders") if r["sample_id"] == sample_id), {})
    before = shared.run.get("previous", {}).get(sample_id)
    named = ordered.get("amends") or (before or {}).get("report_id")
    if named == report_id or not (named or before):
        return None
    words = shared.words
    rows = [] if before is None or status == "failed" else _told(before["changes"], tables, shared)
    if before and before["status"] != status:
        own = words.term("status", status)
        rows.insert(0, _row("status", words("field.status"), before["status_words"], own))
    if before is None:
        note: str | None = words("amendment.not_compared")
    elif before["reason"]:
        note = words("amendment.not_comparable", reason=before["reason"])
    else:
        note = None if rows else words("amendment.no_finding")
    return {
        "report_id": named or words("ui.not_given"),
        "state": (before or {}).get("state"),
        "reason": ordered.get("amend_reason") or words("ui.not_given"),
        "changes": rows,
        "note": note,
    }


def _told(found: Sequence[Change], tables: SampleTables, shared: Context) -> list[dict[str, str]]:
    withheld = tables.withheld(shared.run.get("consent_asked", True))
    if _WHOLE.intersection(withheld):
        return []
    nothing = shared.words("amendment.nothing")
    return [
        _row(
            changes.HEADINGS[change.weight],
            change.subject,
            change.before or nothing,
            change.after or nothing,
        )
        for change in found
        if change.after or not withheld
    ]


def _row(kind: str, subject: str, before: str, after: str) -> dict[str, str]:
    return {"kind": kind, "subject": subject, "before": before, "after": after}
