"""PyPGx's tables, and from its variant table the coordinates of variants in both builds."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path

from apothecary.errors import Problem, ResourceError
from apothecary.knowledge.importers.upstream import read_member

_FOLDER = "pypgx/api/data"
_COLUMNS = ("Chromosome", "GRCh37Position", "GRCh38Position", "GRCh37Allele", "GRCh38Allele")

Locus = tuple[str, int, str]


def import_positions(path: Path | str) -> dict[Locus, tuple[int, str]]:
    """Read where GRCh38 positions of variants lie in GRCh37.

    Args:
        path: The wheel, or a folder with the unpacked package.

    Returns:
        Chromosome with `chr`, 1-based GRCh38 position and reference bases, to the 1-based GRCh37
        position and reference bases, both VCF style. A locus that the table gives twice in
        different ways is left out.

    Raises:
        ResourceError: The path holds no such table.
    """
    found: dict[Locus, tuple[int, str]] = {}
    contradicted: set[Locus] = set()
    for row in read_rows(path, "variant-table.csv", _COLUMNS):
        if not (row["GRCh37Position"].isdigit() and row["GRCh38Position"].isdigit()):
            continue
        locus = (f"chr{row['Chromosome']}", int(row["GRCh38Position"]), row["GRCh38Allele"])
        place = (int(row["GRCh37Position"]), row["GRCh37Allele"])
        if found.setdefault(locus, place) != place:
            contradicted.add(locus)
    return {locus: place for locus, place in found.items() if locus not in contradicted}


def read_rows(path: Path | str, name: str, columns: Sequence[str]) -> list[dict[str, str]]:
    """The rows of one of PyPGx's tables.

    Args:
        path: The wheel, or a folder with the unpacked package.
        name: File name of the table.
        columns: Columns that are needed.

    Raises:
        ResourceError: The path holds no such table, or it lacks a column.
    """
    text = read_member(Path(path), f"{_FOLDER}/{name}", "a wheel of pypgx is needed")
    reader = csv.DictReader(io.StringIO(text))
    absent = [column for column in columns if column not in (reader.fieldnames or ())]
    if absent:
        raise ResourceError(
            Problem(str(path), f"no column {', '.join(absent)} in {name}", "another release?")
        )
    return list(reader)
