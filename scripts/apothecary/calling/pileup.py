"""What the reads show at every base of a window, as arrays.

A fragment counts once: where both mates show a base, the better one is taken if they agree, and
none if they do not. Duplicates, secondary, supplementary and failed reads are left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from apothecary.alignments import header
from apothecary.alignments.files import Alignment

BASES = "ACGT"
_LEFT_OUT = 0x4 | 0x100 | 0x200 | 0x400 | 0x800
_REVERSE, _SECOND = 0x10, 0x80

_CODE = np.full(256, 4, dtype=np.int8)
for _at, _base in enumerate(BASES):
    _CODE[ord(_base)] = _at
    _CODE[ord(_base.lower())] = _at

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class ReadLimits:
    """Which reads and bases count.

    Attributes:
        min_mapping_quality: Least mapping quality of a read.
        min_base_quality: Least base quality.
    """

    min_mapping_quality: int = 20
    min_base_quality: int = 20

    @classmethod
    def from_config(cls, config: Mapping[str, Any]) -> ReadLimits:
        """Limits from the section `calling.reads` of the configuration."""
        return cls(config["min_mapping_quality"], config["min_base_quality"])


def sample_name(alignment: Alignment) -> str:
    """The sample that the first read group of an alignment names; empty for none."""
    groups = header.read(alignment.path, alignment.shown_as).get("RG", [])
    return str(groups[0].get("SM", "")) if groups else ""


class Indel(NamedTuple):
    """An insertion or deletion as a read shows it.

    Attributes:
        anchor: 1-based base before the change.
        deleted: Number of reference bases that are missing.
        inserted: Bases that are put in.
        read: Number of the read.
        distance: Bases to the nearer end of the aligned part of the read.
    """

    anchor: int
    deleted: int
    inserted: str
    read: int
    distance: int


@dataclass(frozen=True)
class Reads:
    """The reads of a window, one entry a read.

    Attributes:
        fragment: Number of the fragment.
        reverse: Whether the read is aligned to the reverse strand.
        second: Whether it is the second of its pair.
        mapping_quality: Mapping quality.
        start: 1-based first base that is aligned.
        end: 1-based last base that is aligned.
    """

    fragment: Ints
    reverse: Bools
    second: Bools
    mapping_quality: Ints
    start: Ints
    end: Ints

    @property
    def f1r2(self) -> Bools:
        """Whether the fragment is F1R2: its first read forward, or its second one reverse."""
        return np.equal(self.reverse, self.second)


@dataclass(frozen=True)
class Window:
    """The bases that reads show in a window, one entry a base and fragment.

    Attributes:
        chrom: Chromosome with chr.
        start: 1-based first position.
        end: 1-based last position.
        position: 0-based place in the window.
        base: Number in `BASES`.
        quality: Base quality.
        read: Number of the read.
        distance: Bases to the nearer end of the aligned part of the read.
        reads: The reads.
        indels: Insertions and deletions, one a fragment and change.
    """

    chrom: str
    start: int
    end: int
    position: Ints
    base: Ints
    quality: Ints
    read: Ints
    distance: Ints
    reads: Reads
    indels: tuple[Indel, ...]

    @property
    def counts(self) -> Ints:
        """Fragments by place in the window and base; shape (bases of the window, 4)."""
        length = self.end - self.start + 1
        flat = np.bincount(self.position * 4 + self.base, minlength=4 * length)
        return flat.reshape(length, 4)

    def at(self, pos: int) -> Ints:
        """Entries at a 1-based position."""
        low, high = np.searchsorted(self.position, [pos - self.start, pos - self.start + 1])
        return np.arange(low, high)

    def over(self, first: int, last: int) -> Ints:
        """Reads, one a fragment, that are aligned from `first` to `last` (1-based)."""
        held = np.flatnonzero((self.reads.start <= first) & (self.reads.end >= last))
        _, chosen = np.unique(self.reads.fragment[held], return_index=True)
        return held[chosen]


@dataclass(frozen=True)
class Grouped:
    """Entries of a window by a number that each has, such as that of its read.

    Attributes:
        order: Entries, those of one number beside each other.
        bounds: Where the entries of each number begin in it, and the end.
    """

    order: Ints
    bounds: Ints

    @classmethod
    def by(cls, numbers: Ints) -> Grouped:
        """Group entries by their numbers, from 0 on."""
        order = np.argsort(numbers, kind="stable")
        most = int(numbers.max()) + 1 if len(numbers) else 0
        return cls(order, np.searchsorted(numbers[order], np.arange(most + 1)))

    def of(self, numbers: Ints | Sequence[int]) -> Ints:
        """The entries of the numbers, in their order."""
        parts = [
            self.order[self.bounds[number] : self.bounds[number + 1]]
            for number in numbers
            if number + 1 < len(self.bounds)
        ]
        return np.concatenate(parts) if parts else np.empty(0, dtype=np.int64)


class _Gathered:
    """Lists that grow read by read."""

    def __init__(self) -> None:
        self.fragments: dict[str, int] = {}
        self.reads: list[tuple[int, bool, bool, int, int, int]] = []
        self.parts: list[tuple[Any, ...]] = []
        self.indels: list[Indel] = []

    def take(self, read: Any, start: int, end: int) -> None:
        """Take the bases of a read that lie between two 1-based positions."""
        number = len(self.reads)
        fragment = self.fragments.setdefault(read.query_name, len(self.fragments))
        flag = read.flag
        self.reads.append(
            (
                fragment,
                bool(flag & _REVERSE),
                bool(flag & _SECOND),
                read.mapping_quality,
                read.reference_start + 1,
                read.reference_end,
            )
        )
        sequence = read.query_sequence
        bases = _CODE[np.frombuffer(sequence.encode(), dtype=np.uint8)]
        qualities = np.asarray(read.query_qualities, dtype=np.int16)
        first, last = read.query_alignment_start, read.query_alignment_end - 1
        for operation, length, at, place in _operations(read):
            if operation == "match":
                low, high = max(place, start), min(place + length - 1, end)
                if low > high:
                    continue
                where = np.arange(at + low - place, at + high - place + 1)
                distance = np.minimum(where - first, last - where)
                positions = np.arange(low - start, high - start + 1)
                self.parts.append((positions, bases[where], qualities[where], number, distance))
            elif start < place <= end + 1:
                distance = min(at - first, last - at)
                changed = sequence[at : at + length].upper() if operation == "insertion" else ""
                deleted = length if operation == "deletion" else 0
                self.indels.append(Indel(place - 1, deleted, changed, number, distance))


def _operations(read: Any) -> Iterator[tuple[str, int, int, int]]:
    """Operations of a CIGAR: kind, length, 0-based place in the read, 1-based place in the contig.

    An indel at the end of the aligned part says nothing of what lies there and is left out.
    """
    at, place = 0, read.reference_start + 1
    cigar = read.cigartuples
    for number, (operation, length) in enumerate(cigar):
        if operation in (0, 7, 8):
            yield "match", length, at, place
            at, place = at + length, place + length
        elif operation in (1, 2):
            inner = 0 < number < len(cigar) - 1
            if inner and cigar[number - 1][0] in (0, 7, 8) and cigar[number + 1][0] in (0, 7, 8):
                yield ("insertion" if operation == 1 else "deletion"), length, at, place
            at += length if operation == 1 else 0
            place += length if operation == 2 else 0
        elif operation == 3:
            place += length
        elif operation == 4:
            at += length


def read_window(
    file: Any, contig: str, chrom: str, start: int, end: int, limits: ReadLimits
) -> Window:
    """What the reads show between two positions.

    Args:
        file: An alignment as pysam opens it.
        contig: Contig of the file.
        chrom: Chromosome with chr.
        start: 1-based first position.
        end: 1-based last position.
        limits: Which reads and bases count.
    """
    gathered = _Gathered()
    for read in file.fetch(contig, max(0, start - 1), end):
        if read.flag & _LEFT_OUT or read.mapping_quality < limits.min_mapping_quality:
            continue
        if read.query_sequence and read.query_qualities is not None and read.cigartuples:
            gathered.take(read, start, end)
    return _window(gathered, chrom, start, end, limits)


def _window(gathered: _Gathered, chrom: str, start: int, end: int, limits: ReadLimits) -> Window:
    listed = np.array(gathered.reads or np.empty((0, 6)), dtype=np.int64).reshape(-1, 6)
    reads = Reads(
        listed[:, 0],
        listed[:, 1].astype(np.bool_),
        listed[:, 2].astype(np.bool_),
        *listed[:, 3:].T,
    )
    position, base, quality, distance = (_joined(gathered, at) for at in (0, 1, 2, 4))
    read = np.repeat(
        np.array([part[3] for part in gathered.parts], dtype=np.int64),
        [len(part[0]) for part in gathered.parts],
    )
    kept = (base < 4) & (quality >= limits.min_base_quality)
    order = np.lexsort((-quality, reads.fragment[read], position))
    order = order[kept[order]]
    position, base, quality, read, distance = (
        values[order] for values in (position, base, quality, read, distance)
    )
    single = _once(position, reads.fragment[read], base)
    return Window(
        chrom,
        start,
        end,
        position[single],
        base[single],
        quality[single],
        read[single],
        distance[single],
        reads,
        _each_once(gathered.indels, reads),
    )


def _joined(gathered: _Gathered, at: int) -> Ints:
    parts = [np.asarray(part[at], dtype=np.int64) for part in gathered.parts]
    return np.concatenate(parts) if parts else np.empty(0, dtype=np.int64)


def _once(position: Ints, fragment: Ints, base: Ints) -> Bools:
    """Which entries stay so that a fragment counts once; they are sorted by position, fragment."""
    if not len(position):
        return np.empty(0, dtype=np.bool_)
    again = np.zeros(len(position), dtype=np.bool_)
    again[1:] = (position[1:] == position[:-1]) & (fragment[1:] == fragment[:-1])
    kept = ~again
    differs = np.zeros(len(position), dtype=np.bool_)
    differs[1:] = again[1:] & (base[1:] != base[:-1])
    kept[np.flatnonzero(differs) - 1] = False
    return kept


def _each_once(indels: list[Indel], reads: Reads) -> tuple[Indel, ...]:
    """Indels of a fragment that both mates show are kept once."""
    found: dict[tuple[int, int, int, str], Indel] = {}
    for indel in indels:
        key = (int(reads.fragment[indel.read]), indel.anchor, indel.deleted, indel.inserted)
        found.setdefault(key, indel)
    return tuple(found.values())
