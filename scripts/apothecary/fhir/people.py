"""Whom and what a report is about: person, specimen, laboratory, study."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from apothecary.fhir.making import GUIDE, Making, Reference, Resource

_GENDERS = {"F": "female", "M": "male"}


def introduce(making: Making, model: Mapping[str, Any]) -> None:
    """Add person, specimen and, where the configuration names it, laboratory.

    The person has the pseudonym of the sheet and the sex, and nothing else that tells who it is.
    """
    identity = model["identity"]
    patient: Resource = {
        "resourceType": "Patient",
        "identifier": [{"use": "secondary", "value": identity["subject_id"]}],
        "gender": _GENDERS.get(identity["sex"], "unknown"),
    }
    subject = making.add(patient)
    specimen = making.add(
        {
            "resourceType": "Specimen",
            "identifier": [{"value": identity["sample_id"]}],
            "type": {"text": identity["role_words"]},
            "subject": subject,
        }
    )
    making.about = {"subject": subject, "specimen": specimen}
    if identity["laboratory"]:
        organization = {"resourceType": "Organization", "name": identity["laboratory"]}
        making.about["performer"] = [making.add(organization)]


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
