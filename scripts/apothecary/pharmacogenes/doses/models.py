"""Coefficients, ranges and figures of the dose models, from `resources/dose_models/`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from apothecary.pharmacogenes import facts

COEFFICIENT_COLUMNS = ("model", "term", "value", "unit", "source")
VALIDITY_COLUMNS = ("model", "item", "minimum", "maximum", "unit", "meaning", "source")
BODY_SURFACE_COLUMNS = ("term", "value", "unit", "source")
ALLELE_COLUMNS = ("gene", "allele", "stands_for", "source")
MEDICINE_COLUMNS = ("term", "drug", "source")
GUIDANCE_COLUMNS = (
    "guidance_id",
    "drug",
    "low",
    "high",
    "basis",
    "daily_low",
    "daily_high",
    "daily_unit",
    "maximum",
    "maximum_unit",
    "guard_item",
    "guard_minimum",
    "guard_maximum",
    "avoid",
    "note",
    "source",
)


@dataclass(frozen=True)
class Limit:
    """The range that a model is valid for, of one clinical item.

    Attributes:
        item: Name of the item.
        minimum: Lowest value, in the unit of the item.
        maximum: Highest value, in the unit of the item.
        unit: Unit; empty when it has none.
        meaning: Why the range ends there.
    """

    item: str
    minimum: float
    maximum: float
    unit: str
    meaning: str

    def __str__(self) -> str:
        return f"{self.item} {self.minimum:g} to {self.maximum:g} {self.unit}".rstrip()


@dataclass(frozen=True)
class Guard:
    """Whom the figures of a recommendation are for, by one clinical item.

    Attributes:
        item: Name of the item; empty when the figures are for everyone.
        minimum: Lowest value in the unit of the item, `>` before it where the value itself is out.
        maximum: Highest value, `<` before it where the value itself is out; empty when none.
    """

    item: str = ""
    minimum: str = ""
    maximum: str = ""

    def takes(self, value: float) -> bool:
        """Whether a value of the item is inside."""
        low, high = self.minimum.removeprefix(">"), self.maximum.removeprefix("<")
        above = not low or value > float(low) or (value == float(low) and low == self.minimum)
        below = not high or value < float(high) or (value == float(high) and high == self.maximum)
        return above and below

    def __str__(self) -> str:
        ends = [
            text if text[0] in "<>" else f"{word} {text}"
            for word, text in (("from", self.minimum), ("to", self.maximum))
            if text
        ]
        return f"{self.item} {' '.join(ends)}"


@dataclass(frozen=True)
class GuidanceDose:
    """The figures of one recommendation for one medicine.

    Attributes:
        low: Lower end, as a multiple of the basis; None when not given.
        high: Upper end of the same.
        basis: The dose that the figures are of, such as normal starting dose or maximum dose.
        daily_low: Lower end a day, in `daily_unit`; None when not given.
        daily_high: Upper end of the same.
        daily_unit: mg/day, mg/kg/day or mg/m2/day; empty when there is none.
        maximum: Highest dose in `maximum_unit`; None when not given.
        maximum_unit: mg, mg/day or mg/kg/day; empty when there is none.
        guard: Whom the figures are for.
        avoid: yes (the guideline says to avoid the medicine), alternative (it prefers another),
            no, or unknown (it gives no dose).
        note: What the guideline adds, as a field of our own words.
        source: The guideline.
    """

    low: float | None
    high: float | None
    basis: str
    daily_low: float | None
    daily_high: float | None
    daily_unit: str
    maximum: float | None
    maximum_unit: str
    guard: Guard
    avoid: str
    note: str
    source: str


@dataclass(frozen=True)
class DoseTables:
    """What doses are calculated from.

    Attributes:
        coefficients: Value of each term, by model.
        sources: The paper of each model.
        validity: The ranges of each model.
        body_surface: Terms of the formula of the body surface area.
        alleles: What an allele stands for in the warfarin models, by gene and allele.
        medicines: The medicines of a term of the warfarin models, by term.
        guidance: Figures of recommendations, by guidance_id and medicine; several where they
            depend on age.
    """

    coefficients: Mapping[str, Mapping[str, float]]
    sources: Mapping[str, str]
    validity: Mapping[str, tuple[Limit, ...]]
    body_surface: Mapping[str, float]
    alleles: Mapping[str, Mapping[str, str]]
    medicines: Mapping[str, frozenset[str]]
    guidance: Mapping[tuple[str, str], tuple[GuidanceDose, ...]]

    @property
    def guided_drugs(self) -> frozenset[str]:
        """The medicines for which guidance gives figures."""
        return frozenset(drug for _, drug in self.guidance)


def load(files: Iterable[Path | str]) -> DoseTables:
    """Read the tables of the dose models.

    Args:
        files: The tables, by their names: warfarin.tsv, validity.tsv, body_surface.tsv,
            warfarin_alleles.tsv, warfarin_medicines.tsv and guidance_doses.tsv.

    Raises:
        ResourceError: A table cannot be taken.
    """
    paths = {Path(file).stem: Path(file) for file in files}
    coefficients: dict[str, dict[str, float]] = defaultdict(dict)
    sources: dict[str, str] = {}
    for row in facts.read(paths["warfarin"], COEFFICIENT_COLUMNS):
        coefficients[row["model"]][row["term"]] = float(row["value"])
        sources[row["model"]] = row["source"]
    validity: dict[str, list[Limit]] = defaultdict(list)
    for row in facts.read(paths["validity"], VALIDITY_COLUMNS):
        ends = (float(row["minimum"]), float(row["maximum"]))
        validity[row["model"]].append(Limit(row["item"], *ends, row["unit"], row["meaning"]))
    alleles: dict[str, dict[str, str]] = defaultdict(dict)
    for row in facts.read(paths["warfarin_alleles"], ALLELE_COLUMNS):
        alleles[row["gene"]][row["allele"]] = row["stands_for"]
    medicines: dict[str, set[str]] = defaultdict(set)
    for row in facts.read(paths["warfarin_medicines"], MEDICINE_COLUMNS):
        medicines[row["term"]].add(row["drug"])
    guidance: dict[tuple[str, str], list[GuidanceDose]] = defaultdict(list)
    for row in facts.read(paths["guidance_doses"], GUIDANCE_COLUMNS):
        guidance[row["guidance_id"], row["drug"]].append(_guidance_dose(row))
    return DoseTables(
        coefficients=dict(coefficients),
        sources=sources,
        validity={model: tuple(limits) for model, limits in validity.items()},
        body_surface={
            row["term"]: float(row["value"])
            for row in facts.read(paths["body_surface"], BODY_SURFACE_COLUMNS)
        },
        alleles=dict(alleles),
        medicines={term: frozenset(drugs) for term, drugs in medicines.items()},
        guidance={pair: tuple(doses) for pair, doses in guidance.items()},
    )


def _guidance_dose(row: Mapping[str, str]) -> GuidanceDose:
    return GuidanceDose(
        low=_number(row["low"]),
        high=_number(row["high"]),
        basis=row["basis"],
        daily_low=_number(row["daily_low"]),
        daily_high=_number(row["daily_high"]),
        daily_unit=row["daily_unit"],
        maximum=_number(row["maximum"]),
        maximum_unit=row["maximum_unit"],
        guard=Guard(row["guard_item"], row["guard_minimum"], row["guard_maximum"]),
        avoid=row["avoid"],
        note=row["note"],
        source=row["source"],
    )


def _number(text: str) -> float | None:
    return float(text) if text else None


def body_surface_m2(height_cm: float, weight_kg: float, tables: DoseTables) -> float:
    """Body surface area by DuBois and DuBois, as used by Gage et al. 2008.

    Args:
        height_cm: Body height in cm.
        weight_kg: Body weight in kg.
        tables: The tables with the terms of the formula.

    Returns:
        The area in square metres.
    """
    terms = tables.body_surface
    height = height_cm ** terms["height_exponent"]
    weight = weight_kg ** terms["weight_exponent"]
    return float(terms["factor"] * height * weight)
