"""Drafts, signed reports and amendments: their state, their people and dates, and no more."""

from __future__ import annotations

import copy
import json
from collections.abc import Mapping
from typing import Any

import pytest
from fhir_models import bundle_of, definitions, errors
from full_examples import BEFORE, SETTINGS, order
from hypothesis import given, settings
from hypothesis import strategies as st
from report_builders import failed_tables, germline_tables, pack, sample

from apothecary.fhir import check
from apothecary.reports import model

SIGN_OFF = SETTINGS["sign_off"]


@pytest.fixture(scope="module")
def models() -> Mapping[str, dict[str, Any]]:
    """An amending report with its order, as a draft and signed, and one without an order."""
    tables = {**germline_tables(), "orders": [order("HG00276")]}
    draft = model.build_model(sample(), tables, pack(), SETTINGS)
    report_id = draft["issue"]["report_id"]
    signing = {**SETTINGS, "sign_off": {**SIGN_OFF, "reports": [report_id]}}
    amending = model.build_model(sample(), tables, pack(), signing)
    first = copy.deepcopy(amending)
    first["issue"]["amends"] = None
    plain = model.build_model(sample(), germline_tables(), pack(), SETTINGS)
    failed = model.build_model(sample(), failed_tables("HG00276"), pack(), SETTINGS)
    return {"draft": draft, "amended": amending, "final": first, "plain": plain, "failed": failed}


