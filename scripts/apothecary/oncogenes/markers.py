"""Markers of a whole tumor, such as a high mutational burden, as findings of evidence."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from apothecary.oncogenes.findings import MARKER, Finding

Row = Mapping[str, Any]
Markers = Mapping[tuple[str, str], str]
# The burden that findings go by: coding changes, or else what could be judged.
_BURDEN = ("tmb_coding", "tmb_nonsynonymous", "tmb_all")
_INSTABILITY = ("msi_reads", "msi_variants")
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
    by_name = {row["biomarker"]: row for row in biomarkers}
    found = []
    for marker, ways in (("tmb", _BURDEN), ("msi", _INSTABILITY)):
        judged = [
            by_name[way]
            for way in ways
            if way in by_name and by_name[way]["status"] not in _UNJUDGED
        ]
        name = names.get((marker, judged[0]["status"])) if judged else None
        if name:
            row = judged[0]
            words = f"{name} ({row['biomarker']} {row['value']:.3g} {row['unit']})"
            found.append(
                Finding(f"biomarker:{marker}", MARKER, (marker.upper(),), words, state=name)
            )
    return found
