"""What is told of one sample of a run, line by line, and the words for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from apothecary import schemas
from apothecary.tables import Table

Row = dict[str, Any]

# Names listed in a message before the rest is only counted.
LISTED = 12
PLACE = ("chrom", "pos", "ref", "alt")


class Source(Protocol):
    """Where the rows come from: the results of a run, or tables that are at hand."""

    @property
    def folder(self) -> Path:
        """The results folder, for messages."""

    def whole_run(self, table: Table) -> Sequence[Row]:
        """Rows of a table that the run has once."""

    def batch_rows(self, table: Table, batch: str) -> Sequence[Row]:
        """Rows of a table of a batch; none when the run has not come to it."""

    def sample_rows(self, table: Table, sample_id: str) -> Sequence[Row] | None:
        """Rows of a sample; None when the run has not come to the table."""


@dataclass
class Story:
    """The rows of a sample, read when first asked for, and the lines told so far.

    Attributes:
        run: Where the rows come from.
        sample: Row of the table samples.
        read: Rows by table, as far as they were asked for.
        lines: What has been told.
        indexes: Rows by table, column and value, as far as they were asked for by one.
    """

    run: Source
    sample: Mapping[str, Any]
    read: dict[str, list[Row]] = field(default_factory=dict)
    lines: list[str] = field(default_factory=list)
    indexes: dict[tuple[str, str], dict[Any, list[Row]]] = field(default_factory=dict)

    @property
    def of_tumor(self) -> bool:
        """Whether the sample is a tumor, which alone has the tables of tumors."""
        return bool(self.sample["role"] == "tumor")

    def rows(self, table: Table) -> list[Row]:
        """The sample's rows of a table; a table that is not there yet is told once."""
        if table.name not in self.read:
            found = self.run.sample_rows(table, self.sample["sample_id"])
            if found is None:
                self.tell("run", f"it has not come to the table {table.name}")
            self.read[table.name] = list(found or [])
        return self.read[table.name]

    def consequences(self) -> list[Row]:
        """The consequences of the sample's variants."""
        return self.of_variants(schemas.CONSEQUENCES)

    def of_variants(self, table: Table) -> list[Row]:
        """The rows of the sample's variants, of a table that has no sample."""
        if table.name not in self.read:
            whole = self.run.batch_rows(table, self.sample["batch"])
            here = {allele(row) for row in self.rows(schemas.VARIANTS)}
            self.read[table.name] = [row for row in whole if allele(row) in here]
        return self.read[table.name]

    def tell(self, step: str, text: str) -> None:
        """Add a line of printable text."""
        line = f"{step}: {text}"
        self.lines.append("".join(c if c.isprintable() else repr(c)[1:-1] for c in line))


def allele(row: Mapping[str, Any]) -> tuple[Any, ...]:
    """Build, place and bases of a row, by which tables are joined."""
    return tuple(row[name] for name in ("build", *PLACE))


def place(row: Mapping[str, Any]) -> str:
    """The place of a row as chrom:pos:ref:alt."""
    return f"{row['chrom']}:{row['pos']}:{row['ref']}:{row['alt']}"


def because(reason: str | None) -> str:
    """A reason in brackets, or nothing."""
    return f" ({reason})" if reason else ""


def listed(names: Sequence[str]) -> str:
    """Names with commas, the first ones only when there are many."""
    shown = ", ".join(names[:LISTED])
    rest = len(names) - LISTED
    return f"{shown} and {rest} more" if rest > 0 else shown
