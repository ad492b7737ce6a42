"""A reading that a limit stopped is made anew when the limits are others; nothing else is."""

from __future__ import annotations

from apothecary import schemas, tables
from apothecary.errors import WorkflowInputError
from apothecary.execution import ownership, stopped
from apothecary.hardening import bounded
from apothecary.hardening.bounded import Limits


def outcome(name: str, reason: str) -> dict[str, str]:
    status = "failed" if reason else "ok"
    return {"sample_id": name, "step": "read_variants", "status": status, "reason": reason}


def too_much() -> str:
    try:
        bounded.read("a.vcf", Limits(memory_mb=16), lambda: [len(bytearray(200 * 1024 * 1024))])
    except WorkflowInputError as error:
        return str(error)
    raise AssertionError("no limit")


def test_only_tables_that_tell_of_a_limit_are_removed(tmp_path):
    kept, gone = (tmp_path / "tables" / name / "outcomes.parquet" for name in ("b1", "b2"))
    tables.write(kept, schemas.OUTCOMES, [outcome("S1", ""), outcome("S2", "a.vcf: cut")])
    tables.write(gone, schemas.OUTCOMES, [outcome("S3", ""), outcome("S4", too_much())])
    assert stopped.forget(tmp_path) == [gone]
    assert kept.exists()
    assert not gone.exists()
    assert stopped.forget(tmp_path) == []


def test_the_state_of_a_folder_tells_its_limits(tmp_path):
    sheet = tmp_path / "s.tsv"
    with ownership.claimed(tmp_path / "out", sheet, ["S1"], limits={"memory_mb": 16}) as claim:
        assert claim.last is None
    with ownership.claimed(tmp_path / "out", sheet, ["S1"]) as claim:
        assert claim.last is not None
        assert claim.last["limits"] == {"memory_mb": 16}
        assert claim.died is None
