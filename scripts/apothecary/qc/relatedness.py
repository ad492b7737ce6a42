"""Whether two samples are of one person, of close relatives or of strangers, by their SNPs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Settings:
    """What the counts of a pair mean.

    Attributes:
        min_pair_snps: SNPs with a genotype in both from which a relation is told.
        same_concordance: Share of equal genotypes from which two samples are of one person.
        parent_max_ibs0: Greatest share of opposite homozygotes of parent and child.
        first_degree_kinship: Kinship from which two persons are of the first degree.
        unrelated_kinship: Kinship below which they are not close relatives.
    """

    min_pair_snps: int
    same_concordance: float
    parent_max_ibs0: float
    first_degree_kinship: float
    unrelated_kinship: float

    @classmethod
    def from_config(cls, settings: Mapping[str, Any]) -> Settings:
        """From the section `qc.identity` of a checked configuration."""
        return cls(**{name: settings[name] for name in cls.__dataclass_fields__})


@dataclass(frozen=True)
class Pair:
    """Two samples side by side.

    Attributes:
        snps: SNPs that were compared.
        ibs0: Those at which the samples are homozygous for different alleles.
        concordance: Share of equal genotypes; None without SNPs.
        kinship: KING-robust kinship, 0.5 for one person; None where one has no heterozygote.
        relation: same, first_degree, unrelated, indeterminate or not_assessed.
    """

    snps: int
    ibs0: int
    concordance: float | None
    kinship: float | None
    relation: str


def compare(first: Sequence[Row], second: Sequence[Row], settings: Settings) -> Pair:
    """Compare the genotypes of two samples.

    A tumor loses alleles, so that a heterozygote of the person may look homozygous in it: with a
    tumor, the concordance is of the SNPs at which the other sample is homozygous, or, of two
    tumors, of those at which both are, and no kinship is told.

    Args:
        first: Rows of the table fingerprints of a sample.
        second: Rows of the other.
        settings: What the counts mean.

    Returns:
        The pair.
    """
    of_second = {row["snp_id"]: row["genotype"] for row in second if _usable(row)}
    pairs = [
        (row["genotype"], of_second[row["snp_id"]])
        for row in first
        if _usable(row) and row["snp_id"] in of_second
    ]
    tumors = [any(row["role"] == "tumor" for row in rows) for rows in (first, second)]
    if any(tumors):
        # Of a tumor the homozygous genotypes of the other count; of two tumors those of both.
        pairs = [
            (a, b) for a, b in pairs if (a != 1 or not tumors[1]) and (b != 1 or not tumors[0])
        ]
    ibs0 = sum(abs(a - b) == 2 for a, b in pairs)
    concordance = sum(a == b for a, b in pairs) / len(pairs) if pairs else None
    related = None if any(tumors) else kinship(pairs)
    return Pair(
        len(pairs), ibs0, concordance, related, _relation(pairs, concordance, related, settings)
    )


def _usable(row: Row) -> bool:
    return row["genotype"] is not None and row["chrom"] not in ("chrX", "chrY", "chrM")


def kinship(pairs: Sequence[tuple[int, int]]) -> float | None:
    """KING-robust kinship of two persons, whose populations need not be known.

    Args:
        pairs: Copies of one allele in both persons, a SNP a pair.

    Returns:
        The coefficient; 0.5 for one person, 0.25 for parent and child; None where one of them has
        no heterozygote.

    Source: Manichaikul et al. 2010, Bioinformatics 26:2867, equation 11.
    """
    both = sum(a == 1 and b == 1 for a, b in pairs)
    ibs0 = sum(abs(a - b) == 2 for a, b in pairs)
    heterozygotes = (sum(a == 1 for a, _ in pairs), sum(b == 1 for _, b in pairs))
    fewer = min(heterozygotes)
    if not fewer:
        return None
    return 0.5 + (2 * both - 4 * ibs0 - sum(heterozygotes)) / (4 * fewer)


def _relation(
    pairs: Sequence[tuple[int, int]],
    concordance: float | None,
    related: float | None,
    settings: Settings,
) -> str:
    if len(pairs) < settings.min_pair_snps or concordance is None:
        return "not_assessed"
    if concordance >= settings.same_concordance:
        return "same"
    if related is None:
        return "different"
    if related >= settings.first_degree_kinship:
        return "first_degree"
    return "unrelated" if related < settings.unrelated_kinship else "indeterminate"


def expected(first: Row, second: Row) -> str | None:
    """What the sheet says of two samples.

    Args:
        first: A row of the table samples, or of kept fingerprints, which tell no parents.
        second: Another.

    Returns:
        same (of one subject), parent_child, or None where the sheet says nothing.
    """
    if first["subject_id"] == second["subject_id"]:
        return "same"
    parents = [
        (child.get("father"), child.get("mother"), other["subject_id"])
        for child, other in ((first, second), (second, first))
    ]
    if any(subject in (father, mother) for father, mother, subject in parents):
        return "parent_child"
    return None


def judge(pair: Pair, expectation: str | None, settings: Settings) -> tuple[str, str | None]:
    """Hold what was found against what the sheet says.

    Args:
        pair: What was found.
        expectation: What `expected` gave.
        settings: What the counts mean.

    Returns:
        pass, warn, fail or not_assessed, and the reason where it is not pass.
    """
    if pair.relation == "not_assessed":
        return (
            "not_assessed",
            f"{pair.snps} SNPs in both, {settings.min_pair_snps} are needed",
        )
    found = f"{pair.concordance:.2f} of {pair.snps} genotypes are equal"
    if expectation == "same":
        if pair.relation == "same":
            return "pass", None
        return "fail", f"of one subject by the sheet, but {found}: samples may be swapped"
    if pair.relation == "same":
        return "fail", f"of two subjects by the sheet, but {found}: swapped or given twice"
    if expectation == "parent_child":
        if pair.ibs0 > settings.parent_max_ibs0 * pair.snps:
            share = f"{pair.ibs0} of {pair.snps} SNPs are opposite homozygotes"
            return "fail", f"parent and child by the sheet, but {share}"
        if pair.relation == "unrelated":
            return "warn", f"parent and child by the sheet, but kinship {pair.kinship:.2f}"
        return "pass", None
    if pair.relation == "first_degree":
        return "warn", f"close relatives (kinship {pair.kinship:.2f}) that the sheet does not tell"
    return "pass", None
