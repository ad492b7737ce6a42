"""YAML as plain data: no tag, no key twice, and no alias that hides or swells what a file says.

A tag may name code, a repeated key hides the first, and aliases of aliases grow a small file beyond
all memory.
"""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

import yaml

MAX_NODES = 5_000_000
"""Values that a text may hold with its aliases written out."""


class _StrictLoader(yaml.SafeLoader):
    """The safe loader, which knows plain data only, without repeated keys and swelling aliases."""

    def __init__(self, text: str, aliases: bool) -> None:
        super().__init__(text)
        self.aliases = aliases
        self.sizes: dict[int, int] = {}


def _compose_node(loader: _StrictLoader, parent: Any, index: Any) -> yaml.Node | None:
    event = loader.peek_event()  # type: ignore[no-untyped-call]
    is_alias = isinstance(event, yaml.AliasEvent)
    if is_alias and not loader.aliases:
        raise yaml.MarkedYAMLError(problem="an alias", problem_mark=event.start_mark)
    node = yaml.SafeLoader.compose_node(loader, parent, index)
    if is_alias and id(node) not in loader.sizes:
        raise yaml.MarkedYAMLError(problem="an alias of itself", problem_mark=event.start_mark)
    if not is_alias:
        loader.sizes[id(node)] = 1 + sum(loader.sizes[id(child)] for child in _children(node))
    if loader.sizes[id(node)] > MAX_NODES:
        problem = f"more than {MAX_NODES} values with its aliases written out"
        raise yaml.MarkedYAMLError(problem=problem, problem_mark=event.start_mark)
    return node


def _children(node: yaml.Node | None) -> list[yaml.Node]:
    if isinstance(node, yaml.MappingNode):
        return [part for pair in node.value for part in pair]
    return list(node.value) if isinstance(node, yaml.SequenceNode) else []


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


def documents(text: str, aliases: bool = False) -> list[Any]:
    """The documents of a YAML text as plain data.

    Args:
        text: YAML.
        aliases: Whether a value may stand for another, as programs write them.

    Returns:
        One value a document.

    Raises:
        yaml.YAMLError: The text is no YAML, or holds a tag, a key twice, or an alias that may not
            be or that makes it too large.
    """
    loader = _StrictLoader(text, aliases)
    found = []
    try:
        while loader.check_data():  # type: ignore[no-untyped-call]
            found.append(loader.get_data())
    finally:
        loader.dispose()
    return found
