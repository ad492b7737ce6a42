"""What a check of a bundle finds, and what the check passes along."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from apothecary.errors import Problem
from apothecary.fhir.bundle_index import BundleIndex
from apothecary.fhir.structures import Definitions

Resource = Mapping[str, Any]


@dataclass(frozen=True)
class Deviation:
    """One deviation of a resource from what it must be.

    Attributes:
        resource: Type and id of the resource, or its place.
        path: The element, with 0-based indexes.
        found: What was found.
        right: What would be right.
        error: Whether it makes the bundle wrong; else it is a remark.
    """

    resource: str
    path: str
    found: str
    right: str
    error: bool = True

    def line(self, file: str) -> str:
        """The deviation as one line."""
        kind = "" if self.error else "remark: "
        where = f"{self.resource}, {self.path}"
        return Problem(file, f"{kind}{self.found}", self.right, field=where).line()


@dataclass
class Check:
    """The state of a check.

    Attributes:
        definitions: What is checked against.
        bundle: The resources that references may mean.
        resource: Type and id of the resource that is looked at.
        contained: Its contained resources by id.
        deviations: What was found so far.
    """

    definitions: Definitions
    bundle: BundleIndex
    resource: str = ""
    contained: Mapping[str, Resource] = field(default_factory=dict)
    deviations: list[Deviation] = field(default_factory=list)

    def tell(self, path: str, found: str, right: str, *, error: bool = True) -> None:
        """Note a deviation of the resource that is looked at, once."""
        deviation = Deviation(self.resource, path, found, right, error)
        if deviation not in self.deviations[-50:]:
            self.deviations.append(deviation)
