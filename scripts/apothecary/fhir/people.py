"""Whom and what a report is about: person, specimen, laboratory, study."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from apothecary.fhir.making import GUIDE, Making, Reference, Resource, joined

_OF_SPECIMEN = ("specimen_remark", "purity")
_GENDERS = {"F": "female", "M": "male"}


def introduce(making: Making, model: Mapping[str, Any], order: Mapping[str, str]) -> None:
    """Add person, specimen and, where the configuration names it, laboratory.

    The person has the pseudonym of the sheet and the sex, and nothing else that tells who it is but
    the date of birth, where the order gives it.

    Args:
        making: The bundle.
        model: The report model.
        order: What the order tells, by field.
    """
    identity = model["identity"]
    patient: Resource = {
        "resourceType": "Patient",
        "identifier": [{"use": "secondary", "value": identity["subject_id"]}],
        "gender": _GENDERS.get(identity["sex"], "unknown"),
    }
    if "date_of_birth" in order:
        patient["birthDate"] = order["date_of_birth"]
    subject = making.add(patient)
    specimen = making.add(_specimen(model, subject, order))
    making.about = {"subject": subject, "specimen": specimen}
    if identity["laboratory"]:
        organization = {"resourceType": "Organization", "name": identity["laboratory"]}
        making.about["performer"] = [making.add(organization)]


def _specimen(model: Mapping[str, Any], subject: Reference, order: Mapping[str, str]) -> Resource:
    """The specimen, with its kind, dates and remarks as far as they are given."""
    kind = joined((order.get("specimen"), model["identity"]["role_words"]), ", ")
    resource: Resource = {
        "resourceType": "Specimen",
        "identifier": [{"value": model["identity"]["sample_id"]}],
        "type": {"text": kind},
        "subject": subject,
    }
    if "received" in order:
        resource["receivedTime"] = order["received"]
    if "collected" in order:
        resource["collection"] = {"collectedDateTime": order["collected"]}
    notes = [
        {"text": f"{one['name']}: {one['text']}"}
        for one in model["order"]
        if one["given"] and one["field"] in _OF_SPECIMEN
    ]
    return {**resource, "note": notes} if notes else resource


def study(making: Making, model: Mapping[str, Any]) -> Reference:
    """Add the genomic study and its analysis: assay, build, software and knowledge."""
    identity = model["identity"]
    title = f"{identity['assay']}; {identity['software']}, knowledge {identity['knowledge_short']}"
    extensions: list[Resource] = [
        {"url": f"{GUIDE}genomic-study-analysis-title", "valueString": title},
        {
            "url": f"{GUIDE}genomic-study-analysis-specimen",
            "valueReference": making.about["specimen"],
        },
    ]
    build = making.codes.answer("LL1040-6", identity["build"])
    if build:
        extensions.append(
            {"url": f"{GUIDE}genomic-study-analysis-genome-build", "valueCodeableConcept": build}
        )
    analysis = making.add(_procedure(making, "genomic-study-analysis", extensions))
    part = {"url": f"{GUIDE}genomic-study-analysis-ext", "valueReference": analysis}
    return making.add(_procedure(making, "genomic-study", [part]))


def _procedure(making: Making, profile: str, extensions: list[Resource]) -> Resource:
    return {
        "resourceType": "Procedure",
        "meta": {"profile": [GUIDE + profile]},
        "extension": extensions,
        "status": "completed",
        "category": making.codes.concept("category.laboratory"),
        "subject": making.about["subject"],
    }
