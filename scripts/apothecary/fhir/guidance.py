"""What guidelines say of medicines, and the actions that follow."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from apothecary.fhir.making import Making, Reference, joined, related

Model = Mapping[str, Any]


def add_guidance(making: Making, model: Model, genotypes: Mapping[str, Reference]) -> None:
    """Add an implication for every recommendation, a task for each that asks to act, and doses.

    Recommendations of standard dosing are added for medicines that the person takes; the others
    of them stand in the report only, where they say that nothing is to be done.

    Args:
        making: The bundle.
        model: The report model.
        genotypes: References of the genotypes by gene.
    """
    _add_taken(making, model)
    for row in recommendations(model):
        genes = [genotypes[gene] for gene in row["genes"] if gene in genotypes]
        if not genes:
            continue
        reference = _add_implication(making, row, genes)
        making.of_findings[row["finding"]] = reference
        if row["action"] in ACTED:
            code = f"action.{_coded(row)}"
            known = code in making.codes.uses
            making.propose(
                "medication-recommendation",
                f"{row['drug']} ({row['source']}): {said(row)}",
                making.codes.concept(code, row["action_words"]) if known else None,
                reasonReference=reference,
                focus=making.taken.get(row["drug"]),
            )
    for dose in model["doses"]:
        if dose["refused"] is None:
            making.propose(
                "medication-recommendation",
                f"{dose['drug']}: {dose['dose']} ({joined((dose['model_words'], *dose['notes']))})",
                focus=making.taken.get(dose["drug"]),
            )


ACTED = frozenset({"alternative", "avoid", "change_dose", "monitor"})
"""Actions that ask to act; see_guideline asks to read."""


def recommendations(model: Model) -> Iterator[Model]:
    """The recommendations that are shown: of medicines taken, and all but standard dosing."""
    for medicine in model["recommendations"]:
        if medicine["uneventful"] and not medicine["taken"]:
            continue
        for source in medicine["sources"]:
            yield from source["rows"]


def _coded(row: Model) -> str:
    """The action as it is coded: a change of dose by its direction, where that is sure."""
    if row["action"] == "change_dose" and row["dose_direction"]:
        return f"{row['dose_direction']}_dose"
    return str(row["action"])


def said(row: Model) -> str:
    """What a recommendation says, in the words of the report model."""
    parts = (row["action_words"], row["dose_change"], *row["effects"], *row["text"])
    return joined(parts) or row["action"]


def _add_taken(making: Making, model: Model) -> None:
    """Add the medicines that the person takes, by the name that guidance has for them."""
    for given in model["medicines_given"]:
        name = given["drug"] or given["medicine"]
        making.taken[name] = making.add(
            {
                "resourceType": "MedicationStatement",
                "status": "active",
                "medicationCodeableConcept": making.codes.medicine(name),
                "subject": making.about["subject"],
            }
        )


def _add_implication(making: Making, row: Model, genes: list[Reference]) -> Reference:
    chance = f"posterior {row['posterior']}" if row["posterior"] is not None else None
    version = f"version {row['guideline_version']}" if row["guideline_version"] else None
    citation = joined((row["source"], row["guideline_id"], version), ", ")
    basis = joined((*row["phenotypes"], row["population"], chance, *row["implications"]))
    return making.observe(
        "therapeutic-implication",
        [
            making.component("medication", making.codes.medicine(row["drug"])),
            making.text("evidence_level", joined((row["source"], row["strength"]), ": ")),
            making.text("phenotypic_context", joined(row["phenotypes"])),
            making.conclusion(joined((said(row), basis))),
        ],
        derivedFrom=genes,
        extension=related(citation, row["link"], row["guidance_id"]),
    )
