"""Runs of the whole workflow, as a user starts them."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from apothecary import schemas, tables

REPOSITORY = Path(__file__).resolve().parents[1]


def start(folder: Path, *options: str, timeout: int = 600) -> subprocess.CompletedProcess[str]:
    """Run `config.yaml` of a folder; results go to `out` there."""
    command = [sys.executable, "-m", "apothecary.cli", "run", "--config", "config.yaml"]
    return subprocess.run(
        [*command, "--out", "out", *options],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(REPOSITORY / "scripts")},
        capture_output=True,
        text=True,
        timeout=timeout,
        check=False,
    )


def run(folder: Path, *options: str, status: int = 0, timeout: int = 600) -> Path:
    """The results of a run that ends with a status."""
    done = start(folder, *options, timeout=timeout)
    assert done.returncode == status, done.stdout + done.stderr
    return folder / "out"


def write_sheet(path: Path, rows: Iterable[Sequence[str]]) -> None:
    """A sheet; the first row is its header."""
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream, delimiter="\t", lineterminator="\n").writerows(rows)


def rows(results: Path, name: str) -> list[dict[str, Any]]:
    """The rows of a table, of all batches."""
    paths = sorted((results / "tables").glob(f"*/{name}.parquet"))
    assert paths
    return [row for path in paths for row in tables.read_rows(path, schemas.TABLES[name])]


def report(results: Path, sample: str) -> dict[str, Any]:
    """The report model of a sample."""
    (path,) = (results / "reports").glob(f"*/{sample}.json")
    model: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return model
