"""Definitions of FHIR R4 and of the Genomics Reporting guide, as compact tables.

Of a type every element is kept; of a profile only what its snapshot adds to the type: that a
resource conforms to its type is checked first, so that nothing is lost.
"""

from __future__ import annotations

import json
import tarfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from apothecary.errors import Problem, ResourceError
from apothecary.knowledge.importers.fhir_codes import CodeSystems
from apothecary.knowledge.importers.upstream import read_json

Definition = Mapping[str, Any]
Row = dict[str, Any]

RESOURCES = (
    "Bundle",
    "CarePlan",
    "Condition",
    "Device",
    "DiagnosticReport",
    "DocumentReference",
    "Encounter",
    "FamilyMemberHistory",
    "Group",
    "ImagingStudy",
    "Location",
    "Media",
    "Medication",
    "MedicationAdministration",
    "MedicationDispense",
    "MedicationKnowledge",
    "MedicationRequest",
    "MedicationStatement",
    "MolecularSequence",
    "Observation",
    "Organization",
    "Patient",
    "PlanDefinition",
    "Practitioner",
    "PractitionerRole",
    "Procedure",
    "RelatedPerson",
    "ResearchStudy",
    "RiskAssessment",
    "ServiceRequest",
    "Specimen",
    "Substance",
    "Task",
)
"""The types of resources that bundles of the guide hold or refer to."""
EXTENSIONS = (
    "bodySite",
    "data-absent-reason",
    "diagnosticReport-replaces",
    "observation-secondaryFinding",
    "workflow-relatedArtifact",
    "workflow-supportingInfo",
)
"""Extensions of FHIR itself that the guide names, that tell why a value is absent, or that name the
report that was replaced."""
_BASE = "http://hl7.org/fhir/StructureDefinition/"
_STRENGTHS = ("required", "extensible")
# Every element may have these; they are no rows.
_EVERYWHERE = (".id", ".extension", ".modifierExtension")
_SYSTEM_TYPES = "http://hl7.org/fhirpath/System."
_REGEX = _BASE + "regex"


@dataclass(frozen=True)
class Guide:
    """The tables of `apothecary.fhir.guide_schemas` that are compiled.

    Attributes:
        structures: Rows of structures.
        elements: Rows of elements.
        value_sets: Rows of value_sets.
    """

    structures: list[Row]
    elements: list[Row]
    value_sets: list[Row]


def compile_guide(archive: Path, guide_name: str, base: Path, base_name: str) -> Guide:
    """Compile the guide and the types of FHIR R4 that it rests on.

    Args:
        archive: The guide's structure definitions, value sets and code systems as tar, gzipped.
        guide_name: Name and version of the guide.
        base: Folder with the definitions of FHIR R4: profiles-resources.json,
            profiles-types.json, extension-definitions.json, valuesets.json, v3-codesystems.json.
        base_name: Name and version of what the folder was taken from.

    Returns:
        The tables.

    Raises:
        ResourceError: A file is not as expected, or a definition is absent.
    """
    guide = list(_members(archive))
    profiles = [one for one in guide if one["resourceType"] == "StructureDefinition"]
    types = _types(base)
    extensions = _named(_entries(base / "extension-definitions.json"), EXTENSIONS, base)
    by_type = {one["type"]: _plain_elements(one) for one in types}
    structures = [_structure(one, base_name) for one in (*types, *extensions)]
    structures += [_structure(one, guide_name) for one in profiles]
    elements = [row for one in types for row in by_type[one["type"]].values()]
    for one in (*extensions, *profiles):
        elements += _added(one, by_type[one["type"]])
    systems = CodeSystems(
        [
            *guide,
            *_entries(base / "valuesets.json"),
            *_entries(base / "v3-codesystems.json"),
        ]
    )
    bound = {row["value_set"] for row in elements if row["value_set"]}
    value_sets = [row for url in sorted(bound) for row in systems.rows(url)]
    return Guide(structures, elements, value_sets)


def _members(archive: Path) -> Iterator[Definition]:
    try:
        with tarfile.open(archive, "r:gz") as tar:
            for member in sorted(tar.getmembers(), key=lambda entry: entry.name):
                stream = tar.extractfile(member)
                if stream is not None and member.name.endswith(".json"):
                    yield json.loads(stream.read())
    except (OSError, tarfile.TarError, ValueError) as error:
        raise ResourceError(
            Problem(str(archive), f"cannot be read ({error})", "give the guide's archive again")
        ) from error


