"""Builds the tables of a small run, for the tests of the commands that look back on one."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from apothecary import schemas, tables
from apothecary.batch_tables import BATCH_TABLES, CALL_TABLES, READ_TABLES, RISK_TABLES
from apothecary.tables import Table

_FILLER: Mapping[str, Any] = {"str": "", "int": 0, "float": 0.0, "bool": False, "list": []}


def row(table: Table, **values: Any) -> dict[str, Any]:
    """A row with the values given; required columns that are not given hold a filler."""
    filled = {column.name: _FILLER[column.kind] for column in table.columns if column.required}
    return {**filled, **values}


class RunBuilder:
    """Rows by table name, written as a run of one batch a name."""

    def __init__(self) -> None:
        self.rows: dict[str, list[dict[str, Any]]] = {}
        self.manifest: dict[str, Any] | None = None

    def add(self, name: str, /, **values: Any) -> RunBuilder:
        self.rows.setdefault(name, []).append(row(schemas.TABLES[name], **values))
        return self

    def sample(self, sample_id: str, batch: str = "batch0001", **values: Any) -> RunBuilder:
        self.add(
            "samples",
            **{
                "sample_id": sample_id,
                "subject_id": sample_id,
                "row": len(self.rows.get("samples", [])) + 2,
                "role": "germline",
                "assay": "genome",
                "sex": "F",
                "input": f"{sample_id}.vcf",
                "format": "vcf",
                "build": "GRCh38",
                "batch": batch,
                "sample_in_file": sample_id,
                **values,
            },
        )
        return self.add("outcomes", sample_id=sample_id, step="read_variants", status="ok")

    def consent(self, subject_id: str, *scopes: str) -> RunBuilder:
        for scope in scopes:
            self.add("consent", subject_id=subject_id, scope=scope, decision="yes")
        return self

    def write(self, folder: Path) -> Path:
        batch_of = {entry["sample_id"]: entry["batch"] for entry in self.rows["samples"]}
        for name in ("samples", "consent", "clinical", "medicines"):
            self._write(folder / "tables", name, self.rows.get(name, []))
        for batch in sorted(set(batch_of.values())):
            given = [
                name for name in (*CALL_TABLES, *READ_TABLES, *RISK_TABLES) if name in self.rows
            ]
            for name in (*BATCH_TABLES, *given):
                rows = self.rows.get(name, [])
                here = [r for r in rows if batch_of.get(r.get("sample_id", ""), batch) == batch]
                self._write(folder / "tables" / batch, name, here)
        if self.manifest is not None:
            (folder / "manifest.json").write_text(json.dumps(self.manifest), encoding="utf-8")
        return folder

    @staticmethod
    def _write(folder: Path, name: str, rows: Iterable[Mapping[str, Any]]) -> None:
        tables.write(folder / f"{name}.parquet", schemas.TABLES[name], rows)
