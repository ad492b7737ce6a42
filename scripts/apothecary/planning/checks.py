"""What of a configuration cannot be told by its schema alone."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from apothecary.errors import Problem, WorkflowInputError
from apothecary.germline.names import GERMLINE_FILES
from apothecary.oncogenes.sop.names import ONCOGENICITY_FILES
from apothecary.reports import igv
from apothecary.trials import documents
from apothecary.views import VIEWS

_USER_FILES: Mapping[str, tuple[str, ...]] = {
    "oncogenicity": ONCOGENICITY_FILES,
    "germline": GERMLINE_FILES,
}
"""Keys that name a user's file, by section."""


def check_user_files(checked: Mapping[str, Any], name: str) -> None:
    """The user's files of scores, evidence, ClinVar and frequencies must be there.

    Args:
        checked: The configuration with all defaults.
        name: Its name for messages.

    Raises:
        WorkflowInputError: With every problem.
    """
    given = {
        f"{section}.{key}": checked[section][key]
        for section, keys in _USER_FILES.items()
        for key in keys
    }
    problems = [
        Problem(name, f"no file {path!r}", "the path of a file, or empty", field=field)
        for field, path in given.items()
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
    if "reads" in checked["reports"]["views"]:
        problems += _lacking_for_reads(checked, name)
    if problems:
        raise WorkflowInputError(problems)


def check_igv(checked: Mapping[str, Any], releases: Path) -> None:
    """The program that shows reads must be there and of a known release, where it is needed.

    Args:
        checked: The configuration with all defaults.
        releases: The table of the releases that are known.

    Raises:
        ResourceError: It is not there, or of no known release.
    """
    if "reads" in checked["reports"]["views"]:
        igv.load(checked["reports"]["igv"], releases)


def _lacking_for_reads(checked: Mapping[str, Any], name: str) -> list[Problem]:
    """What the pages of reads need and the configuration does not give."""
    needed = (
        (
            "reports.igv",
            checked["reports"]["igv"],
            "the file dist/igv.min.js of the npm package igv",
        ),
        ("reference.fasta", checked["reference"]["fasta"], "the FASTA of the alignments"),
    )
    return [
        Problem(name, "not given, and reports.views asks for reads", right, field=field)
        for field, value, right in needed
        if not value
    ]


def check_sign_off(checked: Mapping[str, Any], name: str) -> None:
    """Signed reports need who signed them and when; the run that is amended must be there.

    Args:
        checked: The configuration with all defaults.
        name: Its name for messages.

    Raises:
        WorkflowInputError: With every problem.
    """
    reports = checked["reports"]
    sign_off, problems = reports["sign_off"], []
    if sign_off["reports"]:
        problems = [
            Problem(name, "empty", "signed reports need it", field=f"reports.sign_off.{key}")
            for key in ("name", "role", "date")
            if not sign_off[key]
        ]
    if sign_off["date"]:
        try:
            date.fromisoformat(sign_off["date"])
        except ValueError:
            found, field = repr(sign_off["date"]), "reports.sign_off.date"
            problems.append(Problem(name, found, "a date as 2026-01-31", field=field))
    if reports["previous"] and not (Path(reports["previous"]) / "manifest.json").is_file():
        found = f"no manifest.json in {reports['previous']!r}"
        right = "the results folder of a run that has ended"
        problems.append(Problem(name, found, right, field="reports.previous"))
    if problems:
        raise WorkflowInputError(problems)
