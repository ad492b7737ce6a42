"""How often a germline haplotype looks like a copy of the region: further places beside it.

    APOTHECARY_SHARED=... python benchmarks/copy_marks.py

Of every eighth sample of the phased 1000 Genomes panels (GRCh38), each heterozygous position is
held against the other heterozygous positions within the reach of `calling.copies`; those within 10
bases are one. On phased haplotypes all of them are linked, so that reads would mark the call.
"""

from __future__ import annotations

import os
import sys
from collections import Counter
from pathlib import Path

import numpy as np
from cyvcf2 import VCF

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "scripts"))

from apothecary.knowledge import tsv  # noqa: E402
from apothecary.knowledge.schemas import EXONS  # noqa: E402
from apothecary.qc.regions import coding  # noqa: E402
from apothecary.variants.regions import Spans  # noqa: E402

REACH, ONE_EVENT, EVERY = 100, 10, 8


def places(position: int, others: np.ndarray) -> int:
    """The further places beside a position, at most 2 of them counted."""
    apart = np.abs(others - position)
    near = others[(apart <= REACH) & (apart > ONE_EVENT)]
    return min(2, int(len(near) > 0) + int(np.count_nonzero(np.diff(near) > ONE_EVENT)))


def counted(path: Path, exons: Spans) -> tuple[Counter[int], Counter[int]]:
    """Heterozygous positions of a panel by their further places: all, and those that code."""
    panel = VCF(str(path))
    chosen = np.arange(0, len(panel.samples), EVERY)
    positions, codes, differs = [], [], []
    for record in panel:
        alleles = record.genotype.array()[chosen, :2]
        heterozygous = (alleles[:, 0] != alleles[:, 1]) & (alleles >= 0).all(axis=1)
        if heterozygous.any():
            chrom = f"chr{record.CHROM.removeprefix('chr')}"
            positions.append(record.POS)
            codes.append(exons.overlaps(chrom, record.POS, record.POS))
            differs.append(heterozygous)
    where, code = np.array(positions), np.array(codes)
    every: Counter[int] = Counter()
    of_exons: Counter[int] = Counter()
    for own in np.array(differs).T:
        for position, in_exon in zip(where[own], code[own], strict=True):
            found = places(position, where[own])
            every[found] += 1
            of_exons[found] += in_exon
    return every, of_exons


def main() -> None:
    """Print the shares."""
    shared = Path(os.environ["APOTHECARY_SHARED"])
    table = tsv.find(ROOT / "resources" / "knowledge", EXONS)
    if table is None:
        raise SystemExit("the table exons is not there")
    parts = coding(tsv.read(table, EXONS).rows)
    exons = Spans((row["chrom"], row["start"], row["end"]) for row in parts)
    totals: dict[str, Counter[int]] = {"all": Counter(), "coding": Counter()}
    paths = sorted((shared / "data" / "panel1kg").glob("*.GRCh38.vcf.gz"))
    for path in paths:
        for total, found in zip(totals.values(), counted(path, exons), strict=True):
            total.update(found)
    print(f"{len(paths)} genes")
    for name, total in totals.items():
        number = sum(total.values())
        any_place, several = (total[1] + total[2]) / number, total[2] / number
        shares = f"one further place or more {any_place:.3f}, several {several:.3f}"
        print(f"{name:8}{number:8} heterozygous; {shares}")


if __name__ == "__main__":
    main()
