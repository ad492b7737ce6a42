"""The codes of the classification as data, and how their points make a class."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from apothecary.errors import Problem, ResourceError
from apothecary.pharmacogenes import facts

PATHOGENIC = "Pathogenic"
LIKELY_PATHOGENIC = "Likely pathogenic"
UNCERTAIN = "Uncertain significance"
LIKELY_BENIGN = "Likely benign"
BENIGN = "Benign"
CLASSES = (PATHOGENIC, LIKELY_PATHOGENIC, UNCERTAIN, LIKELY_BENIGN, BENIGN)
"""The classes, the most pathogenic first."""
REPORTED = frozenset({PATHOGENIC, LIKELY_PATHOGENIC})


@dataclass(frozen=True)
class Code:
    """A code that is met.

    Attributes:
        code: Such as PVS1 or PVS1_STR.
        evidence: What it is met by, in words.
        sources: Sources of the knowledge, `input` or `user`.
    """

    code: str
    evidence: str
    sources: tuple[str, ...]


@dataclass(frozen=True)
class Rules:
    """The classification as data.

    Attributes:
        points: Points by code.
        classes: Class with its least and greatest points, None for open.
    """

    points: Mapping[str, int]
    classes: Sequence[tuple[str, int | None, int | None]]

    def sum_of(self, codes: Iterable[Code]) -> int:
        """The points of codes together."""
        return sum(self.points[code.code] for code in codes)

    def classify(self, points: int) -> str:
        """The class of a sum of points.

        Raises:
            ValueError: The limits leave the sum without a class.
        """
        for name, least, greatest in self.classes:
            if (least is None or points >= least) and (greatest is None or points <= greatest):
                return name
        raise ValueError(f"no class for {points} points")


def load(paths: Mapping[str, Path | str]) -> Rules:
    """Read the tables of the classification.

    Args:
        paths: Files of `resources/germline` by stem: criteria and classes.

    Raises:
        ResourceError: A table is absent or faulty.
    """
    criteria = facts.read(paths["criteria"], ("code", "pole", "points", "meaning", "source"))
    classes = facts.read(paths["classes"], ("class", "minimum", "maximum", "source"))
    try:
        points = {row["code"]: int(row["points"]) for row in criteria}
        limits = [
            (
                row["class"],
                int(row["minimum"]) if row["minimum"] else None,
                int(row["maximum"]) if row["maximum"] else None,
            )
            for row in classes
        ]
    except ValueError as error:
        raise ResourceError(
            Problem(str(paths["criteria"]), f"not a number ({error})", "whole points are needed")
        ) from error
    return Rules(points, limits)
