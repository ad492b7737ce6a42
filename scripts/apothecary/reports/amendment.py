"""What changed since the report that this one amends, by the comparison of runs."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from apothecary import changes, compare, runs
from apothecary.changes import Change
from apothecary.errors import ApothecaryError, Problem, WorkflowInputError
from apothecary.reports.context import Context, SampleTables
from apothecary.runs import OpenRun, Run

Row = Mapping[str, Any]
# Without these no finding of a sample may be told; the others withhold a part of them.
_WHOLE = frozenset(("pharmacogenes", "tumor"))


def previous(folder: Path, samples: Sequence[Row], tables: Mapping[str, Any]) -> dict[str, Any]:
    """The report before of each sample, and what changed since.

    Args:
        folder: Results folder of the earlier run.
        samples: Rows of the table samples, of one batch.
        tables: Arrow tables of the batch by name, and of the orders.

    Returns:
        By sample id, for the samples that the earlier run reports: `report_id` and `state` (draft
        or signed), None where it had none, `status`, `changes` as `Change`, and `reason` why they
        could not be told, or None.

    Raises:
        WorkflowInputError: The folder holds no run; a sample was another person's there; or its
            order names another report than the one that is there.
    """
    earlier = runs.load(folder)
    wanted = {row["sample_id"]: row for row in samples if row["sample_id"] in earlier.samples}
    _same_persons(earlier, wanted, folder)
    before = Run(earlier.folder, {name: earlier.samples[name] for name in wanted})
    after = OpenRun(folder, wanted, tables)
    found = {name: _model(before, name) for name in wanted}
    _as_ordered(found, tables["orders"].to_pylist() if "orders" in tables else [])
    reported = frozenset(name for name, model in found.items() if model["status"] != "failed")
    told, reason = _changes(before, after, reported)
    return {
        name: {
            "report_id": model.get("issue", {}).get("report_id"),
            "state": model.get("issue", {}).get("state"),
            "status": model["status"],
            "status_words": model["status_words"],
            "changes": told.get(name, []),
            "reason": reason,
        }
        for name, model in found.items()
    }


def _same_persons(earlier: Run, wanted: Mapping[str, Row], folder: Path) -> None:
    problems = [
        Problem(
            str(folder),
            f"sample {name} is of {earlier.samples[name]['subject_id']}, not {row['subject_id']}",
            "the run whose reports are amended",
            field="subject_id",
        )
        for name, row in wanted.items()
        if earlier.samples[name]["subject_id"] != row["subject_id"]
    ]
    if problems:
        raise WorkflowInputError(problems)


def _model(run: Run, sample_id: str) -> dict[str, Any]:
    path = run.folder / "reports" / run.samples[sample_id]["batch"] / f"{sample_id}.json"
    try:
        model: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        found = f"no report model of {sample_id} ({type(error).__name__})"
        right = "the results folder of a run that has ended"
        raise WorkflowInputError(Problem(str(run.folder), found, right)) from error
    return model


def _as_ordered(found: Mapping[str, Row], ordered: Sequence[Row]) -> None:
    problems = []
    for row in ordered:
        report_id = found.get(row["sample_id"], {}).get("issue", {}).get("report_id")
        if row["amends"] and report_id and row["amends"] != report_id:
            text = f"{row['sample_id']} amends {row['amends']}, but the run before has {report_id}"
            problems.append(Problem("orders", text, f"amends {report_id}", field="amends"))
    if problems:
        raise WorkflowInputError(problems)


def _changes(
    before: Run, after: Run, reported: frozenset[str]
) -> tuple[dict[str, list[Change]], str | None]:
    """The changes by sample, or why they cannot be told."""
    told: dict[str, list[Change]] = {}
    try:
        found = sorted(compare.finding_changes(before, after, reported))
    except ApothecaryError as error:  # such as tables of another version
        return {}, str(error).splitlines()[0].replace(str(before.folder), before.folder.name)
    for change in found:
        told.setdefault(change.sample_id, []).append(change)
    return told, None


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
