"""What of a configuration cannot be told by its schema alone."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from apothecary.errors import Problem, WorkflowInputError
from apothecary.oncogenes.sop.names import ONCOGENICITY_FILES
from apothecary.trials import documents
from apothecary.views import VIEWS


def check_oncogenicity_files(checked: Mapping[str, Any], name: str) -> None:
    """The user's files of scores and evidence must be there.

    Args:
        checked: The configuration with all defaults.
        name: Its name for messages.

    Raises:
        WorkflowInputError: With every problem.
    """
    given = {key: checked["oncogenicity"][key] for key in ONCOGENICITY_FILES}
    problems = [
        Problem(
            name, f"no file {path!r}", "the path of a file, or empty", field=f"oncogenicity.{key}"
        )
        for key, path in given.items()
        if path and not Path(path).is_file()
    ]
    if problems:
        raise WorkflowInputError(problems)


def check_reads_settings(checked: Mapping[str, Any], name: str) -> None:
    """What reads need of the reference and of the treatment of their UMIs.

    Args:
        checked: The configuration with all defaults.
        name: Its name for messages.

    Raises:
        WorkflowInputError: With every problem.
    """
    reads = checked["reads"]
    problems = []
    if not checked["reference"]["fasta"]:
        found = "reads, but no reference to align them to"
        problems.append(Problem(name, found, "give reference.fasta", field="reads.sheet"))
    if reads["umi"] != "none" and reads["trimming"] != "none":
        right = "none with reads.umi: UMIs are at the ends of reads"
        problems.append(Problem(name, repr(reads["trimming"]), right, field="reads.trimming"))
    if reads["umi"] != "none" and not reads["read_structures"]:
        right = "where the UMIs are, one entry for each FASTQ file of a lane"
        problems.append(Problem(name, "none", right, field="reads.read_structures"))
    if problems:
        raise WorkflowInputError(problems)


def check_files_of_tumors(checked: Mapping[str, Any], name: str) -> None:
    """Trials and the matrix of expression must be there.

    Args:
        checked: The configuration with all defaults.
        name: Its name for messages.

    Raises:
        WorkflowInputError: With every problem.
    """
    named = [("trials.files", path) for path in documents.files(checked["trials"]["files"])]
    if checked["tumors"]["expression"]:
        named.append(("tumors.expression", checked["tumors"]["expression"]))
    problems = [
        Problem(name, f"{path!r} is no file", "give the path of a file", field=field)
        for field, path in named
        if not Path(path).is_file()
    ]
    problems += [
        Problem(name, f"no JSON or YAML file in {path!r}", "name trials", field="trials.files")
        for path in checked["trials"]["files"]
        if Path(path).is_dir() and not documents.files([path])
    ]
    if problems:
        raise WorkflowInputError(problems)


def check_views(checked: Mapping[str, Any], name: str) -> None:
    """The views of the reports that are asked for must be known.

    Args:
        checked: The configuration with all defaults.
        name: Its name for messages.

    Raises:
        WorkflowInputError: With every problem.
    """
    right = f"one of {', '.join(sorted(VIEWS))}"
    problems = [
        Problem(name, repr(view), right, field="reports.views")
        for view in checked["reports"]["views"]
        if view not in VIEWS
    ]
    if problems:
        raise WorkflowInputError(problems)
