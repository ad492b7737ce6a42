"""All text of the files that a run leaves, in plain or in packed form, for tests that search it."""

from __future__ import annotations

import gzip
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pyarrow.parquet as pq


def texts(folder: Path, given: tuple[str, ...]) -> Iterator[tuple[Path, str]]:
    """Every file below a folder but the knowledge pack, unpacked where it is packed.

    Args:
        folder: The folder that a run was made in.
        given: Names of the input files, which are not searched.
    """
    for path in sorted(folder.rglob("*")):
        if not path.is_file() or path.name in given or "build" in path.relative_to(folder).parts:
            continue
        yield path, path.read_bytes().decode("utf-8", "replace")
        if path.suffix == ".parquet":
            yield path, repr(pq.read_table(path).to_pydict())
        if path.suffix == ".gz":
            yield path, gzip.decompress(path.read_bytes()).decode("utf-8", "replace")
        if path.suffix == ".xlsx":
            with zipfile.ZipFile(path) as book:
                for name in book.namelist():
                    yield path, book.read(name).decode("utf-8", "replace")
