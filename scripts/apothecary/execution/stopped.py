"""Readings that the limits of a run stopped.

Snakemake reads them again when the limits are others (`planning.within`). The launcher does so in
any case: what a busy machine did not read in time may be read within the same limits.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from apothecary import schemas, tables
from apothecary.hardening.bounded import TOO_MUCH
from apothecary.tables import Table

_TOLD: tuple[tuple[str, Table], ...] = (
    ("alignments/*.alignment.parquet", schemas.ALIGNMENTS),
    ("qc/*/outcomes.parquet", schemas.QC_OUTCOMES),
    ("calls/*/*.outcomes.parquet", schemas.OUTCOMES),
    ("tables/*/outcomes.parquet", schemas.OUTCOMES),
)
"""Where steps tell how the reading of a sample ended."""


def forget(results: Path) -> list[Path]:
    """Remove the tables of steps that a limit stopped, so that they are made anew.

    Args:
        results: The results of a run.

    Returns:
        The tables.
    """
    found = list(_stopped(results))
    for path in found:
        path.unlink()
    return found


def _stopped(results: Path) -> Iterator[Path]:
    for pattern, _ in _TOLD:
        yield from filter(tells, sorted(results.glob(pattern)))


def tells(path: Path) -> bool:
    """Whether the outcome of a step tells of a reading that a limit stopped."""
    named = tables.name_of(path)
    table = next(table for _, table in _TOLD if table.name == named)
    return any(TOO_MUCH in (row["reason"] or "") for row in tables.read_rows(path, table))
