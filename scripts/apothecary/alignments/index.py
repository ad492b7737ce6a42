"""The index of an alignment file, as a witness that both belong together and nothing was lost.

Libraries answer from an index of another file with no reads, and read a file that was cut at a
block and closed again without a word. Here the index is held against the file: what it points at
must be there, and must be what it says.

Layouts of BAI, CSI and CRAI are those of the SAM, CSI and CRAM specifications (hts-specs).
"""

from __future__ import annotations

import gzip
import struct
import zlib
from dataclasses import dataclass
from pathlib import Path

CRAM_END = b"\xff\xff\xff\xff\x0f\xe0EOF"
"""Contig -1 and start 0x454f46 of the container that ends a CRAM from version 2.1 on."""
SUFFIXES = {"BAM": (".bai", ".csi"), "CRAM": (".crai",)}
_BAI_SHIFT, _BAI_DEPTH = 14, 5


@dataclass(frozen=True)
class Entry:
    """A place of the file that an index points at.

    Attributes:
        contig: Number of the contig in the header, from 0.
        offset: Virtual offset (BAM), or byte of the container (CRAM).
        bin: Bin of the reads there; None for CRAM.
    """

    contig: int
    offset: int
    bin: int | None = None


@dataclass(frozen=True)
class Index:
    """What an index says of its file.

    Attributes:
        path: The index.
        contigs: Contigs that it knows; None where it does not say (CRAI).
        end: A byte that the file must at least have, 0 when there are no reads.
        last: Where the indexed reads end: a virtual offset (BAM), or the byte of the last
            container (CRAM); None when there are no reads.
        entries: Places of reads, in the order of the index.
        min_shift: Bits of the smallest bin.
        depth: Levels of bins below the whole contig.
    """

    path: str
    contigs: int | None
    end: int
    entries: tuple[Entry, ...]
    last: int | None = None
    min_shift: int = _BAI_SHIFT
    depth: int = _BAI_DEPTH

    def bin_of(self, start0: int, end0: int) -> int:
        """The smallest bin that holds a span (0-based, half-open)."""
        last = max(end0, start0 + 1) - 1
        shift, first = self.min_shift, ((1 << 3 * self.depth) - 1) // 7
        for level in range(self.depth, 0, -1):
            if start0 >> shift == last >> shift:
                return first + (start0 >> shift)
            shift += 3
            first -= 1 << 3 * (level - 1)
        return 0

    def holds(self, bin_: int, start0: int, end0: int) -> bool:
        """Whether a span is in a bin or in one below it; small bins are kept with those above."""
        at = self.bin_of(start0, end0)
        while at > bin_:
            at = (at - 1) >> 3
        return at == bin_


def find(path: str, kind: str) -> Path | None:
    """The index beside a file, named x.bam.bai or x.bai.

    Args:
        path: The file.
        kind: BAM or CRAM.
    """
    file = Path(path)
    for suffix in SUFFIXES[kind]:
        for found in (file.with_name(file.name + suffix), file.with_suffix(suffix)):
            if found.is_file():
                return found
    return None


def read(path: Path, kind: str) -> Index:
    """Read an index.

    Args:
        path: A BAI or CSI of a BAM, a CRAI of a CRAM.
        kind: BAM or CRAM.

    Raises:
        ValueError: It is none, or is cut.
    """
    try:
        data = path.read_bytes()
        if data[:2] == b"\x1f\x8b":
            data = gzip.decompress(data)
        if kind == "BAM":
            if data[:4] not in (b"BAI\x01", b"CSI\x01"):
                raise ValueError("neither BAI nor CSI")
            return _binned(str(path), data)
        return _of_lines(str(path), data.decode("ascii"))
    except (struct.error, OSError, EOFError, zlib.error, UnicodeDecodeError) as error:
        raise ValueError(str(error)) from None


def _binned(path: str, data: bytes) -> Index:
    """A BAI or a CSI, which differ in the header and in what each bin has."""
    csi = data[:4] == b"CSI\x01"
    at, min_shift, depth = 4, _BAI_SHIFT, _BAI_DEPTH
    if csi:
        min_shift, depth, extra = struct.unpack_from("<iii", data, 4)
        at = 16 + extra
    # The bin behind the last one holds counts, not places.
    counts = ((1 << 3 * (depth + 1)) - 1) // 7 + 1
    (contigs,) = struct.unpack_from("<i", data, at)
    at += 4
    entries: list[Entry] = []
    last = 0
    for contig in range(contigs):
        (bins,) = struct.unpack_from("<i", data, at)
        at += 4
        for _ in range(bins):
            number, chunks = struct.unpack_from("<I8xi" if csi else "<Ii", data, at)
            at += 16 if csi else 8
            places = struct.unpack_from(f"<{2 * chunks}Q", data, at)
            at += 16 * chunks
            if number != counts and chunks:
                entries.append(Entry(contig, places[0], number))
                last = max(last, *places[1::2])
        if not csi:
            (windows,) = struct.unpack_from("<i", data, at)
            at += 4 + 8 * windows
    return Index(path, contigs, last >> 16, tuple(entries), last or None, min_shift, depth)


def _of_lines(path: str, text: str) -> Index:
    """A CRAI: contig, start, span, byte of the container, of the slice in it, and its size."""
    entries = []
    end, last = 0, None
    for line in text.splitlines():
        fields = [int(field) for field in line.split("\t")]
        if len(fields) != 6:
            raise ValueError(f"{len(fields)} fields in a line")
        contig, _, _, container, start, size = fields
        end = max(end, container + start + size)
        last = max(last or 0, container)
        if contig >= 0:
            entries.append(Entry(contig, container))
    return Index(path, None, end, tuple(entries), last)
