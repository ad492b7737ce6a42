"""One run a results folder."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from run_builder import RunBuilder

from apothecary.errors import WorkflowInputError
from apothecary.execution import ownership

HOLDER = """
import sys, time
from apothecary.execution import ownership
with ownership.claimed(sys.argv[1], "samples.tsv", ["S1"]):
    print("held", flush=True)
    time.sleep(60)
"""


def holder(repository: Path, folder: Path) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(folder)],
        stdout=subprocess.PIPE,
        text=True,
        cwd=folder.parent,
        env={"PYTHONPATH": str(repository / "scripts")},
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    return process


def test_a_second_run_is_refused_while_the_first_lives(repository, tmp_path):
    with holder(repository, tmp_path / "out") as first:
        with (
            pytest.raises(WorkflowInputError, match="another run works in this folder"),
            ownership.claimed(tmp_path / "out", tmp_path / "samples.tsv", ["S1"]),
        ):
            pytest.fail("both have it")
        first.kill()


def test_a_run_that_was_killed_is_told_as_dead_and_gives_way(repository, tmp_path):
    with holder(repository, tmp_path / "out") as first:
        first.kill()
    with ownership.claimed(tmp_path / "out", tmp_path / "samples.tsv", ["S1"]) as claim:
        assert claim.died is not None
        assert claim.died["pid"] == first.pid
        assert claim.died["run_id"] != claim.run_id
    with ownership.claimed(tmp_path / "out", tmp_path / "samples.tsv", ["S1"]) as claim:
        assert claim.died is None


def test_an_error_ends_the_claim_as_well(tmp_path):
    with pytest.raises(ZeroDivisionError), ownership.claimed(tmp_path / "out", "s.tsv", ["S1"]):
        raise ZeroDivisionError
    state = ownership.read(tmp_path / "out")
    assert state is not None
    assert state["status"] == ownership.ENDED


def results_of(folder: Path, samples: list[str]) -> None:
    builder = RunBuilder()
    for name in samples:
        builder.sample(name)
    builder.write(folder)


@pytest.mark.parametrize("samples", [["S1"], ["S1", "S2"], ["S1", "S2", "S3"]])
def test_results_of_the_same_samples_or_fewer_are_taken_over(tmp_path, samples):
    results_of(tmp_path / "out", samples[:2])
    with ownership.claimed(tmp_path / "out", "s.tsv", samples) as claim:
        assert claim.died is None


def test_results_of_another_run_are_refused_but_by_force(tmp_path):
    results_of(tmp_path / "out", ["S1", "OTHER"])
    with (
        pytest.raises(WorkflowInputError, match=r"of another run \(with sample OTHER\)"),
        ownership.claimed(tmp_path / "out", "s.tsv", ["S1"]),
    ):
        pytest.fail("taken")
    with ownership.claimed(tmp_path / "out", "s.tsv", ["S1"], force=True) as claim:
        assert claim.died is None


def test_a_folder_of_something_else_is_refused(tmp_path):
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "thesis.doc").write_text("x")
    with (
        pytest.raises(WorkflowInputError, match=r"holds 'thesis\.doc' and no results"),
        ownership.claimed(tmp_path / "out", "s.tsv", ["S1"]),
    ):
        pytest.fail("taken")
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["thesis.doc"]


def test_the_same_sheet_may_lose_samples(tmp_path):
    with ownership.claimed(tmp_path / "out", tmp_path / "s.tsv", ["S1", "S2"]):
        results_of(tmp_path / "out", ["S1", "S2"])
    with ownership.claimed(tmp_path / "out", tmp_path / "s.tsv", ["S1"]) as claim:
        assert json.loads((claim.results / ".apothecary" / "run.json").read_text())["pid"]
