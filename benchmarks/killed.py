"""Runs that are killed at random moments and taken up again: how many end with the same bytes.

    python benchmarks/killed.py [--kills 50] [--seed 1]

A small batch is run once undisturbed. Then it is started anew again and again; at a random moment
of its time the launcher and Snakemake, and in every other round their jobs as well, are killed
without warning. The run is taken up again, and the digests of all outputs are held against those of
the undisturbed run. The moments are drawn over the time that an undisturbed run takes here.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.append(str(ROOT / "tests"))

from small_batch import apothecary, command, environment, make  # noqa: E402 found on that path

from apothecary.execution import orphans, ownership  # noqa: E402

SUMS = "checksums.sha256"


@dataclass(frozen=True)
class Kill:
    """What came of one kill.

    Attributes:
        moment: Seconds after the start.
        tables: Tables that were whole when it came.
        with_jobs: Whether the jobs were killed too.
        same: Whether the resumed run has the bytes of the undisturbed one.
        words: What the resumed run said when it did not.
    """

    moment: float
    tables: int
    with_jobs: bool
    same: bool
    words: str


def start(folder: Path, out: str) -> subprocess.Popen[bytes]:
    """Start a run without waiting for it."""
    return subprocess.Popen(
        command("run", "--out", out, "--cores", "2"),
        cwd=folder,
        env=environment(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def kill(process: subprocess.Popen[bytes], results: Path, with_jobs: bool) -> None:
    """Kill the launcher, Snakemake and, where asked, every process of the run."""
    state = ownership.read(results)
    jobs = orphans.processes(str(state["run_id"])) if with_jobs and state else []
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    pids = [process.pid, *map(int, children.read_text().split())] if children.exists() else []
    for pid in (*pids, *jobs):
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            continue
    process.wait()


def one(folder: Path, out: str, moment: float, with_jobs: bool, whole: bytes) -> Kill:
    """Start, kill at a moment, resume, and compare."""
    process = start(folder, out)
    time.sleep(moment)
    kill(process, folder / out, with_jobs)
    tables = len(list((folder / out).glob("tables/**/*.parquet")))
    done = apothecary(folder, "run", "--out", out, "--cores", "2")
    sums = folder / out / SUMS
    same = done.returncode == 0 and sums.is_file() and sums.read_bytes() == whole
    checked = subprocess.run(
        ["sha256sum", "--check", "--quiet", SUMS],
        cwd=folder / out,
        capture_output=True,
        check=False,
    )
    left = list((folder / out).rglob(".*.tmp"))
    same = same and checked.returncode == 0 and not left
    return Kill(moment, tables, with_jobs, same, "" if same else done.stderr.strip()[-300:])


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    drawn = random.Random(options.seed)
    kills: list[Kill] = []
    with tempfile.TemporaryDirectory() as name:
        folder = make(Path(name))
        before = time.monotonic()
        done = apothecary(folder, "run", "--out", "whole", "--cores", "2")
        seconds = time.monotonic() - before
        if done.returncode:
            sys.exit(done.stdout + done.stderr)
        whole = (folder / "whole" / SUMS).read_bytes()
        print(f"an undisturbed run takes {seconds:.0f} s here, for {len(whole.splitlines())} files")
        print("kill\tafter s\ttables\tjobs too\tsame bytes")
        for number in range(options.kills):
            out = f"killed{number}"
            found = one(folder, out, drawn.uniform(0, seconds), number % 2 == 1, whole)
            kills.append(found)
            words = f"\t{found.words}" if found.words else ""
            print(
                f"{number + 1}\t{found.moment:.1f}\t{found.tables}\t{found.with_jobs}"
                f"\t{found.same}{words}",
                flush=True,
            )
            shutil.rmtree(folder / out)
    same = sum(found.same for found in kills)
    print(f"{same} of {len(kills)} killed runs ended with the bytes of the undisturbed one")
    return int(same < len(kills))


if __name__ == "__main__":
    sys.exit(main())
