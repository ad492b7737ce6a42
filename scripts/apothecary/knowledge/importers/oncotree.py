"""Tumor types of OncoTree."""

from __future__ import annotations

from pathlib import Path

from apothecary.knowledge.importers.upstream import Row, read_table


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
