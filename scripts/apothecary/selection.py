"""Which samples and rows a step works on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from apothecary.consent import granted_scopes

Row = Mapping[str, Any]


def read_samples(samples: Iterable[Row], outcomes: Iterable[Row]) -> list[Row]:
    """The samples of a batch that were read.

    Args:
        samples: Rows of the table samples.
        outcomes: Rows of the table outcomes of the batch.

    Returns:
        The rows of samples that have an outcome and none that failed.
    """
    status: dict[str, set[str]] = {}
    for row in outcomes:
        status.setdefault(row["sample_id"], set()).add(row["status"])
    return [row for row in samples if "failed" not in status.get(row["sample_id"], {"failed"})]


def samples_of_scope(
    samples: Iterable[Row], consent: Sequence[Row], outcomes: Iterable[Row], scope: str
) -> list[Row]:
    """The samples of a batch that were read and whose subject granted a scope.

    Args:
        samples: Rows of the table samples.
        consent: Rows of the table consent.
        outcomes: Rows of the table outcomes of the batch.
        scope: See `consent.SCOPES_BY_ROLE`.

    Returns:
        Rows of the table samples.
    """
    return [row for row in read_samples(samples, outcomes) if scope in granted_scopes(row, consent)]


def tumors_read(samples: Iterable[Row], outcomes: Iterable[Row]) -> list[Row]:
    """The tumor samples of a batch that were read."""
    return [row for row in read_samples(samples, outcomes) if row["role"] == "tumor"]


def rows_of_role(rows: Iterable[Row], samples: Iterable[Row], role: str) -> list[Row]:
    """The rows whose sample has a role.

    Args:
        rows: Rows with the column sample_id.
        samples: Rows of the table samples.
        role: germline, tumor or normal.

    Returns:
        The rows, in their order.
    """
    chosen = {sample["sample_id"] for sample in samples if sample["role"] == role}
    return [row for row in rows if row["sample_id"] in chosen]


def by_sample(rows: Iterable[Row]) -> dict[str, list[Row]]:
    """The rows of each sample, in their order, by sample id; a sample without any is not in it."""
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(row["sample_id"], []).append(row)
    return found


def populations(samples: Iterable[Row], clinical: Iterable[Row]) -> dict[str, str]:
    """The population of the allele frequencies that the person of a sample belongs to.

    Args:
        samples: Rows of the table samples.
        clinical: Rows of the table clinical.

    Returns:
        Label by sample id, where one is given.
    """
    given = {
        row["subject_id"]: str(row["value"]).strip()
        for row in clinical
        if row["item"] == "ancestry" and str(row["value"]).strip() != "unknown"
    }
    return {
        row["sample_id"]: given[row["subject_id"]] for row in samples if row["subject_id"] in given
    }


def sample(samples: Iterable[Row], sample_id: str) -> Row:
    """The sample of a name, which the table has."""
    return next(row for row in samples if row["sample_id"] == sample_id)


def normals_of(samples: Iterable[Row]) -> dict[str, Row]:
    """The normal sample of each subject that has one, the first of the table.

    Args:
        samples: Rows of the table samples.

    Returns:
        Row by subject id.
    """
    found: dict[str, Row] = {}
    for row in samples:
        if row["role"] == "normal":
            found.setdefault(row["subject_id"], row)
    return found


def normal_of(samples: Iterable[Row], tumor: Row) -> Row | None:
    """The normal sample of the person that a tumor is of, the first of the table; None for none."""
    return next(
        (
            row
            for row in samples
            if row["role"] == "normal" and row["subject_id"] == tumor["subject_id"]
        ),
        None,
    )
