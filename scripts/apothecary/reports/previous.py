"""The report before of each sample, and what changed since, by the comparison of runs."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from apothecary import compare, runs
from apothecary.changes import Change
from apothecary.errors import ApothecaryError, Problem, WorkflowInputError
from apothecary.runs import OpenRun, Run

Row = Mapping[str, Any]


def of_batch(folder: Path, samples: Sequence[Row], tables: Mapping[str, Any]) -> dict[str, Any]:
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
