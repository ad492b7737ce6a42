"""Variants kept as columns in files, between the reading of a genome and its table.

A file holds what differs among the records of a chromosome of one sample; the rest of the columns
of the table variants is added when it is read.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from apothecary import schemas, tables
from apothecary.variants.view import Row

KIND = "kind"
"""The column of the reason without values; null where a call passes."""
_TABLE = schemas.VARIANTS.schema
_VARYING = (
    *("pos", "ref", "alt", "record", "genotype", "phased", "phase_set", "depth", "ref_depth"),
    *("alt_depth", "vaf", "gq", "qual", "filters", "likelihoods", "rsid", "fate", "reason"),
)
_ORDER = ("pos", "ref", "alt", "record")
SCHEMA = pa.schema([*(_TABLE.field(name) for name in _VARYING), pa.field(KIND, pa.string())])
"""What is stored of a record: columns of the table variants, and its kind of reason."""


def batch(columns: Mapping[str, pa.Array], count: int) -> pa.RecordBatch:
    """Columns of some records as they are stored; those that are absent are null."""
    arrays = [
        columns[field.name] if field.name in columns else pa.nulls(count, field.type)
        for field in SCHEMA
    ]
    return pa.record_batch(arrays, schema=SCHEMA)


def batches(rows: Sequence[Row], entries: Sequence[Row]) -> Iterator[pa.Table]:
    """The table variants a chromosome of a sample at a time, in the order of its key.

    Args:
        rows: Rows of the table.
        entries: Files with further rows, as `columns.finish` gives them.
    """
    of_rows: dict[tuple[str, str], list[Row]] = {}
    for row in rows:
        of_rows.setdefault((row["sample_id"], row["chrom"]), []).append(row)
    files = {(entry["sample_id"], entry["chrom"]): entry for entry in entries}
    for key in sorted(of_rows.keys() | files.keys()):
        few = tables.to_arrow(schemas.VARIANTS, of_rows.pop(key, ()))
        if key not in files:
            yield few
            continue
        held = read(files[key]["path"])
        if dropped := files[key]["dropped"]:
            gone = pc.is_in(held["record"], pa.array(dropped, pa.int64()))
            held = held.filter(pc.invert(gone))
        yield _merged(_ordered(completed(held, files[key])), few)


def _ordered(rows: pa.Table) -> pa.Table:
    """Rows of one chromosome by the key: sooner than by sorting, since few are out of order."""
    positions = rows["pos"].to_numpy()
    order = np.argsort(positions, kind="stable")
    tied = np.diff(positions[order]) == 0
    shared = np.flatnonzero(np.append(tied, False) | np.insert(tied, 0, False))
    if len(shared):
        keys = rows.select(_ORDER).take(pa.array(order[shared]))
        inner = pc.sort_indices(keys, sort_keys=[(name, "ascending") for name in _ORDER])
        order[shared] = order[shared][inner.to_numpy()]
    if (np.diff(order) < 0).any():
        return rows.take(pa.array(order))
    return rows


def _merged(many: pa.Table, few: pa.Table) -> pa.Table:
    """Two tables of one chromosome, each in order, as one."""
    positions, others = many["pos"].to_numpy(), few["pos"].to_numpy()
    places = np.searchsorted(positions, others)
    if (np.searchsorted(positions, others, side="right") > places).any():
        return _ordered(pa.concat_tables([many, few]))
    found, firsts, counts = np.unique(places, return_index=True, return_counts=True)
    parts, last = [], 0
    for place, first, count in zip(found.tolist(), firsts.tolist(), counts.tolist(), strict=True):
        parts += [many.slice(last, place - last), few.slice(first, count)]
        last = place
    return pa.concat_tables([*parts, many.slice(last)])


def read(path: Path | str) -> pa.Table:
    """The records of a file."""
    with pa.memory_map(str(path)) as file:
        return pa.ipc.open_file(file).read_all()


def completed(held: pa.Table, entry: Row) -> pa.Table:
    """Stored records as rows of the table variants.

    Args:
        held: Records as `read` gives them.
        entry: The entry of their file; `sample_id`, `build` and `chrom` are used.
    """
    same = {"input_pos": "pos", "input_ref": "ref", "input_alts": "alt"}
    constant = {name: entry[name] for name in ("sample_id", "build", "chrom")}
    constant["allele_index"] = 1
    columns = []
    for field in _TABLE:
        name = same.get(field.name, field.name)
        if name in constant:
            column = pa.repeat(pa.scalar(constant[name], field.type), held.num_rows)
        elif name in _VARYING:
            column = held[name]
        else:
            column = pa.nulls(held.num_rows, field.type)
        columns.append(column)
    return pa.table(columns, schema=_TABLE)
