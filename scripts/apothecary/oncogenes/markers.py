"""Markers of a whole tumor, such as a high mutational burden, as findings of evidence."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from apothecary.oncogenes.findings import MARKER, Finding
from apothecary.oncogenes.searched import Look

Row = Mapping[str, Any]
Markers = Mapping[tuple[str, str], str]
# The burden that findings go by: coding changes, or else what could be judged.
_WAYS = {
    "tmb": ("tmb_coding", "tmb_nonsynonymous", "tmb_all"),
    "msi": ("msi_reads", "msi_variants"),
}
_JUDGED_OTHERWISE = frozenset({"high", "not_high", "msi_high", "mss"})
_UNJUDGED = frozenset({"not_assessed", "not_judged", "withheld"})


def load(path: str | Path) -> dict[tuple[str, str], str]:
    """The name of a marker in evidence by biomarker (tmb or msi) and status."""
    with Path(path).open(encoding="utf-8", newline="") as stream:
        rows = csv.DictReader(stream, delimiter="\t")
        return {(row["biomarker"], row["status"]): row["marker"] for row in rows}


def findings(biomarkers: Iterable[Row], names: Markers) -> list[Finding]:
    """The markers of a tumor that evidence has a name for.

    Args:
        biomarkers: Its rows of the table biomarkers. Of several ways to assess one, the first that
            judged counts: coding before all variants, reads before variants.
        names: See `load`.

    Returns:
        Findings of kind marker; `state` is the name in evidence.
    """
    found = []
    for marker, row in judged(biomarkers).items():
        name = names.get((marker, row["status"]))
        if name:
            words = f"{name} ({row['biomarker']} {row['value']:.3g} {row['unit']})"
            found.append(
                Finding(f"biomarker:{marker}", MARKER, (marker.upper(),), words, state=name)
            )
    return found


def looks(biomarkers: Iterable[Row], names: Markers) -> dict[str, Look]:
    """What looking for each marker that evidence has a name for came to.

    Args:
        biomarkers: The tumor's rows of the table biomarkers.
        names: See `load`.

    Returns:
        By the name in evidence, lower case: absent when the marker was judged to be otherwise.
    """
    rows = list(biomarkers)
    told_by = judged(rows)
    found = {}
    for (marker, status), name in names.items():
        row = told_by.get(marker)
        if row is not None and row["status"] in _JUDGED_OTHERWISE and row["status"] != status:
            said = str(row["status"]).replace("_", " ")
            value = f"{row['biomarker']} {row['value']:.3g} {row['unit']}"
            found[name.lower()] = Look(True, f"{said} ({value})")
        elif row is None:
            told = [r["reason"] for r in rows if r["biomarker"] in _WAYS[marker] and r["reason"]]
            found[name.lower()] = Look(False, told[0] if told else f"{marker.upper()} not assessed")
    return found


def judged(biomarkers: Iterable[Row]) -> dict[str, Row]:
    """The row that each marker is told by: that of the first way that judged it.

    Args:
        biomarkers: A tumor's rows of the table biomarkers.

    Returns:
        By marker, tmb or msi; those that no way judged are left out.
    """
    by_name = {row["biomarker"]: row for row in biomarkers}
    found = {}
    for marker, ways in _WAYS.items():
        rows = [by_name[way] for way in ways if way in by_name]
        told = [row for row in rows if row["status"] not in _UNJUDGED]
        if told:
            found[marker] = told[0]
    return found
