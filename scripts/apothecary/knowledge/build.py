"""The curated TSV tables, checked and written as a Parquet pack."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from pathlib import Path

from apothecary import tables
from apothecary.errors import Problem, ResourceError
from apothecary.files import sha256, write_json
from apothecary.knowledge import checks, imported_schemas, tsv
from apothecary.knowledge.pack import CONTENTS, Pack, TableEntry, digest_of, load, table_path
from apothecary.knowledge.schemas import PACK

IMPORTED = tuple(table.name for table in imported_schemas.TABLES)
# Tables that the embedded pack leaves empty: words of a guideline come from a user's own sync, and
# evidence under other licences from a user's own import.
OPTIONAL = frozenset({"guidance_text", *IMPORTED})


def build(
    tsv_folder: Path | str, out_folder: Path | str, imported: Sequence[Path | str] = ()
) -> Pack:
    """Build a pack from a folder of TSV tables, and from those that a user imported.

    The contents list is written last: a folder without it is no pack.

    Args:
        tsv_folder: One `<table>.tsv` or `.tsv.gz` a table of `knowledge.schemas.PACK`.
        out_folder: The folder of the Parquet files; made when absent.
        imported: Folders of imported tables, each with its sources; see `knowledge.imports`.

    Returns:
        The pack, opened.

    Raises:
        ResourceError: A table is absent or faulty, or the tables contradict each other; see
            `knowledge.checks`. Nothing is written then.
    """
    source = Path(tsv_folder)
    out = Path(out_folder)
    read: dict[str, tsv.TsvTable] = {}
    problems: list[Problem] = []
    for table in PACK.values():
        path = tsv.find(source, table)
        if path is None:
            read[table.name] = tsv.TsvTable(source / f"{table.name}.tsv", [])
            if table.name not in OPTIONAL:
                problems.append(
                    Problem(
                        str(source / f"{table.name}.tsv"), "no such file", "every table is needed"
                    )
                )
            continue
        try:
            read[table.name] = tsv.read(path, table)
        except ResourceError as error:
            problems += error.problems
    for folder in imported:
        problems += _add(Path(folder), read)
    if not problems:
        problems = checks.check(read)
    if problems:
        raise ResourceError(problems)
    out.mkdir(parents=True, exist_ok=True)
    (out / CONTENTS).unlink(missing_ok=True)
    contents: dict[str, TableEntry] = {}
    for table in PACK.values():
        arrow = tables.to_arrow(table, read[table.name].rows)
        path = table_path(out, table.name)
        tables.write(path, table, arrow)
        contents[table.name] = TableEntry(
            version=table.version,
            rows=arrow.num_rows,
            content_sha256=tables.content_digest(arrow),
            sha256=sha256(path),
        )
    version = max((str(row["released"]) for row in read["sources"].rows), default="")
    write_json(
        out / CONTENTS,
        {
            "version": version,
            "digest": digest_of(contents),
            "tables": {name: dataclasses.asdict(entry) for name, entry in contents.items()},
        },
    )
    return load(out)


def _add(folder: Path, read: dict[str, tsv.TsvTable]) -> list[Problem]:
    """Add the tables that a user imported to those of the pack; what is wrong with them."""
    problems: list[Problem] = []
    found = {name: tsv.find(folder, PACK[name]) for name in ("sources", *IMPORTED)}
    if found["sources"] is None:
        wrong = "make it with: apothecary knowledge import"
        return [Problem(str(folder / "sources.tsv"), "no such file", wrong)]
    for name, path in found.items():
        if path is None:
            continue
        try:
            rows = tsv.read(path, PACK[name]).rows
        except ResourceError as error:
            problems += error.problems
            continue
        read[name] = tsv.TsvTable(read[name].path, [*read[name].rows, *rows])
    return problems
