"""The values of an element in the JSON of a resource."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from apothecary.fhir.structures import Element

CHOICE = "[x]"


@dataclass(frozen=True)
class Found:
    """A value of an element.

    Attributes:
        path: The element with its 0-based index.
        value: The value; None where only a reason stands for it.
        type_code: Its type.
    """

    path: str
    value: Any
    type_code: str


def choice_key(name: str, type_code: str) -> str:
    """The key of a choice of types: `value[x]` of a Quantity is `valueQuantity`."""
    return name.removesuffix(CHOICE) + type_code[0].upper() + type_code[1:]


def keys_of(name: str, element: Element) -> dict[str, str]:
    """The keys that an element may have in JSON, with the type of each."""
    codes = [code for code, _ in element.types]
    if name.endswith(CHOICE):
        return {choice_key(name, code): code for code in codes}
    return {name: codes[0] if codes else ""}


def values_of(
    obj: Mapping[str, Any], name: str, element: Element, path: str, types: Mapping[str, Any]
) -> Iterator[Found]:
    """The values of an element, those that only have a reason among them.

    Args:
        obj: The object that holds the element.
        name: Name of the element.
        element: The element; where it has no types every type is taken.
        path: Path of the object.
        types: Types of FHIR by name, to tell the type of a choice.
    """
    for key, code in _present(obj, name, element, types):
        value, companion = obj.get(key), obj.get(f"_{key}")
        items = value if isinstance(value, list) else [value] if key in obj else []
        if not items and companion is not None:
            items = [None] * (len(companion) if isinstance(companion, list) else 1)
        listed = isinstance(value, list) or isinstance(companion, list)
        for number, item in enumerate(items):
            yield Found(f"{path}.{key}" + (f"[{number}]" if listed else ""), item, code)


def _present(
    obj: Mapping[str, Any], name: str, element: Element, types: Mapping[str, Any]
) -> Iterator[tuple[str, str]]:
    if not name.endswith(CHOICE):
        codes = [code for code, _ in element.types]
        if name in obj or f"_{name}" in obj:
            yield name, codes[0] if codes else ""
        return
    stem = name.removesuffix(CHOICE)
    for key in sorted({key.removeprefix("_") for key in obj if isinstance(key, str)}):
        rest = key.removeprefix(stem)
        if not key.startswith(stem) or not rest or not rest[0].isupper():
            continue
        code = rest if rest in types else rest[0].lower() + rest[1:]
        if code in types:
            yield key, code
