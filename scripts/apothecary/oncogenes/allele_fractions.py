"""Allele fractions that purity, copy number and origin lead one to expect.

Of a site with C copies in a tumor cell and N in a normal one, a sample of purity p shows an allele
that m copies of a tumor cell and n of a normal one carry at (p m + (1-p) n) / (p C + (1-p) N).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Copies:
    """Copies of a site in the cells of a sample.

    Attributes:
        total: In a tumor cell.
        minor: Of the minor allele in a tumor cell; None when it is not known.
        normal: In a normal cell.
        given: Whether the total is of the input; else two copies are assumed.
    """

    total: float
    minor: float | None
    normal: float
    given: bool

    @property
    def most(self) -> int:
        """The most copies of a tumor cell that one allele can have, 1 at least."""
        major = self.total if self.minor is None else self.total - self.minor
        return max(1, round(major))


def expected(purity: float, copies: Copies, in_tumor: float, in_normal: float) -> float:
    """The allele fraction of an allele.

    Args:
        purity: Share of tumor cells, 0 to 1.
        copies: Copies of the site.
        in_tumor: Copies of the allele in a tumor cell, averaged over tumor cells.
        in_normal: Copies of the allele in a normal cell.

    Returns:
        A fraction from 0 to 1; 0 where no cell has the site.
    """
    reads = purity * copies.total + (1 - purity) * copies.normal
    shown = purity * in_tumor + (1 - purity) * in_normal
    return shown / reads if reads > 0 else 0.0


class CopyMap:
    """Copies at the sites of one tumor."""

    def __init__(self, rows: Iterable[Mapping[str, Any]], sex: str) -> None:
        """Index rows of the table `copy_number` of a sample whose person has a sex (F, M)."""
        self._sex = sex
        self._by_chrom: dict[str, list[Mapping[str, Any]]] = {}
        for row in rows:
            self._by_chrom.setdefault(row["chrom"], []).append(row)

    def at(self, chrom: str, pos: int) -> Copies:
        """The copies at a 1-based position; those of normal cells where nothing is given."""
        normal = 1.0 if self._sex == "M" and chrom in ("chrX", "chrY") else 2.0
        for row in self._by_chrom.get(chrom, ()):
            if row["start"] <= pos <= row["end"]:
                return Copies(row["total"], row["minor"], normal, given=True)
        minor = 1.0 if normal == 2 else 0.0
        return Copies(normal, minor, normal, given=False)


def germline_copies(copies: Copies) -> Sequence[int]:
    """Copies of a tumor cell that a germline allele, heterozygous in normal cells, may have."""
    total = round(copies.total)
    if copies.minor is not None:
        minor = round(copies.minor)
        return sorted({minor, max(total - minor, 0)})
    return range(1, total) if total > 1 else range(total + 1)
