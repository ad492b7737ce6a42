"""The tables of a run that has been made, for the commands that look back on it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from apothecary import schemas, tables
from apothecary.errors import Problem, WorkflowInputError
from apothecary.tables import Table


@dataclass(frozen=True)
class Run:
    """The results of a run.

    Attributes:
        folder: The results folder.
        samples: Rows of the table samples by sample id.
    """

    folder: Path
    samples: Mapping[str, Mapping[str, Any]]

    @property
    def batches(self) -> list[str]:
        """The batches of the run, sorted."""
        return sorted({sample["batch"] for sample in self.samples.values()})

    def path(self, table: Table, batch: str) -> Path:
        """The file of a batch's table."""
        return self.folder / "tables" / batch / f"{table.name}.parquet"

    def whole_run(self, table: Table) -> list[dict[str, Any]]:
        """Rows of a table that the run has once, such as consent; empty when it has none."""
        path = self.folder / "tables" / f"{table.name}.parquet"
        return tables.read_rows(path, table) if path.is_file() else []

    def batch_rows(self, table: Table, batch: str) -> list[dict[str, Any]]:
        """Rows of a table of a batch; empty when the run has not come to it."""
        path = self.path(table, batch)
        return tables.read_rows(path, table) if path.is_file() else []

    def arrow(self, table: Table) -> pa.Table:
        """A table of all batches.

        Raises:
            WorkflowInputError: A batch lacks the table, since the run has not ended.
        """
        missing = [batch for batch in self.batches if not self.path(table, batch).is_file()]
        if missing:
            raise WorkflowInputError(
                Problem(
                    str(self.folder),
                    f"no table {table.name} of batch {', '.join(missing)}",
                    "give the results of a run that has ended",
                )
            )
        parts = [tables.read(self.path(table, batch), table) for batch in self.batches]
        return pa.concat_tables(parts) if parts else table.schema.empty_table()

    def rows(self, table: Table) -> list[dict[str, Any]]:
        """As `arrow`, one dictionary a row."""
        rows: list[dict[str, Any]] = self.arrow(table).to_pylist()
        return rows

    def sample_rows(self, table: Table, sample_id: str) -> list[dict[str, Any]] | None:
        """The rows of one sample; None when the run has not come to the table."""
        path = self.path(table, self.samples[sample_id]["batch"])
        if not path.is_file():
            return None
        arrow = tables.read(path, table)
        rows: list[dict[str, Any]] = arrow.filter(pc.field("sample_id") == sample_id).to_pylist()
        return rows

    def manifest(self) -> dict[str, Any]:
        """The manifest; empty when the run has none."""
        path = self.folder / "manifest.json"
        if not path.is_file():
            return {}
        document: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        return document


@dataclass(frozen=True)
class OpenRun(Run):
    """A run that has not ended, with the tables of some samples at hand.

    Attributes:
        tables: The tables by name; one that is absent has no rows.
    """

    tables: Mapping[str, pa.Table]

    def arrow(self, table: Table) -> pa.Table:
        """A table as it was given."""
        return self.tables.get(table.name, table.schema.empty_table())

    def sample_rows(self, table: Table, sample_id: str) -> list[dict[str, Any]] | None:
        """The rows of one sample."""
        arrow = self.arrow(table)
        rows: list[dict[str, Any]] = arrow.filter(pc.field("sample_id") == sample_id).to_pylist()
        return rows


def load(folder: Path | str) -> Run:
    """Open the results of a run.

    Args:
        folder: The results folder.

    Returns:
        The run.

    Raises:
        WorkflowInputError: The folder holds no table of samples.
        ResourceError: The table is of another schema version.
    """
    path = Path(folder) / "tables" / "samples.parquet"
    if not path.is_file():
        raise WorkflowInputError(
            Problem(
                str(folder),
                "no results of a run (tables/samples.parquet is not there)",
                "give the results folder of a run",
            )
        )
    rows = tables.read_rows(path, schemas.SAMPLES)
    return Run(Path(folder), {row["sample_id"]: row for row in rows})
