"""What a trial asks for: a tree of criteria, joined by and, or and not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

GENOMIC = "genomic"
CLINICAL = "clinical"
TEXT = "text"

ALL = "and"
ANY = "or"

OPEN = "open"
CLOSED = "closed"
UNKNOWN_ACCRUAL = "unknown"


@dataclass(frozen=True)
class Criterion:
    """One thing that a trial asks for.

    Attributes:
        kind: `genomic` (all fields are of one finding), `clinical` (one field) or `text` (words
            that no program reads).
        fields: What is asked, by the name of the field in lower case, as the trial writes it.
        words: The criterion in words.
    """

    kind: str
    fields: Mapping[str, str]
    words: str


@dataclass(frozen=True)
class Group:
    """Criteria of which all (`and`) or one (`or`) must be met.

    Attributes:
        operator: `and` or `or`.
        operands: The criteria and groups.
        negated: Whether the group must not be met.
    """

    operator: str
    operands: tuple[Tree, ...]
    negated: bool = False


Tree = Criterion | Group


@dataclass(frozen=True)
class Block:
    """A part of a trial with criteria of its own.

    Attributes:
        step: Step of the treatment; empty for the whole trial.
        arm: Arm; empty for a whole step.
        dose_level: Dose level; empty for a whole arm.
        accrual: `open`, `closed` or `unknown`.
        criteria: What is asked.
    """

    step: str
    arm: str
    dose_level: str
    accrual: str
    criteria: Tree


@dataclass(frozen=True)
class Trial:
    """A trial.

    Attributes:
        trial_id: Protocol number or NCT number.
        title: Title, or empty.
        phase: Phases, or empty.
        file: File that it was read from, as the configuration names it.
        form: `ctml` or `clinicaltrials.gov`.
        blocks: Its parts with criteria, in the order of the file.
        countries: Countries with a site.
    """

    trial_id: str
    title: str
    phase: str
    file: str
    form: str
    blocks: tuple[Block, ...]
    countries: tuple[str, ...] = field(default=())


def leaves(tree: Tree, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Criterion]]:
    """The criteria of a tree from left to right, each with the operators above it."""
    if isinstance(tree, Criterion):
        yield path, tree
        return
    name = f"not {tree.operator}" if tree.negated else tree.operator
    for operand in tree.operands:
        yield from leaves(operand, (*path, name))
