"""The biomarkers with strong evidence in a tumor type, found in a tumor or not.

A biomarker that was looked for and is not there stands with its detection limit; one that could
not be looked for stands with the reason, and is never taken as absent.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from apothecary.oncogenes import profiles, tiers, tumor_types
from apothecary.oncogenes.cases import Case
from apothecary.oncogenes.evidence import Evidence
from apothecary.oncogenes.hits import EFFECTS, number
from apothecary.oncogenes.settings import Settings
from apothecary.oncogenes.verdicts import Judge

STRONG = ("A", "B")
"""Levels of evidence that a biomarker is looked for by."""
HERE = (tumor_types.EXACT, tumor_types.MAIN_TYPE, tumor_types.ANY)
"""How near the disease of the evidence must be to the tumor type, the nearest first."""
_EFFECTS = ("sensitive", "resistant")

Row = Mapping[str, Any]


def look(cases: Iterable[Case], evidence: Evidence, settings: Settings) -> list[dict[str, Any]]:
    """Look for every biomarker that evidence of level A or B in the tumor type is for.

    Args:
        cases: The tumors; see `cases.of_batch`.
        evidence: The evidence of the knowledge pack.
        settings: Thresholds.

    Returns:
        Rows of the table `pertinent_negatives`, sorted by its key.
    """
    rows = [row for case in cases for row in _of_tumor(case, evidence, settings)]
    return sorted(rows, key=lambda row: (row["sample_id"], row["molecular_profile"]))


def _of_tumor(case: Case, evidence: Evidence, settings: Settings) -> list[dict[str, Any]]:
    judge = Judge(case, evidence, settings)
    rows = []
    for name, items in evidence.items.items():
        strong = [(item, evidence.distance(case.sample["tumor_type"], item)) for item in items]
        strong = [(item, near) for item, near in strong if near in HERE and _predicts(item)]
        if not strong:
            continue
        profile = evidence.profiles[name]
        verdict = judge.of(profile)
        asked = [g for c in profiles.components(profile) for g in profiles.genes(c)]
        chosen = [item for item, _ in strong]
        rows.append(
            {
                "sample_id": case.sample["sample_id"],
                "molecular_profile": name,
                "genes": sorted(set(asked)),
                "tumor_match": min((near for _, near in strong), key=HERE.index),
                "level": min(item["level"] for item in chosen),
                "sensitive_to": _treatments(chosen, "sensitive"),
                "resistant_to": _treatments(chosen, "resistant"),
                "evidence_ids": sorted((item["evidence_id"] for item in chosen), key=number),
                "status": verdict.status,
                "detection_limit": verdict.limit,
                "reason": verdict.reason,
                "findings": list(verdict.findings),
            }
        )
    return rows


def _predicts(item: Row) -> bool:
    """Whether an item supports, at a strong level, that a tumor responds to a treatment or not."""
    return (
        item["level"] in STRONG
        and item["direction"] == "Supports"
        and item["evidence_type"] == "Predictive"
        and EFFECTS.get(item["significance"] or "") in _EFFECTS
        and not tiers.germline(item)
    )


def _treatments(items: Sequence[Row], effect: str) -> list[str]:
    """Treatments with an effect; those taken together are joined by +."""
    found: set[str] = set()
    for item in items:
        if EFFECTS[item["significance"]] != effect:
            continue
        therapies = item["therapies"] or []
        if (item["therapy_interaction"] or "").lower() == "substitutes":
            found.update(therapies)
        elif therapies:
            found.add(" + ".join(therapies))
    return sorted(found)
