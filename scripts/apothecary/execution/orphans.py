"""What a dead run left behind: its processes, its cluster jobs, its half-written files."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

from apothecary.errors import Problem, WorkflowInputError
from apothecary.execution.schedulers import Scheduler

RUN_VARIABLE = "APOTHECARY_RUN_ID"
"""Environment variable that every process of a run inherits."""

PATIENCE_SECONDS = 60.0
_TEMPORARY = re.compile(r"^\..+\.[A-Za-z0-9_]{8}\.tmp$")


def processes(run_id: str, proc: Path = Path("/proc")) -> list[int]:
    """Processes of this machine that belong to a run, but for this one and its parents.

    Args:
        run_id: Of the run.
        proc: The kernel's view of the processes (Linux). Where there is none, none are found.

    Returns:
        Their process ids, sorted.
    """
    wanted = f"{RUN_VARIABLE}={run_id}".encode()
    own = _own_line(proc)
    found = []
    for folder in proc.glob("[0-9]*"):
        try:
            variables = (folder / "environ").read_bytes().split(b"\0")
        except OSError:
            continue
        if wanted in variables and int(folder.name) not in own:
            found.append(int(folder.name))
    return sorted(found)


def _own_line(proc: Path) -> set[int]:
    """This process and its parents."""
    line: set[int] = set()
    pid = os.getpid()
    while pid > 1 and pid not in line:
        line.add(pid)
        try:
            status = (proc / str(pid) / "stat").read_text(encoding="utf-8", errors="replace")
        except OSError:
            break
        pid = int(status.rpartition(")")[2].split()[1])
    return line


def stop_processes(run_id: str) -> int:
    """Stop the processes of a run on this machine; the stubborn are killed.

    Returns:
        How many there were.
    """
    found = processes(run_id)
    for number in (signal.SIGTERM, signal.SIGKILL):
        for pid in processes(run_id):
            try:
                os.kill(pid, number)
            except ProcessLookupError:
                continue
        if _waited(lambda: not processes(run_id), 10.0):
            break
    return len(found)


def cancel_jobs(run_id: str, scheduler: Scheduler) -> list[str]:
    """Cancel the jobs of a run with a scheduler and wait until none is left.

    Returns:
        The job ids that were cancelled.

    Raises:
        WorkflowInputError: The scheduler does not answer, or a job is still there after a minute.
    """
    found = scheduler.jobs(run_id)
    if found:
        try:
            subprocess.run([*scheduler.cancel, *found], check=False, capture_output=True)
        except OSError as error:
            raise WorkflowInputError(
                Problem(scheduler.executor, f"jobs cannot be cancelled ({error})", "cancel them")
            ) from None
        if not _waited(lambda: not scheduler.jobs(run_id), PATIENCE_SECONDS):
            left = ", ".join(scheduler.jobs(run_id))
            found_left = f"jobs {left} of run {run_id} do not end"
            raise WorkflowInputError(Problem(scheduler.executor, found_left, "see why"))
    return found


def _waited(done: Callable[[], bool], seconds: float) -> bool:
    end = time.monotonic() + seconds
    while not done():
        if time.monotonic() > end:
            return False
        time.sleep(0.2)
    return True


def remove_temporaries(results: Path | str) -> int:
    """Remove the half-written files that killed writers left (see `files.replacing`).

    Returns:
        How many there were.
    """
    found = [path for path in Path(results).rglob(".*.tmp") if _TEMPORARY.match(path.name)]
    for path in found:
        path.unlink(missing_ok=True)
    return len(found)
