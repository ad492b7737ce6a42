"""A built knowledge pack: a folder of Parquet tables and its contents list, `pack.json`."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa

from apothecary import tables
from apothecary.errors import Problem, ResourceError
from apothecary.files import sha256
from apothecary.knowledge.schemas import PACK

CONTENTS = "pack.json"


@dataclass(frozen=True)
class TableEntry:
    """A table as the contents list of a pack has it.

    Attributes:
        version: Version of the table's declaration.
        rows: Number of rows.
        content_sha256: Digest of the rows, independent of the Parquet writer.
        sha256: Digest of the file.
    """

    version: int
    rows: int
    content_sha256: str
    sha256: str


@dataclass(frozen=True)
class Pack:
    """A knowledge pack on disk; a table is read, and checked against the contents, on first use.

    Attributes:
        folder: The folder of the Parquet files.
        version: ISO date of the newest source.
        digest: Digest of the contents of all tables.
        contents: The tables by name.
    """

    folder: Path
    version: str
    digest: str
    contents: Mapping[str, TableEntry]
    _tables: dict[str, pa.Table] = field(default_factory=dict, repr=False, compare=False)
    _rows: dict[str, list[dict[str, Any]]] = field(default_factory=dict, repr=False, compare=False)

    def table(self, name: str) -> pa.Table:
        """A table of the pack, sorted by its key.

        Args:
            name: A name of `knowledge.schemas.PACK`.

        Raises:
            ResourceError: The file is absent, damaged or not the one of the contents list.
        """
        if name not in self._tables:
            path = table_path(self.folder, name)
            if path.is_file() and sha256(path) != self.contents[name].sha256:
                raise ResourceError(
                    Problem(
                        str(path),
                        f"differs from {self.folder / CONTENTS}",
                        "build the knowledge pack again",
                    )
                )
            self._tables[name] = tables.read(path, PACK[name])
        return self._tables[name]

    def rows(self, name: str) -> list[dict[str, Any]]:
        """The rows of a table as dictionaries, sorted by the key; the list is shared, not a copy.

        Raises:
            ResourceError: As `table`.
        """
        if name not in self._rows:
            self._rows[name] = self.table(name).to_pylist()
        return self._rows[name]


def table_path(folder: Path | str, name: str) -> Path:
    """The Parquet file of a table in a pack."""
    return Path(folder) / f"{name}.parquet"


def digest_of(contents: Mapping[str, TableEntry]) -> str:
    """The digest of a pack: over names, declaration versions and row digests of its tables."""
    digest = hashlib.sha256()
    for name in sorted(contents):
        entry = contents[name]
        digest.update(f"{name}\t{entry.version}\t{entry.content_sha256}\n".encode())
    return digest.hexdigest()


def load(folder: Path | str) -> Pack:
    """Open a built pack; reads its contents list only.

    Args:
        folder: What `knowledge.build.build` wrote.

    Returns:
        The pack.

    Raises:
        ResourceError: The folder holds no pack, a pack of other tables than this version of the
            program knows, or a contents list that contradicts itself.
    """
    place = Path(folder)
    listing = place / CONTENTS
    rebuild = "build it with: apothecary knowledge build"
    try:
        value = json.loads(listing.read_text(encoding="utf-8"))
        contents = {name: TableEntry(**entry) for name, entry in value["tables"].items()}
        version, digest = str(value["version"]), str(value["digest"])
    except FileNotFoundError as error:
        raise ResourceError(Problem(str(place), f"no {CONTENTS} there", rebuild)) from error
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise ResourceError(
            Problem(str(listing), f"not the contents list of a pack ({error})", rebuild)
        ) from error
    problems = [
        Problem(
            str(listing),
            f"table {name} of version {entry.version if entry else 'none'}",
            f"version {PACK[name].version if name in PACK else 'none'} is needed; {rebuild}",
        )
        for name in sorted({*PACK, *contents})
        if (entry := contents.get(name)) is None
        or name not in PACK
        or entry.version != PACK[name].version
    ]
    if digest_of(contents) != digest:
        problems.append(Problem(str(listing), "the digest does not fit the tables", rebuild))
    if problems:
        raise ResourceError(problems)
    return Pack(place, version, digest, contents)
