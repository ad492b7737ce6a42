"""Trials in the Clinical Trial Markup Language (CTML) of MatchMiner.

A trial has steps, a step has arms, an arm has dose levels; each of them may have a `match`. What
a level asks for stands at that level: nothing is inherited from the level above.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from apothecary.errors import Problem
from apothecary.trials.criteria import (
    ALL,
    ANY,
    CLINICAL,
    CLOSED,
    GENOMIC,
    OPEN,
    UNKNOWN_ACCRUAL,
    Block,
    Criterion,
    Group,
    Tree,
    Trial,
)

FORM = "ctml"
_NODES = "and, or, not, genomic or clinical"
_LEVELS = (("step", "arm"), ("arm", "dose_level"), ("dose_level", ""))
_CODES = {
    "step": ("step_code", "step_internal_id"),
    "arm": ("arm_code", "arm_internal_id"),
    "dose_level": ("level_code", "level_internal_id"),
}
_SUSPENDED = {"arm": "arm_suspended", "dose_level": "level_suspended"}


def is_trial(document: Mapping[str, Any]) -> bool:
    """Whether a document is of this form."""
    return "treatment_list" in document or "protocol_no" in document


def read(document: Mapping[str, Any], file: str, problems: list[Problem]) -> Trial | None:
    """Read a trial.

    Args:
        document: The trial as parsed from YAML or JSON.
        file: Its file, for messages.
        problems: What is wrong is added here.

    Returns:
        The trial; None when something of it cannot be read.
    """
    before = len(problems)
    # A trial that gives no number goes by the name of its file.
    name = document.get("protocol_no") or document.get("nct_id") or Path(file).stem
    if not isinstance(name, str | int) or not str(name).strip():
        problems.append(
            Problem(file, f"found {name!r}", "the number of the protocol", field="protocol_no")
        )
        name = ""
    treatment = document.get("treatment_list")
    steps = treatment.get("step") if isinstance(treatment, Mapping) else None
    if not isinstance(steps, list) or not steps:
        problems.append(
            Problem(file, "no step", "a list of one step or more", field="treatment_list.step")
        )
        return None
    accrual = _accrual(document.get("status"))
    blocks = tuple(_blocks(document, steps, accrual, file, problems))
    if len(problems) == before and not blocks:
        problems.append(Problem(file, f"trial {name} asks for nothing", "a match at some level"))
    if len(problems) > before:
        return None
    title = document.get("short_title") or document.get("long_title") or ""
    return Trial(
        str(name).strip(), str(title), str(document.get("phase") or ""), file, FORM, blocks
    )


def _accrual(status: Any) -> str:
    """Whether a trial takes patients; a status that is not given is not known."""
    words = str(status or "").lower()
    if words.startswith("open"):
        return OPEN
    return CLOSED if words else UNKNOWN_ACCRUAL


def _blocks(
    document: Mapping[str, Any],
    steps: Sequence[Any],
    accrual: str,
    file: str,
    problems: list[Problem],
) -> Iterator[Block]:
    if document.get("match"):
        tree = _joined(ALL, document["match"], "match", file, problems)
        if tree:
            yield Block("", "", "", accrual, tree)
    yield from _level(0, steps, "treatment_list.step", {}, accrual, file, problems)


def _level(
    depth: int,
    entries: Any,
    where: str,
    names: Mapping[str, str],
    accrual: str,
    file: str,
    problems: list[Problem],
) -> Iterator[Block]:
    level, below = _LEVELS[depth]
    if not isinstance(entries, list):
        problems.append(Problem(file, f"found {entries!r}", "a list", field=where))
        return
    for number, entry in enumerate(entries):
        place = f"{where}.{number}"
        if not isinstance(entry, Mapping):
            problems.append(Problem(file, f"found {entry!r}", "a mapping", field=place))
            continue
        here = {**names, level: _code(entry, level)}
        taking = _taking(entry, level, accrual)
        if entry.get("match"):
            tree = _joined(ALL, entry["match"], f"{place}.match", file, problems)
            if tree:
                of_block = taking if level == "dose_level" else _open_below(entry, below, taking)
                yield Block(
                    here.get("step", ""),
                    here.get("arm", ""),
                    here.get("dose_level", ""),
                    of_block,
                    tree,
                )
        if below and entry.get(below):
            rest = (f"{place}.{below}", here, taking, file, problems)
            yield from _level(depth + 1, entry[below], *rest)


def _code(entry: Mapping[str, Any], level: str) -> str:
    for key in _CODES[level]:
        if entry.get(key) not in (None, ""):
            return str(entry[key])
    return ""


def _taking(entry: Mapping[str, Any], level: str, accrual: str) -> str:
    """The accrual of an entry: closed when it is suspended, else that of what it stands in."""
    key = _SUSPENDED.get(level)
    suspended = str(entry.get(key, "")).strip().lower() if key else ""
    return CLOSED if suspended in ("y", "yes", "true") else accrual


def _open_below(entry: Mapping[str, Any], below: str, accrual: str) -> str:
    """A level of which every part is suspended takes nobody."""
    parts = entry.get(below) or []
    if accrual == CLOSED or not isinstance(parts, list) or not parts:
        return accrual
    states = {
        _taking(part, below, accrual) if isinstance(part, Mapping) else accrual for part in parts
    }
    return CLOSED if states == {CLOSED} else accrual


def _joined(
    operator: str, nodes: Any, where: str, file: str, problems: list[Problem]
) -> Tree | None:
    if isinstance(nodes, Mapping):
        nodes = [nodes]
    if not isinstance(nodes, list) or not nodes:
        problems.append(Problem(file, f"found {nodes!r}", "a list of criteria", field=where))
        return None
    found = [
        tree
        for number, node in enumerate(nodes)
        if (tree := _node(node, f"{where}.{number}", file, problems))
    ]
    if len(found) == 1:
        return found[0]
    return Group(operator, tuple(found)) if found else None


def _node(node: Any, where: str, file: str, problems: list[Problem]) -> Tree | None:
    """A node of the tree; one that has several keys asks for all of them."""
    if not isinstance(node, Mapping) or not node:
        problems.append(Problem(file, f"found {node!r}", f"a mapping of {_NODES}", field=where))
        return None
    found: list[Tree] = []
    for key, value in node.items():
        place = f"{where}.{key}"
        tree: Tree | None
        if key in (ALL, ANY):
            tree = _joined(key, value, place, file, problems)
        elif key == "not":
            inner = _joined(ALL, value, place, file, problems)
            tree = Group(ALL, (inner,), negated=True) if inner else None
        elif key in (GENOMIC, CLINICAL):
            tree = _criterion(key, value, place, file, problems)
        else:
            problems.append(Problem(file, f"unknown key {key!r}", f"one of {_NODES}", field=where))
            tree = None
        if tree:
            found.append(tree)
    if len(found) == 1:
        return found[0]
    return Group(ALL, tuple(found)) if found else None


def _criterion(
    kind: str, value: Any, where: str, file: str, problems: list[Problem]
) -> Tree | None:
    if not isinstance(value, Mapping) or not value:
        problems.append(Problem(file, f"found {value!r}", "a mapping of fields", field=where))
        return None
    fields: dict[str, str] = {}
    for key, asked in value.items():
        if isinstance(asked, Mapping | list) or asked is None:
            problems.append(Problem(file, f"found {asked!r}", "one value", field=f"{where}.{key}"))
            continue
        fields[str(key).lower()] = str(asked).strip()
    if not fields:
        return None
    if kind == GENOMIC:
        return Criterion(GENOMIC, fields, _words(fields))
    parts = tuple(Criterion(CLINICAL, {k: v}, _words({k: v})) for k, v in fields.items())
    return parts[0] if len(parts) == 1 else Group(ALL, parts)


def _words(fields: Mapping[str, str]) -> str:
    return ", ".join(f"{key.replace('_', ' ')} {value}" for key, value in fields.items())
