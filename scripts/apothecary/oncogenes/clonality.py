"""In which share of the tumor cells a change is: cancer cell fraction, with its interval."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from scipy.stats import beta

from apothecary.oncogenes.allele_fractions import Copies
from apothecary.oncogenes.tumor_settings import TumorSettings

CLONAL = "clonal"
SUBCLONAL = "subclonal"
UNKNOWN = "unknown"


@dataclass(frozen=True)
class Clonality:
    """The share of tumor cells that have a change.

    Attributes:
        multiplicity: Copies of a tumor cell that carry it, where it is; None when not told.
        ccf: Cancer cell fraction, 0 to 1.
        low: Lower bound of the interval.
        high: Upper bound.
        status: clonal, subclonal or unknown.
        reason: What was assumed, or why it is not known.
    """

    multiplicity: int | None
    ccf: float | None
    low: float | None
    high: float | None
    status: str
    reason: str


def judge(
    variant: Mapping[str, Any], copies: Copies, purity: float | None, settings: TumorSettings
) -> Clonality:
    """Judge one somatic variant.

    The copies that carry it in each cell of the tumor, on average, follow from allele fraction,
    purity and copy number. It is taken to be on as many copies as the nearest whole number, one at
    least and no more than an allele can have.

    Args:
        variant: Row of the table `variants`.
        copies: Copies of its site.
        purity: Share of tumor cells; None when it is not known.
        settings: Level of the interval, and bounds.

    Returns:
        The clonality. It is clonal when the interval reaches `clonal_from` and lies above
        `clonal_least`, subclonal when it does not reach it, and else not known.
    """
    depth, alt, vaf = variant.get("depth"), variant.get("alt_depth"), variant.get("vaf")
    if purity is None:
        return _unknown("the purity is not given")
    if not depth or (alt is None and vaf is None):
        return _unknown("no depth or allele fraction")
    if copies.given and copies.total < 1 - settings.clonal_least:
        return _unknown("the tumor cells have no copy of the site")
    count = round(vaf * depth) if alt is None else alt
    count = min(count, depth)
    per_cell = (purity * copies.total + (1 - purity) * copies.normal) / purity
    tail = (1 - settings.interval_level) / 2
    low = float(beta.ppf(tail, count + 0.5, depth - count + 0.5)) if count else 0.0
    # An interval of a share of which nothing else was seen ends at its bound.
    high = float(beta.ppf(1 - tail, count + 0.5, depth - count + 0.5)) if count < depth else 1.0
    multiplicity = min(max(1, round(count / depth * per_cell)), copies.most)
    ccf, least, most = (share * per_cell / multiplicity for share in (count / depth, low, high))
    reason = f"{multiplicity} of {copies.total:g} copies"
    if not copies.given:
        reason += "; copy number not given, that of normal cells assumed"
    return Clonality(
        multiplicity,
        min(ccf, 1.0),
        min(least, 1.0),
        min(most, 1.0),
        _status(least, most, settings),
        reason,
    )


def _status(low: float, high: float, settings: TumorSettings) -> str:
    if high < settings.clonal_from:
        return SUBCLONAL
    return CLONAL if low > settings.clonal_least else UNKNOWN


def _unknown(reason: str) -> Clonality:
    return Clonality(None, None, None, None, UNKNOWN, reason)
