"""The columns of the segment files of copy-number callers, told by their header."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

OWN = "apothecary"
CHROMOSOME_NUMBERS = {"23": "X", "24": "Y"}


@dataclass(frozen=True)
class Layout:
    """How a segment file is laid out.

    Attributes:
        name: The caller, or `apothecary` for the form of this project.
        chromosome: Column of the chromosome.
        start: Column of the first base.
        end: Column of the last base.
        major: Column of the copies of one allele; empty when the file has none.
        minor: Column of the copies of the other allele; empty when the file has none.
        total: Column of the total copies; empty when the file has none.
        log2: Column of the log2 ratio; empty when the file has none.
        first_base: What the first base of a chromosome is numbered, 0 or 1; ends are inclusive and
            1-based in either case.
        fitted: Whether copies are fitted real numbers, which may lie a little below 0.
    """

    name: str
    chromosome: str
    start: str
    end: str
    major: str
    minor: str
    total: str
    log2: str
    first_base: int
    fitted: bool

    def fits(self, header: Sequence[str]) -> bool:
        """Whether a header has the places and some copy number of this layout."""
        columns = set(header)
        places = {self.chromosome, self.start, self.end} <= columns
        return places and (self.total in columns or self.both(header) or self.log2 in columns)

    def both(self, header: Sequence[str]) -> bool:
        """Whether a header has the copies of both alleles."""
        return self.major in header and self.minor in header


@cache
def layouts() -> tuple[Layout, ...]:
    """The layouts that are known, the project's own first."""
    file = resources.files("apothecary.oncogenes").joinpath("segment_formats.tsv")
    rows = csv.DictReader(file.read_text(encoding="utf-8").splitlines(), delimiter="\t")
    return tuple(
        Layout(
            row["format"],
            row["chromosome"],
            row["start"],
            row["end"],
            row["major"],
            row["minor"],
            row["total"],
            row["log2"],
            int(row["first_base"]),
            row["fitted"] == "yes",
        )
        for row in rows
    )


def of_header(header: Sequence[str]) -> Layout:
    """The layout of a header; the project's own when it fits none."""
    return next((layout for layout in layouts() if layout.fits(header)), layouts()[0])


def copies_of_ratio(log2: float, purity: float, ploidy: float) -> float:
    """Total copies in the tumor cells from a log2 ratio of depth, over two copies in the others.

    The mean copies of all cells are the ratio times the mean copies of the sample; what the normal
    cells bring is taken off.

    Args:
        log2: log2 of depth over what is expected; 0 at the mean copies of the sample.
        purity: Share of tumor cells, above 0 to 1.
        ploidy: Mean copies of the tumor cells.

    Returns:
        Copies, 0 at least.
    """
    mean = purity * ploidy + 2 * (1 - purity)
    return max(0.0, float((2.0**log2 * mean - 2 * (1 - purity)) / purity))
