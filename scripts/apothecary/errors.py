"""What the user can fix, and what is a bug.

A problem is one line: file, row, field, what was found, what would be right. Everything that is
not an `ApothecaryError` is a bug and keeps its traceback.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

EXIT_INPUT = 2
EXIT_RESOURCE = 3
EXIT_INCOMPLETE = 4
EXIT_DIFFERENT = 5


@dataclass(frozen=True)
class Problem:
    """One thing that the user can fix.

    Attributes:
        file: Path as the user gave it.
        found: What was found, worded for the end of a sentence.
        right: What would be right.
        row: 1-based line of the file, where one applies.
        field: Column, key or field name, where one applies.
    """

    file: str
    found: str
    right: str
    row: int | None = None
    field: str | None = None

    def line(self) -> str:
        """The problem as one line of printable text."""
        where = self.file
        if self.row is not None:
            where += f", row {self.row}"
        if self.field is not None:
            where += f", {self.field}"
        text = f"{where}: {self.found}; {self.right}"
        return "".join(c if c.isprintable() else repr(c)[1:-1] for c in text)


class ApothecaryError(Exception):
    """Anything that is told in words rather than as a traceback."""

    exit_status = 1


class WorkflowInputError(ApothecaryError):
    """The user's sheets, config or data files hold something that cannot be taken.

    Attributes:
        problems: Every problem found, at least one.
    """

    exit_status = EXIT_INPUT

    def __init__(self, problems: Problem | Sequence[Problem]) -> None:
        self.problems = [problems] if isinstance(problems, Problem) else list(problems)
        super().__init__("\n".join(problem.line() for problem in self.problems))

    def __reduce__(self) -> tuple[type[WorkflowInputError], tuple[list[Problem]]]:
        return (type(self), (self.problems,))


class ResourceError(WorkflowInputError):
    """Knowledge, a lock or a reference is absent, changed or of another version."""

    exit_status = EXIT_RESOURCE
