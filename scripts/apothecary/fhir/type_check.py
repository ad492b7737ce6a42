"""Whether resources and their parts conform to the types of FHIR R4."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from apothecary.fhir import extensions, invariants, primitives
from apothecary.fhir.bindings import check_binding
from apothecary.fhir.findings import Check
from apothecary.fhir.references import check_reference
from apothecary.fhir.slices import meets
from apothecary.fhir.structures import Element, Structure
from apothecary.fhir.values import keys_of, values_of

_EVERYWHERE = frozenset({"id", "extension", "modifierExtension", "resourceType"})
_RESOURCE_TYPES = frozenset({"Resource", "DomainResource"})
_PARTS = frozenset({"BackboneElement", "Element"})


def check_type(check: Check, value: Any, structure: Structure, path: str) -> None:
    """Check a value against a complex type or the type of a resource.

    Args:
        check: The state of the check.
        value: The JSON value.
        structure: The type.
        path: The element.
    """
    if not isinstance(value, Mapping) or not value:
        check.tell(path, _words(value), f"an object ({structure.name}) that is not empty")
        return
    _check_children(check, value, structure.root, structure, path, structure.name)


def _check_children(
    check: Check, obj: Mapping[str, Any], node: Element, of: Structure, path: str, place: str
) -> None:
    """Check the elements of an object.

    Args:
        check: The state of the check.
        obj: The object.
        node: The element or type that says what it may hold.
        of: The type that the element belongs to.
        path: Where the object is.
        place: The path of the element in its type, for contexts of extensions and rules.
    """
    known = set(_EVERYWHERE)
    for name, child in node.children.items():
        keys = keys_of(name, child)
        known.update(keys)
        _check_shape(check, obj, keys, child, path)
        found = list(values_of(obj, name, child, path, check.definitions.types))
        found = [one for one in found if one.path.split(".")[-1].split("[")[0] in keys]
        if len(found) < child.least:
            check.tell(f"{path}.{name}", "nothing", f"at least {child.least}")
        if child.most is not None and len(found) > child.most:
            check.tell(f"{path}.{name}", f"{len(found)} values", f"at most {child.most}")
        for one in found:
            if one.value is not None:
                inner = f"{place}.{name}"
                _check_value(check, one.value, child, one.type_code, of, one.path, inner)
    _check_extensions(check, obj, path, place, of)
    for key in obj:
        if key.removeprefix("_") not in known:
            check.tell(f"{path}.{key}", "an element that is not known", f"one of {place}")
    invariants.check_rules(check, obj, place, path)


def _check_shape(
    check: Check, obj: Mapping[str, Any], keys: Mapping[str, str], child: Element, path: str
) -> None:
    for key in keys:
        if key in obj and isinstance(obj[key], list) != (child.most != 1):
            right = "a list" if child.most != 1 else "one value, no list"
            check.tell(f"{path}.{key}", _words(obj[key]), right)
        elif key in obj and obj[key] in ([], None):
            check.tell(f"{path}.{key}", _words(obj[key]), "a value, or no such key")


def _check_value(
    check: Check, value: Any, child: Element, code: str, of: Structure, path: str, place: str
) -> None:
    if not meets(child, value):
        check.tell(path, _words(value), child.fixed or child.pattern or "")
    if child.strength and child.value_set:
        check_binding(check, value, child.strength, child.value_set, path)
    if code in _RESOURCE_TYPES:
        # Entries of bundles are looked at one by one; contained resources with their owner.
        return
    if child.children or child.content:
        node = _element_at(of, child.content) if child.content else child
        if not isinstance(value, Mapping) or not value:
            check.tell(path, _words(value), "an object that is not empty")
        else:
            _check_children(check, value, node, of, path, child.content or place)
        return
    structure = check.definitions.types.get(code)
    if structure is None:
        return
    if structure.kind == "primitive-type":
        right = primitives.fault(check.definitions, code, value)
        if right is not None:
            check.tell(path, _words(value), right)
        return
    check_type(check, value, structure, path)
    if code == "Reference" and isinstance(value, Mapping):
        targets = [target for kind, target in child.types if kind == "Reference" and target]
        check_reference(check, value, targets, path)


def _check_extensions(
    check: Check, obj: Mapping[str, Any], path: str, place: str, of: Structure
) -> None:
    contexts = {place, of.name, *_PARTS} if place == of.name else {place, *_PARTS}
    if of.kind == "resource" and place == of.name:
        contexts |= _RESOURCE_TYPES
    for key in ("extension", "modifierExtension"):
        for number, value in enumerate(_list(obj.get(key))):
            inner = f"{path}.{key}[{number}]"
            check_type(check, value, check.definitions.types["Extension"], inner)
            extensions.check_extension(check, value, contexts, inner, nested=place == "Extension")
    for key, companion in obj.items():
        if not key.startswith("_"):
            continue
        for number, one in enumerate(_list(companion)):
            held = _list(one.get("extension")) if isinstance(one, Mapping) else []
            for inside, value in enumerate(held):
                inner = f"{path}.{key}[{number}].extension[{inside}]"
                check_type(check, value, check.definitions.types["Extension"], inner)
                extensions.check_extension(check, value, set(_PARTS), inner, nested=False)


def _element_at(of: Structure, content: str | None) -> Element:
    element = of.root
    for part in (content or "").split(".")[1:]:
        element = element.children[part]
    return element


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _words(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 80 else text[:77] + "..."
