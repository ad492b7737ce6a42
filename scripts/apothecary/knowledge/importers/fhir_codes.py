"""The codes of FHIR value sets, from value sets and code systems at hand."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

Definition = Mapping[str, Any]
Row = dict[str, Any]


class CodeSystems:
    """Value sets and code systems by address."""

    def __init__(self, definitions: Iterable[Definition]) -> None:
        found = list(definitions)
        self._sets = {one["url"]: one for one in found if one["resourceType"] == "ValueSet"}
        self._systems = {
            one["url"]: one
            for one in found
            if one["resourceType"] == "CodeSystem" and one.get("content") == "complete"
        }

    def rows(self, url: str) -> list[Row]:
        """The rows of the table value_sets of one value set.

        Args:
            url: The address of the value set.

        Returns:
            A row a code, and a row a system whose codes are all taken or are not at hand; empty
            when the value set itself is not at hand, or leaves codes out again.
        """
        rows: dict[tuple[str, str], Row] = {}
        for system, code, display, listed in self._included(url, frozenset()):
            row = {"value_set": url, "system": system, "code": code, "display": display}
            rows.setdefault((system, code), {**row, "listed": listed})
        return list(rows.values())

    def _included(
        self, url: str, seen: frozenset[str]
    ) -> Iterator[tuple[str, str, str | None, bool | None]]:
        compose = self._sets.get(url, {}).get("compose", {})
        if url in seen or compose.get("exclude"):
            return
        for include in compose.get("include", ()):
            for other in include.get("valueSet", ()):
                yield from self._included(other.split("|")[0], seen | {url})
            system = include.get("system")
            if system is None:
                continue
            if include.get("concept"):
                for concept in include["concept"]:
                    yield system, concept["code"], concept.get("display"), None
            elif include.get("filter"):
                yield system, "", None, False
            elif system in self._systems:
                for concept in _flat(self._systems[system].get("concept", ())):
                    yield system, concept["code"], concept.get("display"), None
            else:
                yield system, "", None, True


def _flat(concepts: Iterable[Definition]) -> Iterator[Definition]:
    for concept in concepts:
        yield concept
        yield from _flat(concept.get("concept", ()))
