"""A user's files of predictions and population frequencies, read for the variants of a batch.

The files may be far larger than memory: they are read line by line, and only the lines of the
variants asked for are looked at closely.
"""

from __future__ import annotations

import csv
import gzip
import io
import zlib
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, cast

from apothecary.errors import Problem, WorkflowInputError
from apothecary.oncogenes.sop.predictions import Field, Prediction, of_score, of_word
from apothecary.oncogenes.sop.settings import Settings

Place = tuple[str, int, str, str]
"""Chromosome with chr, 1-based GRCh38 position, reference and alternate bases."""

_ALPHAMISSENSE = ("#CHROM", "POS", "REF", "ALT", "genome", "am_class")
_REVEL = ("chr", "grch38_pos", "ref", "alt", "REVEL")
_FREQUENCIES = ("chrom", "pos", "ref", "alt", "frequency")
_VCF = ("#CHROM", "POS", "ID", "REF", "ALT", "QUAL", "FILTER", "INFO")
_SPLICEAI_FIELDS = 6


def alphamissense(
    path: Path | str, places: Collection[Place], field: Field
) -> dict[Place, Prediction]:
    """Read the table of AlphaMissense as it is published for GRCh38.

    Args:
        path: The table, gzipped or not.
        places: The variants asked for.
        field: Which classes of it speak for an effect and which against.

    Returns:
        Predictions by variant; of several transcripts the one that speaks for an effect.

    Raises:
        WorkflowInputError: The file is not such a table, or is of another genome build.
    """
    found: dict[Place, Prediction] = {}
    for number, row in _rows(path, _ALPHAMISSENSE, "\t"):
        if row["genome"] != "hg38":
            raise _problem(path, repr(row["genome"]), "hg38 is needed", number, "genome")
        place = _wanted(path, number, row, places, ("#CHROM", "POS", "REF", "ALT"))
        if place:
            told = of_word("AlphaMissense", row["am_class"], field, "user")
            if place not in found or told.call == "damaging":
                found[place] = told
    return found


def revel(
    path: Path | str, places: Collection[Place], settings: Settings
) -> dict[Place, Prediction]:
    """Read the table of REVEL as it is published.

    Args:
        path: Comma- or tab-separated, gzipped or not.
        places: The variants asked for.
        settings: Limits of the score.

    Returns:
        Predictions by variant; of several transcripts the one with the greatest score.

    Raises:
        WorkflowInputError: The file is not such a table.
    """
    best: dict[Place, float] = {}
    for number, row in _rows(path, _REVEL, None):
        place = _wanted(path, number, row, places, ("chr", "grch38_pos", "ref", "alt"))
        if place:
            best[place] = max(best.get(place, 0.0), _share(path, number, row, "REVEL"))
    return {place: of_score("REVEL", score, settings, "user") for place, score in best.items()}


def spliceai(
    path: Path | str, places: Collection[Place], settings: Settings
) -> dict[Place, Prediction]:
    """Read a VCF that SpliceAI annotated.

    Args:
        path: VCF, gzipped or not.
        places: The variants asked for.
        settings: Limits of the greatest delta score.

    Returns:
        Predictions by variant.

    Raises:
        WorkflowInputError: The file is no VCF, or an annotation of SpliceAI has too few fields.
    """
    best: dict[Place, float] = {}
    for number, row in _rows(path, _VCF, "\t"):
        place = _wanted(path, number, row, places, ("#CHROM", "POS", "REF", "ALT"))
        tags = dict(part.partition("=")[::2] for part in row["INFO"].split(";"))
        if not place or not tags.get("SpliceAI"):
            continue
        for entry in tags["SpliceAI"].split(","):
            parts = entry.split("|")
            if len(parts) < _SPLICEAI_FIELDS:
                right = "ALLELE|SYMBOL|four delta scores"
                raise _problem(path, repr(entry), right, number, "INFO")
            deltas = [
                _share(path, number, {"SpliceAI": text}, "SpliceAI")
                for text in parts[2:_SPLICEAI_FIELDS]
                if text not in ("", ".")
            ]
            best[place] = max([best.get(place, 0.0), *deltas])
    return {place: of_score("SpliceAI", score, settings, "user") for place, score in best.items()}


