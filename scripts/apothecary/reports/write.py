"""The files of the reports of a batch."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from apothecary import schemas, tables
from apothecary.errors import Problem, ResourceError
from apothecary.files import write_json, write_text
from apothecary.reports import exports, html
from apothecary.reports.sections import SECTIONS
from apothecary.reports.summary import summary

Model = Mapping[str, Any]
# No sample id begins with _, so that this name is no sample's.
BATCH_FILE = "_batch.json"


def write_reports(folder: Path | str, models: Iterable[Model]) -> list[str]:
    """Write the reports of a batch; the same models give the same bytes.

    For each sample: `<sample_id>.json` (the model), `.html`, `.xlsx` and one
    `<sample_id>.<section>.tsv` a section of findings. For the batch: `_batch.json`, which the page
    of the run is made of. A failed sample has the same files, without findings.

    Args:
        folder: The folder to write to, made when absent.
        models: The report models.

    Returns:
        The sample ids in the order of the models.
    """
    place = Path(folder)
    summaries = []
    words: Mapping[str, str] = {}
    for model in models:
        write_report(place, model)
        summaries.append(summary(model))
        words = model["words"]
    write_json(place / BATCH_FILE, {"samples": summaries, "words": dict(words)})
    return [entry["sample_id"] for entry in summaries]


def write_report(folder: Path, model: Model) -> None:
    """Write all views of one model; see `write_reports`."""
    sample_id = model["identity"]["sample_id"]
    write_json(folder / f"{sample_id}.json", model)
    write_text(folder / f"{sample_id}.html", html.render_sample(model))
    exports.write_xlsx(folder / f"{sample_id}.xlsx", model)
    for section in SECTIONS:
        exports.write_tsv(folder / f"{sample_id}.{section.name}.tsv", section, model)


def read_batch(folder: Path | str) -> dict[str, Any]:
    """The summaries of a batch's reports, and the words they were made with.

    Raises:
        ResourceError: The folder holds no reports of a batch.
    """
    return _read(Path(folder) / BATCH_FILE, "no reports of a batch")


def read_models(folder: Path | str) -> Iterator[dict[str, Any]]:
    """The report models of a batch, one at a time, in the order of the sheet.

    Args:
        folder: The folder of the batch's reports.

    Yields:
        A model a sample, failed samples too.

    Raises:
        ResourceError: The folder holds no reports of a batch, or lacks a model.
    """
    for entry in read_batch(folder)["samples"]:
        yield _read(Path(folder) / f"{entry['sample_id']}.json", "no report model")


def read_trial_counts(paths: Iterable[str]) -> dict[str, list[dict[str, Any]]]:
    """Rows of the tables trial_counts, by the batch whose folder they lie in."""
    table = schemas.TABLES["trial_counts"]
    return {Path(path).parent.name: tables.read_rows(path, table) for path in paths}


def _read(path: Path, lacking: str) -> dict[str, Any]:
    try:
        content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        right = "run report_samples again"
        raise ResourceError(Problem(str(path), f"{lacking} ({error})", right)) from error
    return content
