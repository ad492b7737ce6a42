"""What a dead run left behind: its processes, its cluster jobs, its half-written files."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

from apothecary.errors import Problem, WorkflowInputError

RUN_VARIABLE = "APOTHECARY_RUN_ID"
"""Environment variable that every process of a run inherits."""

JOB_PREFIX = "apothecary-"
PATIENCE_SECONDS = 60.0
_TEMPORARY = re.compile(r"^\..+\.[A-Za-z0-9_]{8}\.tmp$")


def job_prefix(run_id: str) -> str:
    """What the names of a run's cluster jobs begin with."""
    return f"{JOB_PREFIX}{run_id}"


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


def cancel_jobs(run_id: str) -> list[str]:
    """Cancel the Slurm jobs of a run and wait until none is left.

    Returns:
        The job ids that were cancelled; none where there is no Slurm.

    Raises:
        WorkflowInputError: Slurm does not answer, or a job is still there after a minute.
    """
    if shutil.which("squeue") is None:
        return []
    found = jobs(run_id)
    if found:
        subprocess.run(["scancel", *found], check=False, capture_output=True)
        if not _waited(lambda: not jobs(run_id), PATIENCE_SECONDS):
            left = ", ".join(jobs(run_id))
            raise WorkflowInputError(
                Problem("Slurm", f"jobs {left} of run {run_id} do not end", "see why (scontrol)")
            )
    return found


def jobs(run_id: str) -> list[str]:
    """Ids of the Slurm jobs of a run that have not ended.

    Raises:
        WorkflowInputError: The controller does not answer, so that nothing is known of the jobs.
    """
    command = ["squeue", "--noheader", "--me", "--states=all", "--format=%i\t%T\t%j"]
    answer = subprocess.run(command, check=False, capture_output=True, text=True)
    if answer.returncode:
        told = (answer.stderr.strip().splitlines() or ["no words"])[0]
        raise WorkflowInputError(
            Problem("Slurm", f"squeue does not answer ({told})", "start again when it does")
        )
    rows = [line.split("\t") for line in answer.stdout.splitlines() if line.count("\t") == 2]
    alive = ("PENDING", "RUNNING", "COMPLETING", "CONFIGURING", "SUSPENDED", "REQUEUED")
    return [i for i, state, name in rows if state in alive and name.startswith(job_prefix(run_id))]


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
