#!/usr/bin/env python3
"""Programs that stand in for those of Grid Engine and of LSF: jobs run here, in the background.

A job is a folder below the one that STANDIN_JOBS names: what it is called, its process, its end.
It is started without the name of its run in its environment, as on another machine, where the
processes of a run cannot be seen.
"""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

PROGRAMS = (
    *("qsub", "qstat", "qdel", "qacct"),
    *("bsub", "bjobs", "bkill", "badmin", "lsclusters"),
)
RUN_VARIABLE = "APOTHECARY_RUN_ID"


def install(folder: Path) -> dict[str, str]:
    """Put the programs into a folder, and tell the variables with which they are found."""
    programs, jobs = folder / "bin", folder / "jobs"
    for path in (programs, jobs):
        path.mkdir(parents=True)
    for name in PROGRAMS:
        (programs / name).symlink_to(Path(__file__).resolve())
    (jobs / "lsbatch" / "one" / "configdir").mkdir(parents=True)
    (jobs / "lsbatch" / "one" / "configdir" / "lsb.params").write_text("DEFAULT_QUEUE=normal\n")
    (jobs / "one" / "logdir").mkdir(parents=True)
    (jobs / "one" / "logdir" / "lsb.events").touch()
    return {"PATH": f"{programs}:{os.environ['PATH']}", "STANDIN_JOBS": str(jobs)}


def main() -> int:
    """Do what the program of this name does."""
    jobs = Path(os.environ["STANDIN_JOBS"])
    program, words = Path(sys.argv[0]).name, sys.argv[1:]
    if program == "qsub":
        number = submit(jobs, _after(words, "-N"), ["sh", words[-1]])
        print(number)
    elif program == "bsub":
        name, group = _after(words, "-J"), os.environ.get("LSB_DEFAULT_JOBGROUP", "/")
        number = submit(jobs, f"{name}\t{group}", ["sh", "-c", words[-1]])
        print(f"Job <{number}> is submitted to queue <normal>.")
    elif program in ("qdel", "bkill"):
        for number in words:
            end(jobs / number)
    else:
        return {"qstat": qstat, "qacct": qacct, "bjobs": bjobs}.get(program, configuration)(
            jobs, words
        )
    return 0


def submit(jobs: Path, name: str, command: list[str]) -> int:
    """Start a job that outlives this process, and note its end."""
    number = 1 + len(list(jobs.glob("[0-9]*")))
    folder = jobs / str(number)
    folder.mkdir()
    (folder / "name").write_text(name)
    environment = {k: v for k, v in os.environ.items() if k != RUN_VARIABLE}
    keeper = 'echo $$ > "$0/pid"; "$@" > "$0/words" 2>&1; echo $? > "$0/status"'
    subprocess.Popen(
        ["sh", "-c", keeper, str(folder), *command],
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    return number


def end(job: Path) -> None:
    """Kill a job as a scheduler does: its whole session, with no word of its own."""
    if not (job / "status").exists():
        os.killpg(int((job / "pid").read_text()), signal.SIGKILL)
        (job / "status").write_text("137\n")
        (job / "cancelled").touch()


def _after(words: list[str], option: str) -> str:
    return words[words.index(option) + 1]


def _listed(jobs: Path, alive: bool) -> list[Path]:
    every = sorted(jobs.glob("[0-9]*"), key=lambda job: int(job.name))
    return [job for job in every if not (alive and (job / "status").exists())]


def qstat(jobs: Path, words: list[str]) -> int:
    """A job that has not ended (-j), or all of them with their whole names (-r)."""
    if words[0] == "-j":
        return int((jobs / words[1] / "status").exists())
    for job in _listed(jobs, alive=True):
        name = (job / "name").read_text()
        print(f"{job.name:>7} 0.55500 {name[:10]:10} user r 11/29/2026 18:00:00 all.q@host 1")
        print(f"       Full jobname:     {name}")
    return 0


def qacct(jobs: Path, words: list[str]) -> int:
    """The end of a job."""
    status = jobs / words[1] / "status"
    if not status.exists():
        return 1
    print(f"jobnumber    {words[1]}\nfailed       0\nexit_status  {status.read_text().strip()}")
    return 0


def bjobs(jobs: Path, words: list[str]) -> int:
    """The jobs with the fields that are asked for; with -a also those that ended."""
    fields = re.sub(r"\s+", " ", _after(words, "-o")).split()
    pattern = words[words.index("-aJ") + 1].strip("*") if "-aJ" in words else None
    shown = 0
    for job in _listed(jobs, alive=pattern is None):
        name, group = (job / "name").read_text().split("\t")
        status = job / "status"
        code = status.read_text().strip() if status.exists() else None
        state = "RUN" if code is None else "DONE" if code == "0" else "EXIT"
        values = {"jobid": job.name, "stat": state, "job_group": group}
        if pattern is None or pattern in name:
            print(" ".join(values[field] for field in fields))
            shown += 1
    if not shown:
        print("No unfinished job found", file=sys.stderr)
    return 0 if shown else 255


def configuration(jobs: Path, words: list[str]) -> int:
    """What badmin and lsclusters tell of the cluster."""
    if Path(sys.argv[0]).name == "badmin":
        print(f"MBD configuration:\nLSB_SHAREDIR = {jobs}\nLSF_CONFDIR = {jobs}")
    else:
        print("CLUSTER_NAME STATUS\none ok")
    return 0


if __name__ == "__main__":
    sys.exit(main())
