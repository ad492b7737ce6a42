"""The configuration, checked against its JSON Schema and filled with its defaults."""

from __future__ import annotations

import copy
import difflib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

import jsonschema
import yaml

from apothecary.errors import Problem, WorkflowInputError
from apothecary.hardening import number_order, strict_yaml


def read(path: Path | str) -> dict[str, Any]:
    """Read a config file as plain data.

    Args:
        path: A YAML file.

    Returns:
        The mapping as written, without defaults.

    Raises:
        WorkflowInputError: The file is absent, no YAML, no mapping, or holds a key twice, an alias
            or a tag.
    """
    name = str(path)
    try:
        text = Path(path).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise WorkflowInputError(
            Problem(name, f"cannot be read ({error})", "give the path of a UTF-8 YAML file")
        ) from None
    try:
        found = strict_yaml.documents(text)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        row = mark.line + 1 if mark else None
        right = "plain YAML: each key once, no aliases, no tags"
        raise WorkflowInputError(Problem(name, str(error.problem), right, row)) from None
    except yaml.YAMLError as error:
        raise WorkflowInputError(Problem(name, str(error).splitlines()[0], "plain YAML")) from None
    config = found[0] if len(found) == 1 else None
    if not isinstance(config, dict):
        raise WorkflowInputError(Problem(name, "no mapping of keys", "key: value, one a line"))
    return config


def check(config: Mapping[str, Any], schema: Mapping[str, Any], name: str) -> dict[str, Any]:
    """Check a configuration and fill in what it leaves out.

    Args:
        config: The configuration as read.
        schema: Its JSON Schema, with `default` values.
        name: The config's name for messages.

    Returns:
        A copy with all defaults.

    Raises:
        WorkflowInputError: With every problem.
    """
    validator = jsonschema.Draft202012Validator(schema)
    problems = []
    for error in sorted(validator.iter_errors(config), key=lambda e: [str(p) for p in e.path]):
        problems.append(_problem(error, name))
    if problems:
        raise WorkflowInputError(problems)
    filled: dict[str, Any] = copy.deepcopy(dict(config))
    _fill(filled, schema, schema)
    problems += number_order.problems(filled, name)
    if problems:
        raise WorkflowInputError(problems)
    return filled


def _problem(error: jsonschema.ValidationError, name: str) -> Problem:
    field = ".".join(str(part) for part in error.absolute_path) or None
    if error.validator == "additionalProperties":
        known = sorted(cast("dict[str, Any]", error.schema)["properties"])
        unknown = sorted(set(cast("dict[str, Any]", error.instance)) - set(known))
        near = difflib.get_close_matches(unknown[0], known, n=1)
        right = f"did you mean {near[0]!r}?" if near else f"known are: {', '.join(known)}"
        return Problem(name, f"unknown key {', '.join(map(repr, unknown))}", right, field=field)
    if error.validator == "enum":
        right = "one of " + ", ".join(
            str(value) for value in cast("list[Any]", error.validator_value)
        )
        return Problem(name, repr(error.instance), right, field=field)
    found = repr(error.instance) if field else "the file"
    return Problem(name, found, error.message.replace(repr(error.instance), "it"), field=field)


def _fill(config: dict[str, Any], schema: Mapping[str, Any], root: Mapping[str, Any]) -> None:
    for key, subschema in schema.get("properties", {}).items():
        if key not in config and "default" in subschema:
            config[key] = copy.deepcopy(subschema["default"])
        if isinstance(config.get(key), dict):
            target = subschema
            if "$ref" in subschema:
                target = root["$defs"][subschema["$ref"].rsplit("/", 1)[1]]
            _fill(config[key], target, root)


def thresholds(config: Mapping[str, Any], role: str, assay: str) -> dict[str, Any]:
    """The variant thresholds of a sample.

    Args:
        config: A checked configuration.
        role: germline, tumor or normal.
        assay: genome, exome, panel or array.

    Returns:
        The thresholds of the role: those under `default`, overlaid with those of the assay.
    """
    by_assay = config["variants"]["thresholds"][role]
    return {**by_assay.get("default", {}), **by_assay.get(assay, {})}
