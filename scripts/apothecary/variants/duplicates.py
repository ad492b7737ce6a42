"""Records that say the same of a sample twice, or contradict each other."""

from __future__ import annotations

from collections.abc import Mapping

from apothecary.variants import alleles
from apothecary.variants.view import AlleleKey, Row

CountedRow = tuple[Row, str]
"""A row, and its reason without values."""


def resolve(
    rows: list[CountedRow],
    genotypes: Mapping[int, str],
    allele_records: Mapping[AlleleKey, list[tuple[int, int]]],
    *,
    genotype_needed: bool,
) -> None:
    """Give the fates duplicate and conflicting, in place.

    Records are held against each other by their alternate alleles after normalisation, so that two
    spellings of one indel meet. A record whose genotype is missing contradicts nothing.

    Args:
        rows: The rows of one sample.
        genotypes: GT of the sample by record.
        allele_records: Records and allele numbers by allele.
        genotype_needed: Whether a missing genotype says nothing (it does not in tumors, whose
            callers may write none).
    """
    by_record: dict[int, list[int]] = {}
    for entries in allele_records.values():
        if len(entries) < 2:
            continue
        seen = [entry for entry in entries if entry[0] in genotypes]
        if len({record for record, _ in seen}) < 2:
            continue
        if not by_record:
            for at, (row, _) in enumerate(rows):
                by_record.setdefault(row["record"], []).append(at)
        _resolve_allele(seen, rows, by_record, genotypes, genotype_needed)


def _resolve_allele(
    entries: list[tuple[int, int]],
    rows: list[CountedRow],
    by_record: Mapping[int, list[int]],
    genotypes: Mapping[int, str],
    genotype_needed: bool,
) -> None:
    counts = {}
    for record, allele in entries:
        genotype = alleles.genotype(genotypes[record])
        if not (genotype.missing and genotype_needed):
            copies = genotype.alleles.count(allele) if allele else 0
            counts[record] = (copies, genotype.ploidy)
    if len(counts) < 2:
        return
    conflicting = len(set(counts.values())) > 1
    first = min(counts)
    for record, allele in entries:
        if record not in counts or (record == first and not conflicting):
            continue
        for at in by_record.get(record, []):
            row, _ = rows[at]
            if row["allele_index"] in (allele, 0) and row["fate"] != "rejected":
                rows[at] = _repeated(row, conflicting, first)


def _repeated(row: Row, conflicting: bool, first: int) -> CountedRow:
    if conflicting:
        kind = "records of the same allele give different genotypes"
        return {**row, "fate": "conflicting", "reason": kind}, kind
    if row["fate"] == "conflicting":
        return row, row["reason"]
    kind = "the same allele and genotype as an earlier record"
    reason = f"the same allele and genotype as record {first}"
    return {**row, "fate": "duplicate", "reason": reason}, kind
