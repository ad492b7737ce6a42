"""Who works in a results folder, so that no two runs write to it at once."""

from __future__ import annotations

import fcntl
import json
import os
import socket
import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from apothecary import files
from apothecary.errors import Problem, WorkflowInputError

STATE_FOLDER = ".apothecary"
"""Folder below the results that holds the lock and the state of the last run."""

RUNNING = "running"
ENDED = "ended"
_OURS = frozenset({STATE_FOLDER, "logs", "audit.jsonl"})


@dataclass(frozen=True)
class Claim:
    """A results folder that this process works in.

    Attributes:
        results: The results folder.
        run_id: Name of this start of the run, 12 hexadecimal digits.
        handle: File descriptor of the lock. A child that is given it keeps the folder claimed when
            this process dies.
        died: State of the run that worked here last, when it did not end by itself.
        last: State of the run that worked here last, however it ended.
    """

    results: Path
    run_id: str
    handle: int
    died: Mapping[str, Any] | None
    last: Mapping[str, Any] | None = None


@contextmanager
def claimed(
    results: Path | str,
    sheet: Path | str,
    sample_ids: Sequence[str],
    force: bool = False,
    profile: Path | None = None,
    limits: Mapping[str, Any] | None = None,
) -> Iterator[Claim]:
    """Claim a results folder; on leaving, the state says that the run ended by itself.

    Args:
        results: The results folder; made when absent.
        sheet: The sample sheet of the run.
        sample_ids: The samples of the run.
        force: Take a folder that holds something else.
        profile: Folder of the profile that the run is started with.
        limits: What reading may take, as the configuration has it.

    Yields:
        The claim.

    Raises:
        WorkflowInputError: Another process works in the folder, or it holds another run.
    """
    folder = Path(results)
    _refuse_other(folder, Path(sheet), sample_ids, force)
    state = folder / STATE_FOLDER
    state.mkdir(parents=True, exist_ok=True)
    handle = os.open(state / "lock", os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o640)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise WorkflowInputError(_busy(folder)) from None
        before = read(folder)
        died = before if before and before["status"] == RUNNING else None
        claim = Claim(folder, uuid.uuid4().hex[:12], handle, died, before)
        started = {"profile": str(profile.resolve()) if profile else None, "limits": limits}
        _write(claim, sheet, RUNNING, started)
        try:
            yield claim
        finally:
            _write(claim, sheet, ENDED, started)
    finally:
        os.close(handle)


def read(results: Path | str) -> dict[str, Any] | None:
    """The state of the run that worked in a folder last; None when there was none."""
    path = Path(results) / STATE_FOLDER / "run.json"
    if not path.is_file():
        return None
    state: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return state


def _write(claim: Claim, sheet: Path | str, status: str, started: Mapping[str, Any]) -> None:
    files.write_json(
        claim.results / STATE_FOLDER / "run.json",
        {
            "run_id": claim.run_id,
            "status": status,
            "host": socket.gethostname(),
            "pid": os.getpid(),
            "sheet": str(Path(sheet).resolve()),
            **started,
        },
    )


def _busy(folder: Path) -> Problem:
    state = read(folder) or {}
    who = f"run {state.get('run_id', '?')}, process {state.get('pid', '?')}"
    return Problem(
        str(folder),
        f"another run works in this folder ({who} on {state.get('host', '?')})",
        "wait for its end, or stop it, or give another --out",
    )


def _refuse_other(folder: Path, sheet: Path, sample_ids: Sequence[str], force: bool) -> None:
    if force or not folder.exists():
        return
    if not folder.is_dir():
        raise WorkflowInputError(Problem(str(folder), "not a folder", "give a folder as --out"))
    state = read(folder)
    if state is not None and state["sheet"] == str(sheet.resolve()):
        return
    others = sorted({path.name for path in folder.iterdir()} - _OURS)
    if not others:
        return
    there = _samples_of(folder)
    if there is None:
        found = f"holds {others[0]!r} and no results of a run"
    elif there <= set(sample_ids):
        return
    else:
        missing = sorted(there - set(sample_ids))[0]
        found = f"holds the results of another run (with sample {missing})"
    raise WorkflowInputError(
        Problem(str(folder), found, "give another --out, or --force to take this one")
    )


def _samples_of(folder: Path) -> set[str] | None:
    """The samples of the run that a folder holds; None when it holds none."""
    path = folder / "tables" / "samples.parquet"
    if not path.is_file():
        return None
    from apothecary import schemas, tables

    return {row["sample_id"] for row in tables.read_rows(path, schemas.SAMPLES)}
