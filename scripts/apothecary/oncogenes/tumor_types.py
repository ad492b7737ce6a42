"""How near the tumor type of a sample is to the disease of an evidence item, by the OncoTree."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

EXACT = "exact"
MAIN_TYPE = "main_type"
TISSUE = "tissue"
ANY = "any"
OTHER = "other"
NEAR = (EXACT, MAIN_TYPE, TISSUE, ANY, OTHER)
"""All answers, the nearest first."""

_BLOOD = frozenset({"Lymphoid", "Myeloid"})


@dataclass(frozen=True)
class _Cover:
    """A tumor type, or a group of them, that a disease covers; see the table `diseases`."""

    scope: str
    code: str
    main_type: str
    tissue: str


@dataclass(frozen=True)
class TumorTypes:
    """The OncoTree, and the tumor types that each disease covers.

    Attributes:
        types: Main type and tissue of each OncoTree code.
        covers: What a disease covers, by its lower-case name and by its Disease Ontology number.
        names: Name of each OncoTree code.
    """

    types: Mapping[str, tuple[str, str]]
    covers: Mapping[str, tuple[_Cover, ...]]
    names: Mapping[str, str] = field(default_factory=dict)

    def distance(self, code: str | None, doid: str | None, disease: str | None) -> str:
        """How near a sample's tumor type is to a disease.

        Args:
            code: OncoTree code of the sample; None or empty when it is not known.
            doid: Disease Ontology number of the evidence, without prefix.
            disease: Name of the disease of the evidence.

        Returns:
            `exact` when the disease lists the tumor type; `main_type` when it is the whole main
            type of the tumor; `tissue` when it is the whole tissue, or a sibling within the main
            type; `any` when it is any tumor, or any solid tumor and the sample is one; `other`
            else. An unknown tumor type is near to `any` alone.
        """
        name = (disease or "").strip().lower()
        covers = self.covers.get(name) or self.covers.get(f"doid:{doid}", ())
        main_type, tissue = self.types.get(code or "", ("", ""))
        answers = [_near(cover, code or "", main_type, tissue) for cover in covers]
        return min(answers, key=NEAR.index, default=OTHER)

    def of_code(self, code: str | None, asked: str, disease: str | None) -> str:
        """How near a sample's tumor type is to evidence that names an OncoTree code.

        Args:
            code: OncoTree code of the sample; None or empty when it is not known.
            asked: OncoTree code of the evidence; empty when it has none.
            disease: Name of the disease of the evidence, which may say more than its code.

        Returns:
            As `distance`. A code that bears the name of its main type stands for all of it.
        """
        answers = [self.distance(code, None, disease)]
        main_type, tissue = self.types.get(asked, ("", ""))
        if main_type:
            whole = self.names.get(asked, "").lower() == main_type.lower()
            cover = _Cover("main_type" if whole else "code", asked, main_type, tissue)
            own = self.types.get(code or "", ("", ""))
            answers.append(EXACT if asked == code else _near(cover, code or "", *own))
        return min(answers, key=NEAR.index)


def _near(cover: _Cover, code: str, main_type: str, tissue: str) -> str:
    if cover.scope == "any":
        return ANY
    if not main_type:
        return OTHER
    if cover.scope == "solid":
        return OTHER if tissue in _BLOOD else ANY
    if cover.scope == "tissue":
        return TISSUE if cover.tissue == tissue else OTHER
    if cover.scope == "main_type":
        return MAIN_TYPE if cover.main_type == main_type else OTHER
    if cover.scope == "code":
        if cover.code == code:
            return EXACT
        # A sibling, such as squamous lung cancer beside lung adenocarcinoma, is related but is
        # not this tumor type.
        return TISSUE if cover.main_type == main_type else OTHER
    return OTHER


def load(
    oncotree: Iterable[Mapping[str, Any]], diseases: Iterable[Mapping[str, Any]]
) -> TumorTypes:
    """Index the tables `oncotree` and `diseases` of a knowledge pack."""
    listed = list(oncotree)
    types = {row["code"]: (row["main_type"], row["tissue"]) for row in listed}
    covers: dict[str, list[_Cover]] = {}
    for row in diseases:
        main_type, tissue = types.get(row["code"], ("", ""))
        cover = _Cover(
            row["scope"], row["code"], row["main_type"] or main_type, row["tissue"] or tissue
        )
        covers.setdefault(row["name"].strip().lower(), []).append(cover)
        if row["doid"]:
            covers.setdefault(f"doid:{row['doid']}", []).append(cover)
    names = {row["code"]: row["name"] for row in listed}
    return TumorTypes(types, {name: tuple(found) for name, found in covers.items()}, names)
