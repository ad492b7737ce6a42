"""The tables of a batch that tumors are judged by, read from the inputs of a rule."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from apothecary import schemas, tables
from apothecary.oncogenes import depth_copy_number
from apothecary.oncogenes.cases import Batch

_FIELDS: Mapping[str, str] = {
    "variants": "variants",
    "consequences": "consequences",
    "copy_number": "copy_number",
    "fusions": "fusions",
    "hotspots": "hotspot_evidence",
    "coverage": "coverage",
    "gates": "qc_gates",
    "neighbours": "neighbours",
    "biomarkers": "biomarkers",
}


def read(paths: Mapping[str, str]) -> Batch:
    """Read the tables of a batch.

    Args:
        paths: Path by name of the table; those of reads are not there without alignments.
    """
    found: dict[str, list[Mapping[str, Any]]] = {
        field: [*tables.read_rows(paths[name], schemas.TABLES[name])] if name in paths else []
        for field, name in _FIELDS.items()
    }
    by_depth = tables.read_rows(paths["depth_copy_number"], schemas.TABLES["depth_copy_number"])
    found["copy_number"] = depth_copy_number.filled(found["copy_number"], by_depth)
    return Batch(**found)
