"""What the page of a run shows of one report."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from apothecary.reports import germline

Model = Mapping[str, Any]


def summary(model: Model) -> dict[str, Any]:
    """The part of a report model that the page of a run shows.

    Args:
        model: The report model of a sample.

    Returns:
        JSON-able facts of the sample, with the words of the model.
    """
    identity = model["identity"]
    return {
        "sample_id": identity["sample_id"],
        "subject_id": identity["subject_id"],
        "role": identity["role"],
        "role_words": identity["role_words"],
        "batch": identity["batch"],
        "status": model["status"],
        "status_words": model["status_words"],
        "reasons": _reasons(model),
        "headlines": _brief(model),
        "incomplete": [entry["gene"] for entry in model["not_assessed"]["genes"]],
        "genes": [
            {
                "gene": gene["gene"],
                "diplotype": gene["diplotype_text"],
                "phenotype": gene["phenotype_text"],
                "called": gene["called"],
            }
            for gene in model["genes"]
        ],
        "medicines": [
            {
                "drug": entry["drug"],
                "action": entry["action"],
                "action_words": entry["action_words"],
                "taken": entry["taken"],
            }
            for entry in model["recommendations"]
            if not entry["uneventful"]
        ],
        "germline": germline.counts(model["germline"]),
        "tumor_type": identity["tumor_type"],
        "markers": [
            {key: marker[key] for key in ("name", "status", "status_words", "value", "unit")}
            for marker in model["biomarkers"]["markers"]
        ],
        "metrics": [
            {key: metric[key] for key in ("metric", "value", "unit", "status")}
            for metric in model["quality"]["metrics"]
        ],
        "checks": [
            {key: check[key] for key in ("level", "name", "status", "status_words", "reason")}
            for check in model["quality"]["checks"]
        ],
        "tumor": [
            {
                "gene": finding["gene"],
                "alteration": finding["alteration"],
                "tier": finding["tier"],
                "tier_words": finding["tier_words"],
            }
            for finding in model["tumor"]["findings"]
        ],
    }


def _brief(model: Model) -> list[str]:
    """The sentences that ask for an action; without one, those that say there is none."""
    lines = model["actions"]["headlines"]
    weights = {line["weight"] for line in lines}
    weight = next((w for w in ("act", "none", "note") if w in weights), None)
    return [line["text"] for line in lines if line["weight"] == weight]


def _reasons(model: Model) -> list[str]:
    """Why a sample failed, or the remarks with which it was reported."""
    if model["failure"]:
        return [entry["reason"] for entry in model["failure"]]
    remarks = [
        step["reason"]
        for step in model["provenance"]["steps"]
        if step["status"] == "warn" and step["reason"]
    ]
    return remarks + [flag["reason"] for flag in model["flags"]]
