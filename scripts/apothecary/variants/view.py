"""What is computed once for a file, and once for a record, for all samples of the file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from apothecary.variants import alleles, normalise
from apothecary.variants.annotate import Annotator
from apothecary.variants.conventions import Convention
from apothecary.variants.header import Header
from apothecary.variants.records import RecordBlock
from apothecary.variants.reference import Reference

AlleleKey = tuple[str, int, str, str]
Row = dict[str, Any]

UNCHECKED, UNALIGNED = "unchecked", "unaligned"


@dataclass(frozen=True)
class FileContext:
    """What all samples of a file share.

    Attributes:
        header: The header of the file.
        build: GRCh38 or GRCh37.
        conventions: Where depths and fractions stand.
        annotator: Reader of INFO annotations.
        reference: Source of reference bases, if any.
        allele_records: For each alternate allele in its one spelling, the records that list it and
            its number there.
        counts: How many records there are of which something could not be checked: `UNCHECKED`
            (REF), `UNALIGNED` (the left-alignment of an indel).
    """

    header: Header
    build: str
    conventions: tuple[Convention, ...]
    annotator: Annotator
    reference: Reference | None
    allele_records: dict[AlleleKey, list[tuple[int, int]]] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)


class View:
    """One record with what is computed once for all its samples."""

    def __init__(self, block: RecordBlock, context: FileContext) -> None:
        self.block = block
        self.context = context
        self.spelled = tuple(
            normalise.normalise(block.chrom, block.pos, block.ref, alt, context.reference)
            for alt in block.alts
        )
        self.ref_agrees = normalise.ref_agrees(block.chrom, block.pos, block.ref, context.reference)
        if self.ref_agrees is None:
            context.counts[UNCHECKED] += 1
        if not all(s.left_aligned for s in self.spelled):
            context.counts[UNALIGNED] += 1
        if not block.is_reference_block:
            self._list_alleles()

    def _list_alleles(self) -> None:
        records = self.context.allele_records
        chrom, record = self.block.chrom, self.block.record
        if self.block.reference_only:
            key = (chrom, self.block.pos, self.block.ref, ".")
            records.setdefault(key, []).append((record, 0))
        for at, s in enumerate(self.spelled, 1):
            if alleles.is_bases(s.alt):
                records.setdefault((chrom, s.pos, s.ref, s.alt), []).append((record, at))

    @cached_property
    def base(self) -> Row:
        """The columns that every row of the record has."""
        block = self.block
        return {
            "chrom": block.chrom,
            "pos": block.pos,
            "ref": block.ref,
            "alt": ".",
            "record": block.record,
            "build": self.context.build,
            "input_pos": block.pos,
            "input_ref": block.ref,
            "input_alts": ",".join(block.alts) or ".",
            "allele_index": 0,
            "qual": block.qual,
            "filters": block.filters,
            "rsid": None if block.id == "." else block.id,
        }

    @cached_property
    def annotated(self) -> Mapping[int, Row]:
        """What INFO says of an allele, by the columns of `variants`, by allele number."""
        annotator = self.context.annotator
        if annotator.silent:
            return {}
        return {
            at: {
                "annotation": annotator.annotation(self.block, at),
                "population_af": annotator.population_frequency(self.block, at),
                "flanks": annotator.flanks(self.block, at),
                "clinvar": annotator.clinvar(self.block),
            }
            for at in range(1, len(self.block.alts) + 1)
        }
