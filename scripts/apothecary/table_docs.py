"""The description of every table, made from its declaration."""

from __future__ import annotations

import sys
from collections.abc import Iterable

from apothecary import schemas
from apothecary.knowledge import schemas as knowledge_schemas
from apothecary.tables import Table

_KINDS = {
    "str": "text",
    "int": "integer",
    "float": "number",
    "bool": "yes/no",
    "list": "list of texts",
}


def render() -> str:
    """The tables of a run and of a knowledge pack as Markdown.

    Returns:
        The text of docs/tables.md.
    """
    parts = [
        "# Tables",
        "Made from the declarations by `python -m apothecary.table_docs`. A column in bold is part "
        "of the key; one marked * is never empty.",
        "## Of a run",
        *_tables(schemas.TABLES.values()),
        "## Of a knowledge pack",
        *_tables(knowledge_schemas.PACK.values()),
    ]
    return "\n\n".join(parts) + "\n"


def _tables(declared: Iterable[Table]) -> list[str]:
    parts = []
    for table in declared:
        rows = ["| column | kind | meaning |", "|---|---|---|"]
        for column in table.columns:
            name = f"**{column.name}**" if column.name in table.key else column.name
            mark = " *" if column.required else ""
            meaning = column.meaning.replace("|", "\\|")
            rows.append(f"| {name}{mark} | {_KINDS[column.kind]} | {meaning} |")
        parts += [
            f"### {table.name}",
            f"{table.meaning[0].upper()}{table.meaning[1:]}. Schema version {table.version}.",
            "\n".join(rows),
        ]
    return parts


if __name__ == "__main__":
    sys.stdout.write(render())
