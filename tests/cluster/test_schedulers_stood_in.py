"""A run on Grid Engine or LSF whose head is killed: its jobs are cancelled before it goes on.

The workflow is one rule; launcher, profile, executor plugin and the search for orphans are the real
ones. Programs that run a job on this machine stand in for those of the schedulers.
"""

from __future__ import annotations

import importlib.util
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from small_batch import environment
from standin_scheduler import end, install

SNAKEFILE = """
rule wait:
    output: "<results>/waited.txt"
    shell: "while [ ! -e go ]; do sleep 0.1; done; echo whole > {output}"
"""
LAUNCH = """
import sys
from argparse import Namespace
from pathlib import Path
from types import SimpleNamespace
from apothecary.execution import launch
root = Path(sys.argv[1])
plan = SimpleNamespace(
    root=root, config={"samples": "sheet", "limits": {}}, sheets=SimpleNamespace(samples=[]),
    sheet_files=[],
    knowledge_lock=root / "lock",
)
arguments = Namespace(
    profile=sys.argv[2], dry_run=False, out="out", force=False, config="config.yaml", cores="1",
    extra=["--seconds-between-status-checks", "1"], verbose=True,
)
sys.exit(launch.run(arguments, plan))
"""
PLUGINS = {
    "generic": "snakemake_executor_plugin_cluster_generic",
    "lsf": "snakemake_executor_plugin_lsf",
}


def wait(done: Callable[[], bool], log: Path) -> None:
    end_of_patience = time.monotonic() + 300
    while not done():
        assert time.monotonic() < end_of_patience, log.read_text()
        time.sleep(0.1)


@pytest.mark.cluster
@pytest.mark.parametrize("profile", PLUGINS)
def test_jobs_of_a_killed_run_are_cancelled_and_it_goes_on(profile, repository, tmp_path):
    if not os.environ.get("APOTHECARY_CLUSTER"):
        pytest.skip("APOTHECARY_CLUSTER is not set: each profile takes half a minute")
    if importlib.util.find_spec(PLUGINS[profile]) is None:
        pytest.fail(f"{PLUGINS[profile]} is not installed: make setup")
    variables = {**environment(), **install(tmp_path / "scheduler")}
    jobs = Path(variables["STANDIN_JOBS"])
    root, work = tmp_path / "root", tmp_path / "work"
    for folder in (root, work):
        folder.mkdir()
    (root / "workflow").symlink_to(repository / "workflow")
    (root / "Snakefile").write_text(SNAKEFILE)
    for name in (work / "sheet", work / "config.yaml", root / "lock"):
        name.write_text("{}")
    log = tmp_path / "log"

    def start() -> subprocess.Popen[bytes]:
        with log.open("a") as stream:
            words = [sys.executable, "-c", LAUNCH, str(root), profile]
            return subprocess.Popen(words, cwd=work, env=variables, stdout=stream, stderr=stream)

    run = start()
    wait(lambda: (jobs / "1" / "pid").exists() and "submitted" in log.read_text().lower(), log)
    children = Path(f"/proc/{run.pid}/task/{run.pid}/children").read_text().split()
    for pid in (run.pid, *map(int, children)):
        os.kill(pid, signal.SIGKILL)
    run.wait()
    assert not (jobs / "1" / "status").exists(), "the job outlives its run"
    again = start()
    wait(lambda: (jobs / "2" / "pid").exists(), log)
    assert (jobs / "1" / "cancelled").exists()
    assert "1 cluster jobs cancelled" in log.read_text()
    # The scheduler kills the second one, which cannot tell so itself; it is tried again.
    end(jobs / "2")
    wait(lambda: (jobs / "3" / "pid").exists(), log)
    (work / "go").touch()
    assert again.wait(timeout=300) == 0, log.read_text()
    assert (work / "out" / "waited.txt").read_text() == "whole\n"
    assert not (jobs / "3" / "cancelled").exists()
