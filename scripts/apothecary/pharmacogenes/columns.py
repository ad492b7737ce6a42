"""Tables of many samples, put together from pieces that many samples share.

Samples with equal genotypes of a gene have equal rows but for the column sample_id. Such rows are
made into Arrow columns once, and the table of a run is a sequence of references to them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import pyarrow as pa

from apothecary.tables import Table


class Pieces:
    """The rows of groups of one table as Arrow columns, each group made once.

    A group is known by its object, so the same tuple of rows is to be given for equal groups.
    """

    def __init__(self, table: Table) -> None:
        self._schema = pa.schema([field for field in table.schema if field.name != "sample_id"])
        self._known: dict[int, tuple[object, pa.Table]] = {}

    def piece(self, rows: Sequence[Mapping[str, Any]]) -> pa.Table:
        """The columns of a group of rows, without sample_id."""
        found = self._known.get(id(rows))
        if found is None:
            arrays = [
                pa.array([row.get(field.name) for row in rows], type=field.type)
                for field in self._schema
            ]
            found = (rows, pa.Table.from_arrays(arrays, schema=self._schema))
            self._known[id(rows)] = found
        return found[1]


def batches(
    table: Table,
    samples: Iterable[tuple[str, Sequence[pa.Table]]],
    samples_a_batch: int = 50,
) -> Iterator[pa.Table]:
    """Arrow tables of some samples each.

    Args:
        table: The declaration.
        samples: Sample identifiers in ascending order, each with its pieces.
        samples_a_batch: Samples in one Arrow table.

    Yields:
        Tables with all columns of the declaration, those of no rows left out.
    """
    names: list[str] = []
    pieces: list[pa.Table] = []
    count = 0
    for sample_id, found in samples:
        names += [sample_id] * sum(piece.num_rows for piece in found)
        pieces += found
        count += 1
        if count == samples_a_batch:
            yield from _joined(table, names, pieces)
            names, pieces, count = [], [], 0
    yield from _joined(table, names, pieces)


def _joined(table: Table, names: list[str], pieces: list[pa.Table]) -> Iterator[pa.Table]:
    if names:
        joined = pa.concat_tables(pieces).append_column("sample_id", pa.array(names, pa.string()))
        yield joined.select(table.schema.names).combine_chunks()
