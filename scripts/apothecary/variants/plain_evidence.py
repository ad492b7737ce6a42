"""What reads say at plain records, many at a time: the common ground of `conventions`.

A layout tells where in a FORMAT the values stand that `conventions.evidence` would take. Values of
another shape than a caller usually writes (a dot, a list, a fraction that the depths contradict)
are told so, and their records are read one by one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from apothecary.variants import conventions, slices
from apothecary.variants.conventions import Convention
from apothecary.variants.slices import Mask, Places, Slices

_COUNTS = slices.table_of("0123456789,")
_DIGITS = slices.table_of("0123456789")
_DECIMALS = slices.table_of("0123456789.eE-")
_LONGEST_COUNTS, _LONGEST_DECIMAL = 99, 20
_BEHIND_VALUE = slices.table_of(";\t")
_SUPPORTED = {"depth": ("count", "first"), "allele_depths": ("each_allele",), "vaf": ("each_alt",)}
_UNSUPPORTED = frozenset({"MIN_DP"})


@dataclass(frozen=True)
class Layout:
    """Numbers of the fields in a FORMAT that are looked at; None for one that it has not."""

    fields: int
    depth: int | None
    allele_depths: int | None
    vaf: int | None
    gq: int | None
    likelihoods: int | None
    phase_set: int | None
    physical: tuple[int, int] | None
    filter: int | None


def layout(form: Sequence[str], known: Sequence[Convention]) -> Layout | None:
    """The layout of a FORMAT.

    Args:
        form: Names of the fields, GT the first.
        known: Where depths and fractions stand, as `conventions.of_header` gives them.

    Returns:
        The layout; None when the values stand where they are not looked for here.
    """
    if len(set(form)) != len(form) or not _UNSUPPORTED.isdisjoint(form):
        return None
    at = {name: number for number, name in enumerate(form)}
    chosen: dict[str, int] = {}
    for quantity, forms in _SUPPORTED.items():
        for convention in known:
            if convention.quantity != quantity:
                continue
            if convention.level != "FORMAT":
                return None
            if convention.tag in at:
                if convention.form not in forms:
                    return None
                chosen[quantity] = at[convention.tag]
                break
    checked = {"DP": "depth", "AD": "allele_depths"}
    if any(tag in at and chosen.get(quantity) != at[tag] for tag, quantity in checked.items()):
        return None
    if "GQ" not in at and ("RGQ" in at or "GQX" in at):
        return None
    if "depth" not in chosen and "allele_depths" not in chosen:
        return None
    return Layout(
        fields=len(form),
        depth=chosen.get("depth"),
        allele_depths=chosen.get("allele_depths"),
        vaf=chosen.get("vaf"),
        gq=at.get("GQ"),
        likelihoods=at.get("PL"),
        phase_set=at.get("PS"),
        physical=(at["PGT"], at["PID"]) if "PGT" in at and "PID" in at else None,
        filter=at.get("FT"),
    )


class Fields(NamedTuple):
    """The values of a sample column, split into fields.

    Attributes:
        values: The columns; each has as many fields as its FORMAT.
        colons: Places of all colons of the text.
        before: How many of them stand before each column.
        number: Fields of each.
    """

    values: Slices
    colons: Places
    before: Places
    number: int

    def field(self, at: int) -> Slices:
        """One field of every column, by its number from 0."""
        values = self.values
        starts = values.starts if at == 0 else self.colons[self.before + at - 1] + 1
        ends = values.ends if at == self.number - 1 else self.colons[self.before + at]
        return Slices(values.data, starts, ends)


def split(values: Slices, colons: Places, count: int) -> tuple[Fields, Mask]:
    """The fields of columns, and which of the columns have as many as they should.

    Args:
        values: The columns.
        colons: Places of all colons of the text.
        count: Fields that each should have.

    Returns:
        The fields of those that have, and the mask over all columns.
    """
    before = np.searchsorted(colons, values.starts)
    bounds = np.concatenate([[-1], colons, [len(values.data)]])
    last, behind = (np.minimum(before + at, len(colons) + 1) for at in (count - 1, count))
    good: Mask = (bounds[last] < values.ends) & (bounds[behind] >= values.ends)
    return Fields(values.of(good), colons, before[good], count), good


@dataclass(frozen=True)
class Measures:
    """What reads say at each record; None for what the FORMAT has not.

    Attributes:
        good: Records of which all is told here; the values of others mean nothing.
        depth: Reads at the position.
        ref_depth: Reads of the reference allele.
        alt_depth: Reads of the alternate allele.
        vaf: Fraction of the alternate allele, 0 to 1.
        gq: Genotype quality, Phred.
        likelihoods: Pieces of text with PL.
    """

    good: Mask
    depth: Places
    ref_depth: Places | None
    alt_depth: Places | None
    vaf: npt.NDArray[np.float64] | None
    gq: Places | None
    likelihoods: Slices | None


def measures(fields: Fields, shape: Layout) -> Measures:
    """What reads say, by a layout."""
    good = np.ones(len(fields.before), dtype=np.bool_)
    ref_depth = alt_depth = gq = vaf = None
    if shape.allele_depths is not None:
        ref_depth, alt_depth, pairs = _pair(fields.field(shape.allele_depths))
        total = ref_depth + alt_depth
        good &= pairs & (total > 0)
        depth, vaf = total, alt_depth / np.maximum(total, 1)
    if shape.depth is not None:
        depth, numbers = slices.whole_numbers(fields.field(shape.depth))
        good &= numbers
    if shape.vaf is not None:
        stated, numbers = decimals(fields.field(shape.vaf))
        good &= numbers & (stated >= 0) & (stated <= 1)
        if vaf is None:
            vaf = stated
        else:
            good &= np.abs(stated - vaf) <= conventions.DISAGREE
    if shape.gq is not None:
        gq, numbers = slices.whole_numbers(fields.field(shape.gq))
        good &= numbers
    likelihoods = None
    if shape.likelihoods is not None:
        likelihoods = fields.field(shape.likelihoods)
        good &= slices.made_of(likelihoods, _COUNTS, _LONGEST_COUNTS)
        good &= _DIGITS[likelihoods.at(0)] & _DIGITS[likelihoods.at(-1)]
    return Measures(good, depth, ref_depth, alt_depth, vaf, gq, likelihoods)


def _pair(pieces: Slices) -> tuple[Places, Places, Mask]:
    """Two whole numbers joined by a comma, and where there are two."""
    comma = np.full(len(pieces.starts), -1, dtype=np.int64)
    for offset in range(1, int(pieces.lengths.max(initial=0))):
        here = (comma < 0) & (pieces.at(offset) == ord(",")) & (pieces.lengths > offset)
        comma[here] = offset
        if (comma >= 0).all():
            break
    middle = pieces.starts + comma
    first, first_plain = slices.whole_numbers(Slices(pieces.data, pieces.starts, middle))
    second, second_plain = slices.whole_numbers(Slices(pieces.data, middle + 1, pieces.ends))
    return first, second, (comma > 0) & first_plain & second_plain


def decimals(pieces: Slices) -> tuple[npt.NDArray[np.float64], Mask]:
    """Finite decimal numbers without a sign, and which pieces are one of a plain shape."""
    whole, plain = slices.whole_numbers(pieces)
    values = whole.astype(np.float64)
    others = np.flatnonzero(~plain)
    rest = pieces.of(others)
    good = slices.made_of(rest, _DECIMALS, _LONGEST_DECIMAL)
    good &= _DIGITS[rest.at(0)] & _DIGITS[rest.at(-1)]
    if good.any():
        try:
            parsed = slices.texts(rest.of(good)).cast(pa.float64()).to_numpy()
        except pa.ArrowInvalid:
            return values, plain
        values[others[good]] = parsed
        plain[others[good]] = np.isfinite(parsed)
    return values, plain


def info_depth_is_plain(info: Slices) -> Mask:
    """Which INFO columns have no DP, or one that is a whole number.

    Args:
        info: The columns, in the order of the text.
    """
    data = info.data
    places = np.flatnonzero(data[:-2] == ord("D"))
    places = places[(data[places + 1] == ord("P")) & (data[places + 2] == ord("="))]
    of_line = np.searchsorted(info.starts, places, side="right") - 1
    inside = (of_line >= 0) & (places < info.ends[of_line])
    named = (places == info.starts[of_line]) | (data[places - 1] == ord(";"))
    places, of_line = places[inside & named], of_line[inside & named]
    # The last column of a text ends with it, and no INFO is the last where there is a sample.
    value = Slices(data, places + 3, info.ends[of_line] + 1)
    digits, running = np.zeros(len(places), dtype=np.int64), np.ones(len(places), dtype=np.bool_)
    for offset in range(slices.MOST_DIGITS):
        running &= _DIGITS[value.at(offset)]
        if not running.any():
            break
        digits += running
    behind = data[np.minimum(value.starts + digits, len(data) - 1)]
    good = (digits > 0) & _BEHIND_VALUE[behind]
    plain = np.bincount(of_line, minlength=len(info.starts)) <= 1
    plain[of_line[~good]] = False
    return plain
