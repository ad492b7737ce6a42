"""A dataset of many runs: Parquet files by table, run and batch, which any query engine reads.

A run is named by the digest of its manifest, which is the same for the same inputs, software,
configuration and knowledge; the same run is never in a dataset twice. Every part is held against
the manifest of its run before anything is written, and the list of a run's parts is written last.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from apothecary import runs, schemas, tables
from apothecary.cohort.schemas import COHORT_PARTS
from apothecary.errors import Problem, ResourceError, WorkflowInputError
from apothecary.files import private, sha256
from apothecary.runs import Run
from apothecary.tables import Table

PARTS = "parts"
"""Folder of the lists of parts, one file a run."""

OF_BATCHES = (
    schemas.DIPLOTYPES,
    schemas.PHENOTYPES,
    schemas.RECOMMENDATIONS,
    schemas.ACTIONABILITY,
    schemas.ONCOGENICITY,
    schemas.BIOMARKERS,
)
GATES = schemas.TABLES["qc_gates"]
"""Only of batches with reads."""


@dataclass(frozen=True)
class Added:
    """What became of the results of a run.

    Attributes:
        run: The run's name in the dataset.
        parts: Parts that were written; 0 when the run is there already.
        rows: Their rows.
    """

    run: str
    parts: int
    rows: int


@dataclass(frozen=True)
class _Part:
    table: Table
    batch: str
    arrow: pa.Table

    def path(self, run: str) -> Path:
        return Path(self.table.name, f"run={run}", f"batch={self.batch}", "part.parquet")


def run_name(run: Run) -> str:
    """The name of a run in a dataset.

    The letter before the digits keeps query engines from taking it for a number.

    Raises:
        WorkflowInputError: The run has no manifest, since it has not ended.
    """
    path = run.folder / "manifest.json"
    if not path.is_file():
        raise WorkflowInputError(
            Problem(str(run.folder), "no manifest.json", "give the results of a run that has ended")
        )
    return f"r{sha256(path)[:16]}"


def add(results: Path | str, folder: Path | str) -> Added:
    """Add the results of a run.

    Args:
        results: The results folder of a run that has ended.
        folder: The folder of the dataset, made when absent.

    Returns:
        What was added: nothing when the run is there already.

    Raises:
        WorkflowInputError: The folder holds no results, or a table is not what the manifest says.
        ResourceError: A table, or the dataset, is of another schema version.
    """
    run, place = runs.load(results), Path(folder)
    name = run_name(run)
    known = parts(place)
    if any(row["run"] == name for row in known):
        return Added(name, 0, 0)
    manifest = run.manifest()
    found = list(_parts_of(run))
    _check_versions(place, known, found)
    _check_contents(run, found, manifest)
    knowledge = str(manifest["knowledge"]["digest"])
    rows = [_row(part, name, manifest, knowledge) for part in found]
    with private():
        _write(place, name, found, rows, knowledge)
    return Added(name, len(rows), sum(row["rows"] for row in rows))


def parts(folder: Path | str) -> list[dict[str, Any]]:
    """Rows of the table cohort_parts of a dataset, run by run; none for a new folder.

    Raises:
        ResourceError: The dataset was written by another version of the program.
    """
    lists = sorted(Path(folder, PARTS).glob("run=*/part.parquet"))
    return [row for path in lists for row in tables.read_rows(path, COHORT_PARTS)]


def _parts_of(run: Run) -> Iterator[_Part]:
    samples = tables.read(run.folder / "tables" / "samples.parquet", schemas.SAMPLES)
    for batch in run.batches:
        yield _Part(schemas.SAMPLES, batch, samples.filter(pc.field("batch") == batch))
        for table in OF_BATCHES:
            path = run.path(table, batch)
            if not path.is_file():
                raise WorkflowInputError(
                    Problem(
                        str(run.folder),
                        f"no table {table.name} of batch {batch}",
                        "give the results of a run that has ended",
                    )
                )
            yield _Part(table, batch, tables.read(path, table))
        if run.path(GATES, batch).is_file():
            yield _Part(GATES, batch, tables.read(run.path(GATES, batch), GATES))


def _check_versions(
    place: Path, known: Iterable[Mapping[str, Any]], found: Iterable[_Part]
) -> None:
    versions = {part.table.name: part.table.version for part in found}
    for row in known:
        wanted = versions.get(row["part_of"], row["schema_version"])
        if row["schema_version"] != wanted:
            raise ResourceError(
                Problem(
                    str(place),
                    f"table {row['part_of']} of schema version {row['schema_version']}, the run "
                    f"has version {wanted}",
                    "begin a new dataset, and add runs of one version to it",
                )
            )


def _check_contents(run: Run, found: Iterable[_Part], manifest: Mapping[str, Any]) -> None:
    """Hold each table against the manifest; that of the samples is told for the whole run."""
    told = {row["path"]: row.get("content_sha256") for row in manifest["outputs"]}
    samples = tables.read(run.folder / "tables" / "samples.parquet", schemas.SAMPLES)
    digests = {"tables/samples.parquet": tables.content_digest(samples)}
    for part in found:
        if part.table is not schemas.SAMPLES:
            path = run.path(part.table, part.batch).relative_to(run.folder).as_posix()
            digests[path] = tables.content_digest(part.arrow)
    problems = [
        Problem(
            str(run.folder / path),
            "not what the manifest of the run says" if path in told else "not in the manifest",
            "run again, so that results and manifest agree",
        )
        for path, digest in sorted(digests.items())
        if told.get(path) != digest
    ]
    if problems:
        raise WorkflowInputError(problems)


def _row(part: _Part, run: str, manifest: Mapping[str, Any], knowledge: str) -> dict[str, Any]:
    return {
        "run": run,
        "part_of": part.table.name,
        "batch": part.batch,
        "schema_version": part.table.version,
        "pipeline_version": str(manifest["pipeline"]["version"]),
        "knowledge": knowledge,
        "rows": part.arrow.num_rows,
        "content_sha256": tables.content_digest(part.arrow),
        "path": part.path(run).as_posix(),
    }


def _write(
    place: Path, run: str, found: Iterable[_Part], rows: list[dict[str, Any]], knowledge: str
) -> None:
    """Write all parts beside the dataset, then move them in, the list of the run last."""
    place.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".adding-", dir=place) as work:
        ready = []
        for part in found:
            ready.append(part.path(run))
            tables.write(Path(work) / ready[-1], part.table, part.arrow, knowledge=knowledge)
        ready.append(Path(PARTS, f"run={run}", "part.parquet"))
        tables.write(Path(work) / ready[-1], COHORT_PARTS, rows, knowledge=knowledge)
        for path in ready:
            (place / path).parent.mkdir(parents=True, exist_ok=True)
            (Path(work) / path).replace(place / path)
