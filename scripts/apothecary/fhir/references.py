"""Whether references mean a resource of a type and profile that may stand there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from apothecary.fhir.findings import Check

_BASE = "http://hl7.org/fhir/StructureDefinition/"
_PARTS_OF_NAME = 2


def resolve(check: Check, value: Any) -> Mapping[str, Any] | None:
    """The resource that a Reference means, in the bundle or contained; else None."""
    reference = value.get("reference") if isinstance(value, Mapping) else None
    if not isinstance(reference, str):
        return None
    if reference.startswith("#"):
        return check.contained.get(reference[1:])
    return check.bundle.resolve(reference)


def check_reference(
    check: Check, value: Mapping[str, Any], targets: Sequence[str], path: str
) -> None:
    """Tell of a reference that means nothing, or something else than may stand there.

    Args:
        check: The state of the check.
        value: The Reference.
        targets: Addresses of the types and profiles that it may mean; empty for any.
        path: The element.
    """
    reference = value.get("reference")
    if not isinstance(reference, str):
        return
    found = resolve(check, value)
    if found is None:
        if reference.startswith(("#", "urn:")):
            check.tell(path, f"the reference {reference} means no resource", "one of the bundle")
            return
        check.tell(path, f"{reference} is not in the bundle", "its resource as well", error=False)
        parts = reference.split("/_history/")[0].split("/")
        if len(parts) >= _PARTS_OF_NAME and targets:
            _check_type(check, parts[-_PARTS_OF_NAME], targets, path)
        return
    if targets and not any(_is(check, found, target) for target in targets):
        wanted = " or ".join(sorted({target.rsplit("/", 1)[-1] for target in targets}))
        declared = ", ".join(profile.rsplit("/", 1)[-1] for profile in profiles_of(found))
        kind = f"{found.get('resourceType')}" + (f" ({declared})" if declared else "")
        check.tell(path, f"the reference means a {kind}", f"a {wanted}")


def profiles_of(resource: Mapping[str, Any]) -> list[str]:
    """The profiles that a resource says it follows, without versions."""
    meta = resource.get("meta")
    found = meta.get("profile") if isinstance(meta, Mapping) else None
    return [str(url).split("|")[0] for url in found] if isinstance(found, list) else []


def _check_type(check: Check, name: str, targets: Sequence[str], path: str) -> None:
    profiles = check.definitions.profiles
    allowed = {
        profiles[target].type if target in profiles else target.removeprefix(_BASE)
        for target in targets
    }
    if name in check.definitions.types and not allowed & {name, "Resource"}:
        check.tell(path, f"the reference means a {name}", f"a {' or '.join(sorted(allowed))}")


def _is(check: Check, resource: Mapping[str, Any], target: str) -> bool:
    if target in check.definitions.profiles:
        return any(check.definitions.derives(url, target) for url in profiles_of(resource))
    return target.removeprefix(_BASE) in ("Resource", resource.get("resourceType"))
