"""What the findings of a tumor mean for therapy and prognosis."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from apothecary.fhir.making import Making, Reference, joined, related

Model = Mapping[str, Any]
SHOWN_TIERS = frozenset({"I", "II"})
"""Tiers whose evidence is shown item by item; of the others the finding shows the tier."""


def add_evidence(making: Making, finding: Model, variant: Reference) -> None:
    """Add the evidence of the two upper tiers: on therapies, else on diagnosis and prognosis.

    Args:
        making: The bundle.
        finding: A finding of the tumor.
        variant: The reference to its variant.
    """
    for item in finding["evidence"]:
        if item["tier"] not in SHOWN_TIERS or not item["evidence_type"]:
            continue
        if item["therapies"]:
            reference = _add_therapy(making, item, variant)
        else:
            reference = _add_diagnosis(making, item, variant)
        making.of_findings[item["finding"]] = reference


def _add_therapy(making: Making, item: Model, variant: Reference) -> Reference:
    effect = making.codes.known(f"effect.{item['effect']}", item["effect_words"] or item["effect"])
    medicines = [making.codes.medicine(name) for name in item["therapies"]]
    return making.observe(
        "therapeutic-implication",
        [
            making.component("therapeutic_implication", effect),
            *(making.component("medication", medicine) for medicine in medicines),
            making.text("phenotypic_context", item["disease"]),
            making.text("evidence_level", _level(item)),
            making.text("clinical_significance", item["tier_words"]),
            making.conclusion(_conclusion(item)),
        ],
        derivedFrom=[variant],
        extension=related(item["citation"], item["link"], item["evidence_id"]),
    )


def _add_diagnosis(making: Making, item: Model, variant: Reference) -> Reference:
    meaning = joined((item["evidence_type"], item["effect_words"] or item["effect"]), ": ")
    return making.observe(
        "diagnostic-implication",
        [
            making.text("predicted_phenotype", item["disease"]),
            making.text("evidence_level", _level(item)),
            making.text("clinical_significance", joined((item["tier_words"], meaning))),
            making.conclusion(_conclusion(item)),
        ],
        derivedFrom=[variant],
        extension=related(item["citation"], item["link"], item["evidence_id"]),
    )


def _level(item: Model) -> str | None:
    rating = f"rating {item['rating']} of 5" if item["rating"] is not None else None
    return joined((item["source_id"], item["level"], rating), ", ")


def _conclusion(item: Model) -> str | None:
    against = f"vetoed by {', '.join(item['vetoed_by'])}" if item["vetoed_by"] else None
    escat = f"ESCAT {item['escat']}" if item["escat"] else None
    return joined(
        (
            item["molecular_profile"],
            item["match_words"],
            item["tumor_match_words"],
            item["therapies_text"],
            item["tier_reason"],
            escat,
            against,
        )
    )
