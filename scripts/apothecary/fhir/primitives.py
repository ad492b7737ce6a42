"""Whether primitive values of FHIR look as they must."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from apothecary.fhir.structures import Definitions

_NUMBERS = frozenset({"integer", "unsignedInt", "positiveInt"})


def fault(definitions: Definitions, name: str, value: Any) -> str | None:
    """What would be right instead of a primitive value; None when it is right.

    Args:
        definitions: The structures.
        name: The primitive type.
        value: The JSON value.
    """
    if name == "boolean":
        return None if isinstance(value, bool) else "true or false"
    if name in _NUMBERS or name == "decimal":
        whole = name in _NUMBERS
        number = isinstance(value, int if whole else (int, float)) and not isinstance(value, bool)
        if not number:
            return "a whole number" if whole else "a number"
        least = {"unsignedInt": 0, "positiveInt": 1}.get(name)
        return f"at least {least}" if least is not None and value < least else None
    if not isinstance(value, str):
        return f"a text ({name})"
    if not value.strip():
        return "a text that is not empty"
    structure = definitions.types.get(name)
    regex = structure.regex if structure is not None else None
    if regex and name != "base64Binary" and not _compiled(regex).fullmatch(value):
        return f"a {name} ({regex})"
    return None


@lru_cache(maxsize=64)
def _compiled(regex: str) -> re.Pattern[str]:
    return re.compile(regex)
