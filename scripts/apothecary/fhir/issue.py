"""The issue of a report: its id and state, who signed it, who ordered it, and what it amends."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from apothecary.fhir.making import BASE, GUIDE, Making, Reference, Resource, absent, joined

Model = Mapping[str, Any]
_SIGNED = "signed"
_REASONS = ("indication", "phenotypes")


def observed(model: Model) -> str:
    """The status of what the report rests on: nobody has answered for it before it is signed."""
    return "final" if model["issue"]["state"] == _SIGNED else "preliminary"


def status(model: Model) -> str:
    """The status of the report: that of its observations, unless it failed or amends another.

    What amends a draft is no amendment of FHIR, which asks for a report that was final.
    """
    if model["status"] == "failed":
        return "cancelled"
    issue = model["issue"]
    if issue["state"] == _SIGNED and issue["amends"] and issue["amends"]["state"] != "draft":
        return "amended"
    return observed(model)


def given(model: Model) -> dict[str, str]:
    """What the order and the configuration tell, by field; nothing for what was not given."""
    return {one["field"]: one["text"] for one in model["order"] if one["given"]}


def issue_parts(making: Making, model: Model, of_order: Reference | None) -> Resource:
    """The elements of the report that tell its id, dates and people.

    `issued` is not among them: it is an instant, and the model knows days. The day of the
    signature stands with the note of it.

    Args:
        making: The bundle, to which the person who signed is added.
        model: The report model.
        of_order: The reference to the order, where there is one.
    """
    parts: Resource = {"identifier": [{"value": model["issue"]["report_id"]}]}
    collected = given(model).get("collected")
    if collected:
        parts["effectiveDateTime"] = collected
    else:
        parts["_effectiveDateTime"] = {"extension": [absent("unknown")]}
    if of_order:
        parts["basedOn"] = [of_order]
    signer = _signer(model)
    if signer:
        parts["resultsInterpreter"] = [_interpreter(making, signer)]
    return parts


def issue_extensions(model: Model) -> Iterator[Resource]:
    """The report that is replaced, what changed since, and notes of state, signature and dates."""
    issue = model["issue"]
    amends = issue["amends"]
    if amends and amends["report_id"] != model["words"]["ui.not_given"]:
        yield {
            "url": f"{BASE}diagnosticReport-replaces",
            "valueReference": {
                "type": "DiagnosticReport",
                "identifier": {"value": amends["report_id"]},
            },
        }
    if amends:
        yield _note(_amendment(amends, model["words"]))
    if issue["watermark"]:
        yield _note(issue["watermark"])
    signer = _signer(model)
    if signer:
        text = joined((issue["state_words"], signer["name"], signer.get("role")), ", ")
        yield _note(text or "", signer.get("date"))
    told = given(model)
    noted = ("reported",) if "ordered_by" in told else ("reported", *_REASONS)
    for one in model["order"]:
        if one["given"] and one["field"] in noted:
            day = one["text"] if one["field"] == "reported" else None
            yield _note(f"{one['name']}: {one['text']}", day)


def add_order(making: Making, model: Model) -> Reference | None:
    """Add the order of the clinician with its reasons; None where nobody is named.

    Without a clinician the reasons may be of the clinical facts alone, and are notes of the report.
    """
    told = given(model)
    if "ordered_by" not in told:
        return None
    reasons = [{"text": told[name]} for name in _REASONS if name in told]
    resource: Resource = {
        "resourceType": "ServiceRequest",
        "status": "completed" if model["issue"]["state"] == _SIGNED else "active",
        "intent": "order",
        "code": {"text": model["identity"]["assay"]},
        "subject": making.about["subject"],
        "specimen": [making.about["specimen"]],
        "requester": _practitioner(making, told["ordered_by"]),
    }
    if reasons:
        resource["reasonCode"] = reasons
    return making.add(resource)


def _signer(model: Model) -> dict[str, str]:
    """Name, role and date of who signed; empty where nobody did, whoever is to sign."""
    if model["issue"]["state"] != _SIGNED:
        return {}
    told = {one["field"]: one["text"] for one in model["issue"]["sign_off"] if one["text"]}
    return told if "name" in told else {}


def _interpreter(making: Making, signer: Mapping[str, str]) -> Reference:
    practitioner = _practitioner(making, signer["name"])
    if "role" not in signer:
        return practitioner
    resource: Resource = {
        "resourceType": "PractitionerRole",
        "practitioner": practitioner,
        "code": [{"text": signer["role"]}],
    }
    if "performer" in making.about:
        resource["organization"] = making.about["performer"][0]
    return making.add(resource)


def _practitioner(making: Making, name: str) -> Reference:
    return making.add({"resourceType": "Practitioner", "name": [{"text": name}]})


def _amendment(amends: Model, words: Mapping[str, str]) -> str:
    """What a report says of the one that it amends, a line a change."""
    lines = [
        f"{words['field.amends']}: {amends['report_id']}",
        f"{words['field.amend_reason']}: {amends['reason']}",
        amends["note"],
        *(
            f"{one['kind']}, {one['subject']}: {one['before']} → {one['after']}"
            for one in amends["changes"]
        ),
    ]
    return joined(lines, "\n") or ""


def _note(text: str, day: str | None = None) -> Resource:
    timed = {"time": day} if day else {}
    return {"url": f"{GUIDE}genomic-report-note", "valueAnnotation": {**timed, "text": text}}
