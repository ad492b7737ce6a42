"""Polygenic scores: an assessment without probability, since none is calibrated."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from apothecary.fhir.making import Making, joined

Model = Mapping[str, Any]


def add_risks(making: Making, model: Model) -> None:
    """Add an assessment for every score that was read for, with what it does not say.

    Args:
        making: The bundle.
        model: The report model.
    """
    for score in model["risk"]:
        if score["status"] != "withheld":
            _add(making, score, model["words"]["risk.intro"])


def _add(making: Making, score: Model, intro: str) -> None:
    told = (score["score_text"], score["coverage_text"], *score["notes"])
    told_not = [f"{line} (not summed)" for line in score["excluded"]]
    reference = making.add(
        {
            "resourceType": "RiskAssessment",
            "status": making.status,
            "subject": making.about["subject"],
            "method": {"text": joined((score["model"], score["name"], score["source"]), ", ")},
            "prediction": [
                {
                    "outcome": {"text": score["trait"] or score["model"]},
                    "rationale": joined((*told, *told_not)),
                }
            ],
            "note": [{"text": intro}],
        }
    )
    making.risks.append(reference)
    making.of_findings[score["finding"]] = reference
