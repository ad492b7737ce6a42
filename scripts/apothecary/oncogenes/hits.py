"""What the items of evidence that a tumor meets say of one another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from apothecary.oncogenes import tumor_types
from apothecary.oncogenes.findings import Finding

EFFECTS: Mapping[str, str] = {
    "Sensitivity/Response": "sensitive",
    "Resistance": "resistant",
    "Reduced Sensitivity": "reduced_sensitivity",
    "Adverse Response": "adverse_response",
}
_LEVELS = "ABCDE"
_VETOING = frozenset({tumor_types.EXACT, tumor_types.MAIN_TYPE, tumor_types.ANY})


@dataclass(frozen=True)
class Hit:
    """A finding that meets the profile of an evidence item.

    Attributes:
        finding: The finding.
        item: The evidence.
        match: How the finding meets the profile; see `matching`.
        tumor_match: How near the tumor type is; see `tumor_types`.
        beside: What else the profile asks for and the diagnosis brings, in words.
    """

    finding: Finding
    item: Mapping[str, Any]
    match: str
    tumor_match: str
    beside: str = ""


def _options(item: Mapping[str, Any]) -> frozenset[frozenset[str]]:
    """The treatments that an item is about: each of several substitutes, or all together."""
    therapies = [therapy.lower() for therapy in item["therapies"] or ()]
    if (item["therapy_interaction"] or "").lower() == "substitutes":
        return frozenset(frozenset({therapy}) for therapy in therapies)
    return frozenset({frozenset(therapies)}) if therapies else frozenset()


def vetoes(item: Mapping[str, Any], hits: Sequence[Hit]) -> list[str]:
    """Matched resistance to a treatment of a sensitivity item.

    The resistance is in this tumor type, its main type or any tumor, and is of level A or B, or of
    no lower a level than the item.
    """
    if not sensitizes(item):
        return []
    options = _options(item)
    return sorted(
        {
            hit.item["evidence_id"]
            for hit in hits
            if EFFECTS.get(hit.item["significance"] or "") == "resistant"
            and hit.item["direction"] == "Supports"
            and hit.tumor_match in _VETOING
            and options & _options(hit.item)
            and _LEVELS.index(hit.item["level"]) <= max(1, _LEVELS.index(item["level"]))
        },
        key=number,
    )


def contradictions(hit: Hit, hits: Sequence[Hit]) -> list[str]:
    """Matched items on the same finding that do not support what an item supports."""
    item = hit.item
    return sorted(
        {
            other.item["evidence_id"]
            for other in hits
            if other.finding is hit.finding
            and other.item["direction"] == "Does Not Support"
            and other.item["significance"] == item["significance"]
            and other.item["evidence_type"] == item["evidence_type"]
            and other.tumor_match in _VETOING
            and _options(other.item) == _options(item)
            and other.item["level"] <= item["level"]
            and (other.item["rating"] or 0) >= (item["rating"] or 0)
        },
        key=number,
    )


def number(evidence_id: str) -> tuple[int, str]:
    """What identifiers of evidence are sorted by: their number, then their text."""
    digits = "".join(c for c in evidence_id if c.isdigit())
    return (int(digits or 0), evidence_id)


def sensitizes(item: Mapping[str, Any]) -> bool:
    """Whether an item supports that a tumor responds to its treatment."""
    return (
        EFFECTS.get(item["significance"] or "") == "sensitive" and item["direction"] == "Supports"
    )
