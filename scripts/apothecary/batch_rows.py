"""The rows of the tables that a script is given."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from apothecary import schemas, tables


def read(inputs: Mapping[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """Read every input that is named as a table.

    Args:
        inputs: Paths by name; other inputs are left out.

    Returns:
        Rows by name of the table.
    """
    return {
        name: tables.read_rows(path, schemas.TABLES[name])
        for name, path in inputs.items()
        if name in schemas.TABLES
    }
