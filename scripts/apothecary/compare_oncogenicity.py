"""What two runs say of the oncogenicity of a tumor's variants."""

from __future__ import annotations

from typing import Any

from apothecary import schemas
from apothecary.changes import ACTIONABILITY, Change
from apothecary.runs import Run
from apothecary.story import allele, place

Row = dict[str, Any]
_Told = dict[tuple[Any, ...], Row]


def class_changes(a: Run, b: Run, both: frozenset[str]) -> list[Change]:
    """Variants of another class; other points within a class are no change of it.

    Args:
        a: The first run.
        b: The second.
        both: The samples to look at.
    """
    before, after = _classes(a, both), _classes(b, both)
    changes = []
    for key in sorted(before.keys() | after.keys()):
        old, new = before.get(key), after.get(key)
        if (old or {}).get("class") != (new or {}).get("class"):
            row = new or old or {}
            subject = f"{row['gene']} {row['protein_change'] or place(row)} oncogenicity"
            changes.append(Change(ACTIONABILITY, key[0], subject, _words(old), _words(new)))
    return changes


def _classes(run: Run, both: frozenset[str]) -> _Told:
    by_allele: dict[tuple[Any, ...], list[Row]] = {}
    for row in run.rows(schemas.ONCOGENICITY):
        by_allele.setdefault(allele(row), []).append(row)
    if not by_allele:
        return {}
    tumors = {name for name in both if run.samples[name]["role"] == "tumor"}
    return {
        (variant["sample_id"], *allele(row), row["gene"]): row
        for variant in run.rows(schemas.VARIANTS)
        if variant["sample_id"] in tumors
        for row in by_allele.get(allele(variant), ())
    }


def _words(row: Row | None) -> str:
    return f"{row['class']}, {row['points']} points ({', '.join(row['codes'])})" if row else ""
