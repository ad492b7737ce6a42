"""Contradictions between sources are told, and only real ones."""

from __future__ import annotations

import pytest
from report_builders import RUN, germline_tables, pack, recommendation, sample

from apothecary.reports import model


def _conflicts(*rows):
    tables = germline_tables()
    tables["recommendations"] = list(rows)
    (entry,) = model.build_model(sample(), tables, pack(), RUN)["recommendations"]
    return entry["conflicts"]


def _row(source, action, rank=1, **more):
    return recommendation("HG00276", "x", source, action, rank, **more)


@pytest.mark.parametrize(
    ("first", "second", "severity"),
    [
        ("avoid", "standard_dosing", "opposed"),
        ("change_dose", "standard_dosing", "opposed"),
        ("change_dose", "monitor", "opposed"),
        ("avoid", "change_dose", "differ"),
        ("monitor", "standard_dosing", "differ"),
    ],
)
def test_actions_that_differ(first, second, severity) -> None:
    (found,) = _conflicts(_row("CPIC", first), _row("DPWG", second))
    assert (found["severity"], found["sources"]) == (severity, ["CPIC", "DPWG"])
    assert found["basis"] == ["CYP2C19 Poor Metabolizer"]


def test_words_name_sources_populations_and_doses() -> None:
    (found,) = _conflicts(
        _row("CPIC", "avoid", population="adults"),
        _row("DPWG", "change_dose", dose_change="50 % of the starting dose"),
    )
    assert found["text"] == (
        "The sources differ: CPIC (adults): Avoid; "
        "DPWG: Change the dose, 50 % of the starting dose."
    )


def test_populations_stay_apart() -> None:
    found = _conflicts(
        _row("CPIC", "avoid", 1, population="adults"),
        _row("CPIC", "standard_dosing", 2, population="pediatrics"),
        _row("DPWG", "standard_dosing"),
    )
    assert [one["text"] for one in found] == [
        "The sources differ: CPIC (adults): Avoid; DPWG: Standard dosing."
    ]


def test_doses_that_differ() -> None:
    first = _row("CPIC", "change_dose", dose_change="50 %")
    assert _conflicts(first, _row("DPWG", "change_dose", dose_change="50 %")) == []
    assert _conflicts(first, _row("DPWG", "change_dose")) == []
    (found,) = _conflicts(first, _row("DPWG", "change_dose", dose_change="25 %"))
    assert found["severity"] == "dose"


@pytest.mark.parametrize(
    "other",
    [
        {"action": "alternative"},
        {"action": "see_guideline"},
        {"action": "no_recommendation"},
        {"action": "standard_dosing", "phenotypes": ["CYP2C19 Normal Metabolizer"]},
        {"action": "standard_dosing", "genes": ["CYP2C19", "CYP2D6"]},
    ],
)
def test_what_is_no_contradiction(other) -> None:
    action = other.pop("action")
    assert _conflicts(_row("CPIC", "avoid"), _row("DPWG", action, **other)) == []
    assert _conflicts(_row("CPIC", "avoid"), _row("CPIC", "standard_dosing", 2)) == []
