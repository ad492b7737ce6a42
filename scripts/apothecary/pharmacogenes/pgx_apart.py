"""The command `apothecary pgx` in a process of its own: nobody vouches for the file it is given."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any

from apothecary.hardening import bounded
from apothecary.hardening.bounded import Limits
from apothecary.pharmacogenes.pgx import PgxOptions, PgxSummary, run_pgx


def run(options: PgxOptions, limits: Limits) -> PgxSummary:
    """What `run_pgx` does, in a child process.

    Args:
        options: What was asked.
        limits: What the child may take.

    Returns:
        What was done; no table is there when it raises.

    Raises:
        WorkflowInputError: As `run_pgx`, or the file takes more than the limits.
        ResourceError: As `run_pgx`.
    """
    reads = [options.reads] if options.reads else []
    (found,) = bounded.read(str(options.file), limits.for_reads(reads), lambda: _run(options))
    lists = {name: tuple(found[name]) for name in ("samples", "notes")}
    return PgxSummary(**{**found, **lists, "out": Path(found["out"])})


def _run(options: PgxOptions) -> Iterator[dict[str, Any]]:
    summary = run_pgx(options)
    found = {one.name: getattr(summary, one.name) for one in fields(PgxSummary)}
    yield {**found, "out": str(summary.out)}
