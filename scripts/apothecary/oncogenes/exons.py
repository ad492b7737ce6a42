"""Exons by place, for variants that nothing numbers the exon of."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping
from typing import Any


class Exons:
    """Where exons and their coding parts lie, 1-based inclusive, GRCh38."""

    def __init__(self, rows: Iterable[Mapping[str, Any]]) -> None:
        """Index rows of the knowledge table `exons`."""
        self._by_gene: dict[str, list[tuple[str, int, int, int]]] = {}
        coding: dict[str, list[tuple[int, int, str, int]]] = {}
        for row in rows:
            place = (row["chrom"], row["start"], row["end"], row["exon"])
            self._by_gene.setdefault(row["gene"], []).append(place)
            if row["coding_start"] is not None:
                part = (row["coding_start"], row["coding_end"], row["gene"], row["exon"])
                coding.setdefault(row["chrom"], []).append(part)
        self._coding = {chrom: sorted(parts) for chrom, parts in coding.items()}
        self._longest = {
            chrom: max(last - first for first, last, _, _ in parts)
            for chrom, parts in coding.items()
        }

    def at(self, gene: str, chrom: str, start: int, end: int) -> int | None:
        """The exon of a gene that shares a base with a range."""
        for on, first, last, exon in self._by_gene.get(gene, ()):
            if on == chrom and first <= end and last >= start:
                return exon
        return None

    def coding(self, chrom: str, start: int, end: int) -> tuple[str, int] | None:
        """Gene and number of the exon whose coding part holds a range whole; the first of several.

        Args:
            chrom: Chromosome with chr.
            start: First position of the range.
            end: Its last position.
        """
        parts = self._coding.get(chrom, [])
        lowest = bisect_left(parts, (start - self._longest.get(chrom, 0),))
        for first, last, gene, exon in parts[lowest : bisect_left(parts, (start + 1,))]:
            if first <= start and end <= last:
                return gene, exon
        return None
