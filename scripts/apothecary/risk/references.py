"""How a score is distributed among reference persons, as the user's sheet tells it."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import NormalDist

from apothecary.errors import Problem, WorkflowInputError
from apothecary.oncogenes.sheets import read_sheet
from apothecary.risk.header import is_count
from apothecary.variants import records

COLUMNS = ("model", "ancestry", "mean", "sd", "persons", "variants", "source")
ANY = "any"
"""An ancestry that stands for persons of whatever descent."""
ANCESTRIES = ("AFR", "AMR", "EAS", "EUR", "SAS", ANY)


@dataclass(frozen=True)
class Distribution:
    """A score among reference persons, taken as normal.

    Attributes:
        model: Identifier of the score.
        ancestry: Continental group of the persons, or any.
        mean: Mean of the scores.
        sd: Their standard deviation.
        persons: Number of persons.
        variants: Variants of the score that every one of these persons was scored at.
        source: Where the figures are from.
    """

    model: str
    ancestry: str
    mean: float
    sd: float
    persons: int
    variants: int
    source: str

    def percentile(self, score: float) -> float:
        """Share of the distribution that lies below a score, 0 to 100."""
        return 100 * NormalDist(self.mean, self.sd).cdf(score)

    @property
    def words(self) -> str:
        """The distribution in words."""
        figures = f"mean {self.mean:g}, standard deviation {self.sd:g}"
        return f"{self.ancestry}: {figures}, {self.persons} persons; {self.source}"


def read(path: Path | str) -> list[Distribution]:
    """Read the sheet of distributions.

    Args:
        path: Tab-separated, with the columns of `COLUMNS` in any order.

    Returns:
        The rows, in their order.

    Raises:
        WorkflowInputError: With every problem of the sheet.
    """
    file = str(path)
    columns, rows = read_sheet(path)
    differing = sorted(set(columns) ^ set(COLUMNS))
    if differing:
        right = f"the columns are {', '.join(COLUMNS)}"
        raise WorkflowInputError(Problem(file, f"columns {', '.join(differing)} differ", right, 1))
    problems: list[Problem] = []
    found: dict[tuple[str, str], Distribution] = {}
    for number, cells in rows:
        wrong = list(_problems(file, number, cells))
        if (cells["model"], cells["ancestry"]) in found:
            told = f"{cells['model']} is there twice for {cells['ancestry']}"
            wrong.append(Problem(file, told, "one row a score and ancestry", number, "ancestry"))
        problems += wrong
        if not wrong:
            found[cells["model"], cells["ancestry"]] = _distribution(cells)
    if problems:
        raise WorkflowInputError(problems)
    return list(found.values())


def _problems(file: str, number: int, cells: Mapping[str, str]) -> Iterable[Problem]:
    for name in ("model", "source"):
        if not cells[name]:
            yield Problem(file, "empty", "every distribution names both", number, name)
    if cells["ancestry"] not in ANCESTRIES:
        right = f"one of {', '.join(ANCESTRIES)}"
        yield Problem(file, repr(cells["ancestry"]), right, number, "ancestry")
    for name, least in (("mean", -math.inf), ("sd", 0.0)):
        value = records.number(cells[name])
        if value is None or value <= least:
            right = "a finite number" + (" above 0" if name == "sd" else "")
            yield Problem(file, repr(cells[name]), right, number, name)
    for name in ("persons", "variants"):
        text = cells[name]
        if not (is_count(text) and int(text)):
            yield Problem(file, repr(text), "a whole number from 1", number, name)


def _distribution(cells: Mapping[str, str]) -> Distribution:
    return Distribution(
        model=cells["model"],
        ancestry=cells["ancestry"],
        mean=float(cells["mean"]),
        sd=float(cells["sd"]),
        persons=int(cells["persons"]),
        variants=int(cells["variants"]),
        source=cells["source"],
    )


@dataclass(frozen=True)
class Placed:
    """Where a score lies among reference persons.

    Attributes:
        percentile: 0 to 100; None where it is not given.
        reference: The distribution in words; None where there is none.
        reason: Why there is no percentile, or None.
        notes: What a reader must know of the comparison.
    """

    percentile: float | None = None
    reference: str | None = None
    reason: str | None = None
    notes: tuple[str, ...] = ()


def place(score: float, used: int, held: Sequence[Distribution], ancestry: str | None) -> Placed:
    """Where a score lies among reference persons of the same ancestry.

    Args:
        score: The score.
        used: Variants that it was summed over, those that were imputed among them.
        held: The distributions of the score.
        ancestry: Continental group of the person; None when it is not known or not agreed to.

    Returns:
        The percentile, or why it is not given: another ancestry has another distribution, and so
        has a sum over other variants.
    """
    if not held:
        return Placed(reason="no reference distribution is given for the score")
    of_group = {one.ancestry: one for one in held}
    chosen = of_group.get(ancestry or ANY) or of_group.get(ANY)
    groups = ", ".join(one.ancestry for one in held)
    if chosen is None:
        person = f"the person's is {ancestry}" if ancestry else "the person's is not known"
        return Placed(reason=f"the reference persons are {groups}; {person}")
    if used != chosen.variants:
        reason = f"the reference persons were scored at {chosen.variants} variants, not at {used}"
        return Placed(reference=chosen.words, reason=reason)
    notes: tuple[str, ...] = ()
    if chosen.ancestry == ANY:
        notes = ("the reference persons are not told by ancestry",)
    return Placed(chosen.percentile(score), chosen.words, None, notes)
