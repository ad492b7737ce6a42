"""A first look at the inputs of a run: every file opens, and holds its sample."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from apothecary.errors import Problem, WorkflowInputError
from apothecary.variants.maf import MafFile
from apothecary.variants.reader import VariantFile


def check_inputs(samples: Iterable[Mapping[str, Any]], sheet_folder: str | Path) -> None:
    """Open every input, read its header, and look for the samples.

    Args:
        samples: Rows of the table samples.
        sheet_folder: The folder that their paths are relative to.

    Raises:
        WorkflowInputError: With every problem.
    """
    problems: list[Problem] = []
    by_file: dict[tuple[str, bool], list[Mapping[str, Any]]] = {}
    for sample in samples:
        path = str(Path(sheet_folder) / sample["input"])
        by_file.setdefault((path, sample["format"] == "maf"), []).append(sample)
    for (path, is_maf), of_file in by_file.items():
        try:
            _check(path, is_maf, of_file)
        except WorkflowInputError as error:
            problems += error.problems
    if problems:
        raise WorkflowInputError(problems)


def _check(path: str, is_maf: bool, samples: list[Mapping[str, Any]]) -> None:
    if is_maf:
        MafFile(path)
        return
    file = VariantFile(path)
    if file.header.samples:
        file.sample_columns([sample["sample_in_file"] for sample in samples])
        return
    for sample in samples:
        if sample["role"] != "tumor":
            right = "germline genotypes stand in a column named as the sample"
            raise WorkflowInputError(Problem(path, "the file has no sample column", right))
