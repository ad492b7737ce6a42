"""YAML as plain data: no tag, no alias and no key twice, since each hides what a file says.

An alias may also grow a small file beyond all memory, and a tag may name code.
"""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

import yaml


class _StrictLoader(yaml.SafeLoader):
    """The safe loader, which knows plain data only, without aliases and repeated keys."""


def _compose_node(loader: _StrictLoader, parent: Any, index: Any) -> yaml.Node | None:
    if loader.check_event(yaml.AliasEvent):
        event = loader.peek_event()  # type: ignore[no-untyped-call]
        raise yaml.MarkedYAMLError(problem="an alias", problem_mark=event.start_mark)
    return yaml.SafeLoader.compose_node(loader, parent, index)


def _unique_mapping(loader: _StrictLoader, node: yaml.MappingNode) -> dict[Hashable, Any]:
    seen: set[str] = set()
    for key, _ in node.value:
        name = str(key.value)
        if name in seen:
            raise yaml.MarkedYAMLError(problem=f"key {name!r} twice", problem_mark=key.start_mark)
        seen.add(name)
    return loader.construct_mapping(node, deep=True)


_StrictLoader.compose_node = _compose_node  # type: ignore[assignment,method-assign]
_StrictLoader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _unique_mapping)


def documents(text: str) -> list[Any]:
    """The documents of a YAML text as plain data.

    Args:
        text: YAML.

    Returns:
        One value a document.

    Raises:
        yaml.YAMLError: The text is no YAML, or holds a tag, an alias or a key twice.
    """
    loader = _StrictLoader(text)
    found = []
    try:
        while loader.check_data():  # type: ignore[no-untyped-call]
            found.append(loader.get_data())
    finally:
        loader.dispose()
    return found
