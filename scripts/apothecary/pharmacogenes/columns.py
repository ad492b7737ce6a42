"""Tables of many samples, put together from groups of rows that many samples share.

Samples with equal genotypes of a gene have equal rows but for the column sample_id. Such rows are
made once, kept as Arrow columns, and taken by number for every sample that has them.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from apothecary.tables import ROW_GROUP_ROWS, Table

Rows = Sequence[Mapping[str, Any]]
Make = Callable[[], Rows]
Group = npt.NDArray[np.int32]
"""Numbers of rows of a catalog."""

_MOST_PENDING = 1024
_MOST_CHUNKS = 32


class Catalog:
    """The distinct rows of one table, without the column sample_id."""

    def __init__(self, table: Table) -> None:
        self._table = table
        self._fields = [field for field in table.schema if field.name != "sample_id"]
        self._groups: dict[Hashable, Group] = {}
        self._pending: list[Mapping[str, Any]] = []
        self._columns: pa.Table | None = None
        self._size = 0

    def group(self, key: Hashable, make: Make) -> Group:
        """The numbers of a group of rows; it is made when its key is new.

        Args:
            key: Equal for groups of equal rows.
            make: Gives the rows.
        """
        found = self._groups.get(key)
        if found is None:
            rows = make()
            found = np.arange(self._size, self._size + len(rows), dtype=np.int32)
            self._size += len(rows)
            self._pending += rows
            self._groups[key] = found
            if len(self._pending) >= _MOST_PENDING:
                self._flush()
        return found

    def joined(self, key: Hashable, parts: Callable[[], Iterable[tuple[Hashable, Make]]]) -> Group:
        """The numbers of several groups as one; they are looked up when its key is new.

        Args:
            key: Equal for equal parts; equal to no key of `group`.
            parts: Gives key and rows of each group, as for `group`.
        """
        found = self._groups.get(key)
        if found is None:
            groups = [self.group(*part) for part in parts()]
            found = np.concatenate(groups) if groups else np.array([], np.int32)
            self._groups[key] = found
        return found

    def take(self, samples: Sequence[tuple[str, Sequence[Group]]]) -> pa.Table:
        """The rows of samples, with the column sample_id.

        Args:
            samples: Sample identifiers, each with its groups.

        Returns:
            A table with all columns of the declaration.
        """
        columns = self._flush()
        groups = [group for _, found in samples for group in found]
        numbers = np.concatenate(groups) if groups else np.array([], np.int32)
        counts = [sum(map(len, found)) for _, found in samples]
        names = np.repeat(np.array([name for name, _ in samples], dtype=object), counts)
        taken = columns.take(pa.array(numbers, pa.int32()))
        taken = taken.append_column("sample_id", pa.array(names, pa.string()))
        return taken.select(self._table.schema.names)

    def _flush(self) -> pa.Table:
        """Move what is pending, which takes far more memory as mappings, to the Arrow columns."""
        if self._pending or self._columns is None:
            arrays = [
                pa.array([row.get(field.name) for row in self._pending], type=field.type)
                for field in self._fields
            ]
            new = pa.Table.from_arrays(arrays, schema=pa.schema(self._fields))
            old = [] if self._columns is None else [self._columns]
            self._columns = pa.concat_tables([*old, new])
            if self._columns.column(0).num_chunks > _MOST_CHUNKS:
                self._columns = self._columns.combine_chunks()
            self._pending = []
        return self._columns


def batches(
    catalog: Catalog,
    samples: Iterable[tuple[str, Sequence[Group]]],
    samples_a_batch: int = 50,
) -> Iterator[pa.Table]:
    """Arrow tables of some samples each, of one row group where one sample has no more rows.

    Args:
        catalog: The rows.
        samples: Sample identifiers in ascending order, each with its groups.
        samples_a_batch: Most samples in one Arrow table.

    Yields:
        Tables with all columns of the declaration.
    """
    batch: list[tuple[str, Sequence[Group]]] = []
    rows = 0
    for sample in samples:
        own = sum(map(len, sample[1]))
        if batch and (len(batch) == samples_a_batch or rows + own > ROW_GROUP_ROWS):
            yield catalog.take(batch)
            batch, rows = [], 0
        batch.append(sample)
        rows += own
    if batch:
        yield catalog.take(batch)
