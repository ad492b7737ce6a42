"""Tables of many samples, put together from groups of rows that many samples share.

Samples with equal genotypes of a gene have equal rows but for the column sample_id. Such rows are
made once, kept as Arrow columns, and taken by number for every sample that has them.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa

from apothecary.tables import Table

Rows = Sequence[Mapping[str, Any]]
Span = tuple[int, int]


class Catalog:
    """The distinct groups of rows of one table, without the column sample_id."""

    def __init__(self, table: Table) -> None:
        self._table = table
        self._fields = [field for field in table.schema if field.name != "sample_id"]
        self._spans: dict[Hashable, Span] = {}
        self._pending: list[Mapping[str, Any]] = []
        self._columns: pa.Table | None = None
        self._size = 0

    def span(self, key: Hashable, make: Callable[[], Rows]) -> Span:
        """Where a group of rows is kept; it is made when its key is new.

        Args:
            key: Equal for groups of equal rows.
            make: Gives the rows.

        Returns:
            First row and the row behind the last.
        """
        found = self._spans.get(key)
        if found is None:
            rows = make()
            found = (self._size, self._size + len(rows))
            self._size = found[1]
            self._pending += rows
            self._spans[key] = found
        return found

    def take(self, samples: Sequence[tuple[str, Sequence[Span]]]) -> pa.Table:
        """The rows of samples, with the column sample_id.

        Args:
            samples: Sample identifiers, each with the spans of its groups.

        Returns:
            A table with all columns of the declaration.
        """
        columns = self._flushed()
        spans = [span for _, found in samples for span in found]
        numbers = (
            np.concatenate([np.arange(*span) for span in spans]) if spans else np.array([], int)
        )
        counts = [sum(stop - start for start, stop in found) for _, found in samples]
        names = np.repeat(np.array([name for name, _ in samples], dtype=object), counts)
        taken = columns.take(pa.array(numbers, pa.int64()))
        taken = taken.append_column("sample_id", pa.array(names, pa.string()))
        return taken.select(self._table.schema.names)

    def _flushed(self) -> pa.Table:
        if self._pending or self._columns is None:
            arrays = [
                pa.array([row.get(field.name) for row in self._pending], type=field.type)
                for field in self._fields
            ]
            new = pa.Table.from_arrays(arrays, schema=pa.schema(self._fields))
            old = [] if self._columns is None else [self._columns]
            self._columns = pa.concat_tables([*old, new]).combine_chunks()
            self._pending = []
        return self._columns


def batches(
    catalog: Catalog,
    samples: Iterable[tuple[str, Sequence[Span]]],
    samples_a_batch: int = 50,
) -> Iterator[pa.Table]:
    """Arrow tables of some samples each.

    Args:
        catalog: The rows.
        samples: Sample identifiers in ascending order, each with the spans of its groups.
        samples_a_batch: Samples in one Arrow table.

    Yields:
        Tables with all columns of the declaration.
    """
    batch: list[tuple[str, Sequence[Span]]] = []
    for sample in samples:
        batch.append(sample)
        if len(batch) == samples_a_batch:
            yield catalog.take(batch)
            batch = []
    if batch:
        yield catalog.take(batch)
