"""Hereditary findings: variants, what they imply, and what is to follow."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from apothecary.fhir.making import Component, Making, Reference, joined
from apothecary.fhir.tumor import called, hgvs, place_of

Model = Mapping[str, Any]
_CLASSES = "LL4034-6"
_FOLLOW_UPS = ("confirm", "counselling")


def add_germline(making: Making, model: Model) -> None:
    """Add the hereditary findings, carrier states and variants of uncertain significance.

    Args:
        making: The bundle.
        model: The report model; what was not agreed to is not in it.
    """
    for entry in (*model["germline"]["findings"], *model["germline_uncertain"]):
        variant = _add_variant(making, entry)
        making.of_findings[entry["finding"]] = _add_implication(making, entry, variant)


def _add_variant(making: Making, entry: Model) -> Reference:
    codes = making.codes
    state = codes.answer("LL381-5", entry["zygosity"])
    components: list[Component | None] = [
        making.gene(entry["gene"]),
        *place_of(making, entry),
        *hgvs(making, entry, genomic=False),
        *called(making, entry),
        making.component("allelic_state", state) if state else None,
        making.component("source_class", codes.answer("LL378-1", "germline")),
    ]
    partners = f"with {', '.join(entry['partners'])}" if entry["partners"] else None
    depth = f"depth {entry['depth']}" if entry["depth"] is not None else None
    said = (entry["change"], entry["zygosity_words"], entry["phase"], partners, depth)
    components.append(making.conclusion(joined(said)))
    return making.observe(
        "variant", components, valueCodeableConcept=codes.answer("LL1971-2", "present")
    )


def _add_implication(making: Making, entry: Model, variant: Reference) -> Reference:
    """Add what a variant implies: its class with all that speaks for it, and the condition."""
    implication = making.observe(
        "diagnostic-implication",
        [
            making.component(
                "clinical_significance",
                making.codes.answer(_CLASSES, entry["class"], entry["class"]),
            ),
            making.text("predicted_phenotype", entry["condition"]),
            making.text("mode_of_inheritance", entry["inheritance_words"]),
            making.conclusion(joined(_told(entry))),
        ],
        derivedFrom=[variant],
    )
    follow_ups = zip(_FOLLOW_UPS, entry["confirm"], strict=False)
    for use, words in follow_ups:
        making.propose(
            "followup-recommendation",
            f"{entry['gene']} {entry['change']}: {words}",
            making.codes.concept(f"followup.{use}"),
            reasonReference=implication,
        )
    return implication


def _told(entry: Model) -> Iterable[str | None]:
    yield entry["reported_words"]
    yield entry["secondary_words"]
    yield entry["list_text"]
    yield entry["points_text"]
    yield from (f"{line['code']} {line['points']}: {line['evidence']}" for line in entry["ledger"])
    yield f"ClinVar: {entry['clinvar_text']}" if entry["clinvar_text"] else None
    yield entry["disagreement"]
    yield entry["reason"]
    yield from entry["doubts"]
