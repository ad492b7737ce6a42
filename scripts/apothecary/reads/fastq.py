"""FASTQ files of a lane, held against what FASTQ is and against each other, in one pass.

Aligners stop in silence at a file that was cut, and pair whatever stands at the same place of two
files. Here every record is looked at before the aligner is: four lines, as many qualities as
bases, bases and qualities in their ranges, mates of one name. What is counted and digested on the
way is what the alignments are held against.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import zip_longest
from pathlib import Path
from typing import Any

import numpy as np

from apothecary.errors import Problem, WorkflowInputError
from apothecary.variants import stream

RECORDS = 8192
"""Records that are looked at together."""
_BASES = b"ACGTUNRYKMSWBDHVacgtunrykmswbdhv.-"
_LOWEST, _HIGHEST = 33, 126
"""Characters of qualities in FASTQ."""
_LOWEST_64 = 59
"""Lowest character of a quality with an offset of 64 (Solexa's -5)."""


@dataclass
class FileCount:
    """What was counted in a FASTQ file.

    Attributes:
        path: The path as in the sheet.
        reads: Records.
        bases: Bases of all records.
        lowest: Lowest character code of a quality, 127 before any was seen.
        highest: Highest character code of a quality, 0 before any was seen.
        digest: SHA-256 of the lines, each ended by LF; the same however the file is packed.
    """

    path: str
    reads: int = 0
    bases: int = 0
    lowest: int = 127
    highest: int = 0
    digest: Any = field(default_factory=hashlib.sha256)


def check_lane(
    files: Sequence[Path], shown: Sequence[str], max_quality: int | None
) -> list[FileCount]:
    """Read the one or two FASTQ files of a lane and check every record.

    Args:
        files: The file, or the files of the first and of the second mates.
        shown: Their names for messages.
        max_quality: Phred quality above which a file, none of whose qualities is below what an
            offset of 64 can write, is taken to have that offset; None to take any.

    Returns:
        One count a file.

    Raises:
        WorkflowInputError: A file is cut, damaged or no FASTQ, its qualities have the offset 64,
            the two files differ in number or names of their reads, or they are the same.
    """
    counts = [FileCount(name) for name in shown]
    readers = [_blocks(path, name) for path, name in zip(files, shown, strict=True)]
    for blocks in zip_longest(*readers, fillvalue=[]):
        names = []
        for count, lines in zip(counts, blocks, strict=True):
            names.append(_check_block(count, lines))
        if len(names) == 2 and names[0] != names[1]:
            _check_mates(counts, names)
    _check_counts(counts)
    for count in counts:
        _check_offset(count, max_quality)
    if len(counts) == 2 and counts[0].reads:
        first, second = counts
        if first.digest.digest() == second.digest.digest():
            found = f"the same reads as {first.path}"
            raise _refuse(second.path, found, "give the second mates as fastq_2")
    return counts


def _blocks(path: Path, shown: str) -> Iterator[list[bytes]]:
    """The lines of a file, those of `RECORDS` records at a time; the last may be fewer."""
    if path.stat().st_size == 0:
        return
    held: list[bytes] = []
    size = 4 * RECORDS
    try:
        for lines in stream.line_chunks(str(path)):
            held += lines
            while len(held) >= size:
                yield held[:size]
                del held[:size]
    except WorkflowInputError as error:
        raise WorkflowInputError([replace(p, file=shown) for p in error.problems]) from None
    while len(held) % 4 and not held[-1]:
        held.pop()
    if held:
        yield held


def _check_block(count: FileCount, lines: list[bytes]) -> list[bytes]:
    """Check and count the records of a block; give their names."""
    heads, bases, pluses, qualities = (lines[i::4] for i in range(4))
    sequence, quality = b"".join(bases), b"".join(qualities)
    codes = np.frombuffer(quality, dtype=np.uint8)
    lowest = int(codes.min(initial=127))
    highest = int(codes.max(initial=0))
    if (
        len(lines) % 4
        or not {head[:1] for head in heads} <= {b"@"}
        or not {plus[:1] for plus in pluses} <= {b"+"}
        or [len(line) for line in bases] != [len(line) for line in qualities]
        or sequence.translate(None, _BASES)
        or lowest < _LOWEST
        or highest > _HIGHEST
        or any(head[1:2].isspace() or len(head) == 1 for head in heads)
    ):
        raise _first_problem(count, lines)
    count.reads += len(heads)
    count.bases += len(sequence)
    count.lowest = min(count.lowest, lowest)
    count.highest = max(count.highest, highest)
    if lines:
        count.digest.update(b"\n".join(lines) + b"\n")
    return [head.split(None, 1)[0] for head in heads]


def _first_problem(count: FileCount, lines: Sequence[bytes]) -> WorkflowInputError:
    """The problem of the first record of a block that is none."""
    for at in range(0, len(lines), 4):
        row = 4 * count.reads + at + 1
        record = lines[at : at + 4]
        found, right, offset = _record_problem(record)
        if found:
            return _refuse(count.path, found, right, row + offset)
    raise AssertionError("a block was refused, none of whose records is wrong")


def _record_problem(record: Sequence[bytes]) -> tuple[str, str, int]:
    if len(record) < 4:
        found = f"the file ends within a record, after {len(record)} of its 4 lines"
        return found, "copy the file again from its source", len(record) - 1
    head, bases, plus, quality = record
    if head[:1] != b"@" or len(head) == 1 or head[1:2].isspace():
        return f"{_shown(head)} is no name of a read", "a record begins with @ and a name", 0
    unknown = bases.translate(None, _BASES)
    if unknown:
        return f"{_shown(unknown[:1])} is no base", "letters of IUPAC", 1
    if plus[:1] != b"+":
        return _shown(plus), "a line that begins with + between bases and qualities", 2
    if len(bases) != len(quality):
        found = f"{len(quality)} qualities for {len(bases)} bases"
        return found, "one quality a base", 3
    if quality and (min(quality) < _LOWEST or max(quality) > _HIGHEST):
        return "a quality out of range", f"characters {_LOWEST} to {_HIGHEST}", 3
    return "", "", 0


def _shown(text: bytes) -> str:
    return repr(text[:40].decode("latin-1"))


def _bare(name: bytes) -> bytes:
    """A read's name without the number of the mate."""
    return name[:-2] if name[-2:] in (b"/1", b"/2") else name


def _check_mates(counts: Sequence[FileCount], names: Sequence[Sequence[bytes]]) -> None:
    first, second = counts
    before = first.reads - len(names[0])
    for at, (one, other) in enumerate(zip(*names, strict=False), before):
        if _bare(one) != _bare(other):
            found = f"read {at + 1} is {_shown(other)}, but {_shown(one)} in {first.path}"
            right = "both files hold the mates in the same order"
            raise _refuse(second.path, found, right, 4 * at + 1)


def _check_counts(counts: Sequence[FileCount]) -> None:
    if len({count.reads for count in counts}) > 1:
        first, second = counts
        found = f"{second.reads} reads, but {first.reads} in {first.path}"
        raise _refuse(second.path, found, "a mate for every read: copy both files again")


def _check_offset(count: FileCount, max_quality: int | None) -> None:
    if max_quality is None or not count.bases or count.lowest < _LOWEST_64:
        return
    if count.highest > _LOWEST + max_quality:
        found = (
            f"qualities from {chr(count.lowest)!r} to {chr(count.highest)!r}, as an offset of 64 "
            "gives them"
        )
        right = "an offset of 33; where it is 33, reads.max_quality: null in the config"
        raise _refuse(count.path, found, right)


def _refuse(path: str, found: str, right: str, row: int | None = None) -> WorkflowInputError:
    return WorkflowInputError(Problem(path, found, right, row))
