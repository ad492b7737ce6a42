"""Frequencies of the pack against genotypes of the public panels.

    APOTHECARY_SHARED=... python benchmarks/population_frequencies.py

Every row of `population_frequencies` that lies in the phased panels of pharmacogenes (3,202
samples of 1000 Genomes at 30x) is counted there anew. Printed are how many there are and how far
the frequencies lie apart at most; the panels have more samples, so they differ a little.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "scripts")]

import cyvcf2  # noqa: E402

from apothecary.knowledge import tsv  # noqa: E402
from apothecary.knowledge.schemas import POPULATION_FREQUENCIES  # noqa: E402


def main() -> int:
    shared = os.environ.get("APOTHECARY_SHARED")
    if not shared:
        print("APOTHECARY_SHARED is not set: the panels are not at hand")
        return 0
    path = tsv.find(ROOT / "resources" / "knowledge", POPULATION_FREQUENCIES)
    if path is None:
        raise SystemExit("no table population_frequencies")
    ours = {
        (row["chrom"], row["pos"], row["ref"], row["alt"]): row["frequency"]
        for row in tsv.read(path, POPULATION_FREQUENCIES).rows
    }
    apart = []
    for panel in sorted((Path(shared) / "data" / "panel1kg").glob("*.GRCh38.vcf.gz")):
        for record in cyvcf2.VCF(str(panel)):
            if len(record.ALT) == 1:
                chrom = f"chr{record.CHROM.removeprefix('chr')}"
                known = ours.get((chrom, record.POS, record.REF, record.ALT[0]))
                if known is not None:
                    alleles = record.genotype.array()[:, :2]
                    apart.append(abs(known - float((alleles == 1).sum() / (alleles >= 0).sum())))
    print(f"{len(ours)} variants, {len(apart)} of them in the panels")
    print(f"largest difference of the frequencies: {max(apart, default=0.0):.3f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
