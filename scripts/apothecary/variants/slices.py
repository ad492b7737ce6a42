"""Many pieces of one text at a time: numbers, words and bases, told from bounds within its bytes.

A piece is given by the place of its first byte and of the byte behind its last. What is not of the
plain shape that is asked for is told so, and left to whoever reads a line by itself.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
from numpy.lib.stride_tricks import sliding_window_view

Bytes = npt.NDArray[np.uint8]
Places = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]

MOST_DIGITS = 9
"""Digits up to which a whole number is plain."""
_ZERO, _NINE = np.uint8(ord("0")), np.uint8(9)


class Slices(NamedTuple):
    """Pieces of a text.

    Attributes:
        data: The bytes of the text.
        starts: 0-based place of the first byte of each piece.
        ends: Place behind the last byte of each.
    """

    data: Bytes
    starts: Places
    ends: Places

    @property
    def lengths(self) -> Places:
        """Bytes of each piece."""
        return self.ends - self.starts

    def at(self, offset: int) -> Bytes:
        """The byte so many behind the first of each piece, or before its end when negative.

        Where a piece is too short it is a byte beside it; ask for the lengths first.
        """
        places = (self.starts if offset >= 0 else self.ends) + offset
        return self.data.take(places, mode="clip")

    def of(self, chosen: Mask | Places) -> Slices:
        """Some of the pieces."""
        return Slices(self.data, self.starts[chosen], self.ends[chosen])

    def are(self, word: str) -> Mask:
        """Which pieces are a word, in ASCII."""
        same: Mask = self.lengths == len(word)
        if word and same.any():
            letters = np.frombuffer(word.encode("ascii"), dtype=np.uint8)
            long_enough = np.flatnonzero(same)
            same[long_enough] = (self._windows(len(word), long_enough) == letters).all(axis=1)
        return same

    def _windows(self, width: int, chosen: Places) -> Bytes:
        """So many bytes from the first of each of some pieces; a row for each."""
        windows: Bytes = sliding_window_view(self.data, width)[self.starts[chosen]]
        return windows

    def begin_with(self, word: str) -> Mask:
        """Which pieces begin with a word, in ASCII."""
        long_enough = self.lengths >= len(word)
        head = Slices(self.data, self.starts, self.starts + len(word) * long_enough)
        return head.are(word)


def table_of(*letters: str) -> Mask:
    """For each byte, whether it is one of some letters."""
    found = np.zeros(256, dtype=np.bool_)
    found[np.frombuffer("".join(letters).encode("ascii"), dtype=np.uint8)] = True
    return found


def whole_numbers(pieces: Slices) -> tuple[Places, Mask]:
    """Whole numbers without a sign, and which pieces are one of few enough digits."""
    lengths = pieces.lengths
    plain = (lengths > 0) & (lengths <= MOST_DIGITS)
    values = np.zeros(len(lengths), dtype=np.int64)
    longest = int(lengths[plain].max(initial=0))
    shortest = int(lengths.min(initial=longest))
    for place in range(longest):
        digits = pieces.at(-1 - place) - _ZERO
        if place >= shortest:
            digits[lengths <= place] = 0
        plain &= digits <= _NINE
        values += digits * np.int64(10**place)
    return values, plain


def made_of(pieces: Slices, letters: Mask, longest: int) -> Mask:
    """Which pieces are not empty, not longer than a length, and made of some letters only.

    Args:
        pieces: The pieces.
        letters: As `table_of` gives it.
        longest: The length.
    """
    lengths = pieces.lengths
    plain = (lengths > 0) & (lengths <= longest)
    plain &= letters[pieces.at(0)]
    longer = np.flatnonzero(plain & (lengths > 1))
    rest = pieces.of(longer)
    good = np.ones(len(longer), dtype=np.bool_)
    for offset in range(1, int(rest.lengths.max(initial=0))):
        good &= (rest.lengths <= offset) | letters[rest.at(offset)]
    plain[longer] = good
    return plain


def texts(pieces: Slices, null: Mask | None = None) -> pa.StringArray:
    """The pieces, which are ASCII, as an Arrow array.

    Args:
        pieces: The pieces.
        null: Those that are null instead.
    """
    starts, lengths = pieces.starts, pieces.lengths
    offsets = np.zeros(len(starts) + 1, dtype=np.int32)
    np.cumsum(lengths, out=offsets[1:])
    width = int(lengths[0]) if len(lengths) else 0
    if width and (lengths == width).all():
        gathered = sliding_window_view(pieces.data, width)[starts].ravel()
    else:
        behind = np.repeat(starts - offsets[:-1], lengths)
        gathered = pieces.data[behind + np.arange(offsets[-1])]
    buffers = [None, pa.py_buffer(offsets), pa.py_buffer(gathered)]
    found = pa.Array.from_buffers(pa.string(), len(starts), buffers)
    if null is None or not null.any():
        return found
    kept = pa.array(~null)
    return pc.if_else(kept, found, pa.scalar(None, pa.string()))
