"""The issue of a report: its id, its signature, its mark, and what it amends."""

from __future__ import annotations

import io
import re

import full_examples
import pypdf
import pytest
from pdf_reading import squashed, text_of
from report_builders import RUN, failed_tables, germline_tables, pack, row, sample, tumor_sample
from run_builder import RunBuilder
from test_report_html import Page

from apothecary import changes, schemas, tables
from apothecary.changes import Change
from apothecary.errors import WorkflowInputError
from apothecary.files import write_json
from apothecary.reports import html, model, previous, typeset

SIGNED = {"name": "Ada Example", "role": "Pathologist", "date": "2026-03-10"}


def built(given=None, **settings):
    found = given or germline_tables()
    return model.build_model(sample(), found, pack(), {**RUN, **settings})


def text_of_html(made) -> str:
    return squashed("".join(Page(html.render_sample(made)).texts))


def test_the_same_content_has_the_same_id_and_another_content_another():
    first = built()["issue"]["report_id"]
    assert re.fullmatch(r"R-[0-9a-f]{16}", first)
    assert built()["issue"]["report_id"] == first
    assert built({**germline_tables(), "phenotypes": []})["issue"]["report_id"] != first
    ordered = {**germline_tables(), "orders": [full_examples.order("HG00276", amends=None)]}
    assert built(ordered)["issue"]["report_id"] != first


def test_a_report_is_a_draft_until_its_own_id_is_signed():
    draft = built(sign_off={**SIGNED, "reports": ["R-0123456789abcdef"]})
    assert (draft["issue"]["state"], draft["issue"]["watermark"]) == ("draft", "DRAFT, NOT SIGNED")
    assert [row["text"] for row in draft["issue"]["sign_off"]] == [*list(SIGNED.values())[:2], None]
    signed = built(sign_off={**SIGNED, "reports": [draft["issue"]["report_id"]]})
    assert signed["issue"]["report_id"] == draft["issue"]["report_id"]
    assert (signed["issue"]["state"], signed["issue"]["watermark"]) == ("signed", None)
    for made, mark in ((draft, True), (signed, False)):
        for text in (text_of_html(made), text_of(typeset.typeset(made, "a4"))):
            assert ("DRAFT,NOTSIGNED" in text.upper()) == mark
            assert ("2026" + "03" + "10" in text) != mark
            assert squashed(made["issue"]["state_words"]) in text
    about = pypdf.PdfReader(io.BytesIO(typeset.typeset(signed, "a4"))).metadata
    assert about["/CreationDate"].startswith("D:20260310")


def test_a_failed_sample_and_research_are_marked_whoever_signs():
    failed = built(failed_tables("HG00276"))
    report_id = failed["issue"]["report_id"]
    signed = {**SIGNED, "reports": [report_id]}
    failed = built(failed_tables("HG00276"), sign_off=signed)
    assert failed["issue"]["watermark"] == "NOT TO BE ACTED ON"
    research = built(research=True)
    assert research["issue"]["watermark"] == "RESEARCH USE ONLY"
    for made in (failed, research):
        mark = squashed(made["issue"]["watermark"])
        assert mark in text_of_html(made)
        assert text_of(typeset.typeset(made, "a4")).count(mark) >= 2, "on every page"


def before(report_id="R-00000000000000ff", status="ok", reason=None, **told):
    facts = {"report_id": report_id, "status": status, "status_words": status, "reason": reason}
    return {"HG00276": {"changes": [], **facts, **told}}


CHANGES = [
    Change(changes.DIPLOTYPE, "HG00276", "CYP2C19", "*1/*2", "*2/*2"),
    Change(changes.RECOMMENDATION, "HG00276", "clopidogrel, CPIC", "monitor", "avoid"),
    Change(changes.DIPLOTYPE, "HG00276", "DPYD", "*1/*1", ""),
]


def test_an_amended_report_tells_what_changed_and_why():
    ordered = {**germline_tables(), "orders": [full_examples.order("HG00276")]}
    made = built(ordered, previous=before(full_examples.BEFORE, changes=CHANGES[:2]))
    amends = made["issue"]["amends"]
    assert (amends["report_id"], amends["note"]) == (full_examples.BEFORE, None)
    assert [(row["subject"], row["before"], row["after"]) for row in amends["changes"]] == [
        ("CYP2C19", "*1/*2", "*2/*2"),
        ("clopidogrel, CPIC", "monitor", "avoid"),
    ]
    for text in (text_of_html(made), text_of(typeset.typeset(made, "a4"))):
        for value in (amends["report_id"], "the medicines were completed", "clopidogrel, CPIC"):
            assert squashed(value) in text


