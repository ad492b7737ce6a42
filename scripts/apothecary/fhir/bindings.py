"""Whether codes belong to the value sets that they are bound to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from apothecary.fhir.findings import Check


def check_binding(check: Check, value: Any, strength: str, value_set: str, path: str) -> None:
    """Tell of a code that its binding does not allow.

    Required: a code of the value set must stand there. Extensible: a code of a system of the
    value set must be one of it; another system, or words alone, may say what it cannot. Of a value
    set whose codes are not all at hand only the system is checked; of one that is not at hand at
    all nothing is.

    Args:
        check: The state of the check.
        value: A code, Coding or CodeableConcept.
        strength: required or extensible.
        value_set: Address of the value set.
        path: The element.
    """
    systems = check.definitions.systems.get(value_set)
    if systems is None:
        return
    if isinstance(value, str):
        if not any(belongs(check, value_set, system, value) for system in systems):
            check.tell(path, f"the code {value!r}", f"a code of {value_set}")
        return
    codings = value.get("coding", []) if isinstance(value, Mapping) else []
    if isinstance(value, Mapping) and "code" in value:
        codings = [value]
    codings = [coding for coding in codings if isinstance(coding, Mapping)]
    told = [(coding.get("system"), coding.get("code")) for coding in codings]
    inside = any(
        isinstance(system, str) and belongs(check, value_set, system, code) for system, code in told
    )
    if strength == "required" and not inside:
        check.tell(path, _words(told), f"a code of {value_set} (binding required)")
    if strength == "extensible" and not inside:
        for system, code in told:
            if system in systems:
                check.tell(
                    path,
                    f"the code {code!r} of {system}",
                    f"a code of {value_set} (binding extensible), or words alone",
                )


def belongs(check: Check, value_set: str, system: str, code: Any) -> bool:
    """Whether a code belongs to a value set, as far as its codes are at hand."""
    key = (value_set, system)
    if not isinstance(code, str) or not code:
        return False
    return code in check.definitions.codes.get(key, ()) or key in check.definitions.open_systems


def _words(told: list[tuple[Any, Any]]) -> str:
    if not told:
        return "no code"
    return "the code " + ", ".join(f"{code!r} of {system}" for system, code in told)
