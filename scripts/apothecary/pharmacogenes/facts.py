"""Curated facts of `resources/`: tab-separated tables whose every row names its source."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path

from apothecary.errors import Problem, ResourceError


def read(path: Path | str, columns: Sequence[str]) -> list[dict[str, str]]:
    """Read a table of curated facts.

    Args:
        path: A tab-separated file with a header line.
        columns: The columns of the header, in their order; the last is `source`.

    Returns:
        The rows as text.

    Raises:
        ResourceError: The file is absent, its header is another, or a row has another number of
            cells or no source.
    """
    file = Path(path)
    if not file.is_file():
        raise ResourceError(Problem(str(path), "no such file", "it is part of the project"))
    with file.open(encoding="utf-8", newline="") as stream:
        lines = list(csv.reader(stream, delimiter="\t", quoting=csv.QUOTE_NONE))
    if not lines or lines[0] != list(columns):
        found = f"columns {', '.join(lines[0])}" if lines else "no header"
        raise ResourceError(Problem(str(path), found, f"columns {', '.join(columns)}", row=1))
    rows = []
    for number, cells in enumerate(lines[1:], start=2):
        if len(cells) != len(columns) or not cells[-1]:
            found = f"{len(cells)} cells" if len(cells) != len(columns) else "no source"
            right = f"{len(columns)} cells, the last with the source"
            raise ResourceError(Problem(str(path), found, right, row=number))
        rows.append(dict(zip(columns, cells, strict=True)))
    return rows
