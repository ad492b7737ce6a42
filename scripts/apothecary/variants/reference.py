"""Reference bases: from a FASTA, whole or sliced, or from the positions of the definitions."""

from __future__ import annotations

import gzip
import os
import re
import shutil
from bisect import bisect_right
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

import numpy as np

from apothecary.errors import Problem, ResourceError
from apothecary.variants import contigs, stream
from apothecary.variants.regions import Position
from apothecary.variants.slices import Bytes, Places

_SLICE = re.compile(r"(?:^|[|\s])((?:chr)?[0-9XYMT]{1,2}):(\d+)-(\d+)(?=$|[|\s])")
_WINDOW = 4096
_TOGETHER = 1 << 20
"""Bases of which single ones are read together at most."""


class Reference(Protocol):
    """Something that knows reference bases."""

    def bases(self, chrom: str, start: int, end: int) -> str | None:
        """Bases from `start` to `end`, 1-based, both included; None where they are not known."""


@runtime_checkable
class Lettered(Protocol):
    """A reference that can be asked for many single bases at once."""

    def letters(self, chrom: str, positions: Places) -> Bytes:
        """See the function `letters`."""


def letters(reference: Reference, chrom: str, positions: Places) -> Bytes:
    """The base at each 1-based position, as a byte; 0 where it is not known.

    Args:
        reference: Source of reference bases; one that is not `Lettered` is asked base by base.
        chrom: Chromosome with chr.
        positions: The positions.
    """
    if isinstance(reference, Lettered):
        return reference.letters(chrom, positions)
    bases = (reference.bases(chrom, pos, pos) for pos in positions.tolist())
    return np.array([ord(base) if base else 0 for base in bases], dtype=np.uint8)


class KnownBases:
    """The reference bases that the positions of the definitions spell.

    They let a REF be checked at those positions, and an indel be moved to the left within them,
    where no FASTA is given.
    """

    def __init__(self, positions: Iterable[Position]) -> None:
        self._bases: dict[tuple[str, int], str] = {}
        for position in positions:
            for offset, base in enumerate(position.ref.upper()):
                self._bases[position.chrom, position.pos + offset] = base
        self._sorted: dict[str, tuple[Places, Bytes]] = {}
        for chrom in {chrom for chrom, _ in self._bases}:
            known = sorted((pos, base) for (c, pos), base in self._bases.items() if c == chrom)
            bases = "".join(base for _, base in known).encode("ascii", "replace")
            places = np.array([pos for pos, _ in known], dtype=np.int64)
            self._sorted[chrom] = places, np.frombuffer(bases, dtype=np.uint8)

    def bases(self, chrom: str, start: int, end: int) -> str | None:
        """See `Reference`."""
        found = [self._bases.get((chrom, at), "") for at in range(start, end + 1)]
        return "".join(found) if all(found) else None

    def letters(self, chrom: str, positions: Places) -> Bytes:
        """See `Lettered`."""
        if chrom not in self._sorted:
            return np.zeros(len(positions), dtype=np.uint8)
        places, bases = self._sorted[chrom]
        at = np.minimum(np.searchsorted(places, positions), len(places) - 1)
        return np.where(places[at] == positions, bases[at], np.uint8(0))


