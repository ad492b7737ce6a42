"""Names and lengths of the human chromosomes in both builds."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

BUILDS = ("GRCh38", "GRCh37")
BUILD_NAMES: Mapping[str, str] = {
    "grch38": "GRCh38",
    "hg38": "GRCh38",
    "grch37": "GRCh37",
    "hg19": "GRCh37",
}
"""Build by what files call it, in lower case."""
HG19_CHRM_LENGTH = 16571
"""Length of the chrM of UCSC hg19 (NC_001807), whose coordinates are not those of the rCRS."""


@dataclass(frozen=True)
class Contig:
    """A chromosome.

    Attributes:
        name: The name used inside, with the prefix chr (chrM for the mitochondrion).
        lengths: Bases by build.
    """

    name: str
    lengths: Mapping[str, int]

    @property
    def longest(self) -> int:
        """The greater of the lengths of both builds, in bases."""
        return max(self.lengths.values())


@cache
def contigs() -> Mapping[str, Contig]:
    """The 25 chromosomes by name, in their usual order."""
    text = resources.files(__package__).joinpath("contigs.tsv").read_text(encoding="utf-8")
    return {
        row["chrom"]: Contig(
            row["chrom"], {"GRCh38": int(row["grch38"]), "GRCh37": int(row["grch37"])}
        )
        for row in csv.DictReader(text.splitlines(), delimiter="\t")
    }


def canonical(name: str) -> str | None:
    """The name used inside for a contig name of a file.

    Args:
        name: Such as chr1, 1, CHR1, MT, chrMT or chrUn_KI270742v1.

    Returns:
        chr1 to chr22, chrX, chrY or chrM; None for any other contig.
    """
    bare = name[3:] if name[:3].lower() == "chr" else name
    if bare in ("MT", "Mt", "mt", "m"):
        bare = "M"
    prefixed = f"chr{bare.upper()}"
    return prefixed if prefixed in contigs() else None


def sort_key(chrom: str) -> tuple[int, str]:
    """Key that sorts chromosomes in their usual order, and any other contig after them."""
    order = list(contigs())
    return (order.index(chrom) if chrom in contigs() else len(order), chrom)
