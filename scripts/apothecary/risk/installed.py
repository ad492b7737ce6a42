"""The scores that a user installed, and how they are distributed among reference persons."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from apothecary.errors import Problem, WorkflowInputError
from apothecary.hardening.bounded import Limits
from apothecary.risk import header, references, scoring_files
from apothecary.risk.references import Distribution
from apothecary.risk.scoring_files import Score


@dataclass(frozen=True)
class Installed:
    """The scores that a user installed.

    Attributes:
        scores: They, each of one build; a model may be there once a build.
        distributions: How they are distributed among reference persons.
    """

    scores: Sequence[Score]
    distributions: Sequence[Distribution] = ()

    @property
    def models(self) -> dict[str, dict[str, Score]]:
        """Scores by model and build, sorted by model."""
        found: dict[str, dict[str, Score]] = {}
        for score in sorted(self.scores, key=lambda one: (one.header.model, one.header.build)):
            found.setdefault(score.header.model, {})[score.header.build] = score
        return found

    def of_model(self, model: str) -> list[Distribution]:
        """The distributions of a model."""
        return [one for one in self.distributions if one.model == model]


def load(section: Mapping[str, Any], limits: Limits | None = None) -> Installed:
    """Read what the section `risk` of a checked configuration names.

    Args:
        section: The section.
        limits: What the reading of a file may take; none when not given.

    Raises:
        WorkflowInputError: With every problem of the first file that cannot be taken.
    """
    leave_out = section["leave_out"]
    scores = [
        scoring_files.load(path, leave_out=leave_out, limits=limits) for path in section["scores"]
    ]
    named = section["references"]
    return Installed(scores, references.read(named) if named else ())


def check(section: Mapping[str, Any]) -> None:
    """The headers of the scoring files, and the sheet of distributions, must be in order.

    The rows of a scoring file are read when the scores are summed.

    Args:
        section: The section `risk` of a checked configuration.

    Raises:
        WorkflowInputError: With every problem; a model that is there twice in one build is one.
    """
    problems: list[Problem] = []
    held: dict[tuple[str, str], str] = {}
    for path in section["scores"]:
        try:
            head = header.read(path)
        except WorkflowInputError as error:
            problems += error.problems
            continue
        first = held.setdefault((head.model, head.build), path)
        if first != path or section["scores"].count(path) > 1:
            found = f"{head.model} of {head.build}, as in {first}"
            problems.append(Problem(path, found, "each score once a build", None, "pgs_id"))
    if section["references"]:
        try:
            references.read(section["references"])
        except WorkflowInputError as error:
            problems += error.problems
    if problems:
        raise WorkflowInputError(problems)
