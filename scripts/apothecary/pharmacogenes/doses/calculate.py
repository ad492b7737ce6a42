"""Doses of the medicines that the person of a sample takes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from apothecary.pharmacogenes.doses import guided, warfarin
from apothecary.pharmacogenes.doses.genotypes import genotype
from apothecary.pharmacogenes.doses.models import DoseTables
from apothecary.pharmacogenes.doses.warfarin import WarfarinInputs

Row = dict[str, Any]

WARFARIN = "warfarin"


def calculate(
    samples: Iterable[Mapping[str, Any]],
    taken: Mapping[str, Sequence[str]],
    clinical: Iterable[Mapping[str, Any]],
    phenotypes: Iterable[Mapping[str, Any]],
    recommendations: Iterable[Mapping[str, Any]],
    tables: DoseTables,
) -> list[Row]:
    """Calculate the doses of every sample whose pharmacogenes were looked at.

    Args:
        samples: Rows of the table samples.
        taken: Names in the dictionary of the medicines taken, by sample_id.
        clinical: Rows of the table clinical.
        phenotypes: Rows of the table phenotypes.
        recommendations: Rows of the table recommendations.
        tables: The models.

    Returns:
        Rows of the table doses: each medicine that a model or guidance with figures is for has a
        row for each, with the dose or with the reason for none.
    """
    items: dict[str, dict[str, str]] = defaultdict(dict)
    for row in clinical:
        if row["item"] not in ("medicine", "diagnosis"):
            items[row["subject_id"]][row["item"]] = row["value"]
    genes: dict[str, dict[str, list[Mapping[str, Any]]]] = defaultdict(lambda: defaultdict(list))
    for row in phenotypes:
        genes[row["sample_id"]][row["gene"]].append(row)
    advice: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for row in recommendations:
        advice[row["sample_id"]].append(row)
    rows: list[Row] = []
    for sample in sorted(samples, key=lambda sample: str(sample["sample_id"])):
        sample_id = sample["sample_id"]
        if sample_id not in genes:
            continue
        own, drugs = items[sample["subject_id"]], taken.get(sample_id, ())
        made = _warfarin(genes[sample_id], own, drugs, tables) if WARFARIN in drugs else []
        for drug in sorted(set(drugs) & tables.guided_drugs):
            found = guided.rows(drug, advice[sample_id], own, tables, genes[sample_id])
            # Guidance without a figure for warfarin says nothing that the models do not say.
            made += [row for row in found if drug != WARFARIN or not row["refused"]]
        rows += [{"sample_id": sample_id, **row} for row in made]
    return rows


def _warfarin(
    genes: Mapping[str, Sequence[Mapping[str, Any]]],
    items: Mapping[str, str],
    drugs: Sequence[str],
    tables: DoseTables,
) -> list[Row]:
    inputs = WarfarinInputs(
        age_years=_number(items, "age_years"),
        height_cm=_number(items, "height_cm"),
        weight_kg=_number(items, "weight_kg"),
        target_inr=_number(items, "target_inr"),
        vkorc1=genotype("VKORC1", genes.get("VKORC1", ()), tables),
        cyp2c9=genotype("CYP2C9", genes.get("CYP2C9", ()), tables),
        race=None if items.get("race") in (None, "unknown") else items["race"],
        inducer=not tables.medicines["inducer"].isdisjoint(drugs),
        amiodarone=not tables.medicines["amiodarone"].isdisjoint(drugs),
        smoker=_yes(items, "smoker"),
        venous_thrombosis=_yes(items, "venous_thrombosis"),
    )
    rows = []
    for model in warfarin.MODELS:
        dose = warfarin.calculate(model, inputs, tables)
        rows.append(
            {
                "drug": WARFARIN,
                "model": model,
                "value": dose.value,
                "low": None,
                "high": None,
                "unit": dose.unit,
                "inputs": list(dose.inputs),
                "refused": dose.refused,
                "notes": list(dose.notes),
                "validity": "; ".join(str(limit) for limit in tables.validity[model]),
                "source": tables.sources[model],
            }
        )
    return rows


def _number(items: Mapping[str, str], name: str) -> float | None:
    return float(items[name]) if items.get(name) else None


def _yes(items: Mapping[str, str], name: str) -> bool | None:
    return {"yes": True, "no": False}.get(items.get(name, ""))
