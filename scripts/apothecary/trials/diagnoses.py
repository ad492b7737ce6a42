"""Whether the tumor type of a patient is one that a trial asks for, by the OncoTree."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from apothecary.oncogenes import tumor_types
from apothecary.oncogenes.consequences import Knowledge
from apothecary.oncogenes.matching import NO, UNKNOWN, YES
from apothecary.oncogenes.tumor_types import TumorTypes

SOLID = "_solid_"
LIQUID = "_liquid_"
_BLOOD = frozenset({"Lymphoid", "Myeloid"})
_MET = frozenset({tumor_types.EXACT, tumor_types.MAIN_TYPE, tumor_types.ANY})


@dataclass(frozen=True)
class Diagnoses:
    """The OncoTree by the names that trials use.

    Attributes:
        names: Code by lower-case name of a tumor type.
        types: Name, main type and tissue by code.
        below: Code to the codes of it and of those below it, where the tree is known.
        near: The diseases of the evidence, for names that are of no tumor type.
    """

    names: Mapping[str, str]
    types: Mapping[str, tuple[str, str, str]]
    below: Mapping[str, frozenset[str]]
    near: TumorTypes

    def covers(self, asked: str, code: str) -> tuple[str, str]:
        """Whether a name covers a tumor type.

        Args:
            asked: Name or code of a tumor type, a main type, a tissue, a disease, or one of
                _SOLID_ and _LIQUID_.
            code: OncoTree code of the patient's tumor; empty when it is not known.

        Returns:
            yes, no or unknown, and why in words. A patient whose tumor is coded more broadly than
            what is asked may still have it: unknown.
        """
        if code not in self.types:
            return UNKNOWN, "the tumor type is not given"
        name, main_type, tissue = self.types[code]
        told = f"{name} ({code})"
        wanted = asked.strip().lower()
        if wanted in (SOLID, LIQUID):
            return _answer((tissue in _BLOOD) == (wanted == LIQUID)), told
        if wanted == tissue.lower():
            return YES, f"{told} is of {tissue}"
        node = self.names.get(wanted) or (asked.strip() if asked.strip() in self.types else "")
        if node:
            return self._of_node(node, code, told)
        if wanted == main_type.lower():
            return YES, f"{told} is of the main type {main_type}"
        if any(wanted in (m.lower(), t.lower()) for _, m, t in self.types.values()):
            return NO, told
        return self._of_disease(wanted, code, told)

    def _of_node(self, node: str, code: str, told: str) -> tuple[str, str]:
        below = self.below.get(node, frozenset())
        if code == node:
            return YES, told
        if code in below:
            return YES, f"{told} stands below {self.types[node][0]}"
        if node in self.below.get(code, frozenset()):
            return UNKNOWN, f"{told} is broader than {self.types[node][0]}"
        # A main type that is a tumor type too holds types of other branches of the tree.
        of_main_type = self.types[node][1] == self.types[code][1]
        if of_main_type and not (code in self.below and node in self.below):
            return UNKNOWN, f"how {told} stands to {self.types[node][0]} is not known"
        return NO, told

    def _of_disease(self, wanted: str, code: str, told: str) -> tuple[str, str]:
        if wanted not in self.near.covers:
            return UNKNOWN, f"{wanted!r} is no tumor type that is known here"
        near = self.near.distance(code, None, wanted)
        if near == tumor_types.TISSUE:
            return UNKNOWN, f"{told} is related"
        return _answer(near in _MET), told


def _answer(value: bool) -> str:
    return YES if value else NO


def load(pack: Knowledge) -> Diagnoses:
    """Index the tumor types of a pack."""
    oncotree = pack.rows("oncotree")
    below: dict[str, set[str]] = {}
    for row in pack.rows("oncotree_descendants"):
        below.setdefault(row["ancestor"], set()).add(row["code"])
    return Diagnoses(
        {row["name"].lower(): row["code"] for row in oncotree},
        {row["code"]: (row["name"], row["main_type"], row["tissue"]) for row in oncotree},
        {code: frozenset(codes) for code, codes in below.items()},
        tumor_types.load(oncotree, pack.rows("diseases")),
    )
