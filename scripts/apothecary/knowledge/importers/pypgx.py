"""Coordinates of pharmacogene variants in both builds, from PyPGx's variant table."""

from __future__ import annotations

import csv
import io
import zipfile
from pathlib import Path

from apothecary.errors import Problem, ResourceError
from apothecary.knowledge.importers.upstream import read_text

_MEMBER = "pypgx/api/data/variant-table.csv"
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
    text = _text(Path(path))
    reader = csv.DictReader(io.StringIO(text))
    absent = [column for column in _COLUMNS if column not in (reader.fieldnames or ())]
    if absent:
        raise ResourceError(
            Problem(str(path), f"no column {', '.join(absent)} in {_MEMBER}", "another release?")
        )
    found: dict[Locus, tuple[int, str]] = {}
    contradicted: set[Locus] = set()
    for row in reader:
        if not (row["GRCh37Position"].isdigit() and row["GRCh38Position"].isdigit()):
            continue
        locus = (f"chr{row['Chromosome']}", int(row["GRCh38Position"]), row["GRCh38Allele"])
        place = (int(row["GRCh37Position"]), row["GRCh37Allele"])
        if found.setdefault(locus, place) != place:
            contradicted.add(locus)
    return {locus: place for locus, place in found.items() if locus not in contradicted}


def _text(path: Path) -> str:
    if path.is_dir():
        return read_text(path / _MEMBER)
    try:
        with zipfile.ZipFile(path) as archive:
            return archive.read(_MEMBER).decode("utf-8")
    except (OSError, KeyError, zipfile.BadZipFile, UnicodeDecodeError) as error:
        raise ResourceError(
            Problem(str(path), f"no {_MEMBER} in it ({error})", "a wheel of pypgx is needed")
        ) from error
