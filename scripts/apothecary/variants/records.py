"""The record form: one input record with the values of the chosen samples.

A `RecordBlock` keeps a record as the file has it: no allele is split off, no genotype is rewritten.
Values of the samples stay text until they are asked for, so that a record of thousands of samples
costs one split.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from apothecary.variants import alleles
from apothecary.variants.alleles import Genotype


@dataclass(frozen=True)
class RecordBlock:
    """One record of a file, for the chosen samples.

    Attributes:
        record: 1-based line of the text input, or ordinal of the BCF record.
        chrom: Chromosome with chr.
        pos: 1-based position as in the file.
        end: 1-based last position: of REF, or of the reference block (INFO END).
        id: ID column, made printable; a dot when there is none.
        ref: REF, upper case.
        alts: All of ALT, bases in upper case; empty when ALT is a dot.
        qual: QUAL, Phred; None when missing, not a number or not finite.
        filters: FILTER column: PASS, a dot, or names joined by ;.
        info: INFO column as in the file.
        format: Names of the sample fields.
        values: The column of every chosen sample, in the order in which they were asked for.
        is_reference_block: Whether the record stands for a stretch that is seen as reference: ALT
            is a dot, <NON_REF> or <*>, and INFO END is given.
        qual_not_finite: Whether QUAL is nan or inf.
    """

    record: int
    chrom: str
    pos: int
    end: int
    id: str
    ref: str
    alts: tuple[str, ...]
    qual: float | None
    filters: str
    info: str
    format: tuple[str, ...]
    values: Sequence[str]
    is_reference_block: bool
    qual_not_finite: bool = False

    @property
    def reference_only(self) -> bool:
        """Whether ALT names no allele (a dot, <NON_REF> or <*>)."""
        return all(alt in alleles.REFERENCE_ALLELES for alt in self.alts)

    @property
    def passes(self) -> bool:
        """Whether FILTER is PASS or a dot."""
        return self.filters in ("PASS", ".")

    def column(self, key: str) -> list[str | None]:
        """The values of one FORMAT field, one a sample; None when absent or a dot."""
        if key not in self.format:
            return [None] * len(self.values)
        if len(self.format) == 1:
            return [None if value in (".", "") else value for value in self.values]
        at = self.format.index(key)
        found: list[str | None] = []
        for value in self.values:
            parts = value.split(":", at + 1)
            text = parts[at] if at < len(parts) else "."
            found.append(None if text in (".", "") else text)
        return found

    def value(self, sample: int, key: str) -> str | None:
        """One FORMAT value of one sample (its number in the chosen ones)."""
        if key not in self.format:
            return None
        parts = self.values[sample].split(":")
        at = self.format.index(key)
        return parts[at] if at < len(parts) and parts[at] not in (".", "") else None

    @cached_property
    def genotype_texts(self) -> list[str]:
        """GT of every sample as in the file; a dot where there is none."""
        if self.format == ("GT",):
            return list(self.values)
        return [text or "." for text in self.column("GT")]

    def genotypes(self) -> list[Genotype]:
        """GT of every sample, parsed."""
        return [alleles.genotype(text) for text in self.genotype_texts]

    @cached_property
    def info_values(self) -> dict[str, str]:
        """INFO by key; a flag has the empty string."""
        if self.info in (".", ""):
            return {}
        pairs = (item.partition("=") for item in self.info.split(";") if item)
        return {key: value for key, _, value in pairs}

    def added_bases(self, allele: int) -> int | None:
        """Bases that a symbolic insertion or duplication adds; None where INFO does not tell.

        Args:
            allele: Which of `alts`, from 1.
        """
        alt = self.alts[allele - 1]
        if not alt.startswith(("<INS", "<DUP")):
            return None
        lengths = self.info_values.get("SVLEN", "").split(",")
        length = whole_number(lengths[allele - 1]) if allele <= len(lengths) else None
        end = whole_number(self.info_values.get("END"))
        if length is None and alt.startswith("<DUP") and end is not None:
            length = end - self.pos
        return length if length and length > 0 else None


def whole_number(text: str | None) -> int | None:
    """A count or Phred value; None when missing or not a number that can be one."""
    value = number(text)
    return round(value) if value is not None and value >= 0 else None


def number(text: str | None) -> float | None:
    """A finite number; None when missing, not a number, nan or inf."""
    if text is None or text in (".", ""):
        return None
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def is_number(text: str | None) -> bool:
    """Whether a value is missing or a finite number; False for text such as abc."""
    return text is None or text in (".", "") or number(text) is not None
