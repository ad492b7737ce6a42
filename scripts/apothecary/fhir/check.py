"""Check FHIR bundles against FHIR R4 and the Genomics Reporting guide."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from apothecary.errors import Problem, WorkflowInputError
from apothecary.fhir import bundle_index
from apothecary.fhir.findings import Check, Deviation
from apothecary.fhir.profile_check import check_profile
from apothecary.fhir.references import profiles_of
from apothecary.fhir.structures import Definitions
from apothecary.fhir.type_check import check_type

_BASE = "http://hl7.org/fhir/StructureDefinition/"


def read(path: Path | str) -> dict[str, Any]:
    """Read a bundle, or one resource.

    Raises:
        WorkflowInputError: The file is no JSON of a resource.
    """
    file = Path(path)
    try:
        document = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise WorkflowInputError(
            Problem(str(file), f"cannot be read ({error})", "give a FHIR bundle as JSON")
        ) from error
    if not isinstance(document, dict) or not isinstance(document.get("resourceType"), str):
        raise WorkflowInputError(
            Problem(
                str(file),
                "no resource of FHIR",
                "give an object with a resourceType, such as a Bundle",
                field="resourceType",
            )
        )
    return document


def check(document: Mapping[str, Any], definitions: Definitions) -> list[Deviation]:
    """Check a bundle with all its resources, or one resource.

    Args:
        document: The JSON of the bundle or resource.
        definitions: What is checked against.

    Returns:
        Every deviation, in the order of the document.
    """
    state = Check(definitions, bundle_index.index(document))
    _check_resource(state, document, _name(document, str(document.get("resourceType"))))
    if document.get("resourceType") == "Bundle":
        entries = document.get("entry")
        for number, entry in enumerate(entries if isinstance(entries, list) else ()):
            resource = entry.get("resource") if isinstance(entry, Mapping) else None
            if resource is not None:
                _check_resource(state, resource, _name(resource, f"entry[{number}]"))
    return state.deviations


def _name(resource: Any, place: str) -> str:
    if isinstance(resource, Mapping) and resource.get("id"):
        return f"{resource.get('resourceType')}/{resource['id']}"
    return place


def _check_resource(state: Check, resource: Any, name: str) -> None:
    state.resource = name
    kind = resource.get("resourceType") if isinstance(resource, Mapping) else None
    if not isinstance(resource, Mapping) or not isinstance(kind, str):
        state.tell("resourceType", "nothing", "the type of a resource")
        return
    structure = state.definitions.types.get(kind)
    if structure is None or structure.kind != "resource":
        right = "a type that the definitions at hand hold; it is not checked"
        state.tell(kind, f"the type {kind} is not known here", right, error=False)
        return
    held = resource.get("contained")
    contained = [
        one for one in (held if isinstance(held, list) else ()) if isinstance(one, Mapping)
    ]
    state.contained = {str(one.get("id")): one for one in contained}
    check_type(state, resource, structure, kind)
    _check_profiles(state, resource, kind)
    owned = state.contained
    for one in contained:
        _check_resource(state, one, f"{name}#{one.get('id')}")
        state.contained = owned


def _check_profiles(state: Check, resource: Mapping[str, Any], kind: str) -> None:
    for url in profiles_of(resource):
        profile = state.definitions.profiles.get(url)
        if profile is None:
            if url != _BASE + kind:
                right = "a profile that the definitions at hand hold; it is not checked"
                state.tell(f"{kind}.meta.profile", f"{url} is not known here", right, error=False)
        elif profile.type != kind:
            state.tell(f"{kind}.meta.profile", f"a profile of {profile.type}", f"one of {kind}")
        else:
            check_profile(state, resource, profile.root, kind)
