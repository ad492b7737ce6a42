"""Reference blocks and reference genotypes, turned into what they say of a position.

A position is covered when every one of its reference bases is: by one block, by several that lie
side by side, or by genotype records that say reference.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from apothecary.variants.filters import Reason
from apothecary.variants.regions import Position


class Piece(NamedTuple):
    """A stretch that one record says is reference in one sample.

    Attributes:
        start: 1-based first position.
        end: 1-based last position.
        record: Number of the record.
        depth: Reads (MIN_DP of a block).
        gq: Genotype quality, Phred.
        failing: Why the stretch is not taken for reference, or None.
        source: Number by which the caller finds the rest of the record.
    """

    start: int
    end: int
    record: int
    depth: int | None
    gq: int | None
    failing: Reason | None
    source: int


class Covered(NamedTuple):
    """What the pieces say of a whole position.

    Attributes:
        pieces: The pieces that cover it, from left to right.
        depth: Least depth of them, None when one has none.
        gq: Least genotype quality of them, None when one has none.
        failing: The first reason against, or None.
    """

    pieces: tuple[Piece, ...]
    depth: int | None
    gq: int | None
    failing: Reason | None


def cover(position: Position, pieces: Iterable[Piece]) -> Covered | None:
    """The pieces that cover every reference base of a position.

    Args:
        position: The position.
        pieces: Pieces that touch it, in any order.

    Returns:
        What they say together, or None when a base is not covered. Where pieces overlap, one that
        passes goes before one that fails.
    """
    left = sorted(pieces, key=lambda p: (p.failing is not None, -p.end, p.record))
    chosen: list[Piece] = []
    at = position.pos
    while at <= position.end:
        found = next((p for p in left if p.start <= at <= p.end), None)
        if found is None:
            return None
        chosen.append(found)
        at = found.end + 1
    return Covered(
        tuple(chosen),
        _least(p.depth for p in chosen),
        _least(p.gq for p in chosen),
        next((p.failing for p in chosen if p.failing), None),
    )


def _least(values: Iterable[int | None]) -> int | None:
    known = list(values)
    return None if None in known else min(v for v in known if v is not None)
