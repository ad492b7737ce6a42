"""What a dead run left is found by the run's name and by nothing else."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from apothecary import files
from apothecary.errors import WorkflowInputError
from apothecary.execution import orphans, schedulers
from apothecary.execution.schedulers import Scheduler

SLEEPER = """
import signal, time
signal.signal(signal.SIGTERM, signal.{})
print(1, flush=True)
time.sleep(60)
"""


@pytest.fixture
def slurm(repository) -> Scheduler:
    found = schedulers.of(repository / "workflow" / "profiles" / "slurm", repository)
    assert found is not None
    return found


def sleeper(run_id: str, handler: str = "SIG_DFL") -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-c", SLEEPER.format(handler)],
        env={**os.environ, orphans.RUN_VARIABLE: run_id},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    process.stdout.readline()
    return process


@pytest.mark.parametrize("handler", ["SIG_DFL", "SIG_IGN"])
def test_processes_of_the_run_are_stopped_and_no_others(handler):
    with sleeper("run-a", handler) as ours, sleeper("run-b") as other:
        assert orphans.processes("run-a") == [ours.pid]
        assert _stopped(ours, "run-a") == 1
        assert other.poll() is None
        other.kill()


def _stopped(process: subprocess.Popen[str], run_id: str) -> int:
    # A child of this test stays as a zombie until it is waited for; a zombie has no environment.
    stopped = orphans.stop_processes(run_id)
    assert process.wait(timeout=10) != 0
    return stopped


def test_this_process_and_its_parents_are_never_among_them(monkeypatch):
    code = "from apothecary.execution import orphans; print(orphans.processes('run-c'))"
    shown = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, orphans.RUN_VARIABLE: "run-c", "PYTHONPATH": "scripts"},
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).resolve().parents[2],
    )
    assert shown.stdout == "[]\n"


def fake_slurm(folder: Path, monkeypatch: pytest.MonkeyPatch, squeue: str) -> Path:
    folder.mkdir()
    calls = folder / "cancelled"
    for name, text in {"squeue": squeue, "scancel": f'echo "$@" >> {calls}'}.items():
        (folder / name).write_text(f"#!/bin/sh\n{text}\n")
        (folder / name).chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")
    return calls


def test_jobs_of_the_run_alone_are_cancelled(tmp_path, monkeypatch, slurm):
    listing = tmp_path / "jobs"
    names = {
        "7": "apothecary-aaa_x",
        "8": "apothecary-bbb_x",
        "9": "other",
        "10": "apothecary-aaaf",
    }
    listing.write_text("".join(f"{i} {name}\n" for i, name in names.items()))
    squeue = f"cat {listing}; sed -i /aaa_/d {listing}"
    calls = fake_slurm(tmp_path / "bin", monkeypatch, squeue)
    assert orphans.cancel_jobs("aaa", slurm) == ["7"]
    assert calls.read_text() == "7\n"


def test_a_controller_that_is_down_is_told(tmp_path, monkeypatch, slurm):
    fake_slurm(tmp_path / "bin", monkeypatch, "echo 'slurm_load_jobs error' >&2; exit 1")
    with pytest.raises(WorkflowInputError, match=r"slurm: .* not come \(slurm_load_jobs error\)"):
        orphans.cancel_jobs("aaa", slurm)


def test_a_program_that_is_not_there_is_told():
    absent = Scheduler("odd", ("echo", "1 apothecary-aaa"), ("no-such-program",))
    with pytest.raises(WorkflowInputError, match="odd: jobs cannot be cancelled"):
        orphans.cancel_jobs("aaa", absent)


def test_half_written_files_are_removed_and_whole_ones_stay(tmp_path):
    files.write_text(tmp_path / "tables" / "a.parquet", "whole")
    with files.replacing(tmp_path / "tables" / "b.parquet") as temporary:
        half = temporary.with_name(temporary.name.replace("b.parquet", "c.parquet"))
        half.write_text("half")
    (tmp_path / ".keep.tmp").write_text("of the user")
    assert orphans.remove_temporaries(tmp_path) == 1
    assert sorted(path.name for path in tmp_path.rglob("*") if path.is_file()) == [
        ".keep.tmp",
        "a.parquet",
        "b.parquet",
    ]
