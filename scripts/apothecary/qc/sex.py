"""The sex that the reads of chrX and chrY speak for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from apothecary.alignments.files import Alignment
from apothecary.qc.depth import Depth

RATIOS = ("x_ratio", "y_ratio")
AUTOSOMES = tuple(f"chr{number}" for number in range(1, 23))
Row = Mapping[str, Any]


@dataclass(frozen=True)
class Sex:
    """What the reads say.

    Attributes:
        inferred: F, M, indeterminate or not_assessed.
        x_ratio: Reads a base of chrX over those of the autosomes; None when not assessed.
        y_ratio: The same of chrY.
        x_snps: SNPs of chrX with a genotype.
        x_heterozygous: Those of them that are heterozygous.
        reason: Why, where no sex is told.
    """

    inferred: str
    x_ratio: float | None
    y_ratio: float | None
    x_snps: int
    x_heterozygous: int
    reason: str | None = None


def genome_ratios(
    alignment: Alignment, reads_by_contig: Mapping[str, int]
) -> tuple[float | None, float | None]:
    """Reads a base of chrX and chrY over those of the autosomes, by the index of the file.

    Args:
        alignment: Of a whole genome.
        reads_by_contig: Records of the file, as its index has them.

    Returns:
        Both ratios, of all bases of a chromosome, known or not; None where a chromosome or all
        reads of the autosomes are missing.
    """
    rates = {
        chrom: reads_by_contig.get(name, 0) / alignment.lengths[chrom]
        for chrom, name in alignment.names.items()
    }
    # A slice of a genome has reads on a few chromosomes only: the ratio would tell nothing.
    missing = [chrom for chrom in AUTOSOMES if not rates.get(chrom)]
    if missing:
        return None, None
    lengths = [alignment.lengths[chrom] for chrom in AUTOSOMES]
    reads = [reads_by_contig[alignment.names[chrom]] for chrom in AUTOSOMES]
    autosomal = sum(reads) / sum(lengths)
    x_rate, y_rate = rates.get("chrX"), rates.get("chrY")
    return (
        x_rate / autosomal if x_rate is not None else None,
        y_rate / autosomal if y_rate is not None else None,
    )


def target_ratios(
    depth: Depth, merged: Mapping[str, Sequence[tuple[int, int]]], min_bases: int
) -> tuple[float | None, float | None]:
    """Mean depth of the targets of chrX and chrY over those of the autosomes.

    Args:
        depth: Depth over the targets.
        merged: The targets by chromosome.
        min_bases: Bases of targets on a chromosome, and on the autosomes, from which it is told.

    Returns:
        Both ratios; None where the targets are too small or the autosomes have no reads.
    """
    sums: dict[str, list[int]] = {"autosomes": [0, 0], "chrX": [0, 0], "chrY": [0, 0]}
    for chrom, pieces in merged.items():
        name = "autosomes" if chrom in AUTOSOMES else chrom
        if name in sums:
            depths = depth.over(chrom, pieces)
            sums[name][0] += int(depths.sum())
            sums[name][1] += len(depths)
    reads, bases = sums["autosomes"]
    if bases < min_bases or not reads:
        return None, None
    autosomal = reads / bases
    ratios = [
        sums[name][0] / sums[name][1] / autosomal if sums[name][1] >= min_bases else None
        for name in ("chrX", "chrY")
    ]
    return ratios[0], ratios[1]


def infer(
    ratios: tuple[float | None, float | None], rows: Sequence[Row], settings: Mapping[str, Any]
) -> Sex:
    """The sex that ratios and heterozygosity speak for.

    Args:
        ratios: Of chrX and chrY.
        rows: Rows of the table fingerprints of the sample.
        settings: The section `qc.identity` of a checked configuration.

    Returns:
        The sex; indeterminate where the signs contradict each other.
    """
    x_ratio, y_ratio = ratios
    of_x = [row for row in rows if row["chrom"] == "chrX" and row["genotype"] is not None]
    heterozygous = sum(row["genotype"] == 1 for row in of_x)
    counts = (x_ratio, y_ratio, len(of_x), heterozygous)
    if x_ratio is None:
        return Sex("not_assessed", *counts, "too little of chrX or of the autosomes is covered")
    one_x, two_x = x_ratio <= settings["male_max_x"], x_ratio >= settings["female_min_x"]
    if one_x and heterozygous:
        return Sex("indeterminate", *counts, "depth of one chrX, but heterozygous there")
    if one_x and (y_ratio is None or y_ratio >= settings["male_min_y"]):
        return Sex("M", *counts)
    if two_x and (y_ratio is None or y_ratio <= settings["female_max_y"]):
        return Sex("F", *counts)
    return Sex("indeterminate", *counts, "depth of chrX and chrY fits neither F nor M")
