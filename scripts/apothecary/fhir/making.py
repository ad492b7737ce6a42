"""What the parts of a bundle are made with: its entries, and observations of the guide."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from apothecary.fhir.codes import Codes, Concept

Resource = dict[str, Any]
Reference = dict[str, str]
Component = dict[str, Any]

GUIDE = "http://hl7.org/fhir/uv/genomics-reporting/StructureDefinition/"
BASE = "http://hl7.org/fhir/StructureDefinition/"
_NAMESPACE = uuid.uuid5(uuid.NAMESPACE_DNS, "apothecary")


@dataclass
class Making:
    """The bundle of one sample while it is made.

    Attributes:
        codes: The codes.
        build: Genome build of the input.
        status: Status of every observation.
        entries: Resources by their id, in the order in which they were made.
        about: subject, specimen and performer, as every observation has them.
        of_findings: Reference of the resource that shows a finding of the report model, by the
            finding's id.
        results: References for the report.
        actions: References of the tasks that are proposed.
        risks: References of the assessments of risk.
        taken: References of the medicines that the person takes, by name.
    """

    codes: Codes
    build: str
    status: str
    entries: dict[str, Resource] = field(default_factory=dict)
    about: dict[str, Any] = field(default_factory=dict)
    of_findings: dict[str, Reference] = field(default_factory=dict)
    results: list[Reference] = field(default_factory=list)
    actions: list[Reference] = field(default_factory=list)
    risks: list[Reference] = field(default_factory=list)
    taken: dict[str, Reference] = field(default_factory=dict)

    def add(self, resource: Resource) -> Reference:
        """Add a resource under an id that its content gives; the same content is added once.

        Args:
            resource: A resource without id.

        Returns:
            The reference to it.
        """
        text = json.dumps(resource, sort_keys=True, ensure_ascii=False)
        name = str(uuid.uuid5(_NAMESPACE, text))
        self.entries.setdefault(name, {**resource, "id": name})
        return {"reference": f"urn:uuid:{name}"}

    def observe(
        self,
        profile: str,
        components: Iterable[Component | None] = (),
        *,
        code: Concept | None = None,
        categories: Sequence[str] = ("laboratory", "genetics"),
        **more: Any,
    ) -> Reference:
        """Add an observation of a profile, which becomes a result of the report.

        Args:
            profile: Id of the profile; its code is that of the same use where none is given.
            components: Components; None is left out.
            code: What was observed.
            categories: Uses of the categories.
            **more: Other elements; None and empty lists are left out.
        """
        found = [component for component in components if component]
        resource: Resource = {
            "resourceType": "Observation",
            "meta": {"profile": [GUIDE + profile]},
            "status": self.status,
            "category": [self.codes.concept(f"category.{name}") for name in categories],
            "code": code or self.codes.concept(profile),
            **self.about,
        }
        resource |= {key: value for key, value in more.items() if value not in (None, [])}
        if found:
            resource["component"] = found
        reference = self.add(resource)
        if reference not in self.results:
            self.results.append(reference)
        return reference

    def component(self, use: str, value: Any, key: str = "valueCodeableConcept") -> Component:
        """A component whose code is that of a use."""
        return {"code": self.codes.concept(f"component.{use}"), key: value}

    def text(self, use: str, words: str | None) -> Component | None:
        """A component with words alone; None without words."""
        return self.component(use, {"text": words}) if words else None

    def conclusion(self, words: str | None) -> Component | None:
        """The component that tells a conclusion in words; None without words."""
        return self.component("conclusion", words, "valueString") if words else None

    def gene(self, gene: str | None) -> Component | None:
        """The gene that was studied; None without a symbol."""
        return self.component("gene", self.codes.gene(gene)) if gene else None

    def propose(
        self, profile: str, description: str, code: Concept | None = None, **more: Reference | None
    ) -> None:
        """Add a task that proposes an action, which becomes an action of the report.

        Args:
            profile: Id of the profile.
            description: The action in words.
            code: Its code, where one stands for it.
            **more: reasonReference, the implication that it follows from, and focus, the medicine
                that the person takes; None is left out.
        """
        resource: Resource = {
            "resourceType": "Task",
            "meta": {"profile": [GUIDE + profile]},
            "status": "requested",
            "intent": "proposal",
            "description": description,
            "for": self.about["subject"],
        }
        resource |= {key: value for key, value in more.items() if value}
        reference = self.add({**resource, "code": code} if code else resource)
        if reference not in self.actions:
            self.actions.append(reference)


def related(citation: str | None, url: str | None, label: str | None = None) -> list[Resource]:
    """The extension that cites what a result rests on; none where nothing is to be cited."""
    artifact = {"type": "citation", "label": label, "citation": citation, "url": url}
    kept = {key: value for key, value in artifact.items() if value}
    if len(kept) == 1:
        return []
    return [{"url": f"{BASE}workflow-relatedArtifact", "valueRelatedArtifact": kept}]


def absent(reason: str) -> Resource:
    """The extension that tells why a value is absent, with a code of data-absent-reason."""
    return {"url": f"{BASE}data-absent-reason", "valueCode": reason}


def joined(parts: Iterable[str | None], by: str = "; ") -> str | None:
    """The parts that are not empty, in one text; None where there is none."""
    return by.join(part for part in parts if part) or None


def place(position: str, ref: str | None) -> tuple[str, Mapping[str, Any]]:
    """The chromosome of a position, and the 1-based range of its reference bases.

    Args:
        position: `chrom:pos`, 1-based.
        ref: The reference bases.
    """
    chrom, _, start = position.rpartition(":")
    low = int(start)
    high = low + max(len(ref or ""), 1) - 1
    return chrom, {"low": {"value": low}, "high": {"value": high}}
