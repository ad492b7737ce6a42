"""Expected against found: no sample is lost in silence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from apothecary import views
from apothecary.errors import EXIT_INCOMPLETE, Problem, WorkflowInputError


class IncompleteRunError(WorkflowInputError):
    """A sample of the sheet failed or has no report."""

    exit_status = EXIT_INCOMPLETE


@dataclass(frozen=True)
class Found:
    """What became of one sample.

    Attributes:
        sample_id: The sample.
        row: 1-based line of the sheet.
        status: ok, warn, failed or absent.
        reason: Why, in one line.
        report: Whether its report stands.
        lacking: The views that lack its file.
    """

    sample_id: str
    row: int
    status: str
    reason: str
    report: bool
    lacking: tuple[str, ...] = ()


def compare(
    samples: Sequence[Mapping[str, Any]],
    outcomes: Sequence[Mapping[str, Any]],
    report_folders: Sequence[Path],
    view_folders: Sequence[Path] = (),
) -> list[Found]:
    """Compare the samples of the sheet with what the run made of them.

    Args:
        samples: Rows of the table samples.
        outcomes: Rows of the table outcomes of all batches.
        report_folders: The folders of the batches' reports.
        view_folders: The folders of the views of the reports.

    Returns:
        One entry a sample, in the order of the sheet.
    """
    rank = ("ok", "warn", "failed")
    by_sample: dict[str, Mapping[str, Any]] = {}
    for row in outcomes:
        known = by_sample.get(row["sample_id"])
        if known is None or rank.index(row["status"]) > rank.index(known["status"]):
            by_sample[row["sample_id"]] = row
    reports = {path.stem for folder in report_folders for path in folder.glob("*.html")}
    found = []
    for sample in sorted(samples, key=lambda row: row["row"]):
        outcome = by_sample.get(sample["sample_id"])
        told = outcome is not None and outcome["status"] != "failed"
        found.append(
            Found(
                sample_id=sample["sample_id"],
                row=sample["row"],
                status=outcome["status"] if outcome else "absent",
                reason=outcome["reason"] if outcome else "no rule tells of this sample",
                report=sample["sample_id"] in reports,
                lacking=views.lacking(sample, view_folders) if told else (),
            )
        )
    return found


def summary(found: Sequence[Found]) -> dict[str, Any]:
    """Counts of a complete run.

    Args:
        found: What `compare` gave.

    Returns:
        Samples by status.

    Raises:
        IncompleteRunError: A sample failed, is absent, or lacks its report or a view of it; one
            problem each.
    """
    problems = [
        Problem(
            "samples",
            _told(entry),
            "the other samples are done; mend this one and run again",
            entry.row,
            "sample_id",
        )
        for entry in found
        if entry.status in ("failed", "absent") or not entry.report or entry.lacking
    ]
    if problems:
        raise IncompleteRunError(problems)
    return {
        "samples": len(found),
        "status": {s: sum(e.status == s for e in found) for s in ("ok", "warn")},
    }


def _told(entry: Found) -> str:
    """What is wrong with a sample."""
    if entry.status in ("failed", "absent"):
        return f"{entry.sample_id} {entry.status}: {entry.reason}"
    if not entry.report:
        return f"{entry.sample_id} has no report"
    return f"{entry.sample_id} lacks the view {', '.join(entry.lacking)} of its report"
