"""Fingerprints of made persons, drawn from the frequencies of the SNPs."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from typing import Any

from alignment_builders import REPOSITORY, qc_settings

from apothecary.qc import fingerprints, snps
from apothecary.qc.snps import Snp

SETTINGS = qc_settings()["identity"]
COUNTING = fingerprints.Counting.from_config(SETTINGS)
FOLDER = REPOSITORY / "resources" / "identity"
SNPS = snps.load(FOLDER / "identity_snps.tsv", FOLDER / "identity_allele_counts.tsv")

Genotypes = Mapping[str, int]


def person(drawn: random.Random, population: str = "EUR") -> dict[str, int]:
    """Copies of the first allele by SNP, of a person of a population."""
    return {s.snp_id: sum(drawn.random() < s.frequency(population) for _ in range(2)) for s in SNPS}


def child(drawn: random.Random, father: Genotypes, mother: Genotypes) -> dict[str, int]:
    """A child that has one allele of each parent."""
    return {
        name: sum(drawn.random() < parent[name] / 2 for parent in (father, mother))
        for name in father
    }


def prints(
    genotypes: Genotypes,
    *,
    drawn: random.Random,
    depth: int = 60,
    other: Genotypes | None = None,
    share: float = 0.0,
    error: float = 0.001,
    sample: str = "S1",
    role: str = "germline",
    chosen: Sequence[Snp] = SNPS,
) -> list[dict[str, Any]]:
    """Rows of the table fingerprints of reads that are drawn from a person, and from another."""
    rows = []
    for snp in chosen:
        copies = genotypes[snp.snp_id] / 2
        if other is not None:
            copies = (1 - share) * copies + share * other[snp.snp_id] / 2
        bases = []
        for _ in range(depth):
            base = "1" if drawn.random() < copies else "2"
            if drawn.random() < error:
                base = drawn.choice([b for b in "12xx" if b != base][:3])
            bases.append(base)
        first, second = bases.count("1"), bases.count("2")
        rows.append(
            {
                "sample_id": sample,
                "subject_id": sample,
                "role": role,
                "snp_id": snp.snp_id,
                "chrom": snp.chrom,
                "pos": snp.pos,
                "allele_1": snp.allele_1,
                "allele_2": snp.allele_2,
                "count_1": first,
                "count_2": second,
                "count_other": depth - first - second,
                "genotype": fingerprints.genotype(first, second, COUNTING),
            }
        )
    return rows
