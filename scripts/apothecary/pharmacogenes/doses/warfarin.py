"""Warfarin by the models of the IWPC (2009) and of Gage et al. (2008)."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from apothecary.pharmacogenes.doses.models import DoseTables, body_surface_m2

IWPC_MODELS = ("iwpc_pharmacogenetic", "iwpc_clinical")
GAGE_MODELS = ("gage_pharmacogenetic", "gage_clinical")
MODELS = (*IWPC_MODELS, *GAGE_MODELS)
GENES = ("VKORC1", "CYP2C9")


@dataclass(frozen=True)
class Genotype:
    """What a model needs of a gene.

    Attributes:
        value: Such as AG or *1/*3; None when it is not known.
        problem: Why the genotype cannot be used although something is known; None otherwise.
    """

    value: str | None = None
    problem: str | None = None


@dataclass(frozen=True)
class WarfarinInputs:
    """What the models are calculated from; None is not given.

    Attributes:
        age_years: Age in full years.
        height_cm: Height in cm.
        weight_kg: Weight in kg.
        target_inr: Target INR.
        vkorc1: VKORC1 -1639 as GG, AG or AA.
        cyp2c9: CYP2C9 as *1/*1, *1/*2, *1/*3, *2/*2, *2/*3 or *3/*3.
        race: white, asian, black or mixed, for the models that have such terms; None when it is
            not given.
        inducer: Takes carbamazepine, phenytoin or rifampin.
        amiodarone: Takes amiodarone.
        smoker: Smokes.
        venous_thrombosis: Takes warfarin for deep vein thrombosis or pulmonary embolism.
    """

    age_years: float | None = None
    height_cm: float | None = None
    weight_kg: float | None = None
    target_inr: float | None = None
    vkorc1: Genotype = Genotype()
    cyp2c9: Genotype = Genotype()
    race: str | None = None
    inducer: bool = False
    amiodarone: bool = False
    smoker: bool | None = None
    venous_thrombosis: bool | None = None


@dataclass(frozen=True)
class Dose:
    """A dose, or why there is none.

    Attributes:
        value: The dose in `unit`; None when refused.
        unit: mg/week or mg/day.
        inputs: What it was calculated from, as name=value.
        refused: Why there is none; None when there is one.
        notes: What a reader must know.
    """

    value: float | None
    unit: str
    inputs: tuple[str, ...]
    refused: str | None = None
    notes: tuple[str, ...] = ()


def calculate(model: str, inputs: WarfarinInputs, tables: DoseTables) -> Dose:
    """The stable therapeutic dose of warfarin that a model predicts.

    Args:
        model: One of `MODELS`. The pharmacogenetic ones need the genes; the IWPC one has terms for
            a gene that is not known, the one of Gage has none.
        inputs: What is known of the person.
        tables: The coefficients and ranges.

    Returns:
        The dose in mg/week (IWPC) or mg/day (Gage), or the refusal with every reason.
    """
    by_iwpc = model in IWPC_MODELS
    unit = "mg/week" if by_iwpc else "mg/day"
    needed = _needed(model, inputs)
    told = tuple(f"{name}={_told(value)}" for name, value in needed.items())
    reasons = _refusals(model, inputs, needed, tables)
    if reasons:
        return Dose(None, unit, told, "; ".join(reasons))
    value = _iwpc(model, inputs, tables) if by_iwpc else _gage(model, inputs, tables)
    if value is None:
        return Dose(None, unit, told, "the model gives no dose above zero")
    return Dose(round(value, 3), unit, told, None, _notes(model, inputs, value))


def _needed(model: str, inputs: WarfarinInputs) -> dict[str, object]:
    needed: dict[str, object] = {
        "age_years": inputs.age_years,
        "height_cm": inputs.height_cm,
        "weight_kg": inputs.weight_kg,
        "target_inr": inputs.target_inr,
    }
    if model.endswith("pharmacogenetic"):
        needed |= {"VKORC1": inputs.vkorc1.value, "CYP2C9": inputs.cyp2c9.value}
    needed |= {"amiodarone": inputs.amiodarone, "race": inputs.race}
    if model in IWPC_MODELS:
        return {**needed, "inducer": inputs.inducer}
    return {**needed, "smoker": inputs.smoker, "venous_thrombosis": inputs.venous_thrombosis}


def _told(value: object) -> str:
    if value is None:
        return "not given"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:g}" if isinstance(value, float) else str(value)


def _refusals(
    model: str, inputs: WarfarinInputs, needed: Mapping[str, object], tables: DoseTables
) -> list[str]:
    # Race is optional everywhere; a gene that is not known has a term in the model of the IWPC.
    optional = {"race", *(GENES if model in IWPC_MODELS else ())}
    reasons = [
        f"{name} is not known, and the model has no term for that"
        if name in GENES
        else f"{name} is not given"
        for name, value in needed.items()
        if value is None and name not in optional and not _problem(name, inputs)
    ]
    for limit in tables.validity[model]:
        value = needed[limit.item]
        if isinstance(value, int | float) and not limit.minimum <= value <= limit.maximum:
            reasons.append(
                f"{limit.item} {value:g} is outside {limit.minimum:g} to {limit.maximum:g}: "
                f"{limit.meaning}"
            )
    reasons += [problem for name in needed if (problem := _problem(name, inputs))]
    return reasons


def _problem(name: str, inputs: WarfarinInputs) -> str | None:
    genotypes = {"VKORC1": inputs.vkorc1, "CYP2C9": inputs.cyp2c9}
    return genotypes[name].problem if name in genotypes else None


def _iwpc(model: str, inputs: WarfarinInputs, tables: DoseTables) -> float | None:
    """Dose in mg/week: the square of a sum of terms."""
    terms = tables.coefficients[model]
    root = terms["intercept"]
    root += terms["age_decades"] * math.floor(float(inputs.age_years or 0) / 10)
    root += terms["height_cm"] * float(inputs.height_cm or 0)
    root += terms["weight_kg"] * float(inputs.weight_kg or 0)
    if model.endswith("pharmacogenetic"):
        # A genotype without a term is the reference of the model (GG, *1/*1).
        root += terms.get(f"vkorc1_{inputs.vkorc1.value or 'unknown'}", 0.0)
        root += terms.get(f"cyp2c9_{inputs.cyp2c9.value or 'unknown'}", 0.0)
    if inputs.race != "white":
        root += terms[f"race_{inputs.race or 'mixed'}"]
    root += terms["inducer"] * inputs.inducer
    root += terms["amiodarone"] * inputs.amiodarone
    return root**2 if root > 0 else None


def _gage(model: str, inputs: WarfarinInputs, tables: DoseTables) -> float:
    """Dose in mg/day: the exponential of a sum of terms."""
    terms = tables.coefficients[model]
    area = body_surface_m2(float(inputs.height_cm or 0), float(inputs.weight_kg or 0), tables)
    power = terms["intercept"]
    power += terms["body_surface_m2"] * area
    power += terms["age_years"] * float(inputs.age_years or 0)
    power += terms["target_inr"] * float(inputs.target_inr or 0)
    if model.endswith("pharmacogenetic"):
        power += terms["vkorc1_A"] * str(inputs.vkorc1.value).count("A")
        alleles = str(inputs.cyp2c9.value).split("/")
        power += terms["cyp2c9_*2"] * alleles.count("*2") + terms["cyp2c9_*3"] * alleles.count("*3")
    power += terms["amiodarone"] * inputs.amiodarone
    power += terms["smoker"] * bool(inputs.smoker)
    power += terms["race_black"] * (inputs.race == "black")
    power += terms["venous_thrombosis"] * bool(inputs.venous_thrombosis)
    return math.exp(power)


def _notes(model: str, inputs: WarfarinInputs, value: float) -> tuple[str, ...]:
    notes = []
    if model in IWPC_MODELS:
        notes.append(f"{value / 7:.2f} mg/day")
        if model.endswith("pharmacogenetic"):
            notes += [
                f"{gene} is not known: the model's term for that was used"
                for gene, genotype in zip(GENES, (inputs.vkorc1, inputs.cyp2c9), strict=True)
                if genotype.value is None
            ]
        if inputs.race is None:
            notes.append("race is not given: the model's term for mixed or missing race was used")
    else:
        notes.append(f"{value * 7:.1f} mg/week")
        if inputs.race is None:
            notes.append("race is not given: the model's term for African American was not used")
    notes.append("a predicted stable dose, no prescription: the INR decides")
    return tuple(notes)
