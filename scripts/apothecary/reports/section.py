"""A flat table of findings of a report model."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

Value = str | int | float | bool | None
Model = Mapping[str, Any]
Rows = list[dict[str, Any]]

SEPARATOR = "; "


@dataclass(frozen=True)
class Section:
    """A flat table of findings.

    Attributes:
        name: Name of the section, of its file and of its sheet.
        columns: Keys of the rows, in order; `finding` identifies the row in every view.
        rows: The rows of a model.
    """

    name: str
    columns: tuple[str, ...]
    rows: Callable[[Model], Rows]

    def values(self, model: Model) -> list[list[Value]]:
        """The rows of a model as cells in the order of the columns; lists are joined."""
        return [[_cell(row.get(column)) for column in self.columns] for row in self.rows(model)]


def _cell(value: Any) -> Value:
    if isinstance(value, list):
        return SEPARATOR.join(str(item) for item in value)
    if value is None or isinstance(value, str | int | float | bool):
        return value
    raise TypeError(f"a cell cannot hold {type(value).__name__}")
