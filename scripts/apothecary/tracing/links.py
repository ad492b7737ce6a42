"""A row of a table of a run, by which lines are traced."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from apothecary import schemas
from apothecary.story import Row, Story
from apothecary.tables import Table

_OF_VARIANTS = ("consequences", "oncogenicity", "oncogenicity_codes")
_OF_SUBJECT = ("clinical", "medicines")
_OF_RUN = ("samples", *_OF_SUBJECT)


@dataclass(frozen=True)
class Link:
    """A row that bears on a line.

    Attributes:
        table: Name of its table.
        row: The row.
    """

    table: str
    row: Row

    @property
    def key(self) -> tuple[Any, ...]:
        """The row's key, but for the sample."""
        return tuple(self.row[name] for name in self.names)

    @property
    def names(self) -> list[str]:
        """The columns of the key, but for those that the sample or its subject has once."""
        key = schemas.TABLES[self.table].key
        return [name for name in key if name not in ("sample_id", "subject_id")] or list(key)


def rows(story: Story, name: str) -> list[Row]:
    """The rows of a sample, of its variants or of its subject; none where the run has no table."""
    table: Table = schemas.TABLES[name]
    if name in story.read:
        return story.read[name]
    if name in _OF_SUBJECT:
        subject = story.sample["subject_id"]
        whole = story.run.whole_run(table)
        story.read[name] = [row for row in whole if row["subject_id"] == subject]
        return story.read[name]
    if name in _OF_VARIANTS:
        return story.of_variants(table)
    story.read[name] = list(story.run.sample_rows(table, story.sample["sample_id"]) or ())
    return story.read[name]


def found(story: Story, name: str, fits: Callable[[Row], Any]) -> list[Link]:
    """The rows of a table that fit, as links."""
    return [Link(name, row) for row in rows(story, name) if fits(row)]


def having(story: Story, name: str, column: str, values: Iterable[Any]) -> list[Link]:
    """The rows of a table whose column has one of some values, looked up and not searched for."""
    if (name, column) not in story.indexes:
        index: dict[Any, list[Row]] = {}
        for row in rows(story, name):
            index.setdefault(row[column], []).append(row)
        story.indexes[name, column] = index
    index = story.indexes[name, column]
    return [Link(name, row) for value in dict.fromkeys(values) for row in index.get(value, ())]


def shown(link: Link, batch: str) -> str:
    """A link in words: the file of its table below the results, and the key of the row."""
    folder = "" if link.table in _OF_RUN else f"{batch}/"
    key = ", ".join(f"{name} {link.row[name]}" for name in link.names)
    return f"tables/{folder}{link.table}.parquet: {key}"
