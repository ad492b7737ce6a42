"""Where a curation reads from, and what it makes together."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from apothecary.errors import ResourceError
from apothecary.knowledge.importers.upstream import Row
from apothecary.knowledge.sources import Source, find_files

Tables = dict[str, list[Row]]


@dataclass(frozen=True)
class Upstream:
    """Where a curation reads from.

    Attributes:
        curation: Folder of the register and of the tables made by hand.
        folders: Upstream folders, looked at in order.
        rules: Table of the rules of pharmacogenes.
        sources: The register.
        with_text: Whether the words of the guidance are taken over.
    """

    curation: Path
    folders: tuple[Path, ...]
    rules: Path
    sources: Mapping[str, Source]
    with_text: bool = False

    def files(self, source_id: str) -> list[Path]:
        """The files of a source; see `knowledge.sources.find_files`."""
        return find_files(self.sources[source_id], self.folders)

    def files_if_any(self, source_id: str) -> list[Path]:
        """The files of a source; empty when the register or the folders have none."""
        try:
            return self.files(source_id) if source_id in self.sources else []
        except ResourceError:
            return []

    def file(self, source_id: str) -> Path:
        """The first file of a source."""
        return self.files(source_id)[0]


@dataclass(frozen=True)
class Unit:
    """Tables that are made together.

    Attributes:
        name: What the tables are, in words.
        needs: Sources whose files are read.
        tables: Tables that are made.
        make: From the upstream to the tables.
    """

    name: str
    needs: tuple[str, ...]
    tables: tuple[str, ...]
    make: Callable[[Upstream], Tables]


def merged(parts: Iterable[Mapping[str, list[Row]]]) -> Tables:
    """The tables of several parts, rows of one table behind each other."""
    tables: Tables = {}
    for part in parts:
        for name, rows in part.items():
            tables.setdefault(name, []).extend(rows)
    return tables
