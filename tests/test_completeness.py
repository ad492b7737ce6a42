from __future__ import annotations

import pytest

from apothecary import completeness, views
from apothecary.errors import EXIT_INCOMPLETE
from apothecary.views import View


def sample(name: str, row: int) -> dict[str, object]:
    return {"sample_id": name, "row": row}


def outcome(name: str, status: str, reason: str = "") -> dict[str, str]:
    return {"sample_id": name, "step": "read_variants", "status": status, "reason": reason}


def test_a_complete_run_is_counted(tmp_path):
    (tmp_path / "A.html").write_text("x")
    (tmp_path / "B.html").write_text("x")
    found = completeness.compare(
        [sample("A", 2), sample("B", 3)], [outcome("A", "ok"), outcome("B", "warn")], [tmp_path]
    )
    assert completeness.summary(found) == {"samples": 2, "status": {"ok": 1, "warn": 1}}


def test_failed_absent_and_unreported_samples_are_told_one_line_each(tmp_path):
    (tmp_path / "A.html").write_text("x")
    found = completeness.compare(
        [sample("A", 2), sample("B", 3), sample("C", 4)],
        [outcome("A", "ok"), outcome("A", "failed", "a.vcf, row 9: cut"), outcome("C", "ok")],
        [tmp_path],
    )
    with pytest.raises(completeness.IncompleteRunError) as caught:
        completeness.summary(found)
    assert caught.value.exit_status == EXIT_INCOMPLETE
    assert [p.found for p in caught.value.problems] == [
        "A failed: a.vcf, row 9: cut",
        "B absent: no rule tells of this sample",
        "C has no report",
    ]


def test_a_view_that_lacks_a_sample_is_told_unless_the_sample_failed(tmp_path, monkeypatch):
    monkeypatch.setattr(views, "VIEWS", {"prints": View("print_reports", ".txt")})
    samples = [{**sample(name, row), "batch": "b1"} for row, name in enumerate(("A", "B", "C"), 2)]
    outcomes = [outcome("A", "ok"), outcome("B", "warn"), outcome("C", "failed", "cut")]
    folder = tmp_path / "prints" / "b1"
    folder.mkdir(parents=True)
    (folder / "A.txt").write_text("x")
    for name in "ABC":
        (tmp_path / f"{name}.html").write_text("x")
    other = tmp_path / "prints" / "b2"
    found = completeness.compare(samples, outcomes, [tmp_path], [folder, other])
    with pytest.raises(completeness.IncompleteRunError) as caught:
        completeness.summary(found)
    assert [p.found for p in caught.value.problems] == [
        "B lacks the view prints of its report",
        "C failed: cut",
    ]
