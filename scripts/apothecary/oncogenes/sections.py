"""Settings records filled from sections of the configuration."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import fields
from typing import Any, TypeVar

Record = TypeVar("Record")


def filled(
    kind: type[Record], values: Mapping[str, Any], passed_over: Collection[str] = ()
) -> Record:
    """A record of settings; what the section leaves out keeps its default.

    Args:
        kind: A dataclass whose fields are keys of the section.
        values: The section.
        passed_over: Keys of the section that are no settings of the record.

    Raises:
        ValueError: A key is unknown. The schema of the configuration refuses it earlier.
    """
    known = {field.name for field in fields(kind)}  # type: ignore[arg-type]
    if unknown := sorted(set(values) - known - set(passed_over)):
        raise ValueError(f"unknown settings {unknown}")
    return kind(**{key: value for key, value in values.items() if key in known})
