"""Links of the page of a run: by whom they are for, with short names, to files that are there."""

from __future__ import annotations

from pathlib import Path

import pytest
from report_builders import RUN, germline_tables, pack, sample

from apothecary import views
from apothecary.reports import model, run_links, run_page
from apothecary.reports.summary import summary
from apothecary.reports.words import load
from apothecary.reports.write import write_reports

ROW = {"sample_id": "S 1", "batch": "b1"}


@pytest.fixture
def run(tmp_path: Path) -> Path:
    """The folder of a run with every view of a sample, patients in two languages."""
    for name, view in views.VIEWS.items():
        for batch in ("b1", "b2"):
            (tmp_path / name / batch).mkdir(parents=True)
        for language in ("de", "en") if "?" in (view.suffix or "") else ("",):
            suffix = (view.suffix or "").replace("??", language)
            (tmp_path / name / "b1" / f"S 1{suffix}").touch()
    return tmp_path


def found(run: Path) -> list:
    folders = [run / name / batch for name in views.VIEWS for batch in ("b1", "b2")]
    return list(run_links.of_views(ROW, folders, run))


def test_every_view_of_the_sample_is_linked_from_the_place_of_the_page(run):
    links = found(run)
    assert {link["kind"] for link in links} == set(views.VIEWS)
    assert all((run / link["address"].replace("%20", " ")).is_file() for link in links)
    assert [k["language"] for k in links if k["kind"] == "patients"] == ["de", "en"]
    other = {"sample_id": "S 2", "batch": "b1"}
    assert list(run_links.of_views(other, [run / "pdf" / "b1"], run)) == []


def test_links_stand_by_whom_they_are_for(run):
    links = [*run_links.of_report("reports/b1/S 1"), *found(run)]
    told = {
        group["words"]: [link["words"] for link in group["links"]]
        for group in run_links.grouped(links, load())
    }
    assert told == {
        "Report": ["Page", "PDF", "Reads"],
        "Patient": ["DE", "EN"],
        "Data": ["XLSX", "JSON", "VCF", "FHIR", "Cards", "Statements"],
    }


def test_every_view_has_a_name_and_one_that_is_new_is_not_lost():
    words = load()
    assert all(
        f"link.{name}" in words.texts
        for name in (*views.VIEWS, *run_links.REPORT_KINDS)
        if name != "patients"
    )
    new = {"kind": "scrolls", "address": "scrolls/S1", "language": None}
    (group,) = run_links.grouped([new], words)
    assert (group["group"], group["links"][0]["words"]) == ("data", "scrolls")


def test_no_report_no_links():
    assert run_links.of_report(None) == []
    assert run_links.grouped([], load()) == []


def test_the_page_links_what_was_written(tmp_path):
    made = model.build_model(sample(), germline_tables(), pack(), RUN)
    write_reports(tmp_path / "reports" / "batch-1", [made])
    (tmp_path / "pdf" / "batch-1").mkdir(parents=True)
    (tmp_path / "pdf" / "batch-1" / "HG00276.pdf").touch()
    page = tmp_path / "index.html"
    rows = [sample(), sample("ABSENT", row=3)]
    folders = [tmp_path / "reports" / "batch-1"]
    run_page.write_run(page, rows, folders, {}, None, [tmp_path / "pdf" / "batch-1"])
    markup = page.read_text(encoding="utf-8")
    assert '<a href="pdf/batch-1/HG00276.pdf">PDF</a>' in markup
    assert '<a href="reports/batch-1/HG00276.html">HG00276</a>' in markup
    assert '<a href="reports/batch-1/HG00276.json">JSON</a>' in markup
    links = {"HG00276": "reports/batch-1/HG00276"}
    absent = run_page.build_run_model(rows, [summary(made)], links)["samples"][1]
    assert (absent["address"], absent["links"]) == (None, [])
