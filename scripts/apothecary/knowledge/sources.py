"""The register of upstream sources: which files a source has, under which licence."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from apothecary.errors import Problem, ResourceError
from apothecary.files import sha256
from apothecary.knowledge.importers.upstream import Row, read_table

REGISTER = "upstream.tsv"
_COLUMNS = (
    "source_id",
    "name",
    "version",
    "released",
    "licence",
    "attribution",
    "address",
    "files",
)


@dataclass(frozen=True)
class Source:
    """A source as the register has it.

    Attributes:
        source_id: Its identifier in every table.
        name: What it is.
        version: Version or release.
        released: ISO date of the data, or empty.
        licence: SPDX expression or name of the licence.
        attribution: Line that the licence asks for.
        address: Where it is published.
        patterns: File name patterns below an upstream folder; none for own curation.
    """

    source_id: str
    name: str
    version: str
    released: str
    licence: str
    attribution: str
    address: str
    patterns: tuple[str, ...]


def read_register(path: Path | str) -> dict[str, Source]:
    """Read the register of sources.

    Args:
        path: `upstream.tsv`.

    Returns:
        The sources by identifier.

    Raises:
        ResourceError: The file is not such a table.
    """
    return {
        item["source_id"]: Source(
            **{column: item[column] for column in _COLUMNS if column != "files"},
            patterns=tuple(item["files"].split()),
        )
        for item in read_table(path, _COLUMNS)
    }


def find_files(source: Source, folders: Sequence[Path | str]) -> list[Path]:
    """The files of a source, in the order of its patterns and then of their names.

    Args:
        source: The source.
        folders: Upstream folders, looked at in order; a pattern is taken from the first folder
            that has it.

    Returns:
        At least one file a pattern; nothing for a source without patterns.

    Raises:
        ResourceError: No folder has a file of a pattern.
    """
    found: list[Path] = []
    for pattern in source.patterns:
        for folder in folders:
            files = sorted(Path(folder).glob(pattern))
            if files:
                found += files
                break
        else:
            where = ", ".join(str(folder) for folder in folders) or "no folder"
            raise ResourceError(
                Problem(where, f"no {pattern} of source {source.source_id}", "fetch it first")
            )
    return found


def source_row(source: Source, files: Sequence[Path]) -> Row:
    """The row of the table sources.

    Args:
        source: The source.
        files: Its files.

    Returns:
        The row. Its sha256 is that of the file; of several files it is the digest of the lines
        `<sha256>  <name>` in the order of their names, as `sha256sum` prints them.
    """
    named = sorted((file.name, file) for file in files)
    if len(named) == 1:
        digest = sha256(named[0][1])
    else:
        lines = "".join(f"{sha256(file)}  {name}\n" for name, file in named)
        digest = hashlib.sha256(lines.encode()).hexdigest()
    return {
        "source_id": source.source_id,
        "name": source.name,
        "version": source.version,
        "released": source.released,
        "licence": source.licence,
        "attribution": source.attribution,
        "address": source.address,
        "files": " ".join(source.patterns) or source.address.rsplit("/", 1)[-1],
        "sha256": digest,
    }
