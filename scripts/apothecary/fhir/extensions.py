"""Whether extensions are known, stand where they may and hold what they must."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from apothecary.fhir import profile_check
from apothecary.fhir.findings import Check


def check_extension(
    check: Check, value: Any, contexts: set[str], path: str, *, nested: bool
) -> None:
    """Check an extension against its definition.

    Args:
        check: The state of the check.
        value: The extension.
        contexts: What the element that holds it is called.
        path: The element.
        nested: Whether it is a part of another extension, which says what it may be.
    """
    url = value.get("url") if isinstance(value, Mapping) else None
    if not isinstance(url, str):
        return
    profile = check.definitions.profiles.get(url)
    if profile is None or profile.type != "Extension":
        if not nested and url not in check.definitions.named_extensions:
            right = "an extension of the guide, or one whose definition the receiver has"
            check.tell(path, f"the extension {url} is not known here", right, error=False)
        return
    if profile.contexts and not contexts & set(profile.contexts):
        right = f"in {' or '.join(profile.contexts)}"
        check.tell(path, f"the extension {profile.name} does not belong here", right)
    profile_check.check_profile(check, value, profile.root, path)
