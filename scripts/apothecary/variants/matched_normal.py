"""The normal of a tumor in the same file: what it carries is told only with consent to it."""

from __future__ import annotations

from dataclasses import dataclass

from apothecary.variants import alleles, conventions
from apothecary.variants.filters import Reason
from apothecary.variants.records import RecordBlock
from apothecary.variants.regions import Regions
from apothecary.variants.view import FileContext

INHERITED = Reason("germline: the normal carries it", "germline: the normal carries it")
"""Why a record of the normal is no change of the tumor."""
GERMLINE = "germline"
"""The filter of an allele that the normal carries, as our own calling from reads sets it."""
_LEAST_READS = 2
_LEAST_SHARE = 0.2
"""Share of the normal's reads from which an allele without a genotype is taken for inherited, our
choice: below it, tumor cells in the normal or errors show it."""


@dataclass(frozen=True)
class Normal:
    """The normal sample of a tumor.

    Attributes:
        column: Number of its column among those of the blocks.
        regions: What it may be read for, by the consent of the person.
    """

    column: int
    regions: Regions

    def withholds(self, block: RecordBlock, context: FileContext) -> bool:
        """Whether a record shows an allele that the person has and did not agree to be told."""
        permitted = self.regions.overlaps(block.chrom, block.pos, block.end)
        return not permitted and self.carries(block, context)

    def carries(self, block: RecordBlock, context: FileContext) -> bool:
        """Whether a record shows an allele that the normal has."""
        if any(alleles.genotype(block.genotype_texts[self.column]).alleles):
            return True
        seen = conventions.evidence(block, self.column, context.conventions, sole=False)
        most = max((depth or 0 for depth in seen.alt_depths), default=0)
        return most >= max(_LEAST_READS, _LEAST_SHARE * (seen.depth or 0))
