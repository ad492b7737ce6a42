"""Tumor types of OncoTree."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from apothecary.errors import Problem, ResourceError
from apothecary.knowledge.importers.upstream import Row, read_json, read_table


def import_oncotree(path: Path | str, source_id: str) -> dict[str, list[Row]]:
    """Read a release of OncoTree.

    Args:
        path: Text table with the columns code, main_type, name, tissue.
        source_id: Source of every row.

    Returns:
        Rows of the table oncotree; the root, which is no tumor type, is left out.

    Raises:
        ResourceError: The file is not such a table.
    """
    return {
        "oncotree": [
            {
                "code": item["code"],
                "name": item["name"],
                "main_type": item["main_type"],
                "tissue": item["tissue"],
                "source_id": source_id,
            }
            for item in read_table(path, ("code", "main_type", "name", "tissue"))
            if item["tissue"]
        ]
    }


def import_descendants(
    path: Path | str, oncotree: Iterable[Mapping[str, Any]], source_id: str
) -> dict[str, list[Row]]:
    """Read which tumor types stand below another one.

    Args:
        path: JSON: name of a tumor type to the names of it and of all below it.
        oncotree: Rows of the table oncotree.
        source_id: Source of every row.

    Returns:
        Rows of the table oncotree_descendants. Names that the release of OncoTree has not are left
        out, as are tissues, since the table oncotree has the tissue of every type.

    Raises:
        ResourceError: The file is not such a mapping.
    """
    mapping = read_json(path)
    if not isinstance(mapping, dict) or not all(
        isinstance(names, list) and all(isinstance(name, str) for name in names)
        for names in mapping.values()
    ):
        raise ResourceError(
            Problem(str(path), "no mapping of names to lists of names", "restore the file")
        )
    codes = {row["name"].lower(): row["code"] for row in oncotree}
    return {
        "oncotree_descendants": [
            {"ancestor": codes[above.lower()], "code": code, "source_id": source_id}
            for above, names in mapping.items()
            if above.lower() in codes
            for code in sorted({codes[name.lower()] for name in names if name.lower() in codes})
        ]
    }
