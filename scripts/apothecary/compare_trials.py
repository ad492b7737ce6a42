"""What changed between two runs in the trials that patients may meet."""

from __future__ import annotations

from apothecary.changes import TRIAL, Change, Row, pairs, worded
from apothecary.runs import Run
from apothecary.trials.schemas import TRIALS


def trial_changes(a: Run, b: Run, both: frozenset[str]) -> list[Change]:
    """Parts of trials with another result or accrual.

    Args:
        a: The first run.
        b: The second run.
        both: Samples that both runs have results of.
    """
    changes = []
    key = ("sample_id", "trial_id", "block")
    for (name, trial, block), old, new in pairs(a, b, TRIALS, both, key):
        before, after = worded(old, _result), worded(new, _result)
        if before != after:
            changes.append(Change(TRIAL, name, f"trial {trial} part {block}", before, after))
    return changes


def _result(row: Row) -> str:
    text = f"{row['status']}, accrual {row['accrual']}"
    why = [*(row["unmet"] or []), *(row["unknown"] or [])]
    return f"{text} ({'; '.join(why)})" if why else text
