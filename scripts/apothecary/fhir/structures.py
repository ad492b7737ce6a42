"""The definitions that bundles are checked against, as trees."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from apothecary.errors import Problem, ResourceError
from apothecary.fhir.codes import LOINC
from apothecary.fhir.guide_schemas import ANSWERS, ELEMENTS, STRUCTURES, VALUE_SETS
from apothecary.knowledge import tsv
from apothecary.tables import Table

_ANSWER_LISTS = "http://loinc.org/vs/"


@dataclass
class Element:
    """An element of a type, or what a profile asks of one.

    Attributes:
        declared: Whether a row tells of it; else it stands for its children only.
        least: Least number of values.
        most: Greatest number of values; None for any.
        types: Type and profile or target (or None) of each allowed kind of value.
        fixed: What the value must equal, as JSON text; None where nothing is asked.
        pattern: What the value must hold, as JSON text; None where nothing is asked.
        strength: Strength of the binding.
        value_set: Value set of the binding.
        discriminators: Kind and path of each.
        closed: Whether every value must belong to a slice.
        content: Path of the element whose children it has.
        children: By name.
        slices: By name.
    """

    declared: bool = False
    least: int = 0
    most: int | None = None
    types: tuple[tuple[str, str | None], ...] = ()
    fixed: str | None = None
    pattern: str | None = None
    strength: str | None = None
    value_set: str | None = None
    discriminators: tuple[tuple[str, str], ...] = ()
    closed: bool = False
    content: str | None = None
    children: dict[str, Element] = field(default_factory=dict)
    slices: dict[str, Element] = field(default_factory=dict)

    @cached_property
    def fixed_value(self) -> Any:
        """The value of `fixed`."""
        return json.loads(self.fixed or "null")

    @cached_property
    def pattern_value(self) -> Any:
        """The value of `pattern`."""
        return json.loads(self.pattern or "null")


@dataclass(frozen=True)
class Structure:
    """A type of FHIR, a profile or an extension.

    Attributes:
        name: Its name or id.
        url: Its address.
        type: The type that it is or profiles.
        kind: resource, complex-type, primitive-type or profile.
        base: What it derives from.
        contexts: Elements that an extension may stand in.
        regex: What a primitive value looks like.
        root: Its elements.
    """

    name: str
    url: str
    type: str
    kind: str
    base: str | None
    contexts: tuple[str, ...]
    regex: str | None
    root: Element


@dataclass(frozen=True)
class Definitions:
    """All structures and value sets at hand.

    Attributes:
        types: Types of FHIR by name.
        profiles: Profiles and extensions by address.
        codes: Value set and system to its codes.
        open_systems: Value set and system where every code belongs (true), or where it is not at
            hand which codes do (false).
        named_extensions: Addresses of extensions that profiles name, at hand or not.
    """

    types: Mapping[str, Structure]
    profiles: Mapping[str, Structure]
    codes: Mapping[tuple[str, str], frozenset[str]]
    open_systems: Mapping[tuple[str, str], bool]
    named_extensions: frozenset[str]

    def derives(self, url: str, wanted: str) -> bool:
        """Whether a profile is another one or derives from it."""
        by_name = {one.name: one for one in self.profiles.values()}
        profile = self.profiles.get(url)
        while profile is not None:
            if profile.url == wanted:
                return True
            profile = by_name.get(profile.base or "")
        return url == wanted

    @cached_property
    def systems(self) -> Mapping[str, frozenset[str]]:
        """The systems of each value set."""
        found: dict[str, set[str]] = {}
        for value_set, system in (*self.codes, *self.open_systems):
            found.setdefault(value_set, set()).add(system)
        return {name: frozenset(systems) for name, systems in found.items()}


def load(folder: Path | str) -> Definitions:
    """Read the tables of `apothecary.fhir.guide_schemas`.

    Args:
        folder: The folder of the tables, `resources/fhir`.

    Raises:
        ResourceError: A table is absent or not as declared.
    """
    roots: dict[str, Element] = {}
    extensions = set()
    for row in rows(folder, ELEMENTS):
        _place(roots.setdefault(row["structure"], Element()), row)
        kinds = (kind.split(" ") for kind in row["types"])
        extensions |= {kind[1] for kind in kinds if kind[0] == "Extension" and len(kind) > 1}
    structures = [
        Structure(
            row["structure"],
            row["url"],
            row["type"],
            row["kind"],
            row["base"],
            tuple(row["contexts"]),
            row["regex"],
            roots.get(row["structure"], Element()),
        )
        for row in rows(folder, STRUCTURES)
    ]
    codes: dict[tuple[str, str], set[str]] = {}
    listed: dict[tuple[str, str], bool] = {}
    for row in rows(folder, VALUE_SETS):
        key = (row["value_set"], row["system"])
        if row["code"]:
            codes.setdefault(key, set()).add(row["code"])
        else:
            listed[key] = bool(row["listed"])
    for row in rows(folder, ANSWERS):
        key = (_ANSWER_LISTS + row["answer_list"], LOINC)
        codes.setdefault(key, set()).add(row["code"])
        listed[key] = False
    return Definitions(
        {one.name: one for one in structures if one.kind != "profile"},
        {one.url: one for one in structures if one.kind == "profile"},
        {key: frozenset(found) for key, found in codes.items()},
        listed,
        frozenset(extensions),
    )


def rows(folder: Path | str, table: Table) -> list[dict[str, Any]]:
    """The rows of a table of the folder.

    Raises:
        ResourceError: The table is absent or not as declared.
    """
    path = tsv.find(folder, table)
    if path is None:
        raise ResourceError(
            Problem(str(folder), f"lacks the table {table.name}", "restore resources/fhir")
        )
    return tsv.read(path, table).rows


def _place(root: Element, row: Mapping[str, Any]) -> None:
    """Put a row at its place in the tree of its structure."""
    element = root
    for part in row["element"].split(".")[1:]:
        name, _, slice_name = part.partition(":")
        element = element.children.setdefault(name, Element())
        if slice_name:
            element = element.slices.setdefault(slice_name, Element())
    element.declared = True
    element.least = row["min"]
    element.most = None if row["max"] == "*" else int(row["max"])
    element.types = tuple(_kind(text) for text in row["types"])
    element.fixed, element.pattern = row["fixed"], row["pattern"]
    element.strength, element.value_set = row["strength"], row["value_set"]
    element.discriminators = tuple(_discriminator(text) for text in row["discriminators"])
    element.closed = row["rules"] == "closed"
    element.content = row["content"]


def _kind(text: str) -> tuple[str, str | None]:
    code, _, target = text.partition(" ")
    return code, target or None


def _discriminator(text: str) -> tuple[str, str]:
    kind, _, path = text.partition(":")
    return kind, path
