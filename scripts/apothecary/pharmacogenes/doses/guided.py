"""Doses that guidance gives as figures: fluoropyrimidines, thiopurines, tacrolimus and others."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from apothecary.pharmacogenes.doses.models import DoseTables, GuidanceDose, body_surface_m2

Row = dict[str, Any]

TIMES = "times the normal starting dose"
_AVOID = "the guideline says to avoid the medicine"


def rows(
    drug: str,
    recommendations: Iterable[Mapping[str, Any]],
    clinical: Mapping[str, str],
    tables: DoseTables,
) -> list[Row]:
    """Doses of one medicine by the guidance that matched.

    Args:
        drug: The medicine.
        recommendations: Rows of the table recommendations of the sample.
        clinical: Value of the clinical items of the person, by item.
        tables: The figures.

    Returns:
        Rows of the table doses without sample_id: for each source and its genes one with the
        multiple of the normal starting dose, and, where the guideline gives them, one a day and
        one with the highest dose.
    """
    groups: dict[tuple[str, tuple[str, ...]], list[Mapping[str, Any]]] = defaultdict(list)
    for row in recommendations:
        if row["drug"] == drug and (row["guidance_id"], drug) in tables.guidance:
            groups[row["source"], tuple(row["genes"])].append(row)
    if not groups:
        return [
            _row(
                drug,
                "guidance",
                unit=TIMES,
                refused="no guidance with a figure matched the results",
                source=_sources(drug, tables),
            )
        ]
    made: list[Row] = []
    for (source, genes), found in sorted(groups.items()):
        by = f"{source} by {' and '.join(genes)}"
        made += _group(drug, by, found, clinical, tables)
    return made


def _group(
    drug: str,
    by: str,
    found: Sequence[Mapping[str, Any]],
    clinical: Mapping[str, str],
    tables: DoseTables,
) -> list[Row]:
    doses = [tables.guidance[row["guidance_id"], drug] for row in found]
    inputs = sorted({f"lookup={row['lookup']}" for row in found})
    source = "; ".join(sorted({dose.source for dose in doses}))
    distinct = {replace(dose, source="", note="") for dose in doses}
    notes = list(dict.fromkeys(dose.note for dose in doses if dose.note))
    model = f"{by}: starting dose"
    if len(distinct) > 1:
        refused = "phenotypes that cannot be told apart lead to different doses"
        return [_row(drug, model, unit=TIMES, refused=refused, source=source, inputs=inputs)]
    dose = doses[0]
    shared: dict[str, Any] = {"source": source, "inputs": inputs, "notes": notes}
    if dose.avoid != "no":
        refused = _AVOID if dose.avoid == "yes" else "the guideline gives no dose by the genes"
        if dose.high is not None:
            notes.append(f"{'at most ' if dose.low is None else ''}{dose.high:g} {TIMES}")
        return [_row(drug, model, unit=TIMES, refused=refused, **shared)]
    made = []
    if dose.low is not None:
        ends = _ends(dose.low, dose.high)
        made.append(_row(drug, model, unit=TIMES, **ends, **shared))
    if dose.daily_unit:
        daily = _daily(dose, clinical, tables)
        daily["inputs"] = [*inputs, *daily["inputs"]]
        daily["notes"] = [*notes, *daily["notes"]]
        made.append(_row(drug, f"{by}: starting dose a day", source=source, **daily))
    if dose.maximum is not None:
        most = _scaled(None, dose.maximum, dose.maximum_unit, clinical, tables)
        most["inputs"] = [*inputs, *most["inputs"]]
        most["notes"] = [*notes, *most["notes"]]
        made.append(_row(drug, f"{by}: highest starting dose", source=source, **most))
    return made


def _daily(dose: GuidanceDose, clinical: Mapping[str, str], tables: DoseTables) -> Row:
    return _scaled(dose.daily_low, dose.daily_high, dose.daily_unit, clinical, tables)


def _scaled(
    low: float | None,
    high: float | None,
    unit: str,
    clinical: Mapping[str, str],
    tables: DoseTables,
) -> Row:
    """A dose by weight or body surface in mg/day, where weight and height are known."""
    needed = ("weight_kg",) if unit == "mg/kg/day" else ("weight_kg", "height_cm")
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
    ends = " to ".join(f"{end:g}" for end in dict.fromkeys((low, high)) if end is not None)
    return {
        **_ends(*scaled),
        "unit": "mg/day",
        "inputs": inputs,
        "notes": [f"{ends} {unit}"],
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
    found = {dose.source for (_, name), dose in tables.guidance.items() if name == drug}
    return "; ".join(sorted(found))
