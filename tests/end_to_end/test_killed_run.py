"""A run that is killed is taken up again to the same bytes; a past run is made again."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from pathlib import Path

import pytest
from small_batch import apothecary, command, environment, make

pytestmark = pytest.mark.end_to_end


@pytest.fixture(scope="module")
def batch(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small batch with the results of an undisturbed run in `whole`."""
    folder = make(tmp_path_factory.mktemp("batch"))
    done = apothecary(folder, "run", "--out", "whole", "--cores", "2")
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


def killed_when(folder: Path, out: str, appears: str) -> None:
    """Start a run and kill launcher and Snakemake, but not their jobs, once a file is there."""
    process = subprocess.Popen(
        command("run", "--out", out, "--cores", "2"),
        cwd=folder,
        env=environment(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    wanted, end = folder / out / appears, time.monotonic() + 300
    while not wanted.exists() and process.poll() is None and time.monotonic() < end:
        time.sleep(0.02)
    assert wanted.exists(), f"the run never came to {appears}"
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
    for pid in (process.pid, *map(int, children)):
        os.kill(pid, signal.SIGKILL)
    process.wait()


@pytest.mark.parametrize(
    "appears",
    [
        "tables/batch0001/variants.parquet",
        "tables/batch0001/sites.parquet",
        "tables/batch0001/phenotypes.parquet",
        "reports",
        "index.html",
    ],
)
def test_a_killed_run_is_taken_up_again_to_the_same_bytes(batch, appears):
    out = f"killed-{Path(appears).stem}"
    killed_when(batch, out, appears)
    before = {path: path.stat().st_mtime_ns for path in (batch / out / "tables").rglob("*.parquet")}
    done = apothecary(batch, "run", "--out", out, "--cores", "2")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "died here" in done.stderr
    assert (batch / out / "checksums.sha256").read_bytes() == (
        batch / "whole" / "checksums.sha256"
    ).read_bytes()
    checked = subprocess.run(
        ["sha256sum", "--check", "--quiet", "checksums.sha256"], cwd=batch / out, check=False
    )
    assert checked.returncode == 0
    assert not list((batch / out).rglob(".*.tmp"))
    samples = batch / out / "tables" / "samples.parquet"
    assert samples.stat().st_mtime_ns == before[samples], "what was whole was made anew"
    events = [json.loads(line) for line in (batch / out / "audit.jsonl").read_text().splitlines()]
    assert [event["event"] for event in events] == ["run started", "run started", "run ended"]
    assert events[1]["resumed"] == events[0]["run_id"]


def test_a_past_run_is_made_again(batch):
    done = apothecary(batch, "rerun", "whole/manifest.json", "--out", "again")
    assert done.returncode == 0, done.stdout + done.stderr
    outputs = json.loads((batch / "whole" / "manifest.json").read_text())["outputs"]
    assert f"{len(outputs)} outputs of the same bytes, 0 tables" in done.stdout
    assert "0 differ" in done.stdout


def test_an_input_that_was_changed_is_named_and_nothing_is_run(batch, tmp_path):
    folder = make(tmp_path)
    path = folder / "resources" / "demo" / "NA19207.vcf"
    path.write_text(path.read_text() + "\n")
    manifest = str(batch / "whole" / "manifest.json")
    done = apothecary(folder, "rerun", manifest, "--out", "again")
    assert done.returncode == 2
    assert "input of sample NA19207: was" in done.stderr
    assert not (folder / "again").exists()


def test_knowledge_that_is_no_longer_there_is_named(batch, tmp_path):
    document = json.loads((batch / "whole" / "manifest.json").read_text())
    document["knowledge"]["digest"] = "0" * 64
    (tmp_path / "manifest.json").write_text(json.dumps(document))
    done = apothecary(batch, "rerun", str(tmp_path / "manifest.json"), "--out", "again2")
    assert done.returncode == 3
    assert "no knowledge pack of digest 000000000000" in done.stderr


def test_a_run_with_the_knowledge_of_a_day_gives_the_same(batch):
    kept = apothecary(batch, "knowledge", "kept").stdout.split("\t")
    done = apothecary(batch, "run", "--out", "of-day", "--at", kept[0])
    assert done.returncode == 0, done.stdout + done.stderr
    assert (batch / "of-day" / "checksums.sha256").read_bytes() == (
        batch / "whole" / "checksums.sha256"
    ).read_bytes()
    early = apothecary(batch, "run", "--out", "early", "--at", "1999-01-01")
    assert early.returncode == 3
    assert "was in use on 1999-01-01" in early.stderr


def test_results_are_vouched_for_and_tampering_is_told(batch):
    out = batch / "again"
    assert apothecary(batch, "audit", "keys", "keys").returncode == 0
    assert (
        apothecary(batch, "audit", "sign", "again", "--key", "keys/apothecary.key").returncode == 0
    )
    verify = ("audit", "verify", "again", "--key", "keys/apothecary.pub")
    good = apothecary(batch, *verify)
    assert good.returncode == 0, good.stderr
    page = next((out / "reports" / "batch0001").glob("*.html"))
    page.write_text(page.read_text().replace("<", "< ", 1))
    bad = apothecary(batch, *verify)
    assert bad.returncode == 2
    assert f"{page.name}: changed after the run" in bad.stderr


def test_no_other_user_may_read_the_results(batch):
    open_to_all = [path for path in (batch / "whole").rglob("*") if path.stat().st_mode & 0o007]
    assert open_to_all == []
