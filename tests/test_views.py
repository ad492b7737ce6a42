"""The views of reports, and what a configuration may ask of reports."""

from __future__ import annotations

import pytest

from apothecary import settings, sheets, views
from apothecary.errors import WorkflowInputError
from apothecary.planning import checks


def checked(repository, **reports):
    schema = sheets.load_schema(repository / "workflow" / "schemas" / "config.schema.yaml")
    return settings.check({"samples": "s.tsv", "reports": reports}, schema, "config")


def told(check, config) -> list[str]:
    with pytest.raises(WorkflowInputError) as caught:
        check(config, "config")
    return [problem.line() for problem in caught.value.problems]


def test_every_view_has_a_rule_of_its_own(repository):
    text = "".join(
        path.read_text(encoding="utf-8")
        for path in sorted((repository / "workflow" / "rules").glob("*.smk"))
    )
    for name, view in views.VIEWS.items():
        rule = text.split(f"rule {view.rule}:")[1].split("\nrule ")[0]
        assert f'directory("<results>/{name}/{{batch}}")' in rule
        assert 'group:\n        "reports"' in rule


def test_folders_are_those_that_are_asked_for():
    assert views.folders(["a", "b"], ["1", "2"]) == [
        "<results>/a/1",
        "<results>/a/2",
        "<results>/b/1",
        "<results>/b/2",
    ]
    assert views.folders([], ["1"]) == []


def test_a_view_that_is_not_known_is_told(repository):
    checks.check_views(checked(repository, views=["pdf"]), "config")
    (line,) = told(checks.check_views, checked(repository, views=["pdf", "pfd"]))
    assert line.startswith("config, reports.views: 'pfd'; one of ")
    assert "pdf" in line.split("one of ")[1]


@pytest.mark.parametrize(
    ("sign_off", "lines"),
    [
        (
            {"reports": ["R-0123456789abcdef"], "name": "Ada"},
            [
                "config, reports.sign_off.role: empty; signed reports need it",
                "config, reports.sign_off.date: empty; signed reports need it",
            ],
        ),
        (
            {"date": "2026-02-30"},
            ["config, reports.sign_off.date: '2026-02-30'; a date as 2026-01-31"],
        ),
    ],
)
def test_a_signature_is_whole(repository, sign_off, lines):
    assert told(checks.check_sign_off, checked(repository, sign_off=sign_off)) == lines


def test_the_run_that_is_amended_must_be_there(repository, tmp_path):
    config = checked(repository, previous=str(tmp_path))
    (line,) = told(checks.check_sign_off, config)
    assert line.startswith("config, reports.previous: no manifest.json in")
    (tmp_path / "manifest.json").write_text("{}")
    checks.check_sign_off(config, "config")


def test_the_files_of_a_sample_are_those_of_no_other(tmp_path):
    folder = tmp_path / "patients" / "batch0001"
    folder.mkdir(parents=True)
    for name in ("S[1].en.html", "S[1].de.html", "S1.en.html", "S[1].json"):
        (folder / name).write_text("")
    found = [file.name for file in views.files("S[1]", folder)]
    assert found == ["S[1].de.html", "S[1].en.html"]
