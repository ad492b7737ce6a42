"""Reads that are made up from haplotypes, for tests and benchmarks of the calling.

The error model is our own and simple: base quality falls along the read, a base is wrong with the
probability that its quality says, and rarely a base is left out or doubled. Nothing is drawn but
from the seed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

_COMPLEMENT = bytes.maketrans(b"ACGTN", b"TGCAN")
_LETTERS = np.frombuffer(b"ACGT", dtype=np.uint8)


class Change(NamedTuple):
    """A change of a haplotype against the reference.

    Attributes:
        pos: 1-based position.
        ref: Reference bases.
        alt: Bases instead.
    """

    pos: int
    ref: str
    alt: str


@dataclass(frozen=True)
class ReadModel:
    """How reads are made.

    Attributes:
        length: Bases of a read.
        fragment: Mean length of a fragment.
        fragment_spread: Standard deviation of the lengths.
        first_quality: Mean base quality at the start of a read.
        last_quality: The same at its end.
        quality_spread: Standard deviation of the qualities.
        indel_error: Rate at which a base is left out or doubled.
    """

    length: int = 150
    fragment: int = 350
    fragment_spread: int = 50
    first_quality: int = 36
    last_quality: int = 28
    quality_spread: float = 3.0
    indel_error: float = 0.00005


class Pair(NamedTuple):
    """A read pair.

    Attributes:
        name: Name of the fragment.
        first: Bases of the first read.
        first_quality: Its qualities as a FASTQ spells them.
        second: Bases of the second read.
        second_quality: Its qualities.
    """

    name: str
    first: str
    first_quality: str
    second: str
    second_quality: str


def compatible(changes: Iterable[Change]) -> list[Change]:
    """The changes that one haplotype can have: sorted, none overlapping an earlier one."""
    chosen: list[Change] = []
    for change in sorted(changes):
        if not chosen or change.pos >= chosen[-1].pos + len(chosen[-1].ref):
            chosen.append(change)
    return chosen


def haplotype(reference: str, start: int, changes: Iterable[Change]) -> str:
    """The bases of a haplotype.

    Args:
        reference: Reference bases of a stretch.
        start: 1-based position of the first.
        changes: Changes within the stretch; see `compatible`.

    Returns:
        The bases with the changes.

    Raises:
        ValueError: The reference does not have the bases of a change.
    """
    parts = []
    at = start
    for change in compatible(changes):
        offset = change.pos - start
        if reference[offset : offset + len(change.ref)] != change.ref:
            raise ValueError(f"the reference at {change.pos} is not {change.ref}")
        parts += [reference[at - start : offset], change.alt]
        at = change.pos + len(change.ref)
    return "".join([*parts, reference[at - start :]])


def pairs(
    text: str, depth: float, seed: int, name: str, model: ReadModel | None = None
) -> Iterator[Pair]:
    """Read pairs of one haplotype.

    Args:
        text: Its bases.
        depth: Mean number of reads over a base.
        seed: Seed of all that is drawn.
        name: Start of the names of the fragments.
        model: How reads are made.
    """
    model = model or ReadModel()
    dice = np.random.default_rng(seed)
    number = round(depth * len(text) / (2 * model.length))
    lengths = dice.normal(model.fragment, model.fragment_spread, number).round().astype(int)
    for at, drawn in enumerate(lengths.tolist()):
        length = max(model.length + 5, min(drawn, len(text)))
        start = int(dice.integers(0, max(1, len(text) - length + 1)))
        fragment = text[start : start + length].encode()
        turned = fragment.translate(_COMPLEMENT)[::-1]
        ends = (fragment, turned) if dice.random() < 0.5 else (turned, fragment)
        reads = [_read(end, dice, model) for end in ends]
        yield Pair(f"{name}.{at}", *reads[0], *reads[1])


def _read(fragment: bytes, dice: np.random.Generator, model: ReadModel) -> tuple[str, str]:
    bases = np.frombuffer(fragment[: model.length + 5], dtype=np.uint8).copy()
    slips = np.flatnonzero(dice.random(len(bases)) < model.indel_error)
    for place in slips[::-1].tolist():
        doubled = dice.random() < 0.5
        bases = np.insert(bases, place, bases[place]) if doubled else np.delete(bases, place)
    bases = bases[: model.length]
    quality = _qualities(len(bases), dice, model)
    wrong = dice.random(len(bases)) < 10 ** (-quality / 10)
    turn = dice.integers(1, 4, len(bases))
    codes = np.searchsorted(_LETTERS, bases)
    changed = wrong & (_LETTERS[np.minimum(codes, 3)] == bases)
    bases[changed] = _LETTERS[(codes[changed] + turn[changed]) % 4]
    return bases.tobytes().decode(), (quality + 33).astype(np.uint8).tobytes().decode()


def _qualities(length: int, dice: np.random.Generator, model: ReadModel) -> npt.NDArray[np.int64]:
    mean = np.linspace(model.first_quality, model.last_quality, length)
    drawn = dice.normal(mean, model.quality_spread).round()
    return np.clip(drawn, 2, 40).astype(np.int64)


def fastq(pairs_of_reads: Sequence[Pair]) -> tuple[str, str]:
    """The text of the two FASTQ files of read pairs."""
    first = "".join(f"@{p.name}\n{p.first}\n+\n{p.first_quality}\n" for p in pairs_of_reads)
    second = "".join(f"@{p.name}\n{p.second}\n+\n{p.second_quality}\n" for p in pairs_of_reads)
    return first, second
