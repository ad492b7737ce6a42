"""Doses that guidance gives as figures, each as the guideline gives it.

A figure is a multiple of a dose that the guideline names (normal starting dose, maximum dose), an
amount a day, or a highest amount. Where several phenotypes are possible, there is a dose only when
all of them lead to the same one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product
from typing import Any

from apothecary.pharmacogenes.doses.models import (
    DoseTables,
    Guard,
    GuidanceDose,
    body_surface_m2,
)
from apothecary.pharmacogenes.lookup_options import clinical_options, gene_options

Row = dict[str, Any]
Genes = Mapping[str, Sequence[Mapping[str, Any]]]

TIMES = "times the normal starting dose"
_AVOIDED = {
    "yes": "the guideline says to avoid the medicine",
    "alternative": "the guideline prefers another medicine",
    "unknown": "the guideline gives no dose by the genes",
}
# What a figure is called, by the dose that it is of.
_NAMES = {
    "maximum dose": "dose",
    "normal dose": "dose",
    "maintenance dose": "maintenance dose",
    "normal maintenance dose": "maintenance dose",
}
_START = "starting dose"
_SCALED_BY = {"mg/kg/day": ("weight_kg",), "mg/m2/day": ("weight_kg", "height_cm")}
_GENERAL = "general"


@dataclass(frozen=True)
class _Outcome:
    """What one recommendation, or its absence, says of the dose.

    Attributes:
        looked_up: What led to it, with its posterior where one is known.
        dose: Its figures; None when it has none.
        refused: Why there is no dose, when there is none.
    """

    looked_up: str
    dose: GuidanceDose | None
    refused: str = ""

    @property
    def same(self) -> tuple[GuidanceDose | None, str]:
        """What two outcomes must share to be the same dose."""
        if self.dose is None:
            return None, self.refused
        return replace(self.dose, source="", note="", guard=Guard()), ""

    def __str__(self) -> str:
        return f"{self.looked_up}: {_told(self.dose) if self.dose else self.refused}"


def rows(
    drug: str,
    recommendations: Iterable[Mapping[str, Any]],
    clinical: Mapping[str, str],
    tables: DoseTables,
    genes: Genes | None = None,
) -> list[Row]:
    """Doses of one medicine by the guidance that matched.

    Args:
        drug: The medicine.
        recommendations: Rows of the table recommendations of the sample.
        clinical: Value of the clinical items of the person, by item.
        tables: The figures.
        genes: Rows of the table phenotypes of the sample, by gene: phenotypes that no
            recommendation was found for are told, and keep a dose from being given.

    Returns:
        Rows of the table doses without sample_id: for each source, its genes and population one
        with the multiple of the dose that the guideline names, and, where the guideline gives
        them, one a day and one with the highest dose.
    """
    groups: dict[tuple[str, tuple[str, ...], str, bool], list[Mapping[str, Any]]]
    groups = defaultdict(list)
    for row in recommendations:
        if row["drug"] == drug:
            clinically = bool(row.get("by_clinical_phenotype"))
            population = str(row.get("population") or _GENERAL)
            groups[row["source"], tuple(row["genes"]), population, clinically].append(row)
    made: list[Row] = []
    for (source, names, population, clinically), found in sorted(groups.items()):
        if any((row["guidance_id"], drug) in tables.guidance for row in found):
            by = f"{source} by {' and '.join(names)}"
            by += f", {population}" if population != _GENERAL else ""
            by += " with the medicines taken" if clinically else ""
            rest = _without_recommendation(drug, names, found, genes or {}, clinically)
            notes = _remarks(names, genes or {})
            made += _group(drug, by, found, rest, notes, clinical, tables)
    if made:
        return made
    refused = "no guidance with a figure matched the results"
    return [_row(drug, "guidance", unit=TIMES, refused=refused, source=_sources(drug, tables))]


def _without_recommendation(
    drug: str,
    names: Sequence[str],
    found: Sequence[Mapping[str, Any]],
    genes: Genes,
    clinically: bool,
) -> list[_Outcome]:
    """The phenotypes that are possible and that no recommendation of the group is for."""
    possible = {
        name: [
            phenotype
            for option in (clinically and clinical_options(name, genes[name], drug))
            or gene_options(name, genes[name])
            for phenotype in option.phenotypes
        ]
        for name in names
        if genes.get(name)
    }
    covered: set[tuple[str, ...]] = set()
    for row in found:
        told = [
            [
                text.removeprefix(f"{name} ")
                for text in row["phenotypes"]
                if text.startswith(f"{name} ")
            ]
            for name in possible
        ]
        covered |= set(product(*told))
    return [
        _Outcome(
            " and ".join(f"{name} {text}" for name, text in zip(possible, chosen, strict=True)),
            None,
            "no recommendation",
        )
        for chosen in product(*possible.values())
        if chosen and chosen not in covered
    ]


def _remarks(names: Sequence[str], genes: Genes) -> list[str]:
    """What was remarked on the phenotypes that a dose rests on."""
    rows = ((name, row) for name in names for row in genes.get(name, ()))
    return list(
        dict.fromkeys(f"{name}: {row['reason']}" for name, row in rows if row.get("reason"))
    )


def _outcome(
    row: Mapping[str, Any], drug: str, clinical: Mapping[str, str], tables: DoseTables
) -> _Outcome:
    looked_up = str(row["lookup"]).replace(";", " and ")
    if row.get("posterior") is not None:
        looked_up += f" (posterior {row['posterior']:g})"
    doses = tables.guidance.get((row["guidance_id"], drug), ())
    if not doses:
        return _Outcome(looked_up, None, "no figure")
    items = sorted({dose.guard.item for dose in doses if dose.guard.item})
    absent = [item for item in items if not clinical.get(item)]
    if absent:
        return _Outcome(looked_up, None, f"{' and '.join(absent)} not given, and the dose needs it")
    for dose in doses:
        guard = dose.guard
        if not guard.item or guard.takes(float(clinical[guard.item])):
            return _Outcome(looked_up, dose)
    seen = " and ".join(f"{item} {clinical[item]}" for item in items)
    ranges = " or ".join(str(dose.guard) for dose in doses)
    return _Outcome(looked_up, None, f"{seen} is outside the range of the guideline: {ranges}")


def _group(
    drug: str,
    by: str,
    found: Sequence[Mapping[str, Any]],
    rest: Sequence[_Outcome],
    remarks: Sequence[str],
    clinical: Mapping[str, str],
    tables: DoseTables,
) -> list[Row]:
    outcomes = [*(_outcome(row, drug, clinical, tables) for row in found), *rest]
    known = [d for row in found for d in tables.guidance.get((row["guidance_id"], drug), ())]
    basis = known[0].basis
    shared: dict[str, Any] = {
        "source": "; ".join(sorted({dose.source for dose in known})),
        "inputs": [*sorted({f"lookup={row['lookup']}" for row in found}), *_posterior(found)],
    }
    name = f"{by}: {_NAMES.get(basis, _START)}"
    unit = f"times the {basis}" if basis else TIMES
    if len({outcome.same for outcome in outcomes}) > 1:
        told = "; ".join(dict.fromkeys(str(outcome) for outcome in outcomes))
        refused = f"phenotypes that cannot be told apart lead to different doses: {told}"
        return [_row(drug, name, unit=unit, refused=refused, notes=list(remarks), **shared)]
    dose = outcomes[0].dose
    if dose is None:
        refused = outcomes[0].refused
        return [_row(drug, name, unit=unit, refused=refused, notes=list(remarks), **shared)]
    doses = [outcome.dose for outcome in outcomes if outcome.dose]
    notes = [*dict.fromkeys(one.note for one in doses if one.note), *remarks]
    if dose.avoid != "no":
        if dose.high is not None:
            ends = "at most " if dose.low is None else ""
            notes.insert(0, f"{ends}{dose.high:g} {unit}")
        refused = _AVOIDED[dose.avoid]
        return [_row(drug, name, unit=unit, refused=refused, notes=notes, **shared)]
    validity = str(dose.guard) if dose.guard.item else "as the guideline says"
    shared["validity"] = validity
    return _figures(drug, by, dose, notes, shared, clinical, tables)


def _figures(
    drug: str,
    by: str,
    dose: GuidanceDose,
    notes: Sequence[str],
    shared: Mapping[str, Any],
    clinical: Mapping[str, str],
    tables: DoseTables,
) -> list[Row]:
    """The figures of a dose: the multiple, the dose a day, the highest dose."""
    name = _NAMES.get(dose.basis, _START)
    highest = f"{by}: highest {name}"
    made = []
    if dose.high is not None:
        ends = _ends(dose.low, dose.high)
        unit = f"times the {dose.basis}"
        model = f"{by}: {name}" if dose.low is not None else highest
        made.append(_row(drug, model, unit=unit, notes=list(notes), **ends, **shared))
    for model, low, high, unit in (
        (f"{by}: {name} a day", dose.daily_low, dose.daily_high, dose.daily_unit),
        (highest, None, dose.maximum, dose.maximum_unit),
    ):
        if high is not None:
            scaled = _scaled(low, high, unit, clinical, tables)
            scaled["inputs"] = [*shared["inputs"], *scaled["inputs"]]
            scaled["notes"] = [*notes, *scaled["notes"]]
            made.append(_row(drug, model, **{**shared, **scaled}))
    return made


def _posterior(found: Sequence[Mapping[str, Any]]) -> list[str]:
    """The probability of what the dose rests on, where all parts of it are known."""
    known = [row.get("posterior") for row in found]
    if any(value is None for value in known):
        return []
    return [f"posterior={min(round(sum(value or 0 for value in known), 4), 1):g}"]


def _told(dose: GuidanceDose) -> str:
    """The figures of a dose in words."""
    if dose.avoid != "no":
        return _AVOIDED[dose.avoid]
    parts = []
    for low, high, unit in (
        (dose.low, dose.high, f"times the {dose.basis}"),
        (dose.daily_low, dose.daily_high, dose.daily_unit),
        (None, dose.maximum, dose.maximum_unit),
    ):
        if high is not None:
            ends = f"at most {high:g}" if low is None else _range(low, high)
            parts.append(f"{ends} {unit}")
    return ", ".join(parts)


def _range(low: float | None, high: float | None) -> str:
    ends = (f"{end:g}" for end in dict.fromkeys((low, high)) if end is not None)
    return " to ".join(ends)


def _scaled(
    low: float | None,
    high: float | None,
    unit: str,
    clinical: Mapping[str, str],
    tables: DoseTables,
) -> Row:
    """A dose by weight or body surface in mg/day, where weight and height are known."""
    needed = _SCALED_BY.get(unit, ())
    if not needed:
        return {**_ends(low, high), "unit": unit, "inputs": [], "notes": []}
    absent = [name for name in needed if not clinical.get(name)]
    if absent:
        note = f"{' and '.join(absent)} not given: not turned into mg/day"
        return {**_ends(low, high), "unit": unit, "inputs": [], "notes": [note]}
    values = {name: float(clinical[name]) for name in needed}
    inputs = [f"{name}={value:g}" for name, value in values.items()]
    if unit == "mg/kg/day":
        factor = values["weight_kg"]
    else:
        factor = body_surface_m2(values["height_cm"], values["weight_kg"], tables)
        inputs.append(f"body_surface_m2={factor:.3f}")
    scaled = [None if end is None else round(end * factor, 1) for end in (low, high)]
    return {
        **_ends(*scaled),
        "unit": "mg/day",
        "inputs": inputs,
        "notes": [f"{_range(low, high)} {unit}"],
    }


def _ends(low: float | None, high: float | None) -> Row:
    if low is not None and low == high:
        return {"value": low, "low": None, "high": None}
    return {"value": None, "low": low, "high": high}


def _row(drug: str, model: str, *, unit: str, source: str, **more: Any) -> Row:
    return {
        "drug": drug,
        "model": model,
        "value": None,
        "low": None,
        "high": None,
        "unit": unit,
        "inputs": [],
        "refused": None,
        "notes": [],
        "validity": "as the guideline says",
        "source": source,
        **more,
    }


def _sources(drug: str, tables: DoseTables) -> str:
    named = (doses for (_, name), doses in tables.guidance.items() if name == drug)
    found = {dose.source for doses in named for dose in doses}
    return "; ".join(sorted(found))
