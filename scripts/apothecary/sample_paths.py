"""Paths of samples as they can be opened, where the sheet tells them from its own folder."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from apothecary.samples import INPUT_COLUMNS


def with_alignments(
    rows: list[dict[str, Any]], folder: str, made: Sequence[str]
) -> list[dict[str, Any]]:
    """Rows of tumors whose reads can be opened, whichever way they were given.

    Args:
        rows: Rows of the table samples, with paths as in the sheet.
        folder: The folder of the sheet.
        made: Alignments of tumors that are given as reads, with their indexes; those that were
            made here are named as their samples.

    Returns:
        Copies of the rows; `reads` is the sheet's, the alignment that is the input itself, or the
        one that was made here.
    """
    by_name = {Path(path).stem: path for path in made if Path(path).suffix in (".bam", ".cram")}
    found = []
    for row in located(rows, folder):
        own = row["input"] if row["format"] in ("bam", "cram") else by_name.get(row["sample_id"])
        if row["role"] == "tumor":
            found.append({**row, "reads": row["reads"] or own})
    return found


def located(rows: list[dict[str, Any]], folder: str) -> list[dict[str, Any]]:
    """Sample rows whose paths can be opened.

    Args:
        rows: Rows of the table samples, with paths as in the sheet.
        folder: The folder of the sheet.

    Returns:
        Copies of the rows, with paths from the working folder.
    """
    return [
        {**row, **{c: str(Path(folder) / row[c]) for c in INPUT_COLUMNS if row[c]}} for row in rows
    ]
