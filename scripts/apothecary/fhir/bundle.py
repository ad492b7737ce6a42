"""The bundle of a sample: its report with all that it rests on."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from apothecary.fhir.biomarkers import add_approvals, add_biomarkers, add_trials
from apothecary.fhir.codes import Codes
from apothecary.fhir.germline import add_germline
from apothecary.fhir.guidance import add_guidance
from apothecary.fhir.issue import (
    add_order,
    given,
    issue_extensions,
    issue_parts,
    observed,
    status,
)
from apothecary.fhir.making import GUIDE, Making, Reference, Resource, joined, related
from apothecary.fhir.people import introduce, study
from apothecary.fhir.pharmacogenes import add_pharmacogenes
from apothecary.fhir.risk import add_risks
from apothecary.fhir.tumor import add_tumor

Model = Mapping[str, Any]


def build(model: Model, codes: Codes) -> Resource:
    """The Bundle (collection) of a sample's report model.

    Args:
        model: The report model.
        codes: The codes.

    Returns:
        The same for the same model: ids are made of the content, and there is no clock. A sample
        that failed has a cancelled report with the reason and no finding.
    """
    making = Making(codes, model["identity"]["build"], observed(model))
    introduce(making, model, given(model))
    of_order = add_order(making, model)
    of_study = None
    if model["status"] != "failed":
        of_study = study(making, model)
        genotypes = add_pharmacogenes(making, model)
        add_guidance(making, model, genotypes)
        add_germline(making, model)
        add_tumor(making, model)
        add_biomarkers(making, model)
        add_approvals(making, model)
        add_trials(making, model)
        add_risks(making, model)
    report = making.add(_report(making, model, of_study, of_order))
    entries = list(making.entries.items())
    entries.insert(0, entries.pop())
    bundle_id = uuid.uuid5(uuid.UUID(report["reference"].rsplit(":", 1)[-1]), "bundle")
    return {
        "resourceType": "Bundle",
        "id": str(bundle_id),
        "type": "collection",
        "entry": [{"fullUrl": f"urn:uuid:{name}", "resource": one} for name, one in entries],
    }


def _report(
    making: Making, model: Model, of_study: Reference | None, of_order: Reference | None
) -> Resource:
    codes = making.codes
    headlines = [line["text"] for line in model["actions"]["headlines"]]
    reasons = [entry["reason"] for entry in model["failure"]]
    resource: Resource = {
        "resourceType": "DiagnosticReport",
        "meta": {"profile": [f"{GUIDE}genomic-report"]},
        "extension": list(_extensions(making, model, of_study)),
        "status": status(model),
        "category": [codes.concept("category.genetics")],
        "code": codes.concept("report"),
        "subject": making.about["subject"],
        "specimen": [making.about["specimen"]],
        **issue_parts(making, model, of_order),
        "conclusion": "\n".join([*headlines, *reasons]),
    }
    if "performer" in making.about:
        resource["performer"] = making.about["performer"]
    if making.results:
        resource["result"] = making.results
    return resource


def _extensions(making: Making, model: Model, of_study: Reference | None) -> Iterator[Resource]:
    if of_study:
        yield {"url": f"{GUIDE}genomic-study-reference", "valueReference": of_study}
    for action in making.actions:
        yield {"url": f"{GUIDE}recommended-action", "valueReference": action}
    for risk in making.risks:
        yield {"url": f"{GUIDE}genomic-risk-assessment", "valueReference": risk}
    yield from issue_extensions(model)
    method = given(model).get("method")
    yield from _notes(
        making, "note.methodology", [*([method] if method else []), *model["methods"]]
    )
    yield from _notes(making, "note.disclaimer", [*model["limitations"], *_not_assessed(model)])
    yield from _notes(making, None, _remarks(model))
    for source in model["provenance"]["sources"]:
        name = f"{source['name']}, {source['version']} ({source['licence']})"
        yield from related(name, source["link"], source["source_id"])


def _notes(making: Making, use: str | None, texts: Iterable[str]) -> Iterator[Resource]:
    coded: Resource = {}
    if use:
        code = making.codes.concept(use)
        coded["extension"] = [{"url": f"{GUIDE}annotation-code", "valueCodeableConcept": code}]
    for text in dict.fromkeys(texts):
        note = {**coded, "text": text}
        yield {"url": f"{GUIDE}genomic-report-note", "valueAnnotation": note}


def _remarks(model: Model) -> Iterator[str]:
    """Doubts on sample and variants, interactions, what may follow, doses that were refused."""
    yield from (f"{one['status_words']}: {one['reason']}" for one in model["flags"])
    for one in model["fates"]["marked"]:
        change = f"{one['position']} {one['ref']} to {one['alt']}"
        yield joined((one["gene"], change, one["reason"]), ": ") or change
    yield from (one["reason"] for one in model["interactions"])
    yield from model["further"]
    for dose in model["doses"]:
        if dose["refused"] is not None:
            yield f"{dose['drug']} ({dose['model_words']}): {dose['dose']}; {dose['refused']}"


def _not_assessed(model: Model) -> Iterator[str]:
    section = model["not_assessed"]
    lines = [f"{one['gene']}: {one['summary']}" for one in section["genes"]]
    lines += [f"{one['gene']}: {one['reason']}" for one in section["not_called"]]
    lines += [one["reason"] for one in section["steps"]]
    lines += [f"{one['scope_words']}: {one['reason']}" for one in section["withheld"]]
    if lines:
        yield section["intro"]
    yield from lines
