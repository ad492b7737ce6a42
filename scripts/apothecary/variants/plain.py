"""Records of the common shape, told many at a time from the bytes of their lines.

A record is plain when it has one alternate allele that is a substitution of one base or an indel,
spelled in A, C, G and T as normalisation would leave it, and a genotype that names these two
alleles. For plain records nothing of what the reader checks is wrong; all others, and every line of
which this cannot be said at a glance, are read one by one.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np

from apothecary.variants import slices
from apothecary.variants.slices import Bytes, Mask, Places, Slices

_TAB, _LINE_FEED, _HASH = b"\t\n#"
_SPACE, _TILDE = b" ~"
_BASES = slices.table_of("ACGT")
_ALLELES, _SEPARATORS = slices.table_of("01."), slices.table_of("/|")
_LONGEST = 50
"""Bases up to which an allele is plain."""
_MOST_STRETCHES = 100
"""Changes of the contig in one piece of text, from which on lines are read one by one."""
POS, ID, REF, ALT, QUAL, FILTER, INFO, FORMAT = range(1, 9)


@dataclass(frozen=True)
class Stretch:
    """Neighbouring lines of one contig.

    Attributes:
        text: The piece of text that they are of.
        data: Its bytes.
        bounds: Where the columns of each line begin in it, and behind the last column's separator.
        first: 1-based line of the file of the first of them.
    """

    text: bytes
    data: Bytes
    bounds: Places
    first: int

    def __len__(self) -> int:
        return len(self.bounds)

    def column(self, at: int) -> Slices:
        """One column of all lines, by its number from 0."""
        return Slices(self.data, self.bounds[:, at], self.bounds[:, at + 1] - 1)

    def line(self, at: int) -> bytes:
        """One line, by its number from 0."""
        return self.text[self.bounds[at, 0] : self.bounds[at, -1] - 1]

    @cached_property
    def positions(self) -> tuple[Places, Mask]:
        """POS of each line, and where it is a plain number."""
        return slices.whole_numbers(self.column(POS))

    @cached_property
    def ends(self) -> Places:
        """1-based last position of REF of each line."""
        return self.positions[0] + self.column(REF).lengths - 1

    @property
    def contig(self) -> bytes:
        """The name of their contig."""
        return self.text[self.bounds[0, 0] : self.bounds[0, 1] - 1]


def stretches(text: bytes, columns: int, first: int) -> list[Stretch] | None:
    """The lines of a piece of text, by runs of one contig.

    Args:
        text: Whole lines joined by LF, without the LF of the last.
        columns: Columns that each line must have.
        first: 1-based line of the file of the first line.

    Returns:
        The stretches in the order of the text; None when a line is no record of so many columns,
        or any byte is not printable ASCII.
    """
    data = np.frombuffer(text, dtype=np.uint8)
    if not len(data) or data.max() > _TILDE:
        return None
    separators = np.flatnonzero(data < _SPACE)
    if (len(separators) + 1) % columns:
        return None
    lines = (len(separators) + 1) // columns
    bounds = np.empty((lines, columns + 1), dtype=np.int64)
    flat = np.append(separators, len(data)).reshape(lines, columns)
    if (data[flat[:, :-1]] != _TAB).any() or (data[flat[:-1, -1]] != _LINE_FEED).any():
        return None
    bounds[0, 0], bounds[1:, 0] = 0, flat[:-1, -1] + 1
    np.add(flat, 1, out=bounds[:, 1:])
    if (data[bounds[:, 0]] == _HASH).any():
        return None
    begins = [0, *_changes(Slices(data, bounds[:, 0], bounds[:, 1] - 1)).tolist(), lines]
    if len(begins) > _MOST_STRETCHES:
        return None
    return [Stretch(text, data, bounds[low:high], first + low) for low, high in pairwise(begins)]


def _changes(names: Slices) -> Places:
    """Lines whose name is not that of the line before."""
    lengths = names.lengths
    same = lengths[1:] == lengths[:-1]
    for offset in range(int(lengths.max(initial=0))):
        letters = names.at(offset)
        same &= (letters[1:] == letters[:-1]) | (lengths[1:] <= offset)
    return np.flatnonzero(~same) + 1


def plain(stretch: Stretch, length: int, genotype: int | None) -> Mask:
    """Which lines hold a plain record.

    Args:
        stretch: The lines.
        length: The last position of their contig.
        genotype: Number of the column whose genotype is checked; None for none.
    """
    positions, numbers = stretch.positions
    ref, alt = stretch.column(REF), stretch.column(ALT)
    good = numbers & (positions > 0) & (positions <= length)
    good &= slices.made_of(ref, _BASES, _LONGEST) & slices.made_of(alt, _BASES, _LONGEST)
    shortest = np.minimum(ref.lengths, alt.lengths)
    good &= (ref.at(-1) != alt.at(-1)) & ((shortest == 1) | (ref.at(0) != alt.at(0)))
    if genotype is not None:
        good &= _genotype_fits(stretch, genotype)
    return good


def _genotype_fits(stretch: Stretch, column: int) -> Mask:
    form, value = stretch.column(FORMAT), stretch.column(column)
    named = form.begin_with("GT") & ((form.lengths == 2) | (form.at(2) == ord(":")))
    one, two = _ALLELES[value.at(0)] & (value.lengths > 0), value.lengths > 2
    two &= _SEPARATORS[value.at(1)] & _ALLELES[value.at(2)] & _ends_at(value, 3)
    fits: Mask = named & one & (two | _ends_at(value, 1))
    return fits


def _ends_at(value: Slices, offset: int) -> Mask:
    exactly, longer = value.lengths == offset, value.lengths > offset
    ends: Mask = exactly | (longer & (value.at(offset) == ord(":")))
    return ends