def frequencies(path: Path | str, places: Collection[Place]) -> dict[Place, float]:
    """Read a table of population frequencies, such as one drawn from gnomAD.

    Args:
        path: Tab-separated with the columns chrom, pos, ref, alt and frequency (the highest of
            the populations), GRCh38, gzipped or not.
        places: The variants asked for.

    Returns:
        The highest frequency by variant; a variant that the table lacks has none.

    Raises:
        WorkflowInputError: The file is not such a table, or a frequency is not between 0 and 1.
    """
    found: dict[Place, float] = {}
    for number, row in _rows(path, _FREQUENCIES, "\t"):
        place = _wanted(path, number, row, places, ("chrom", "pos", "ref", "alt"))
        if place:
            found[place] = max(found.get(place, 0.0), _share(path, number, row, "frequency"))
    return found


def _wanted(
    path: Path | str,
    number: int,
    row: Mapping[str, str],
    places: Collection[Place],
    names: tuple[str, str, str, str],
) -> Place | None:
    chrom, pos, ref, alt = (row[name] for name in names)
    if not pos.isdigit():
        if pos in (".", ""):  # a variant that GRCh38 has not
            return None
        raise _problem(path, repr(pos), "a position is needed", number, names[1])
    place = (f"chr{chrom.removeprefix('chr')}", int(pos), ref, alt)
    return place if place in places else None


def _share(path: Path | str, number: int, row: Mapping[str, str], name: str) -> float:
    try:
        value = float(row[name])
    except ValueError:
        value = -1.0
    if not 0 <= value <= 1:
        raise _problem(path, repr(row[name]), "a number between 0 and 1 is needed", number, name)
    return value


def _problem(
    path: Path | str, found: str, right: str, number: int | None = None, field: str | None = None
) -> WorkflowInputError:
    return WorkflowInputError(Problem(str(path), found, right, number, field))


def _rows(
    path: Path | str, columns: tuple[str, ...], delimiter: str | None
) -> Iterator[tuple[int, Mapping[str, str]]]:
    """Lines of a table by its header, each with its 1-based number.

    Lines before the header that begin with # are passed over, unless they are the header itself.
    """
    header: list[str] = []
    with text_lines(path) as read:
        for number, line in enumerate(iter(read, ""), start=1):
            text = line.rstrip("\r\n")
            if not text:
                continue
            if not header:
                if text.startswith("#") and columns[0] not in text.split("\t"):
                    continue
                delimiter = delimiter or ("\t" if "\t" in text else ",")
                header = text.split(delimiter)
                absent = [name for name in columns if name not in header]
                if absent:
                    right = f"a table with the columns {', '.join(columns)} is needed"
                    raise _problem(path, f"no column {', '.join(absent)}", right, number)
                continue
            cells = next(csv.reader([text], delimiter=delimiter or "\t"))
            if len(cells) < len(header):
                right = f"{len(header)} fields are needed"
                raise _problem(path, f"{len(cells)} fields", right, number)
            yield number, dict(zip(header, cells, strict=False))
    if not header:
        raise _problem(path, "the file is empty", f"the columns {', '.join(columns)} are needed")


@contextmanager
def text_lines(path: Path | str) -> Iterator[Callable[[], str]]:
    """A function that gives the next line of a file, gzipped or not; empty at the end."""
    try:
        with Path(path).open("rb") as raw:
            packed = raw.peek(2)[:2] == b"\x1f\x8b"
            plain = cast("BinaryIO", gzip.GzipFile(fileobj=raw)) if packed else raw
            with io.TextIOWrapper(plain, encoding="utf-8") as stream:
                yield stream.readline
    except (OSError, EOFError, zlib.error, UnicodeDecodeError) as error:
        raise _problem(path, f"cannot be read ({error})", "a text file is needed") from error
