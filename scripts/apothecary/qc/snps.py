"""The SNPs by which persons are told apart, with their alleles and counts by population.

They are data with a source in resources/identity; the program beside them says how they were made.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from apothecary.knowledge.placement import Placement
from apothecary.pharmacogenes import facts
from apothecary.variants.regions import Regions

SNP_COLUMNS = ("snp_id", "chrom", "pos", "allele_1", "allele_2", "panel", "source")
COUNT_COLUMNS = ("snp_id", "population", "count_1", "chromosomes", "source")


@dataclass(frozen=True)
class Snp:
    """A SNP with two alleles.

    Attributes:
        snp_id: rs number, or chromosome, position and alleles.
        chrom: Chromosome with chr.
        pos: 1-based GRCh38 position.
        allele_1: The first of its bases, by the alphabet.
        allele_2: The second.
        counts: Copies of the first allele and chromosomes looked at, by population.
        placed: 1-based position in the build of the alignments, where that is another.
    """

    snp_id: str
    chrom: str
    pos: int
    allele_1: str
    allele_2: str
    counts: Mapping[str, tuple[int, int]]
    placed: int | None = None

    @property
    def place(self) -> int:
        """1-based position in the alignments."""
        return self.pos if self.placed is None else self.placed

    def frequency(self, population: str | None = None) -> float:
        """Frequency of the first allele, with half a chromosome of each allele added.

        Args:
            population: A population; None for all together.
        """
        counts = [self.counts[population]] if population else list(self.counts.values())
        first = sum(seen for seen, _ in counts)
        every = sum(chromosomes for _, chromosomes in counts)
        # Jeffreys' prior keeps an allele that was not seen possible.
        return (first + 0.5) / (every + 1)

    @property
    def autosomal(self) -> bool:
        """Whether every person has two copies."""
        return self.chrom not in ("chrX", "chrY", "chrM")


def load(snps: Path | str, counts: Path | str) -> list[Snp]:
    """Read the SNPs.

    Args:
        snps: TSV of the SNPs.
        counts: TSV of their allele counts.

    Returns:
        The SNPs in the order of the file.

    Raises:
        ResourceError: A file is absent or is not of its columns.
    """
    by_snp: dict[str, dict[str, tuple[int, int]]] = {}
    for row in facts.read(counts, COUNT_COLUMNS):
        seen = (int(row["count_1"]), int(row["chromosomes"]))
        by_snp.setdefault(row["snp_id"], {})[row["population"]] = seen
    return [
        Snp(
            row["snp_id"],
            row["chrom"],
            int(row["pos"]),
            row["allele_1"],
            row["allele_2"],
            by_snp[row["snp_id"]],
        )
        for row in facts.read(snps, SNP_COLUMNS)
    ]


def placed(snps: Iterable[Snp], placement: Placement) -> list[Snp]:
    """The SNPs in the build of alignments, without those whose place there is not known."""
    found = []
    for snp in snps:
        place = placement.first(snp.chrom, snp.pos)
        if place is not None:
            found.append(replace(snp, placed=place))
    return found


def consented(snps: Sequence[Snp], allowed: Regions) -> list[Snp]:
    """The SNPs that do not lie where consent is lacking.

    Args:
        snps: The SNPs.
        allowed: What the sample may be read for, GRCh38.

    Returns:
        Those that are kept, in their order.
    """
    return [
        snp
        for snp in snps
        if allowed.overlaps(snp.chrom, snp.pos, snp.pos)
        or not allowed.is_withheld(snp.chrom, snp.pos, snp.pos)
    ]
