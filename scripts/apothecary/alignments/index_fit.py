"""Whether an index is that of its file: what it points at must be there, and be what it says."""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from apothecary.alignments.index import CRAM_END, Entry, Index
from apothecary.errors import Problem, WorkflowInputError

_LONGEST_CONTAINER_HEADER = 4096
_LOOKED_AT = 200
"""Places of an index that are held against the file, evenly over all of them."""


def _refuse(name: str, found: str, right: str) -> WorkflowInputError:
    return WorkflowInputError(Problem(name, found, right))


def check(path: str, kind: str, found: Index, header: Mapping[str, Any], name: str) -> None:
    """Hold an index against its file.

    Args:
        path: The file.
        kind: BAM or CRAM.
        found: What its index says.
        header: The header of the file.
        name: The file's name for messages.

    Raises:
        WorkflowInputError: The index is of another file, or the file was cut.
    """
    known = len(header.get("SQ", []))
    index_name = Path(found.path).name
    size = Path(path).stat().st_size
    step = max(1, len(found.entries) // _LOOKED_AT)
    places = found.entries[::step]
    right = f"make it: samtools index {name}"
    other = f"the index {index_name} is not of this file"
    if (found.contigs or 0) > known or any(place.contig >= known for place in places):
        raise _refuse(name, f"{other} ({known} contigs in the header)", right)
    if found.end > size:
        text = f"cut: the index {index_name} counts data to byte {found.end}, the file has {size}"
        raise _refuse(name, text, "copy the file again from its source")
    fits = _bam_fits if kind == "BAM" else _cram_fits
    if not fits(path, found, places):
        raise _refuse(name, f"{other}: other reads are where it points", right)


def _bam_fits(path: str, found: Index, places: Sequence[Entry]) -> bool:
    """Whether the first read at each place is of the contig and bin that the index says."""
    import pysam

    verbosity = pysam.set_verbosity(0)
    try:
        with pysam.AlignmentFile(path, check_sq=False) as file:
            for place in places:
                file.seek(place.offset)
                read = next(file, None)
                if read is None or read.reference_id != place.contig:
                    return False
                start = read.reference_start
                end = read.reference_end or start + 1
                if place.bin is None or not found.holds(place.bin, start, end):
                    return False
            if found.last is None:
                return True
            # Behind the last read that the index knows are only those without a place.
            file.seek(found.last)
            read = next(file, None)
            return read is None or bool(read.reference_id < 0)
    except (OSError, ValueError):
        return False
    finally:
        pysam.set_verbosity(verbosity)


def _cram_fits(path: str, found: Index, places: Sequence[Entry]) -> bool:
    """Whether a container of the contig, or of several contigs, is at each place."""
    with Path(path).open("rb") as stream:
        for place in places:
            stream.seek(place.offset)
            head = stream.read(9)
            if len(head) < 9 or struct.unpack_from("<i", head)[0] <= 0:
                return False
            if _itf8(head[4:]) not in (place.contig, -2):
                return False
        if found.last is None:
            return True
        # Behind the last container that the index knows is the one that ends the file.
        size = stream.seek(0, 2)
        stream.seek(found.last)
        behind = size - found.last - int(struct.unpack("<i", stream.read(4))[0])
        return 0 < behind < _LONGEST_CONTAINER_HEADER + len(CRAM_END)


def _itf8(data: bytes) -> int:
    """A whole number as CRAM writes it: the leading ones of the first byte count the rest."""
    first = data[0]
    extra = next((n for n in range(4) if not first & (0x80 >> n)), 4)
    if extra < 4:
        value = first & (0xFF >> (extra + 1))
        for byte in data[1 : extra + 1]:
            value = value << 8 | byte
        return value
    value = (first & 0x0F) << 28 | data[1] << 20 | data[2] << 12 | data[3] << 4 | data[4] & 0x0F
    return value - (1 << 32) if value >= 1 << 31 else value