def resources(made: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    found = (entry["resource"] for entry in made["entry"])
    return [one for one in found if one["resourceType"] == kind]


def by_reference(made: dict[str, Any], reference: Mapping[str, str]) -> dict[str, Any]:
    (found,) = [e["resource"] for e in made["entry"] if e["fullUrl"] == reference["reference"]]
    return found


def notes(report: dict[str, Any]) -> list[dict[str, Any]]:
    return [one["valueAnnotation"] for one in report["extension"] if "valueAnnotation" in one]


@pytest.mark.parametrize(
    ("name", "report_status", "observed"),
    [
        ("draft", "preliminary", "preliminary"),
        ("final", "final", "final"),
        ("amended", "amended", "final"),
        ("plain", "preliminary", "preliminary"),
        ("failed", "cancelled", None),
    ],
)
def test_a_report_has_the_state_and_the_id_of_its_issue(models, name, report_status, observed):
    made = bundle_of(copy.deepcopy(models[name]))
    assert errors(made) == []
    assert [one for one in check.check(made, definitions()) if not one.error] == []
    (report,) = resources(made, "DiagnosticReport")
    assert report["status"] == report_status
    assert report["identifier"] == [{"value": models[name]["issue"]["report_id"]}]
    statuses = {one["status"] for one in resources(made, "Observation")}
    assert statuses == ({observed} if observed else set())
    assert "issued" not in report, "a day is no instant"
    text = models[name]["issue"]["watermark"]
    assert (text in [note["text"] for note in notes(report)]) == bool(text)


def test_who_signed_is_named_and_who_is_to_sign_is_not(models):
    made = bundle_of(copy.deepcopy(models["final"]))
    (report,) = resources(made, "DiagnosticReport")
    (reference,) = report["resultsInterpreter"]
    role = by_reference(made, reference)
    assert role["code"] == [{"text": "Pathologist"}]
    assert by_reference(made, role["practitioner"])["name"] == [{"text": "Ada Example"}]
    assert by_reference(made, role["organization"])["name"] == SETTINGS["laboratory"]
    assert [by_reference(made, one) for one in report["performer"]] == resources(
        made, "Organization"
    )
    (signed,) = [note for note in notes(report) if "Ada Example" in note["text"]]
    assert signed["time"] == SIGN_OFF["date"]
    draft = bundle_of(copy.deepcopy(models["draft"]))
    assert "Ada Example" not in json.dumps(draft)
    assert resources(draft, "PractitionerRole") == []
    no_role = copy.deepcopy(models["final"])
    for one in no_role["issue"]["sign_off"]:
        one["text"] = one["text"] if one["field"] == "name" else None
    made = bundle_of(no_role)
    assert errors(made) == []
    (report,) = resources(made, "DiagnosticReport")
    assert by_reference(made, report["resultsInterpreter"][0])["resourceType"] == "Practitioner"


def test_the_order_tells_its_clinician_reasons_and_dates(models):
    made = bundle_of(copy.deepcopy(models["draft"]))
    (report,) = resources(made, "DiagnosticReport")
    assert report["effectiveDateTime"] == "2026-03-01"
    (reference,) = report["basedOn"]
    request = by_reference(made, reference)
    assert (request["status"], request["intent"]) == ("active", "order")
    asked_by = by_reference(made, request["requester"])
    assert asked_by["name"] == [{"text": "Dr. Order Example"}]
    assert [one["text"] for one in request["reasonCode"]] == [
        "recurrent events under treatment",
        "HP:0001250, HP:0001263",
    ]
    (specimen,) = resources(made, "Specimen")
    assert specimen["collection"] == {"collectedDateTime": "2026-03-01"}
    assert specimen["receivedTime"] == "2026-03-02"
    assert specimen["type"]["text"].startswith("blood in EDTA")
    assert specimen["note"][0]["text"].endswith("hemolytic")
    (patient,) = resources(made, "Patient")
    assert patient["birthDate"] == "1962-05-17"
    assert any(note.get("time") == "2026-03-09" for note in notes(report))
    assert any(note["text"] == SETTINGS["method"] for note in notes(report))
    signed = bundle_of(copy.deepcopy(models["final"]))
    assert resources(signed, "ServiceRequest")[0]["status"] == "completed"


def test_reasons_without_a_clinician_are_notes_and_no_order(models):
    made = copy.deepcopy(models["draft"])
    for one in made["order"]:
        one["given"] = one["given"] and one["field"] != "ordered_by"
    bundle = bundle_of(made)
    assert errors(bundle) == []
    assert resources(bundle, "ServiceRequest") == []
    (report,) = resources(bundle, "DiagnosticReport")
    assert "basedOn" not in report
    (told,) = [n for n in notes(report) if "recurrent events under treatment" in n["text"]]
    assert "time" not in told


def test_nothing_is_made_of_an_order_that_was_not_given(models):
    made = bundle_of(copy.deepcopy(models["plain"]))
    kinds = {entry["resource"]["resourceType"] for entry in made["entry"]}
    assert not kinds & {"ServiceRequest", "Practitioner", "PractitionerRole"}
    (specimen,) = resources(made, "Specimen")
    assert not specimen.keys() & {"collection", "receivedTime", "note"}
    assert "birthDate" not in resources(made, "Patient")[0]
    assert "basedOn" not in resources(made, "DiagnosticReport")[0]


def test_an_amendment_names_the_report_before_and_what_changed(models):
    changed = copy.deepcopy(models["amended"])
    changed["issue"]["amends"]["changes"] = [
        {"kind": "diplotype", "subject": "CYP2C19", "before": "*1/*2", "after": "*2/*2"}
    ]
    made = bundle_of(changed)
    assert errors(made) == []
    (report,) = resources(made, "DiagnosticReport")
    (replaced,) = [one for one in report["extension"] if one["url"].endswith("-replaces")]
    assert replaced["valueReference"]["identifier"] == {"value": BEFORE}
    (note,) = [note["text"] for note in notes(report) if BEFORE in note["text"]]
    assert "the medicines were completed" in note
    assert "CYP2C19: *1/*2 → *2/*2" in note
    # A report before that has no id is told of, and not referred to.
    changed["issue"]["amends"]["report_id"] = changed["words"]["ui.not_given"]
    (report,) = resources(bundle_of(changed), "DiagnosticReport")
    assert not any(one["url"].endswith("-replaces") for one in report["extension"])
    assert report["status"] == "amended"
    # What amends a draft was never final before.
    changed["issue"]["amends"]["state"] = "draft"
    (report,) = resources(bundle_of(changed), "DiagnosticReport")
    assert report["status"] == "final"
    changed["issue"]["amends"]["state"] = "signed"
    (report,) = resources(bundle_of(changed), "DiagnosticReport")
    assert report["status"] == "amended"
    (report,) = resources(bundle_of(copy.deepcopy(models["final"])), "DiagnosticReport")
    assert not any(one["url"].endswith("-replaces") for one in report["extension"])


BROKEN = [
    ("DiagnosticReport", lambda one: one.update(status="signed")),
    ("DiagnosticReport", lambda one: one.update(issued="2026-03-09")),
    ("DiagnosticReport", lambda one: one.update(basedOn=one["resultsInterpreter"])),
    ("DiagnosticReport", lambda one: one.update(resultsInterpreter=one["basedOn"])),
    ("DiagnosticReport", lambda one: one["identifier"][0].update(value=5)),
    ("PractitionerRole", lambda one: one.update(practitioner=one["organization"])),
    ("Practitioner", lambda one: one.update(name="Ada Example")),
    ("ServiceRequest", lambda one: one.pop("intent")),
    ("ServiceRequest", lambda one: one.update(requester=one["specimen"][0])),
    ("ServiceRequest", lambda one: one.update(status="signed")),
    ("Specimen", lambda one: one.update(receivedTime="yesterday")),
    ("Patient", lambda one: one.update(birthDate="1962-05-17T00:00:00Z")),
]


@pytest.mark.parametrize(("kind", "broken"), BROKEN)
def test_the_checker_tells_what_is_wrong_with_a_signed_report(models, kind, broken):
    small = copy.deepcopy(models["amended"])
    small |= {"recommendations": [], "genes": [], "sites": [], "doses": []}
    made = bundle_of(small)
    assert errors(made) == []
    broken(resources(made, kind)[0])
    assert errors(made)


def test_a_reference_to_the_replaced_report_must_be_to_a_report(models):
    made = bundle_of(copy.deepcopy(models["amended"]))
    (report,) = resources(made, "DiagnosticReport")
    (replaced,) = [one for one in report["extension"] if one["url"].endswith("-replaces")]
    replaced["valueReference"] = report["subject"]
    assert any("means a Patient" in one.found for one in errors(made))
    replaced["valueReference"] = {"display": "x"}
    specimen = resources(made, "Specimen")[0]
    specimen["extension"] = [replaced]
    assert any("does not belong here" in one.found for one in errors(made))


WORDS = st.text(st.characters(categories=("L", "N", "P")), min_size=1, max_size=12)


@settings(max_examples=15)
@given(data=st.data())
def test_any_issue_and_order_make_a_bundle_that_conforms(models, data):
    made = copy.deepcopy(models["amended"])
    made |= {"recommendations": [], "genes": [], "sites": [], "doses": []}
    for one in made["order"]:
        one["given"] = data.draw(st.booleans())
        if not one["text"][:4].isdecimal():
            one["text"] = data.draw(WORDS)
    for one in made["issue"]["sign_off"]:
        one["text"] = one["text"] if data.draw(st.booleans()) else None
    made["issue"]["state"] = data.draw(st.sampled_from(["draft", "signed"]))
    if data.draw(st.booleans()):
        made["issue"]["amends"] = None
    bundle = bundle_of(made)
    assert errors(bundle) == []
    named = resources(bundle, "DiagnosticReport")[0].get("resultsInterpreter", [])
    signer = {one["field"]: one["text"] for one in made["issue"]["sign_off"]}["name"]
    assert bool(named) == (made["issue"]["state"] == "signed" and signer is not None)
