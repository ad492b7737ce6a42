"""Bytes of a variant file to whole lines, with every block checked on the way.

Libraries let a BGZF file pass that was cut at a block, and expand whatever they are given. Here a
file is read whole or refused: the end marker, the length and checksum of every block, the ratio of
expansion and the length of every line are looked at before a line is handed on.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Literal

from apothecary.errors import Problem, WorkflowInputError

Container = Literal["plain", "bgzf", "gzip"]

BGZF_END = bytes.fromhex("1f8b08040000000000ff0600424302001b0003000000000000000000")
LINE_CAP = 1_000_000
"""Longest line that is taken, in bytes, before the allowance for sample columns."""
LINE_CAP_PER_SAMPLE = 1_000
RATIO_CAP = 500
"""Greatest expansion of a compressed file; deflate itself ends near 1,030."""
RATIO_FROM = 32_000_000
"""Expanded bytes from which the ratio is looked at."""
SIZE_CAP = 4_000_000_000_000
"""Greatest expanded size, in bytes."""
PIECE = 1 << 20
FIRST_PIECE = 1 << 16
"""Bytes expanded at first: what follows a header in the same piece is read line by line."""

_NOT_VARIANTS = {
    b"BAM\x01": "a BAM file",
    b"CRAM": "a CRAM file",
    b"%PDF": "a PDF",
    b"PK\x03\x04": "a ZIP archive or spreadsheet",
    b"crypt4gh": "an encrypted file (crypt4gh)",
}


def container(path: str) -> Container:
    """How a file is packed, told from its bytes and not from its name.

    Args:
        path: The file.

    Returns:
        `bgzf` for blocked gzip, `gzip` for any other gzip, else `plain`.

    Raises:
        WorkflowInputError: The file is absent, is no regular file, cannot be read or is empty.
    """
    file = Path(path)
    if not file.exists():
        raise _refuse(path, "the file is not there", "give the path of a variant file")
    if not file.is_file():
        raise _refuse(path, "not a regular file", "give a file, not a folder, device or pipe")
    try:
        with file.open("rb") as stream:
            head = stream.read(18)
    except OSError as error:
        right = "give a file that the run may read"
        raise _refuse(path, f"cannot be read ({error.strerror})", right) from None
    if not head:
        raise _refuse(path, "the file is empty", "a VCF has a header and records")
    for magic, name in _NOT_VARIANTS.items():
        if head.startswith(magic):
            raise _refuse(path, name, "give a VCF, bgzipped VCF, gVCF, BCF or MAF")
    if head[:2] != b"\x1f\x8b":
        return "plain"
    if len(head) == 18 and head[3] & 4 and head[12:14] == b"BC":
        return "bgzf"
    return "gzip"


def pieces(path: str) -> Iterator[bytes]:
    """The expanded bytes of a file, in pieces of about a megabyte.

    Raises:
        WorkflowInputError: The file is cut, damaged, or expands beyond the caps.
    """
    kind = container(path)
    packed_size = Path(path).stat().st_size
    expanded = 0
    with Path(path).open("rb") as stream:
        source = {"plain": _plain, "bgzf": _bgzf, "gzip": _gzip}[kind](path, stream)
        for piece in source:
            expanded += len(piece)
            if kind != "plain" and expanded > RATIO_FROM and expanded > RATIO_CAP * packed_size:
                found = f"expands to more than {RATIO_CAP} times its size of {packed_size} bytes"
                raise _refuse(path, found, "no variant file is packed so; it is not read on")
            if expanded > SIZE_CAP:
                raise _refuse(path, f"expands to more than {SIZE_CAP} bytes", "split the file")
            yield piece


def _plain(path: str, stream: BinaryIO) -> Iterator[bytes]:
    yield stream.read(FIRST_PIECE)
    while piece := stream.read(PIECE):
        yield piece


def _gzip(path: str, stream: BinaryIO) -> Iterator[bytes]:
    unpack = zlib.decompressobj(wbits=31)
    try:
        while packed := stream.read(PIECE // 16):
            while packed:
                piece = unpack.decompress(packed, PIECE)
                yield piece
                if unpack.eof:
                    packed = unpack.unused_data
                    if not packed.strip(b"\0"):
                        break
                    unpack = zlib.decompressobj(wbits=31)
                else:
                    packed = unpack.unconsumed_tail
    except zlib.error as error:
        found = f"damaged gzip data near byte {stream.tell()} ({error})"
        raise _refuse(path, found, "copy the file again from its source") from None
    if not unpack.eof:
        raise _refuse(path, "the gzip data end early", "copy the file again from its source")


def _bgzf(path: str, stream: BinaryIO) -> Iterator[bytes]:
    size = stream.seek(0, 2)
    stream.seek(max(0, size - len(BGZF_END)))
    if stream.read() != BGZF_END:
        found = "the BGZF end marker is missing, so the file was cut"
        raise _refuse(path, found, "copy the file again, or write it anew with bgzip")
    stream.seek(0)
    gathered: list[bytes] = []
    length, wanted = 0, FIRST_PIECE
    while True:
        block = _bgzf_block(path, stream)
        if block is None:
            break
        gathered.append(block)
        length += len(block)
        if length >= wanted:
            yield b"".join(gathered)
            gathered, length, wanted = [], 0, PIECE
    yield b"".join(gathered)


def _bgzf_block(path: str, stream: BinaryIO) -> bytes | None:
    offset = stream.tell()
    head = stream.read(12)
    if not head:
        return None
    again = "copy the file again from its source"
    if len(head) < 12 or head[:4] != b"\x1f\x8b\x08\x04":
        raise _refuse(path, f"no BGZF block at byte {offset}", again)
    extra = stream.read(struct.unpack_from("<H", head, 10)[0])
    block_size = _bgzf_block_size(extra)
    if block_size is None:
        raise _refuse(path, f"no BGZF block at byte {offset}", again)
    rest = stream.read(block_size - 12 - len(extra))
    if len(rest) < block_size - 12 - len(extra) or len(rest) < 8:
        raise _refuse(path, f"the BGZF block at byte {offset} is cut", again)
    checksum, expanded = struct.unpack_from("<II", rest, len(rest) - 8)
    try:
        data = zlib.decompress(rest[:-8], wbits=-15, bufsize=max(expanded, 1))
    except zlib.error:
        raise _refuse(path, f"the BGZF block at byte {offset} is damaged", again) from None
    if len(data) != expanded or zlib.crc32(data) != checksum:
        raise _refuse(path, f"the BGZF block at byte {offset} fails its checksum", again)
    return data


def _bgzf_block_size(extra: bytes) -> int | None:
    at = 0
    while at + 4 <= len(extra):
        name, length = extra[at : at + 2], struct.unpack_from("<H", extra, at + 2)[0]
        if name == b"BC" and length == 2 and at + 6 <= len(extra):
            return int(struct.unpack_from("<H", extra, at + 4)[0]) + 1
        at += 4 + length
    return None


def line_chunks(path: str) -> Iterator[list[bytes]]:
    """The lines of a file, many at a time, without their ends (LF or CRLF); see `texts`.

    Yields:
        Lists of lines in the order of the file; an empty line is an empty bytes object.
    """
    for text in texts(path):
        yield text.split(b"\n")


def texts(path: str) -> Iterator[bytes]:
    """The text of a file in pieces of whole lines, joined by LF (CRLF is taken for it).

    A line has at most `LINE_CAP` bytes and `LINE_CAP_PER_SAMPLE` more for each sample column; the
    line that names the samples may have 64 times `LINE_CAP`.

    Args:
        path: The file, packed or not.

    Yields:
        Pieces of about a megabyte in the order of the file, without the LF of their last line. A
        final newline opens no further line.

    Raises:
        WorkflowInputError: As `pieces`, or a line is too long or holds a NUL byte.
    """
    row = 0
    tail = b""
    cap = LINE_CAP
    in_header = True
    for piece in pieces(path):
        data = tail + piece if tail else piece
        cut = data.rfind(b"\n")
        if cut < 0:
            tail = data
            _check_length(path, tail, cap, row + 1)
            continue
        tail = data[cut + 1 :]
        whole = data[:cut]
        if b"\r" in whole:
            whole = whole.removesuffix(b"\r").replace(b"\r\n", b"\n")
        if in_header:
            lines = whole.split(b"\n")
            names = next((line for line in lines if line.startswith(b"#CHROM")), b"")
            cap += LINE_CAP_PER_SAMPLE * max(0, names.count(b"\t") - 8)
            in_header = lines[-1].startswith(b"##")
        _check_text(path, whole, cap, row)
        row += whole.count(b"\n") + 1
        _check_length(path, tail, cap, row + 1)
        yield whole
    tail = tail.removesuffix(b"\r")
    if tail:
        _check_text(path, tail, cap, row)
        yield tail


def _check_text(path: str, whole: bytes, cap: int, row: int) -> None:
    if not _lines_fit(whole, cap):
        for at, line in enumerate(whole.split(b"\n"), row + 1):
            _check_length(path, line, cap, at)
    if b"\0" in whole:
        at = row + 1 + whole.count(b"\n", 0, whole.index(b"\0"))
        raise _refuse(path, "the line holds a NUL byte", "a VCF is text without NUL", row=at)


def _lines_fit(whole: bytes, cap: int) -> bool:
    """Whether no line is longer than the cap: a line ends within every so many bytes."""
    start = 0
    while len(whole) - start > cap:
        start = whole.rfind(b"\n", start, start + cap + 1) + 1
        if start == 0:
            return False
    return True


def _check_length(path: str, line: bytes, cap: int, row: int) -> None:
    if len(line) > cap and (len(line) > 64 * cap or not line.startswith(b"#CHROM")):
        right = f"a line has at most {cap} bytes"
        raise _refuse(path, f"a line of more than {cap} bytes", right, row=row)


def _refuse(path: str, found: str, right: str, row: int | None = None) -> WorkflowInputError:
    return WorkflowInputError(Problem(path, found, right, row))
