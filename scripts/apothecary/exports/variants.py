"""The files of variants of a batch: an annotated VCF a sample, and a MAF a tumor."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from apothecary.exports import calls, maf, vcf
from apothecary.reports.context import SampleTables
from apothecary.reports.slices import Slices

TABLES = ("variants", "consequences", "neighbours", "sites")
"""The tables that are read beside the report models."""


def write(
    folder: Path | str,
    models: Iterable[Mapping[str, Any]],
    tables: Mapping[str, Any],
    classes: maf.Classes,
) -> None:
    """Write `<sample_id>.vcf.gz` with its index, and of tumors `<sample_id>.maf`.

    Args:
        folder: The folder to write to, made when absent.
        models: The report models of the batch.
        tables: Arrow tables by name (`TABLES`), as `tables.read` returns them.
        classes: See `maf.read_classes`.

    A sample that failed has a VCF without a record, whose header tells the reason, and no MAF.
    """
    place = Path(folder)
    place.mkdir(parents=True, exist_ok=True)
    slices = Slices(tables)
    for model in models:
        identity = model["identity"]
        rows = SampleTables(identity, slices.of(identity["sample_id"]))
        found = calls.of_sample(rows, model)
        vcf.write(place / f"{identity['sample_id']}.vcf.gz", found, model)
        if identity["role"] == "tumor" and not model["failure"]:
            maf.write(place / f"{identity['sample_id']}.maf", found, model, classes)
