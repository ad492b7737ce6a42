"""The audit log: every change of a line, and of the order of lines, is noticed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apothecary.errors import WorkflowInputError
from apothecary.execution import audit


def written(folder: Path, events: int = 4) -> list[str]:
    for number in range(events):
        audit.append(folder, "run started", {"run_id": f"r{number}"})
    return (folder / audit.LOG).read_text().splitlines()


def test_events_are_read_back_in_order(tmp_path):
    written(tmp_path)
    assert [event["run_id"] for event in audit.verify(tmp_path)] == ["r0", "r1", "r2", "r3"]


def test_a_changed_line_is_named(tmp_path):
    lines = written(tmp_path)
    lines[1] = lines[1].replace("r1", "r9")
    (tmp_path / audit.LOG).write_text("\n".join(lines) + "\n")
    with pytest.raises(WorkflowInputError, match="row 2: the line was changed"):
        audit.verify(tmp_path)


def test_a_line_sealed_anew_breaks_the_chain_at_the_next(tmp_path):
    lines = written(tmp_path)
    entry = json.loads(lines[1])
    entry["run_id"] = "r9"
    del entry["sha256"]
    entry["sha256"] = audit._digest(entry)
    lines[1] = json.dumps(entry, sort_keys=True)
    (tmp_path / audit.LOG).write_text("\n".join(lines) + "\n")
    with pytest.raises(WorkflowInputError, match="row 3: a line before it"):
        audit.verify(tmp_path)


@pytest.mark.parametrize("gone", [0, 1, 2])
def test_a_line_taken_out_is_noticed(tmp_path, gone):
    lines = written(tmp_path)
    del lines[gone]
    (tmp_path / audit.LOG).write_text("\n".join(lines) + "\n")
    with pytest.raises(WorkflowInputError, match="a line before it"):
        audit.verify(tmp_path)


def test_nothing_is_added_to_a_broken_log(tmp_path):
    lines = written(tmp_path)
    broken = "\n".join([lines[0], "{}", *lines[1:]]) + "\n"
    (tmp_path / audit.LOG).write_text(broken)
    with pytest.raises(WorkflowInputError, match="row 2: no event"):
        audit.append(tmp_path, "run started", {})
    assert (tmp_path / audit.LOG).read_text() == broken


def test_a_folder_without_log_and_an_empty_log_are_told(tmp_path):
    with pytest.raises(WorkflowInputError, match="no audit log"):
        audit.verify(tmp_path)
    (tmp_path / audit.LOG).write_text("")
    with pytest.raises(WorkflowInputError, match="an empty log"):
        audit.verify(tmp_path)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(place=st.integers(0, 10_000), byte=st.sampled_from(list('09afz"}{ ,')))
def test_any_byte_that_is_changed_is_noticed(tmp_path, place, byte):
    path = tmp_path / audit.LOG
    path.unlink(missing_ok=True)
    whole = "\n".join(written(tmp_path, 2)) + "\n"
    place %= len(whole) - 1
    changed = whole[:place] + byte + whole[place + 1 :]
    path.write_text(changed)
    if changed == whole:
        audit.verify(tmp_path)
    else:
        with pytest.raises(WorkflowInputError):
            audit.verify(tmp_path)
