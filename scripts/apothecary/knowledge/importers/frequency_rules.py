"""From which frequency on a variant of a gene speaks against a disease, by expert panels."""

from __future__ import annotations

from pathlib import Path

from apothecary.errors import Problem, ResourceError
from apothecary.knowledge.importers.upstream import Row, read_table

_COLUMNS = (
    "symbol",
    "criterion",
    "vcep_version",
    "evidence_level",
    "property",
    "thresholds",
    "comparator",
)
_CODES = {
    ("BA1", "stand_alone"): "BA1",
    ("BS1", "strong"): "BS1",
    ("BS1", "supporting"): "BS1_SUPP",
}
_LOWER = {"gt": False, "gte": True}
_UPPER = {"lt": False, "lte": True}


def import_frequency_rules(path: Path | str, source_id: str) -> dict[str, list[Row]]:
    """Read the frequency rules of ClinGen's expert panels.

    Args:
        path: A table with a row a gene and code; several limits of a row are joined by commas, with
            a comparator (gt, gte, lt, lte) each.
        source_id: Source of every row.

    Returns:
        Rows of the table frequency_rules.

    Raises:
        ResourceError: The file is not such a table, or the limits of a row are no range.
    """
    rows: list[Row] = []
    for number, item in enumerate(read_table(path, _COLUMNS), start=2):
        code = _CODES.get((item["criterion"], item["evidence_level"]))
        if code is None:
            found = f"{item['criterion']} {item['evidence_level']}"
            right = " or ".join(f"{name} {level}" for name, level in _CODES)
            raise ResourceError(Problem(str(path), found, right, number, "criterion"))
        version = item["vcep_version"]
        rows.append(
            {
                "gene": item["symbol"],
                "code": code,
                "rule_version": None if version in ("", ".") else version,
                "property": item["property"],
                **limits(path, number, item["thresholds"], item["comparator"]),
                "source_id": source_id,
            }
        )
    return {"frequency_rules": rows}


def limits(path: Path | str, number: int, thresholds: str, comparators: str) -> Row:
    """The range of a rule from its limits and their comparators.

    Args:
        path: The table, for messages.
        number: 1-based line, for messages.
        thresholds: Frequencies joined by commas.
        comparators: gt, gte, lt or lte of each, joined by commas.

    Raises:
        ResourceError: They are no range with a lower end.
    """
    values, signs = thresholds.split(","), comparators.split(",")
    found: Row = {"above": None, "above_included": None, "below": None, "below_included": None}
    for text, sign in zip(values, signs, strict=False):
        end, included = ("above", _LOWER) if sign in _LOWER else ("below", _UPPER)
        if sign not in included or found[end] is not None:
            break
        try:
            found[end], found[f"{end}_included"] = float(text), included[sign]
        except ValueError:
            break
    given = sum(found[end] is not None for end in ("above", "below"))
    low, high = found["above"], found["below"]
    ordered = low is not None and 0 <= low <= 1 and (high is None or low < high <= 1)
    if len(values) != len(signs) or given != len(values) or not ordered:
        right = "a frequency with gt or gte, or a range that ends with lt or lte"
        raise ResourceError(
            Problem(str(path), f"{thresholds} {comparators}", right, number, "thresholds")
        )
    return found
