"""The rows of one sample at a time out of the tables of a batch."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from apothecary.reports.context import Row
from apothecary.reports.not_assessed import locus

# Tables without a sample, whose rows belong to the samples that have the variant.
_OF_VARIANTS = ("consequences", "oncogenicity", "oncogenicity_codes")


class Slices:
    """Tables of a batch, cut by sample.

    Args:
        tables: Arrow tables by name, sorted by sample_id where they have one.
    """

    def __init__(self, tables: Mapping[str, pa.Table]) -> None:
        self._tables = {
            name: table for name, table in tables.items() if "sample_id" in table.column_names
        }
        self._spans = {name: _spans(table) for name, table in self._tables.items()}
        self._shared = {
            name: table.to_pylist()
            for name, table in tables.items()
            if name not in self._tables and name not in _OF_VARIANTS
        }
        self._of_variants: dict[str, dict[tuple[Any, ...], list[Row]]] = {}
        for name in (name for name in _OF_VARIANTS if name in tables):
            by_locus = self._of_variants.setdefault(name, {})
            for row in tables[name].to_pylist():
                by_locus.setdefault(locus(row), []).append(row)

    def of(self, sample_id: str) -> dict[str, list[Row]]:
        """The rows of a sample by table; of tables of variants, those of its own."""
        rows: dict[str, list[Row]] = dict(self._shared)
        for name, table in self._tables.items():
            start, length = self._spans[name].get(sample_id, (0, 0))
            part = table.slice(start, length)
            if name == "variants":
                part = part.filter(pc.not_equal(part["alt"], "."))
            rows[name] = part.to_pylist()
        loci = dict.fromkeys(locus(row) for row in rows.get("variants", []))
        loci |= dict.fromkeys(_joined(row) for row in rows.get("neighbours", []) if row["joined"])
        for name, by_locus in self._of_variants.items():
            rows[name] = [row for place in loci for row in by_locus.get(place, [])]
        return rows


def _joined(row: Row) -> tuple[Any, ...]:
    """Where the change lies that two neighbours are joined into."""
    chrom, pos, ref, alt = row["joined"].split(":")
    return locus({**row, "chrom": chrom, "pos": int(pos), "ref": ref, "alt": alt})


def _spans(table: pa.Table) -> dict[str, tuple[int, int]]:
    """First row and number of rows of each sample of a table that is sorted by sample_id."""
    if not table.num_rows:
        return {}
    runs = pc.run_end_encode(table["sample_id"].combine_chunks())
    if isinstance(runs, pa.ChunkedArray):
        runs = runs.combine_chunks()
    ends = runs.run_ends.to_pylist()
    starts = [0, *ends[:-1]]
    return {
        name: (start, end - start)
        for name, start, end in zip(runs.values.to_pylist(), starts, ends, strict=True)
    }