class Fasta:
    """A reference sequence in FASTA.

    Records are chromosomes (1 or chr1), or slices of them whose name or description holds
    chrom:start-end, 1-based with both ends included.
    """

    def __init__(self, path: str | Path, work_folder: str | Path) -> None:
        """Open a FASTA; an index that is missing is built in the work folder.

        Args:
            path: FASTA, plain, bgzipped or gzipped.
            work_folder: A folder that may be written to.

        Raises:
            ResourceError: The file is no FASTA, or names no chromosome.
        """
        import pysam

        self.path = str(path)
        self._file = str(indexed(Path(path), Path(work_folder)))
        try:
            self._opened: Any = pysam.FastaFile(self._file)
        except (OSError, ValueError) as error:
            problem = Problem(self.path, f"not a readable FASTA ({error})", "give a FASTA")
            raise ResourceError(problem) from None
        self._process = os.getpid()
        self._slices = _slices(self._opened)
        if not self._slices:
            right = "records named chr1 or 1, or slices named chr1:1000-2000"
            raise ResourceError(Problem(self.path, "no record is a chromosome", right))
        self._window: tuple[str, int, str] = ("", 0, "")

    def bases(self, chrom: str, start: int, end: int) -> str | None:
        """See `Reference`."""
        if start < 1:
            return None
        name, first, text = self._window
        if name == chrom and first <= start and end < first + len(text):
            return text[start - first : end - first + 1]
        for low, high, record in self._covering(chrom, start):
            if end <= high:
                window_start = max(low, start - _WINDOW // 2)
                window_end = min(high, max(end, start + _WINDOW // 2))
                text = str(self._fasta().fetch(record, window_start - low, window_end - low + 1))
                text = text.upper()
                self._window = (chrom, window_start, text)
                return text[start - window_start : end - window_start + 1]
        return None

    def letters(self, chrom: str, positions: Places) -> Bytes:
        """See `Lettered`; neighbours are read together."""
        found = np.zeros(len(positions), dtype=np.uint8)
        order = np.argsort(positions, kind="stable")
        ordered = positions[order]
        near = np.diff(ordered) <= _WINDOW
        near &= np.diff(ordered // _TOGETHER) == 0
        for group in np.split(np.arange(len(ordered)), np.flatnonzero(~near) + 1):
            if not len(group):
                continue
            start, end = int(ordered[group[0]]), int(ordered[group[-1]])
            for low, high in self.known(chrom, max(start, 1), end):
                text = np.frombuffer((self.bases(chrom, low, high) or "").encode(), dtype=np.uint8)
                inside = group[(ordered[group] >= low) & (ordered[group] <= high)]
                found[order[inside]] = text[ordered[inside] - low]
        return found

    def known(self, chrom: str, start: int, end: int) -> list[tuple[int, int]]:
        """The parts of a stretch whose bases are known.

        Args:
            chrom: Chromosome with chr.
            start: 1-based first base.
            end: 1-based last base.

        Returns:
            First and last base of each part, sorted; each can be asked for as a whole, and none
            overlap.
        """
        parts: list[tuple[int, int]] = []
        for low, high, _ in self._slices.get(chrom, []):
            first, last = max(start, low), min(end, high)
            if parts:
                first = max(first, parts[-1][1] + 1)
            if first <= last:
                parts.append((first, last))
        return parts

    def _fasta(self) -> Any:
        """The file, opened anew in a child: the place in a file is shared with the parent."""
        import pysam

        if self._process != os.getpid():
            self._opened = pysam.FastaFile(self._file)
            self._process = os.getpid()
        return self._opened

    def _covering(self, chrom: str, start: int) -> list[tuple[int, int, str]]:
        slices = self._slices.get(chrom, [])
        at = bisect_right(slices, (start, 1 << 40, ""))
        return [s for s in slices[:at] if s[1] >= start]


class Either:
    """Bases from the first of several references that knows them."""

    def __init__(self, *references: Reference) -> None:
        self._references = references

    def bases(self, chrom: str, start: int, end: int) -> str | None:
        """See `Reference`."""
        for reference in self._references:
            found = reference.bases(chrom, start, end)
            if found is not None:
                return found
        return None

    def letters(self, chrom: str, positions: Places) -> Bytes:
        """See `Lettered`."""
        found = np.zeros(len(positions), dtype=np.uint8)
        for reference in self._references:
            unknown = found == 0
            if unknown.any():
                found[unknown] = letters(reference, chrom, positions[unknown])
        return found


def indexed(path: Path, work_folder: Path) -> Path:
    """The FASTA where an index of it is, or may be made: itself, or a link in the work folder.

    Raises:
        ResourceError: The file is not there.
    """
    if not path.is_file():
        raise ResourceError(Problem(str(path), "the file is not there", "give a FASTA"))
    if path.with_name(path.name + ".fai").is_file():
        return path
    packed_whole = stream.container(str(path)) == "gzip"
    if work_folder.resolve() == path.parent.resolve():
        if not packed_whole:
            return path
        work_folder = work_folder / "unpacked"  # Its own folder may hold a file of that name.
    work_folder.mkdir(parents=True, exist_ok=True)
    if packed_whole:
        plain = work_folder / path.name.removesuffix(".gz")
        with gzip.open(path, "rb") as packed, plain.open("wb") as unpacked:
            shutil.copyfileobj(packed, unpacked)
        return plain
    link = work_folder / path.name
    link.unlink(missing_ok=True)
    link.symlink_to(path.resolve())
    return link


def _slices(fasta: Any) -> dict[str, list[tuple[int, int, str]]]:
    found: dict[str, list[tuple[int, int, str]]] = {}
    lengths = dict(zip(fasta.references, fasta.lengths, strict=True))
    for name, length in lengths.items():
        chrom = contigs.canonical(name)
        if chrom is not None:
            found.setdefault(chrom, []).append((1, length, name))
            continue
        place = slice_of(name)
        if place is not None and place[2] - place[1] + 1 == length:
            found.setdefault(place[0], []).append((place[1], place[2], name))
    return {chrom: sorted(slices) for chrom, slices in found.items()}


def slice_of(name: str) -> tuple[str, int, int] | None:
    """The slice of a chromosome that the name of a FASTA record tells.

    Args:
        name: Such as chr7:140723200-140783361, or with other words around it set off by | or space.

    Returns:
        Chromosome, first and last base, 1-based; None for any other name.
    """
    match = _SLICE.search(name)
    chrom = contigs.canonical(match[1]) if match else None
    return (chrom, int(match[2]), int(match[3])) if match and chrom else None
