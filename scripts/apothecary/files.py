"""Files written whole or not at all, and their digests."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

MODE = 0o640
"""Permissions of what is written, less the process's mask: results hold health data."""

PRIVATE_UMASK = 0o027
"""What others may never do with results: they hold health data."""


@contextmanager
def private() -> Iterator[None]:
    """Let no file or folder that is made in the block be open to others, whatever the mask."""
    before = os.umask(PRIVATE_UMASK)
    os.umask(before | PRIVATE_UMASK)
    try:
        yield
    finally:
        os.umask(before)


@contextmanager
def replacing(path: Path | str) -> Iterator[Path]:
    """Give a temporary path beside `path`; rename it to `path` when the block ends well.

    The temporary file is removed when the block raises, so that a half-written file never
    stands under the final name.

    Args:
        path: The final path; its folder is made when absent.

    Yields:
        The path to write to, in the same folder as `path`.
    """
    final = Path(path)
    final.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=f".{final.name}.", suffix=".tmp", dir=final.parent)
    os.close(handle)
    temporary = Path(name)
    try:
        yield temporary
        temporary.chmod(MODE & ~_umask())
        temporary.replace(final)
    finally:
        temporary.unlink(missing_ok=True)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def write_text(path: Path | str, text: str) -> None:
    """Write `text` as UTF-8 with the newlines that it holds."""
    with replacing(path) as temporary:
        temporary.write_text(text, encoding="utf-8", newline="")


def write_json(path: Path | str, value: Any) -> None:
    """Write `value` as JSON with sorted keys, two-space indent and a final newline.

    Raises:
        TypeError: `value` holds something without one canonical JSON form, such as a set.
    """
    write_text(path, json.dumps(value, indent=2, sort_keys=True, ensure_ascii=False) + "\n")


def write_compact_json(path: Path | str, value: Any) -> None:
    """Write `value` as JSON with sorted keys on one line, for programs to read.

    Raises:
        TypeError: `value` holds something without one canonical JSON form, such as a set.
    """
    text = json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    write_text(path, text + "\n")


def sha256(path: Path | str) -> str:
    """The SHA-256 of a file's bytes, as 64 hexadecimal digits."""
    with Path(path).open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
