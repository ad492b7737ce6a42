"""The rules of FHIR R4 and the guide that go beyond single elements.

They are named by their keys. Those that need a language of paths over whole trees (dom-3, the
rules of narrative) are left to HL7's own validator.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from apothecary.fhir.findings import Check

Rule = Callable[[Mapping[str, Any]], bool]


def _has(obj: Mapping[str, Any], stem: str) -> bool:
    """Whether an element or any type of a choice stands there."""
    plain = (key.removeprefix("_") for key in obj)
    return any(key == stem or (key.startswith(stem) and key[len(stem)].isupper()) for key in plain)


def _codings(concept: Any) -> set[tuple[Any, Any]]:
    codings = concept.get("coding") if isinstance(concept, Mapping) else None
    return {
        (coding.get("system"), coding.get("code"))
        for coding in codings or ()
        if isinstance(coding, Mapping)
    }


def _components_differ(obj: Mapping[str, Any]) -> bool:
    own = _codings(obj.get("code"))
    components = obj.get("component")
    inner = [
        _codings(one.get("code"))
        for one in (components if isinstance(components, list) else ())
        if isinstance(one, Mapping)
    ]
    return not (_has(obj, "value") and any(own & codes for codes in inner))


def _low_before_high(obj: Mapping[str, Any]) -> bool:
    low, high = obj.get("low"), obj.get("high")
    values = [one.get("value") for one in (low, high) if isinstance(one, Mapping)]
    numbers = [one for one in values if isinstance(one, int | float)]
    return len(numbers) < 2 or numbers[0] <= numbers[1]


def _entries(bundle: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    found = bundle.get("entry")
    return [one for one in found if isinstance(one, Mapping)] if isinstance(found, list) else []


def _unique_addresses(bundle: Mapping[str, Any]) -> bool:
    told = []
    for entry in _entries(bundle):
        resource = entry.get("resource")
        meta = resource.get("meta") if isinstance(resource, Mapping) else None
        version = meta.get("versionId") if isinstance(meta, Mapping) else None
        if entry.get("fullUrl"):
            told.append((entry["fullUrl"], version))
    return len(set(told)) == len(told)


def _contained(obj: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    found = obj.get("contained")
    return [one for one in found if isinstance(one, Mapping)] if isinstance(found, list) else []


def _metas(obj: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    metas = [one.get("meta") for one in _contained(obj)]
    return [one for one in metas if isinstance(one, Mapping)]


_RULES: Mapping[str, Sequence[tuple[str, Rule, str]]] = {
    "Extension": (
        (
            "ext-1",
            lambda o: ("extension" in o) != _has(o, "value"),
            "either a value or extensions, not both",
        ),
    ),
    "Observation": (
        (
            "obs-6",
            lambda o: not ("dataAbsentReason" in o and _has(o, "value")),
            "no dataAbsentReason beside a value",
        ),
        ("obs-7", _components_differ, "no component of the code of the observation itself"),
    ),
    "Observation.referenceRange": (
        (
            "obs-3",
            lambda o: bool({"low", "high", "text"} & set(o)),
            "low, high or text",
        ),
    ),
    "Task": (
        (
            "inv-1",
            lambda o: str(o.get("lastModified", "9")) >= str(o.get("authoredOn", "")),
            "lastModified not before authoredOn",
        ),
    ),
    "Quantity": (("qty-3", lambda o: "system" in o or "code" not in o, "a system to the code"),),
    "Range": (("rng-2", _low_before_high, "low not above high"),),
    "Period": (
        (
            "per-1",
            lambda o: str(o.get("start", "")) <= str(o.get("end", "9")),
            "start not after end",
        ),
    ),
    "Bundle": (
        (
            "bdl-1",
            lambda o: "total" not in o or o.get("type") in ("searchset", "history"),
            "total only in a searchset or history",
        ),
        (
            "bdl-2",
            lambda o: o.get("type") == "searchset" or all("search" not in e for e in _entries(o)),
            "entry.search only in a searchset",
        ),
        ("bdl-7", _unique_addresses, "each fullUrl once"),
        (
            "bdl-9",
            lambda o: o.get("type") != "document" or "identifier" in o,
            "an identifier of a document",
        ),
        (
            "bdl-10",
            lambda o: o.get("type") != "document" or "timestamp" in o,
            "a timestamp of a document",
        ),
    ),
    "Bundle.entry": (
        (
            "bdl-5",
            lambda o: bool({"resource", "request", "response"} & set(o)),
            "a resource, or a request or response",
        ),
        (
            "bdl-8",
            lambda o: "/_history/" not in str(o.get("fullUrl", "")),
            "a fullUrl without version",
        ),
    ),
}
_OF_RESOURCES: Sequence[tuple[str, Rule, str]] = (
    (
        "dom-2",
        lambda o: all("contained" not in one for one in _contained(o)),
        "no resource contained in a contained one",
    ),
    (
        "dom-4",
        lambda o: all(not {"versionId", "lastUpdated"} & set(one) for one in _metas(o)),
        "no version in a contained resource",
    ),
    (
        "dom-5",
        lambda o: all("security" not in one for one in _metas(o)),
        "no security label in a contained resource",
    ),
)


def supported() -> list[str]:
    """The keys of the rules that are checked, sorted."""
    rules = [rule for listed in _RULES.values() for rule in listed]
    return sorted({key for key, _, _ in (*rules, *_OF_RESOURCES)} | {"ele-1"})


def check_rules(check: Check, obj: Mapping[str, Any], place: str, path: str) -> None:
    """Tell of rules that an object breaks.

    Args:
        check: The state of the check.
        obj: The object.
        place: Its type, or the path of the element in its type.
        path: Where the object is.
    """
    of_resource = _OF_RESOURCES if "resourceType" in obj else ()
    for key, rule, right in (*_RULES.get(place, ()), *of_resource):
        if not rule(obj):
            check.tell(path, f"the rule {key} is broken", right)
