"""The header of a scoring file of the PGS Catalog: which score it is, in which build, by whom."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from apothecary.errors import Problem, WorkflowInputError
from apothecary.variants import contigs, stream

RIGHT_FILE = "give a scoring file of the PGS Catalog, plain or gzipped"
UNKNOWN = "NR"
"""What the Catalog writes for what was not reported."""
HEADER_LINES_CAP = 1000
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}$")
_BUILD_RIGHT = "give the file that the Catalog harmonised to GRCh38 or GRCh37"


@dataclass(frozen=True)
class ScoreHeader:
    """What a scoring file says of itself.

    Attributes:
        file: The file, as the configuration names it.
        model: Identifier of the score, such as PGS000001.
        name: Name of the score; empty when the file gives none.
        trait: Trait as its authors name it.
        weight_type: Such as beta, OR or log(OR); NR when not reported.
        build: GRCh38 or GRCh37, of the coordinates that are used.
        harmonised: Whether the coordinates are those of the columns hm_chr and hm_pos.
        variants_number: Variants that the score has; None when the file does not tell.
        licence: As the file gives it; empty when it gives none.
        citation: As the file gives it; empty when it gives none.
        columns: Names of the columns.
        line: 1-based line of the names of the columns.
    """

    file: str
    model: str
    name: str
    trait: str
    weight_type: str
    build: str
    harmonised: bool
    variants_number: int | None
    licence: str
    citation: str
    columns: tuple[str, ...]
    line: int


def read(path: Path | str) -> ScoreHeader:
    """Read the header of a scoring file, and no further.

    Args:
        path: The file.

    Returns:
        The header.

    Raises:
        WorkflowInputError: With every problem: the file is no text, or lacks what names the score,
            its build or its columns.
    """
    file = str(path)
    keys: dict[str, str] = {}
    for number, text in lines(file):
        if not text.startswith("#"):
            return _header(file, keys, tuple(text.split("\t")), number)
        if number > HEADER_LINES_CAP:
            found = f"more than {HEADER_LINES_CAP} lines begin with #"
            raise WorkflowInputError(Problem(file, found, RIGHT_FILE))
        name, parted, value = text.lstrip("#").partition("=")
        if parted:
            keys[name.strip()] = value.strip()
    raise WorkflowInputError(Problem(file, "no line names the columns", RIGHT_FILE))


def lines(file: str) -> Iterator[tuple[int, str]]:
    """The lines of a file with their 1-based numbers; empty lines are left out.

    Raises:
        WorkflowInputError: The file is absent, cut, damaged, or no UTF-8 text.
    """
    number = 0
    try:
        for chunk in stream.line_chunks(file):
            for line in chunk:
                number += 1
                if line:
                    yield number, line.decode("utf-8-sig" if number == 1 else "utf-8")
    except WorkflowInputError as error:
        # What is wrong with the file is told there; what would be right, for a file of variants.
        told = [replace(problem, right=RIGHT_FILE) for problem in error.problems]
        raise WorkflowInputError(told) from None
    except UnicodeDecodeError:
        found = "the line is no UTF-8 text"
        raise WorkflowInputError(Problem(file, found, RIGHT_FILE, number)) from None


def is_count(text: str) -> bool:
    """Whether a text is a whole number from 0, in plain digits."""
    return text.isascii() and text.isdecimal()


def _header(file: str, keys: dict[str, str], columns: tuple[str, ...], line: int) -> ScoreHeader:
    build, harmonised, problems = _build(file, keys)
    model = keys.get("pgs_id", "")
    if not _ID.match(model):
        right = "an identifier such as PGS000001"
        problems.append(
            Problem(file, repr(model) if model else "no such line", right, None, "pgs_id")
        )
    count = keys.get("variants_number", "")
    if count and not is_count(count):
        right = "the number of variants"
        problems.append(Problem(file, repr(count), right, None, "variants_number"))
    problems += _lacking(file, columns, harmonised, line)
    if problems:
        raise WorkflowInputError(problems)
    return ScoreHeader(
        file=file,
        model=model,
        name=keys.get("pgs_name", ""),
        trait=keys.get("trait_reported", ""),
        weight_type=keys.get("weight_type") or UNKNOWN,
        build=build,
        harmonised=harmonised,
        variants_number=int(count) if count else None,
        licence=keys.get("license", ""),
        citation=keys.get("citation", ""),
        columns=columns,
        line=line,
    )


def _build(file: str, keys: dict[str, str]) -> tuple[str, bool, list[Problem]]:
    """The build of the coordinates that are used, and whether they are the harmonised ones."""
    harmonised = "HmPOS_build" in keys
    field = "HmPOS_build" if harmonised else "genome_build"
    stated = keys.get(field, "")
    build = contigs.BUILD_NAMES.get(stated.lower(), "")
    if build:
        return build, harmonised, []
    found = repr(stated) if stated else "no such line"
    if not harmonised:
        found += ", and no harmonised positions (HmPOS_build)"
    return "", harmonised, [Problem(file, found, _BUILD_RIGHT, None, field)]


def _lacking(file: str, columns: tuple[str, ...], harmonised: bool, line: int) -> list[Problem]:
    place = ("hm_chr", "hm_pos") if harmonised else ("chr_name", "chr_position")
    problems = [
        Problem(file, "no such column", RIGHT_FILE, line, name)
        for name in ("effect_allele", *place)
        if name not in columns
    ]
    problems += [
        Problem(file, "the column is there twice", "name each column once", line, name)
        for name in sorted({name for name in columns if columns.count(name) > 1})
    ]
    if not {"effect_weight", "OR", "HR", "dosage_0_weight"} & set(columns):
        problems.append(Problem(file, "no column of weights", RIGHT_FILE, line, "effect_weight"))
    return problems
