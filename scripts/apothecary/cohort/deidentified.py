"""Counts of a run that may leave the laboratory: no ids, no dates, no places, no small counts."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from apothecary import runs, schemas, tables
from apothecary.cohort import counting, protection
from apothecary.cohort.schemas import EXPORT_COUNTS
from apothecary.errors import Problem, WorkflowInputError
from apothecary.files import private, write_json, write_text
from apothecary.runs import Run

SCOPE = "research"
"""Scope of consent.tsv that lets a person be counted."""


@dataclass(frozen=True)
class _Persons:
    counted: frozenset[str]
    words: str


def export(results: Path | str, out: Path, least: int | None = None) -> list[str]:
    """Write the counts of a run.

    Args:
        results: The results folder of a run that has ended.
        out: The folder to write to: `counts.parquet` and `counts.tsv` with the same rows, and
            `export.json`, which tells how they were made.
        least: Smallest count that is shown; that of the run's configuration when not given.

    Returns:
        What was written, in lines without any number of persons that is not shown.

    Raises:
        WorkflowInputError: The folder holds no results, `least` is less than the configuration
            of the run asks for, or `out` holds something.
    """
    run = runs.load(results)
    manifest = run.manifest()
    limit = _least(run, manifest, least)
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise WorkflowInputError(
            Problem(str(out), "holds something already", "give a new folder", field="--out")
        )
    persons = _persons(run)
    counts = counting.of_run(run, persons.counted, limit)
    fixed = frozenset(counts.fixed)
    shown = protection.shown(counts.persons, counts.ties, limit, fixed)
    rows = [
        {
            **dict(zip(EXPORT_COUNTS.key, key, strict=True)),
            "persons": counts.persons[key],
        }
        for key in sorted(shown)
    ]
    digest = str(manifest["knowledge"]["digest"])
    with private():
        tables.write(out / "counts.parquet", EXPORT_COUNTS, rows, knowledge=digest)
        write_text(out / "counts.tsv", _tsv(rows))
        write_json(
            out / "export.json",
            {
                "least_persons": limit,
                "consent": persons.words,
                "software": manifest["pipeline"],
                "knowledge": digest,
                "left_out": (
                    "counts below least_persons, and counts that would limit one of those to less; "
                    "how many is not told"
                ),
            },
        )
    return [f"{len(rows)} counts of {limit} persons or more in {out}", persons.words]


def _least(run: Run, manifest: Mapping[str, Any], given: int | None) -> int:
    if not manifest:
        raise WorkflowInputError(
            Problem(str(run.folder), "no manifest.json", "give the results of a run that has ended")
        )
    of_run = manifest["config"].get("export", {}).get("least_persons")
    if of_run is None and given is None:
        raise WorkflowInputError(
            Problem(
                str(run.folder / "manifest.json"),
                "the configuration of the run has no export.least_persons",
                "give --least",
            )
        )
    floor = of_run if of_run is not None else 2
    if given is not None and given < floor:
        raise WorkflowInputError(
            Problem("command line", str(given), f"{floor} or more", field="--least")
        )
    return int(given if given is not None else floor)


def _persons(run: Run) -> _Persons:
    everyone = {sample["subject_id"] for sample in run.samples.values()}
    decisions = {
        row["subject_id"]: row["decision"]
        for row in run.whole_run(schemas.CONSENT)
        if row["scope"] == SCOPE
    }
    if not decisions:
        return _Persons(
            frozenset(everyone),
            f"no person's consent tells of the scope {SCOPE}: all are counted, and whether they "
            "may be is yours to judge",
        )
    return _Persons(
        frozenset(name for name in everyone if decisions.get(name) == "yes"),
        f"only persons whose consent to the scope {SCOPE} is yes are counted",
    )


def _tsv(rows: Iterable[Mapping[str, Any]]) -> str:
    text = io.StringIO()
    names = [column.name for column in EXPORT_COUNTS.columns]
    writer = csv.DictWriter(text, names, delimiter="\t", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()
