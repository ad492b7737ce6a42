"""Whether resources and their parts hold what profiles ask beyond their types."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from apothecary.fhir.bindings import check_binding
from apothecary.fhir.findings import Check
from apothecary.fhir.references import check_reference
from apothecary.fhir.slices import meets, other_system, slice_of
from apothecary.fhir.structures import Element
from apothecary.fhir.values import Found, values_of


def check_profile(check: Check, obj: Mapping[str, Any], node: Element, path: str) -> None:
    """Check an object against what a profile asks of its elements.

    Args:
        check: The state of the check.
        obj: The object; that it conforms to its type is checked apart.
        node: What the profile asks.
        path: Where the object is.
    """
    for name, child in node.children.items():
        found = list(values_of(obj, name, child, path, check.definitions.types))
        if child.declared:
            _check_count(check, len(found), child, f"{path}.{name}")
        for one in found:
            if one.value is not None:
                _check_value(check, one, child)
        if child.slices:
            _check_slices(check, found, child, f"{path}.{name}")


def _check_count(check: Check, count: int, asked: Element, path: str) -> None:
    if count < asked.least:
        check.tell(path, f"{count} values" if count else "nothing", f"at least {asked.least}")
    if asked.most is not None and count > asked.most:
        right = f"at most {asked.most}" if asked.most else "none: the profile leaves it out"
        check.tell(path, f"{count} values", right)


def _check_slices(check: Check, found: list[Found], child: Element, path: str) -> None:
    counts: Counter[str] = Counter()
    for one in found:
        if one.value is None:
            continue
        name = slice_of(check, child, one.value, one.type_code)
        if name is None:
            if child.closed:
                known = ", ".join(sorted(child.slices))
                check.tell(one.path, "a value of no slice", f"one of {known}")
            wrong = other_system(child, one.value)
            if wrong is not None:
                code, system, right = wrong
                check.tell(one.path, f"the code {code} of {system}", f"this code of {right}")
            continue
        counts[name] += 1
        _check_value(check, one, child.slices[name])
    for name, asked in child.slices.items():
        if asked.declared:
            _check_count(check, counts[name], asked, f"{path}:{name}")


def _check_value(check: Check, one: Found, asked: Element) -> None:
    if not meets(asked, one.value):
        wanted = asked.fixed or asked.pattern
        check.tell(one.path, _words(one.value), f"what holds {wanted}")
    if asked.strength and asked.value_set:
        check_binding(check, one.value, asked.strength, asked.value_set, one.path)
    codes = {code for code, _ in asked.types}
    if codes and one.type_code and one.type_code not in codes:
        check.tell(one.path, f"a {one.type_code}", f"a {' or '.join(sorted(codes))}")
    if not isinstance(one.value, Mapping):
        return
    profiles = [url for code, url in asked.types if url and code == one.type_code]
    if one.type_code == "Reference" and profiles:
        check_reference(check, one.value, profiles, one.path)
    elif one.type_code != "Extension":
        for url in profiles:
            profile = check.definitions.profiles.get(url)
            if profile is not None:
                check_profile(check, one.value, profile.root, one.path)
    check_profile(check, one.value, asked, one.path)


def _words(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 80 else text[:77] + "..."
