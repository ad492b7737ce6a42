"""What the reading of a file gives of a sample: rows of the three tables."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from apothecary.errors import ApothecaryError

STEP = "read_variants"

Row = dict[str, Any]


@dataclass
class ReadResult:
    """Rows of the three tables that reading makes.

    Attributes:
        variants: Rows of the table variants.
        record_fates: Rows of the table record_fates.
        outcomes: Rows of the table outcomes, one a sample.
        variant_columns: Further rows of the table variants, in files; see `stored.entry`.
    """

    variants: list[Row] = field(default_factory=list)
    record_fates: list[Row] = field(default_factory=list)
    outcomes: list[Row] = field(default_factory=list)
    variant_columns: list[Row] = field(default_factory=list)


def of_sample(
    sample: Mapping[str, Any],
    rows: list[Row],
    fates: Counter[tuple[str, str]],
    build: str,
    digest: str,
    warnings: Sequence[str] = (),
    remarks: Sequence[str] = (),
) -> ReadResult:
    """What was read of a sample.

    Args:
        sample: A row of the table samples.
        rows: Its rows of the table variants.
        fates: Records by fate and reason.
        build: The build of the file.
        digest: SHA-256 of the file.
        warnings: What a reader of the report must know of the input.
        remarks: What was not as it might be, without an effect on the calls.
    """
    sample_id = sample["sample_id"]
    counted = [
        {"sample_id": sample_id, "fate": fate, "reason": reason, "records": records}
        for (fate, reason), records in sorted(fates.items())
        if records
    ]
    outcome = {
        "sample_id": sample_id,
        "step": STEP,
        "status": "warn" if warnings else "ok",
        "reason": "; ".join(warnings),
        "build": build,
        "input_sha256": digest,
        "input_records": sum(row["records"] for row in counted),
        "notes": [*warnings, *remarks],
    }
    return ReadResult(rows, counted, [outcome])


def failed(sample: Mapping[str, Any], error: ApothecaryError) -> ReadResult:
    """A sample that could not be read, with the first line of why."""
    lines = str(error).splitlines()
    reason = lines[0] + (f" (and {len(lines) - 1} more)" if len(lines) > 1 else "")
    outcome = {
        "sample_id": sample["sample_id"],
        "step": STEP,
        "status": "failed",
        "reason": reason,
        "notes": [],
    }
    return ReadResult([], [], [outcome])
