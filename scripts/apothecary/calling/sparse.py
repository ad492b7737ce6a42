"""A reference FASTA in the contigs of an alignment that holds bases in some windows only.

bcftools wants a FASTA whose records are whole contigs. Where the reference at hand is sliced, or
names its chromosomes otherwise, the windows that are asked for are written at their places with N
around them. A BGZF block of N alone is always the same bytes, so that it is packed once; a contig
ends after its last window.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterable, Mapping
from pathlib import Path

_BLOCK = 0xFF00
_EOF = bytes.fromhex("1f8b08040000000000ff0600424302001b0003000000000000000000")


class _Packer:
    """Writes BGZF, and keeps where its blocks start."""

    def __init__(self, path: Path) -> None:
        self._stream = path.open("wb")
        self._pending = bytearray()
        self._blank = _block(b"N" * _BLOCK)
        self._packed = 0
        self.plain = 0
        self.starts: list[tuple[int, int]] = []

    def write(self, text: bytes) -> None:
        self._pending += text
        while len(self._pending) >= _BLOCK:
            self._emit(bytes(self._pending[:_BLOCK]))
            del self._pending[:_BLOCK]

    def blanks(self, count: int) -> None:
        """Write N."""
        head = min(count, -len(self._pending) % _BLOCK)
        self.write(b"N" * head)
        whole, rest = divmod(count - head, _BLOCK)
        for _ in range(whole):
            self._add(self._blank, _BLOCK)
        self.write(b"N" * rest)

    @property
    def offset(self) -> int:
        """Bytes written so far, before packing."""
        return self.plain + len(self._pending)

    def close(self) -> None:
        if self._pending:
            self._emit(bytes(self._pending))
        self._stream.write(_EOF)
        self._stream.close()

    def _emit(self, text: bytes) -> None:
        self._add(_block(text), len(text))

    def _add(self, packed: bytes, length: int) -> None:
        if self.plain:
            self.starts.append((self._packed, self.plain))
        self._stream.write(packed)
        self._packed += len(packed)
        self.plain += length


def _block(text: bytes) -> bytes:
    deflate = zlib.compressobj(6, zlib.DEFLATED, -15)
    body = deflate.compress(text) + deflate.flush()
    header = b"\x1f\x8b\x08\x04\0\0\0\0\0\xff\x06\0BC\x02\0" + struct.pack("<H", len(body) + 25)
    return header + body + struct.pack("<II", zlib.crc32(text), len(text))


def write(path: Path | str, contigs: Mapping[str, Iterable[tuple[int, str]]]) -> None:
    """Write the FASTA with its indexes (.fai, .gzi).

    Args:
        path: The file, a name that ends in .gz.
        contigs: For each contig, windows as their 1-based first position and their bases; they do
            not overlap.
    """
    file = Path(path)
    packer = _Packer(file)
    index = []
    for name, windows in contigs.items():
        packer.write(f">{name}\n".encode())
        start, at = packer.offset, 1
        for first, bases in sorted(windows):
            packer.blanks(first - at)
            packer.write(bases.encode())
            at = first + len(bases)
        index.append(f"{name}\t{at - 1}\t{start}\t{at - 1}\t{at}\n")
        packer.write(b"\n")
    packer.close()
    file.with_name(file.name + ".fai").write_text("".join(index), encoding="utf-8")
    blocks = struct.pack("<Q", len(packer.starts))
    blocks += b"".join(struct.pack("<QQ", *start) for start in packer.starts)
    file.with_name(file.name + ".gzi").write_bytes(blocks)
