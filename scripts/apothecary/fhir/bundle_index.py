"""The resources of a bundle by what references call them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Resource = Mapping[str, Any]


@dataclass(frozen=True)
class BundleIndex:
    """Resources by full address and by type and id.

    Attributes:
        by_url: By the fullUrl of their entry.
        by_name: By type, slash, id.
    """

    by_url: Mapping[str, Resource]
    by_name: Mapping[str, Resource]

    def resolve(self, reference: str) -> Resource | None:
        """The resource that a reference means; None when it is not in the bundle."""
        plain = reference.split("/_history/")[0]
        return self.by_url.get(plain) or self.by_name.get(plain)


def index(document: Resource) -> BundleIndex:
    """The index of a bundle, or of one resource."""
    by_url, by_name = {}, {}
    entries = document.get("entry") if document.get("resourceType") == "Bundle" else None
    for entry in entries if isinstance(entries, list) else ():
        resource = entry.get("resource") if isinstance(entry, dict) else None
        if not isinstance(resource, dict):
            continue
        if isinstance(entry.get("fullUrl"), str):
            by_url[entry["fullUrl"]] = resource
        by_name[f"{resource.get('resourceType')}/{resource.get('id')}"] = resource
    return BundleIndex(by_url, by_name)
