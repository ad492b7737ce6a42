"""The workflow on a real Slurm, with every accident that a cluster has."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from slurm_cluster import Cluster, missing, wait
from small_batch import apothecary, command, environment, make

pytestmark = pytest.mark.cluster
QUICK = ("--seconds-between-status-checks", "2", "--slurm-init-seconds-before-status-checks", "1")
"""The profile's own pace is for clusters of thousands of jobs."""


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    if not os.environ.get("APOTHECARY_CLUSTER"):
        pytest.skip("APOTHECARY_CLUSTER is not set: it starts a Slurm on this machine")
    if reason := missing():
        pytest.fail(reason)
    # Not below the temporary folder of pytest, whose parents are closed to munge.
    started = Cluster(Path(f"/run/apothecary-slurm-{os.getpid()}"))
    yield started
    started.stop()


@pytest.fixture(scope="module")
def batch(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small batch with the results of a local run in `local`."""
    folder = make(tmp_path_factory.mktemp("batch"))
    done = apothecary(folder, "run", "--out", "local", "--cores", "2")
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


def started(folder: Path, out: str, *words: str) -> subprocess.Popen[str]:
    log = (folder / f"{out}.log").open("w")
    return subprocess.Popen(
        command("run", "--out", out, "--profile", "slurm", "--verbose", "--", *QUICK, *words),
        cwd=folder,
        env=environment(),
        stdout=log,
        stderr=subprocess.STDOUT,
        text=True,
    )


def same_as_local(folder: Path, out: str) -> bool:
    return (folder / out / "checksums.sha256").read_bytes() == (
        folder / "local" / "checksums.sha256"
    ).read_bytes()


def test_jobs_out_of_memory_and_time_are_retried_and_the_controller_may_restart(cluster, batch):
    memory = "annotate_consequences:mem_mb=(60 if attempt == 1 else 1500)"
    run = started(batch, "accidents", "--set-resources", memory)

    def running(rule: str) -> list[str]:
        return [j["id"] for j in cluster.jobs() if (j["rule"], j["state"]) == (rule, "RUNNING")]

    wait(lambda: bool(running("read_variants")), 120)
    # A job that hangs: it is stopped, and its time is up. Slurm looks for such jobs now and then.
    timed_out = running("read_variants")[0]
    cluster.say("scancel", "--full", "--signal=STOP", timed_out)
    cluster.say("scontrol", "update", f"JobId={timed_out}", "EndTime=now")
    wait(lambda: bool(running("call_sites") or running("call_diplotypes")), 240)
    cluster.stop_controller()
    cluster.start_controller()
    assert run.wait(timeout=900) == 0, (batch / "accidents.log").read_text()
    states = {(job["rule"], job["state"]) for job in cluster.jobs()}
    assert ("read_variants", "TIMEOUT") in states
    assert ("read_variants", "COMPLETED") in states
    assert {
        ("annotate_consequences", "OUT_OF_MEMORY"),
        ("annotate_consequences", "FAILED"),
    } & states
    assert ("annotate_consequences", "COMPLETED") in states
    assert same_as_local(batch, "accidents")


def test_a_killed_run_cancels_its_orphans_and_goes_on_to_the_same_bytes(cluster, batch):
    before = {job["id"] for job in cluster.jobs()}
    run = started(batch, "killed")

    def ours() -> list[dict[str, str]]:
        return [job for job in cluster.jobs() if job["id"] not in before]

    def alive() -> list[str]:
        return [job["rule"] for job in ours() if job["state"] in ("RUNNING", "PENDING")]

    wait(lambda: "call_sites" in alive(), 240)
    children = Path(f"/proc/{run.pid}/task/{run.pid}/children").read_text().split()
    for pid in (run.pid, *map(int, children)):
        os.kill(pid, signal.SIGKILL)
    run.wait()
    orphans = {job["id"] for job in ours() if job["state"] in ("RUNNING", "PENDING")}
    assert orphans
    again = started(batch, "killed")
    assert again.wait(timeout=900) == 0, (batch / "killed.log").read_text()
    states = {job["id"]: job["state"] for job in ours()}
    told = (batch / "killed.log").read_text()
    assert "died here" in told
    assert all(states[i] in ("CANCELLED", "COMPLETED") for i in orphans)
    done_twice = [job["rule"] for job in ours() if job["state"] == "COMPLETED"]
    assert done_twice.count("read_variants") == 1, "what was whole was made anew"
    assert same_as_local(batch, "killed")


def test_the_demo_gives_the_same_as_on_one_machine(cluster, repository, tmp_path):
    config = ("--config", "resources/demo/config.yaml")
    local = apothecary(repository, "run", *config, "--out", str(tmp_path / "local"))
    assert local.returncode == 0, local.stderr
    remote = apothecary(
        *(repository, "run", *config, "--out", str(tmp_path / "slurm")),
        *("--profile", "slurm", "--", *QUICK),
    )
    assert remote.returncode == 0, remote.stderr
    assert (tmp_path / "slurm" / "checksums.sha256").read_bytes() == (
        tmp_path / "local" / "checksums.sha256"
    ).read_bytes()