def _entries(path: Path) -> list[Definition]:
    return [entry["resource"] for entry in read_json(path)["entry"]]


def _types(base: Path) -> list[Definition]:
    resources = _named(_entries(base / "profiles-resources.json"), RESOURCES, base)
    data = [
        one
        for one in _entries(base / "profiles-types.json")
        if one.get("derivation") != "constraint" and one["kind"] != "logical"
    ]
    return [*resources, *data]


def _named(found: Iterable[Definition], names: Iterable[str], base: Path) -> list[Definition]:
    by_name = {one["id"]: one for one in found if one["resourceType"] == "StructureDefinition"}
    absent = sorted(set(names) - set(by_name))
    if absent:
        raise ResourceError(
            Problem(str(base), f"lacks {', '.join(absent)}", "give the definitions of FHIR R4")
        )
    return [by_name[name] for name in names]


def _structure(one: Definition, source: str) -> Row:
    derived = one.get("derivation") == "constraint"
    base = str(one.get("baseDefinition") or "").rsplit("/", 1)[-1]
    return {
        "structure": one["id"],
        "url": one["url"],
        "type": one["type"],
        "kind": "profile" if derived else one["kind"],
        "base": base or None,
        "contexts": [context["expression"] for context in one.get("context", ())],
        "regex": _regex(one),
        "source": source,
    }


def _regex(one: Definition) -> str | None:
    if one["kind"] != "primitive-type":
        return None
    kinds = [kind for element in one["snapshot"]["element"] for kind in element.get("type", ())]
    found = [
        extension["valueString"]
        for kind in kinds
        for extension in kind.get("extension", ())
        if extension["url"] == _REGEX
    ]
    return found[0] if found else None


def _plain_elements(one: Definition) -> dict[str, Row]:
    """The elements of a type by id, without those that every element has."""
    rows = (_element(one, element) for element in one["snapshot"]["element"])
    return {row["element"]: row for row in rows if not row["element"].endswith(_EVERYWHERE)}


def _added(one: Definition, plain: Mapping[str, Row]) -> list[Row]:
    """The elements of a profile that ask for more than its type does."""
    rows = []
    for element in one["snapshot"]["element"]:
        row = _element(one, element)
        unsliced = ".".join(part.split(":")[0] for part in row["element"].split("."))
        like = plain.get(unsliced)
        same = like is not None and all(
            row[name] == like[name] for name in row if name not in ("structure", "element")
        )
        everywhere = row["element"].endswith(_EVERYWHERE) and row["max"] != "0"
        is_slice = ":" in row["element"].rsplit(".", 1)[-1]
        if "." in row["element"] and not same and (is_slice or not everywhere):
            rows.append(row)
    return rows


def _element(one: Definition, element: Definition) -> Row:
    binding = element.get("binding") or {}
    bound = binding.get("strength") in _STRENGTHS and bool(binding.get("valueSet"))
    slicing = element.get("slicing") or {}
    of_extensions = element["id"].endswith("xtension") and not _is_slice(element)
    return {
        "structure": one["id"],
        "element": element["id"],
        "min": element.get("min", 0),
        "max": element.get("max", "1"),
        "types": [text for kind in element.get("type", ()) for text in _type_texts(kind)],
        "fixed": _literal(element, "fixed"),
        "pattern": _literal(element, "pattern"),
        "strength": binding["strength"] if bound else None,
        "value_set": binding["valueSet"].split("|")[0] if bound else None,
        "discriminators": [
            f"{entry['type']}:{entry['path']}"
            for entry in slicing.get("discriminator", ())
            if not of_extensions
        ]
        or (["value:url"] if of_extensions and slicing else []),
        "rules": slicing.get("rules"),
        "content": str(element.get("contentReference") or "").rsplit("#", 1)[-1] or None,
    }


def _is_slice(element: Definition) -> bool:
    return ":" in element["id"].rsplit(".", 1)[-1]


def _type_texts(kind: Definition) -> list[str]:
    code = str(kind["code"]).removeprefix(_SYSTEM_TYPES)
    code = code[0].lower() + code[1:] if kind["code"].startswith(_SYSTEM_TYPES) else code
    wanted = [*kind.get("targetProfile", ()), *kind.get("profile", ())]
    return [f"{code} {url.split('|')[0]}" for url in wanted] or [code]


def _literal(element: Definition, prefix: str) -> str | None:
    found = [value for key, value in element.items() if key.startswith(prefix)]
    if not found:
        return None
    return json.dumps(found[0], sort_keys=True, ensure_ascii=False, separators=(",", ":"))
