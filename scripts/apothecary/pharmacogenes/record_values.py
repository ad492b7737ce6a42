"""The values of the samples in a record: depths, likelihoods and phase."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from apothecary.pharmacogenes.evidence import ANY_OTHER
from apothecary.pharmacogenes.observations import Measured
from apothecary.variants import alleles as variant_alleles
from apothecary.variants.records import RecordBlock, number, whole_number


def allele_depths(rows: Sequence[Mapping[str, Any]], alts: int) -> str | None:
    """AD of a record from the rows of its alleles, when all of them have one."""
    depths = {int(row["allele_index"]): row.get("alt_depth") for row in rows}
    depths[0] = rows[0].get("ref_depth")
    found = [depths.get(i) for i in range(alts + 1)]
    return None if None in found else ",".join(map(str, found))


def spelled(record: RecordBlock, texts: Sequence[str | None]) -> tuple[str | None, ...]:
    """The window's text for each allele; what stands for every other allele is named so."""
    if "PL" not in record.format and "AD" not in record.format:
        return ()
    return (
        texts[0],
        *(
            ANY_OTHER if alt in variant_alleles.REFERENCE_ALLELES else text
            for alt, text in zip(record.alts, texts[1:], strict=True)
        ),
    )


def phased(
    record: RecordBlock,
) -> tuple[list[variant_alleles.Genotype], list[str | None] | None]:
    """The genotypes, in the order of PGT where PID groups them, and those groups."""
    genotypes = record.genotypes()
    if "PID" not in record.format or "PGT" not in record.format:
        return genotypes, None
    groups: list[str | None] = []
    columns = (record.column("PGT"), record.column("PID"), record.column("PS"))
    for i, (physical, group, phase_set) in enumerate(zip(*columns, strict=True)):
        groups.append(phase_set)
        if physical and group and not phase_set and not genotypes[i].phased:
            ordered = variant_alleles.genotype(physical)
            if ordered.phased and sorted(map(str, ordered.alleles)) == sorted(
                map(str, genotypes[i].alleles)
            ):
                genotypes[i] = ordered
                groups[i] = group
    return genotypes, groups


def fractions_text(rows: Sequence[Mapping[str, Any]]) -> str | None:
    """AF of a record from the rows of its alleles."""
    shares = {int(row["allele_index"]): row["vaf"] for row in rows if row["vaf"] is not None}
    if not shares:
        return None
    return ",".join(str(shares.get(number, ".")) for number in range(1, max(shares) + 1))


def _fractions(record: RecordBlock) -> list[tuple[float | None, ...]]:
    """Shares of the reads with each ALT, by the allele depths or else as the caller gives them."""
    found: list[tuple[float | None, ...]] = []
    columns = (record.column("AD"), record.column("AF"), record.column("VAF"))
    for depths, *shares in zip(*columns, strict=True):
        counts = [whole_number(text) for text in (depths or "").split(",")]
        reads = sum(count or 0 for count in counts)
        if len(counts) == len(record.alts) + 1 and reads and None not in counts:
            found.append(tuple((count or 0) / reads for count in counts[1:]))
            continue
        given = next((text for text in shares if text), "")
        found.append(tuple(number(text) for text in given.split(",")) if given else ())
    return found


def measure(record: RecordBlock, groups: Sequence[str | None] | None) -> list[Measured]:
    """The values of every sample; depth of a reference block is its least depth."""
    filters = None if record.filters == "." else record.filters
    if set(record.format) <= {"GT"}:
        return [Measured(filters=filters, record=record.record)] * len(record.values)
    depths = record.column("MIN_DP" if "MIN_DP" in record.format else "DP")
    phase_sets = record.column("PS") if groups is None else groups
    columns = (depths, record.column("GQ"), record.column("PL"), record.column("AD"), phase_sets)
    shares: list[tuple[float | None, ...]] = [()] * len(record.values)
    if record.chrom == "chrM":
        shares = _fractions(record)
    return [
        Measured(whole_number(dp), whole_number(gq), pl, ad, ps, filters, record.record, share)
        for dp, gq, pl, ad, ps, share in zip(*columns, shares, strict=True)
    ]
