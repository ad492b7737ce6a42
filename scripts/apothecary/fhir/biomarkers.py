"""Biomarkers of tumors, and approvals and trials that a finding led to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from apothecary.fhir.making import Making, joined, related

Model = Mapping[str, Any]
_CATEGORIES = ("laboratory", "biomarker", "genetics")
_NO_VALUE = frozenset({"not_assessed", "withheld"})


def add_biomarkers(making: Making, model: Model) -> None:
    """Add burden, instability and hints of repair deficiency; what was not assessed as absent.

    Args:
        making: The bundle.
        model: The report model.
    """
    for marker in model["biomarkers"]["markers"]:
        kind = marker["biomarker"].split("_")[0]
        code = making.codes.known(f"biomarker.{kind}", marker["name"])
        interval = f"interval {marker['interval_text']}" if marker["interval_text"] else None
        about = joined((marker["method"], interval, marker["counted_text"], marker["reason"]))
        making.of_findings[marker["finding"]] = making.observe(
            "molecular-biomarker",
            [making.conclusion(about)],
            code=code,
            categories=_CATEGORIES,
            **_value(making, marker),
        )


def _value(making: Making, marker: Model) -> Mapping[str, Any]:
    status = marker["status"]
    if status in _NO_VALUE:
        return {"dataAbsentReason": {"text": marker["status_words"]}}
    words = {"text": marker["status_words"]}
    if marker["biomarker"].startswith("msi"):
        answer = making.codes.answer("LL3994-2", status, marker["status_words"])
        return {"valueCodeableConcept": answer or words}
    if marker["value"] is None:
        return {"valueCodeableConcept": words}
    quantity: dict[str, Any] = {"value": marker["value"], "unit": marker["unit"]}
    if marker["biomarker"].startswith("tmb"):
        unit = making.codes.uses["unit.per_megabase"]
        quantity |= {"system": unit["system"], "code": unit["code"]}
    return {"valueQuantity": quantity, "interpretation": [words]}


def add_approvals(making: Making, model: Model) -> None:
    """Add the approvals in the tumor type that a finding meets.

    Args:
        making: The bundle, whose findings were added.
        model: The report model.
    """
    for approval in model["approvals"]:
        reasons = [
            making.of_findings[one] for one in approval["findings"] if one in making.of_findings
        ]
        if approval["status"] != "meets" or not reasons:
            continue
        medicines = [making.codes.medicine(name) for name in approval["therapies"]]
        said = (approval["status_words"], approval["molecular_profile"], approval["test_words"])
        making.of_findings[approval["finding"]] = making.observe(
            "therapeutic-implication",
            [
                *(making.component("medication", medicine) for medicine in medicines),
                making.text("phenotypic_context", approval["disease"]),
                making.text("evidence_level", joined((approval["agency"], approval["approved"]))),
                making.conclusion(joined((*said, approval["reason"]))),
            ],
            derivedFrom=reasons,
            extension=related(approval["document"], approval["link"], approval["source_id"]),
        )


def add_trials(making: Making, model: Model) -> None:
    """Add the parts of trials that a finding led to: met, not met, or words where unknown.

    Args:
        making: The bundle, whose findings were added.
        model: The report model.
    """
    for trial in model["trials"]["rows"]:
        reasons = [
            making.of_findings[one] for one in trial["matched_by"] if one in making.of_findings
        ]
        if not reasons:
            continue
        value = making.codes.known(f"trial.{trial['status']}", trial["status_words"])
        criteria = joined(
            (
                *(f"met: {text}" for text in trial["met"]),
                *(f"not met: {text}" for text in trial["unmet"]),
                *(f"unknown: {text}" for text in trial["unknown"]),
            )
        )
        title = joined((trial["trial"], trial["title"], trial["part"]), ", ")
        making.of_findings[trial["finding"]] = making.observe(
            "therapeutic-implication",
            [
                making.component("therapeutic_implication", value),
                making.text("therapy", title),
                making.conclusion(criteria),
            ],
            derivedFrom=reasons,
        )