def test_an_order_alone_names_the_report_before():
    made = built({**germline_tables(), "orders": [full_examples.order("HG00276")]})
    amends = made["issue"]["amends"]
    assert (amends["report_id"], amends["changes"]) == (full_examples.BEFORE, [])
    assert amends["state"] is None, "whether it was signed is not known"
    assert "not told item by item" in amends["note"]


def test_the_same_content_amends_nothing():
    report_id = built()["issue"]["report_id"]
    assert built(previous=before(report_id))["issue"]["amends"] is None
    assert built()["issue"]["amends"] is None


def test_nothing_is_told_of_what_is_withheld_or_of_a_sample_that_failed():
    found = germline_tables()
    partly = built(found, previous=before(changes=CHANGES))["issue"]["amends"]["changes"]
    assert [row["subject"] for row in partly] == ["CYP2C19", "clopidogrel, CPIC"]
    found["consent"] = []
    withheld = built(found, previous=before(changes=CHANGES))
    assert withheld["issue"]["amends"]["changes"] == []
    failed = built(failed_tables("HG00276"), previous=before(changes=CHANGES))
    told = failed["issue"]["amends"]["changes"]
    assert [(row["subject"], row["after"]) for row in told] == [("Status", "failed")]


def run(folder, **values):
    builder = RunBuilder().sample("S1", "b", subject_id="P1").consent("P1", "pharmacogenes")
    given = {"diplotype": "*1/*2", "subject_id": "P1", **values}
    builder.add("diplotypes", sample_id="S1", gene="CYP2C19", rank=1, diplotype=given["diplotype"])
    builder.write(folder)
    issue = {"report_id": full_examples.BEFORE, "state": "signed"}
    status = {"status": "ok", "status_words": "reported"}
    write_json(folder / "reports" / "b" / "S1.json", {"issue": issue, **status})
    return folder


def of_now(**values):
    """The tables of a run of today, before its reports."""
    diplotype = row(schemas.DIPLOTYPES, sample_id="S1", gene="CYP2C19", rank=1, diplotype="*2/*2")
    ordered = [row(schemas.ORDERS, sample_id="S1", **values)] if values else []
    return {
        "diplotypes": tables.to_arrow(schemas.DIPLOTYPES, [diplotype]),
        "orders": tables.to_arrow(schemas.ORDERS, ordered),
    }


NOW = [{"sample_id": "S1", "subject_id": "P1", "role": "germline", "batch": "other"}]


def test_changes_since_another_run_are_those_of_the_comparison(tmp_path):
    found = previous.of_batch(run(tmp_path), NOW, of_now())["S1"]
    assert (found["report_id"], found["state"]) == (full_examples.BEFORE, "signed")
    made = built(previous={"HG00276": found})
    assert made["issue"]["amends"]["state"] == "signed"
    told = [(change.subject, change.before, change.after) for change in found["changes"]]
    assert told == [("CYP2C19", "*1/*2", "*2/*2")]


def test_a_sample_that_is_new_has_no_report_before(tmp_path):
    new = [{**NOW[0], "sample_id": "S9"}]
    assert previous.of_batch(run(tmp_path), new, of_now()) == {}


def test_another_person_and_another_report_are_refused(tmp_path):
    folder = run(tmp_path)
    with pytest.raises(WorkflowInputError, match="sample S1 is of P1, not P2"):
        previous.of_batch(folder, [{**NOW[0], "subject_id": "P2"}], of_now())
    with pytest.raises(WorkflowInputError, match="S1 amends R-1111111111111111, but the run"):
        previous.of_batch(folder, NOW, of_now(amends="R-1111111111111111"))
    (folder / "reports" / "b" / "S1.json").unlink()
    with pytest.raises(WorkflowInputError, match="no report model of S1"):
        previous.of_batch(folder, NOW, of_now())


def test_tables_of_another_version_are_told_in_words(tmp_path):
    folder = run(tmp_path)
    (folder / "tables" / "b" / "recommendations.parquet").write_bytes(b"PAR1 something else")
    found = previous.of_batch(folder, NOW, of_now())["S1"]
    assert found["changes"] == []
    assert str(tmp_path) not in found["reason"]


def test_the_purity_is_asked_of_tumors_only():
    fields = [entry["field"] for entry in built()["order"]]
    assert "purity" not in fields
    tumor = model.build_model(tumor_sample(), {}, pack(), RUN)
    assert "purity" in [entry["field"] for entry in tumor["order"]]
