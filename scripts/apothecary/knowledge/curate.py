"""Upstream files to the curated TSV tables of a pack."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from apothecary.errors import Problem, ResourceError
from apothecary.knowledge.importers.upstream import Row
from apothecary.knowledge.sources import REGISTER, read_register, source_row
from apothecary.knowledge.units import oncogenes, pharmacogenes
from apothecary.knowledge.units.base import Tables, Upstream

UNITS = (*pharmacogenes.UNITS, *oncogenes.UNITS)


@dataclass(frozen=True)
class Curated:
    """What a curation made.

    Attributes:
        tables: Rows by table, the table of sources among them.
        kept: Unit names that were taken from earlier tables, each with what was missing.
    """

    tables: Tables
    kept: dict[str, str]


def open_upstream(
    curation: Path | str,
    folders: Sequence[Path | str],
    rules: Path | str,
    *,
    with_text: bool = False,
) -> Upstream:
    """Open the upstream folders under the register of a curation folder.

    Args:
        curation: Folder of the register and of the tables made by hand.
        folders: Upstream folders, looked at in order.
        rules: Table of the rules of pharmacogenes.
        with_text: Whether the words of the guidance are taken over. They are never committed:
            they belong into a pack that the user builds from an own copy of the sources.

    Raises:
        ResourceError: The register cannot be read.
    """
    return Upstream(
        Path(curation),
        tuple(Path(folder) for folder in folders),
        Path(rules),
        read_register(Path(curation) / REGISTER),
        with_text,
    )


def curate(upstream: Upstream, earlier: Mapping[str, list[Row]] | None = None) -> Curated:
    """Read the upstream sources into the tables of a pack.

    Args:
        upstream: See `open_upstream`.
        earlier: Tables that stand in for units whose sources are not at hand; without them every
            source is needed.

    Returns:
        The tables, with a row in `sources` for every source that a row names.

    Raises:
        ResourceError: An upstream file is not what the importer knows, or a source is absent
            that nothing stands in for.
    """
    tables: Tables = {}
    kept: dict[str, str] = {}
    for unit in UNITS:
        try:
            for source_id in unit.needs:
                upstream.files(source_id)
        except ResourceError as error:
            if earlier is None:
                raise
            kept[unit.name] = error.problems[0].found
            made = {name: earlier.get(name, []) for name in unit.tables}
        else:
            made = unit.make(upstream)
        for name, rows in made.items():
            tables.setdefault(name, []).extend(rows)
    if len(kept) == len(UNITS):
        where = ", ".join(str(folder) for folder in upstream.folders)
        raise ResourceError(
            Problem(where, "no upstream file in it", "the layout is told in the knowledge README")
        )
    fresh = {source for unit in UNITS if unit.name not in kept for source in unit.needs}
    tables["sources"] = _sources(upstream, tables, (earlier or {}).get("sources", []), fresh)
    return Curated(tables, kept)


def _sources(
    upstream: Upstream, tables: Tables, earlier: Sequence[Row], fresh: set[str]
) -> list[Row]:
    """A row for every source that a row of a table names.

    A file of the register's version whose digest is not the one known for that version is of
    another release: its digest then stands as its version.
    """
    used: set[str] = {
        value
        for rows in tables.values()
        for row in rows
        for column, value in row.items()
        if column.endswith("source_id") and value is not None
    }
    before = {row["source_id"]: row for row in earlier}
    found = []
    for source_id in sorted(used):
        source = upstream.sources[source_id]
        if source_id in before and source_id not in fresh and source.patterns:
            found.append(dict(before[source_id]))
            continue
        own = [upstream.curation / f"{source_id}.tsv"]
        row = source_row(source, upstream.files(source_id) if source.patterns else own)
        known = before.get(source_id)
        if (
            source.patterns
            and known is not None
            and known["version"] == row["version"]
            and known["sha256"] != row["sha256"]
        ):
            row |= {"version": f"sha256 {row['sha256'][:12]}", "released": ""}
        found.append(row)
    return found
