"""What is told of one sample of a run, line by line, and the words for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from apothecary import schemas, tables
from apothecary.runs import Run
from apothecary.tables import Table

Row = dict[str, Any]

# Names listed in a message before the rest is only counted.
LISTED = 12
PLACE = ("chrom", "pos", "ref", "alt")


@dataclass
class Story:
    """The rows of a sample, read when first asked for, and the lines told so far.

    Attributes:
        run: The run.
        sample: Row of the table samples.
        read: Rows by table, as far as they were asked for.
        lines: What has been told.
    """

    run: Run
    sample: Mapping[str, Any]
    read: dict[str, list[Row]] = field(default_factory=dict)
    lines: list[str] = field(default_factory=list)

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
            self.read[table.name] = found or []
        return self.read[table.name]

    def consequences(self) -> list[Row]:
        """The consequences of the sample's variants."""
        return self.of_variants(schemas.CONSEQUENCES)

    def of_variants(self, table: Table) -> list[Row]:
        """The rows of the sample's variants, of a table that has no sample."""
        if table.name not in self.read:
            path = self.run.path(table, self.sample["batch"])
            whole = tables.read_rows(path, table) if path.is_file() else []
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
