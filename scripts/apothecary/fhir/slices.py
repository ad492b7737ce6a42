"""Which slice of an element a value belongs to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from apothecary.fhir.findings import Check
from apothecary.fhir.references import profiles_of, resolve
from apothecary.fhir.structures import Element


def slice_of(check: Check, element: Element, value: Any, type_code: str) -> str | None:
    """The name of the slice that a value belongs to; None for none.

    Args:
        check: The state of the check.
        element: The sliced element.
        value: The value.
        type_code: The type of the value.
    """
    for name, one in element.slices.items():
        kinds = element.discriminators or (("value", "url"),)
        if all(_fits(check, one, value, type_code, kind, path) for kind, path in kinds):
            return name
    return None


def other_system(element: Element, value: Any) -> tuple[str, Any, str] | None:
    """A code by which slices are told, under another system than theirs.

    Such a value belongs to no slice, which open slicing allows; yet it is hardly meant so.

    Args:
        element: The sliced element.
        value: A value of no slice.

    Returns:
        The code, the system that it has and the system of the slice; None where there is none.
    """
    for one in element.slices.values():
        for _, path in element.discriminators:
            asked = one.children.get(path)
            if asked is None or asked.pattern is None or not isinstance(value, Mapping):
                continue
            own = {coding.get("code"): coding.get("system") for coding in _codings(value.get(path))}
            for wanted in _codings(asked.pattern_value):
                code = wanted.get("code")
                if code in own and own[code] != wanted.get("system"):
                    return str(code), own[code], str(wanted.get("system"))
    return None


def _codings(value: Any) -> list[Mapping[str, Any]]:
    """The codings of a concept, or of a coding or list of codings."""
    found = value.get("coding", [value]) if isinstance(value, Mapping) else value
    return [one for one in found if isinstance(one, Mapping)] if isinstance(found, list) else []


def _fits(check: Check, one: Element, value: Any, type_code: str, kind: str, path: str) -> bool:
    if kind == "type":
        return any(code == type_code for code, _ in one.types)
    if kind == "profile":
        target = resolve(check, value)
        wanted = [profile for _, profile in one.types if profile]
        return target is not None and any(_follows(check, target, url) for url in wanted)
    if path == "url" and any(code == "Extension" and profile for code, profile in one.types):
        url = value.get("url") if isinstance(value, Mapping) else None
        return any(profile == url for _, profile in one.types)
    return _holds_along(one.children.get(path), value, path)


def _follows(check: Check, target: Mapping[str, Any], url: str) -> bool:
    if url in check.definitions.profiles:
        return any(check.definitions.derives(one, url) for one in profiles_of(target))
    return url.rsplit("/", 1)[-1] == target.get("resourceType")


def _holds_along(asked: Element | None, value: Any, name: str) -> bool:
    """Whether what a slice asks of an element, or of elements in it, holds of a value."""
    if asked is None or not isinstance(value, Mapping):
        return False
    found = value.get(name)
    items = found if isinstance(found, list) else [found]
    if asked.fixed is not None or asked.pattern is not None:
        return any(meets(asked, item) for item in items)
    deeper = {key: child for key, child in asked.children.items() if child.declared}
    return bool(deeper) and any(
        all(_holds_along(child, item, key) for key, child in deeper.items()) for item in items
    )


def meets(asked: Element, value: Any) -> bool:
    """Whether a value is the fixed one of an element and holds its pattern, where it has them."""
    if asked.fixed is not None and value != asked.fixed_value:
        return False
    return asked.pattern is None or holds(value, asked.pattern_value)


def holds(value: Any, pattern: Any) -> bool:
    """Whether a value holds all that a pattern does: every key, and every item of every list."""
    if isinstance(pattern, Mapping):
        return isinstance(value, Mapping) and all(
            key in value and holds(value[key], wanted) for key, wanted in pattern.items()
        )
    if isinstance(pattern, list):
        return isinstance(value, list) and all(
            any(holds(item, wanted) for item in value) for wanted in pattern
        )
    return bool(value == pattern)
