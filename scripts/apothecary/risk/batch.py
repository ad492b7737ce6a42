"""What is known of the samples of a batch when they are scored."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from apothecary import sample_paths, selection
from apothecary.batch_reading import Called, as_called

Row = dict[str, Any]

TABLES = ("samples", "consent", "clinical", "outcomes", "qc_outcomes", "ancestry")
"""What is read of a batch; the last two are there where alignments were measured."""
SCOPE = "germline"
"""The consent that a score needs."""


@dataclass(frozen=True)
class Batch:
    """A batch.

    Attributes:
        persons: Rows of the table samples, of germline samples and normals that were read, with
            paths that can be opened; `given` is the path as the sheet or the run has it.
        scored: Those whose subject agreed to germline findings.
        builds: Build of the file by sample id.
        records: Records of the file by sample id.
        ancestry: Continental group by sample id, of those who agreed to be asked for it and of
            whom it is known.
    """

    persons: Sequence[Row]
    scored: Sequence[Row]
    builds: Mapping[str, str]
    records: Mapping[str, int]
    ancestry: Mapping[str, str]


def of_rows(rows: Mapping[str, list[Row]], calls: Sequence[str], folder: str) -> Batch:
    """A batch from its tables.

    Args:
        rows: Rows by table; see `TABLES`.
        calls: Variant files that were called from reads.
        folder: The folder that the paths of the samples are relative to.

    Returns:
        The batch; tumors and what could not be read have no part in it.
    """
    outcomes = [*rows["outcomes"], *rows.get("qc_outcomes", ())]
    read = selection.read_samples(rows["samples"], outcomes)
    given = [dict(row) for row in read if row["role"] != "tumor"]
    called = Called.of(calls, {}, ())
    persons = [
        {**as_called(placed, called), "given": row["input"] or row["sample_id"]}
        for row, placed in zip(given, sample_paths.located(given, folder), strict=True)
    ]
    agreed = selection.samples_of_scope(persons, rows["consent"], outcomes, SCOPE)
    told = [row for row in rows["outcomes"] if row["build"]]
    return Batch(
        persons=persons,
        scored=[dict(row) for row in agreed],
        builds={row["sample_id"]: row["build"] for row in told},
        records={row["sample_id"]: row["input_records"] for row in told},
        ancestry=_ancestries(agreed, rows),
    )


def _ancestries(
    samples: Sequence[Mapping[str, Any]], rows: Mapping[str, list[Row]]
) -> dict[str, str]:
    """The group that the reads tell, else that of the clinical sheet; asked only with consent."""
    agreed = {
        row["subject_id"]
        for row in rows["consent"]
        if row["scope"] == "ancestry" and row["decision"] == "yes"
    }
    asked = [row for row in samples if row["subject_id"] in agreed]
    names = {row["sample_id"] for row in asked}
    called = {
        row["sample_id"]: row["population"]
        for row in rows.get("ancestry", ())
        if row["status"] == "called" and row["sample_id"] in names
    }
    return {**selection.populations(asked, rows["clinical"]), **called}
