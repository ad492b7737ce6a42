"""Scoring files of the PGS Catalog to variants with weights; what cannot be scored is refused.

Columns and their meaning are those that the Catalog documents for its format 2.0 and for its
harmonised files (https://www.pgscatalog.org/downloads/).
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from apothecary import files
from apothecary.errors import Problem, WorkflowInputError
from apothecary.hardening import bounded
from apothecary.hardening.bounded import Limits
from apothecary.risk import header
from apothecary.risk.header import ScoreHeader
from apothecary.variants import alleles, contigs, records

ADDITIVE, DOMINANT, RECESSIVE, BY_DOSAGE = "additive", "dominant", "recessive", "by_dosage"
RATIOS = frozenset({"OR", "HR", "OR/HR", "ODDS RATIO", "HAZARD RATIO"})
"""Types of weights that are ratios, whose logarithms are summed."""
COMPLEX = ("interaction", "haplotype", "diplotype")
"""What a row may be of that is more than one variant; the columns are is_interaction and so on."""
NO_POSITION, OTHER_CHROMOSOME, NOT_BASES = "no_position", "other_chromosome", "not_bases"
REPEATED = "repeated"
PROBLEMS_CAP = 10
WEIGHT_CAP = 1e100
"""Greatest weight that is taken, so that every sum is finite."""
_DOSAGE_WEIGHTS = ("dosage_0_weight", "dosage_1_weight", "dosage_2_weight")
_MISSING = frozenset({"", ".", "NA", "NR", "NaN"})


class ScoreVariant(NamedTuple):
    """A row of a scoring file.

    Attributes:
        row: 1-based line of the file.
        chrom: Chromosome with chr; empty when the row has no place.
        pos: 1-based position in the build of the file; 0 when the row has no place.
        effect: Allele that is counted.
        other: The other allele; None where the file tells none, or several.
        model: additive, dominant, recessive or by_dosage.
        weights: The weight; with by_dosage those of 0, 1 and 2 copies. Ratios are logarithms.
        frequency: Frequency of the effect allele, 0 to 1, where the file gives it.
        left_out: Why the row takes no part in any score, else None.
    """

    row: int
    chrom: str
    pos: int
    effect: str
    other: str | None
    model: str
    weights: tuple[float, ...]
    frequency: float | None
    left_out: str | None

    @property
    def size(self) -> float:
        """The most that the variant weighs, without its sign."""
        return max(abs(weight) for weight in self.weights)


@dataclass(frozen=True)
class Score:
    """A score as it is installed.

    Attributes:
        header: What the file says of itself.
        variants: Its rows, in their order.
        sha256: Digest of the file.
    """

    header: ScoreHeader
    variants: tuple[ScoreVariant, ...]
    sha256: str


def load(path: Path | str, *, leave_out: bool, limits: Limits | None = None) -> Score:
    """Read a scoring file in a process of its own.

    Args:
        path: The file.
        leave_out: Whether rows that cannot be scored are left out and counted; else the file is
            refused for them.
        limits: What the reading may take; none when not given.

    Raises:
        WorkflowInputError: As `read`, or the reading took more than the limits.
    """
    head = header.read(path)
    rows = bounded.read(head.file, limits or Limits(), lambda: read(head, leave_out=leave_out))
    found = (ScoreVariant(*row) for row in rows)
    variants = tuple(row._replace(weights=tuple(row.weights)) for row in found)
    return Score(head, variants, files.sha256(path))


def read(head: ScoreHeader, *, leave_out: bool) -> list[ScoreVariant]:
    """The rows of a scoring file.

    Args:
        head: Its header.
        leave_out: See `load`.

    Returns:
        The rows, in their order.

    Raises:
        WorkflowInputError: With the first problems: a cell that is no weight, frequency, position
            or flag, a row of more than one variant or a variant that is there twice (unless
            `leave_out`), or fewer rows than the header says.
    """
    problems: list[Problem] = []
    rows: list[ScoreVariant] = []
    for number, cells in _cells(head, problems):
        try:
            rows.append(_variant(head, number, cells))
        except WorkflowInputError as error:
            problems += error.problems
        if len(problems) >= PROBLEMS_CAP:
            raise WorkflowInputError(problems[:PROBLEMS_CAP])
    if not problems:
        rows = _with_repeated(rows)
        problems += _number_of_rows(head, rows)
        problems += () if leave_out else _not_scored(head, rows)
    if problems:
        raise WorkflowInputError(problems)
    return rows


def _cells(head: ScoreHeader, problems: list[Problem]) -> Iterator[tuple[int, Mapping[str, str]]]:
    for number, text in header.lines(head.file):
        if number <= head.line:
            continue
        cells = text.split("\t")
        if len(cells) == len(head.columns):
            yield number, dict(zip(head.columns, (cell.strip() for cell in cells), strict=True))
        else:
            right = f"{len(head.columns)} cells, as the columns are named, joined by tabs"
            problems.append(Problem(head.file, f"{len(cells)} cells", right, number))


def _variant(head: ScoreHeader, number: int, cells: Mapping[str, str]) -> ScoreVariant:
    row = _Row(head, number, cells)
    chrom, pos, misplaced = row.place()
    effect, other = row.alleles()
    left_out = row.structure() or misplaced
    if not left_out and not (
        alleles.is_bases(effect) and (other is None or alleles.is_bases(other))
    ):
        left_out = NOT_BASES
    model, weights = row.weights()
    return ScoreVariant(
        number, chrom, pos, effect, other, model, weights, row.frequency(), left_out
    )


class _Row:
    """The cells of one row, each read as what it must be."""

    def __init__(self, head: ScoreHeader, number: int, cells: Mapping[str, str]) -> None:
        self._head, self._number, self._cells = head, number, cells

    def _given(self, column: str) -> str:
        text = self._cells.get(column, "")
        return "" if text in _MISSING else text

    def refused(self, column: str, found: str, right: str) -> WorkflowInputError:
        return WorkflowInputError(Problem(self._head.file, found, right, self._number, column))

    def place(self) -> tuple[str, int, str | None]:
        """Chromosome, position, and why the row has none that is looked at."""
        names = ("hm_chr", "hm_pos") if self._head.harmonised else ("chr_name", "chr_position")
        name, text = (self._given(column) for column in names)
        if text and not header.is_count(text):
            raise self.refused(names[1], repr(text), "a whole number from 1, or empty")
        pos = int(text or 0)
        if not name or not pos:
            return "", 0, NO_POSITION
        chrom = contigs.canonical(name)
        # Of the mitochondrion a cell has many copies: a dosage of it is none of the two that count.
        if chrom is None or chrom == "chrM":
            return "", 0, OTHER_CHROMOSOME
        if pos > contigs.contigs()[chrom].lengths[self._head.build]:
            right = f"a position of {chrom} in {self._head.build}"
            raise self.refused(names[1], text, right)
        return chrom, pos, None

    def alleles(self) -> tuple[str, str | None]:
        """The effect allele, and the other where the file tells one."""
        effect = self._given("effect_allele").upper()
        if not effect:
            raise self.refused("effect_allele", "empty", "the allele that is counted")
        other = (self._given("other_allele") or self._given("hm_inferOtherAllele")).upper()
        if other == effect:
            raise self.refused("other_allele", repr(other), "another allele than effect_allele")
        return effect, other if other and "/" not in other else None

    def structure(self) -> str | None:
        """Of what a row of more than one variant is."""
        return next((name for name in COMPLEX if self._flag(f"is_{name}")), None)

    def _flag(self, column: str) -> bool:
        text = self._given(column)
        if text.lower() not in ("", "true", "false"):
            raise self.refused(column, repr(text), "TRUE, FALSE or empty")
        return text.lower() == "true"

    def frequency(self) -> float | None:
        text = self._given("allelefrequency_effect")
        value = records.number(text) if text else None
        if text and (value is None or not 0 <= value <= 1):
            raise self.refused("allelefrequency_effect", repr(text), "a frequency from 0 to 1")
        return value

    def weights(self) -> tuple[str, tuple[float, ...]]:
        """How copies are weighed, and the weights."""
        dominant, recessive = self._flag("is_dominant"), self._flag("is_recessive")
        if dominant and recessive:
            raise self.refused("is_recessive", "TRUE beside is_dominant", "one of the two")
        model = DOMINANT if dominant else RECESSIVE if recessive else ADDITIVE
        ratios = self._head.weight_type.upper() in RATIOS
        if self._given("effect_weight"):
            return model, (self._weight("effect_weight", ratio=ratios),)
        if any(self._given(column) for column in _DOSAGE_WEIGHTS):
            if model != ADDITIVE:
                right = "weights of dosages without is_dominant and is_recessive"
                raise self.refused(_DOSAGE_WEIGHTS[0], f"given beside is_{model}", right)
            return BY_DOSAGE, tuple(self._weight(c, ratio=ratios) for c in _DOSAGE_WEIGHTS)
        column = next((name for name in ("OR", "HR") if self._given(name)), "")
        if column:
            return model, (self._weight(column, ratio=True),)
        raise self.refused("effect_weight", "empty", "a number")

    def _weight(self, column: str, *, ratio: bool) -> float:
        text = self._given(column)
        value = records.number(text)
        if value is None or abs(value) > WEIGHT_CAP:
            raise self.refused(column, repr(text) if text else "empty", "a finite number")
        if not ratio:
            return value
        if value <= 0:
            right = "a ratio above 0, whose logarithm is summed"
            raise self.refused(column, repr(text), right)
        return math.log(value)


def _with_repeated(rows: Sequence[ScoreVariant]) -> list[ScoreVariant]:
    """The rows; those of a variant that is there twice are left out, since either may be meant."""
    counts = Counter(_key(row) for row in rows if row.left_out is None)
    return [
        row._replace(left_out=REPEATED) if row.left_out is None and counts[_key(row)] > 1 else row
        for row in rows
    ]


def _key(row: ScoreVariant) -> tuple[Any, ...]:
    return (row.chrom, row.pos, *sorted((row.effect, row.other or "")))


def _number_of_rows(head: ScoreHeader, rows: Sequence[ScoreVariant]) -> Iterable[Problem]:
    if not rows:
        yield Problem(head.file, "no variant", header.RIGHT_FILE)
    elif head.variants_number is not None and len(rows) < head.variants_number:
        found = f"{len(rows)} rows, but variants_number is {head.variants_number}: the file was cut"
        yield Problem(head.file, found, "copy the file again from its source")


def _not_scored(head: ScoreHeader, rows: Sequence[ScoreVariant]) -> Iterable[Problem]:
    """One line for each kind of row that cannot be scored, with the first and their number."""
    right = "another score, or risk.leave_out: such rows are then left out and counted"
    for kind in (*COMPLEX, REPEATED):
        held = [row for row in rows if row.left_out == kind]
        if held:
            more = f" (rows like it: {len(held)})" if len(held) > 1 else ""
            found = f"the row is more than one variant ({kind})"
            field = f"is_{kind}"
            if kind == REPEATED:
                found, field = "the variant is there twice", "effect_allele"
            yield Problem(head.file, found + more, right, held[0].row, field)
