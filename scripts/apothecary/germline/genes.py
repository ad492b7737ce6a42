"""The genes that a person agreed to, with what the lists say of them."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from apothecary.consent import granted_scopes
from apothecary.variants.scopes import GENE_LISTS

PREDISPOSITION = GENE_LISTS["germline"]
SECONDARY = GENE_LISTS["secondary_findings"]
Row = Mapping[str, Any]
Agreed = Mapping[str, Mapping[str, Row]]
"""Rows of the knowledge table `germline_genes` by gene and list."""


def agreed(
    sample: Row, consent_rows: Iterable[Row], germline_genes: Iterable[Row]
) -> dict[str, dict[str, Row]]:
    """The genes of the lists that the scopes of a sample open.

    Args:
        sample: A row of the table samples.
        consent_rows: Rows of the table consent.
        germline_genes: Rows of the knowledge table.

    Returns:
        Rows of the lists agreed to, by gene and list; empty for a tumor.
    """
    granted = granted_scopes(sample, consent_rows)
    lists = {GENE_LISTS[scope] for scope in granted if scope in GENE_LISTS}
    found: dict[str, dict[str, Row]] = {}
    for row in germline_genes:
        if row["list_id"] in lists:
            found.setdefault(row["gene"], {})[row["list_id"]] = row
    return found


@dataclass(frozen=True)
class _Region:
    start: int
    end: int
    gene: str
    transcript: str


class Places:
    """Which listed genes lie at a place, in both builds."""

    def __init__(self, gene_regions: Iterable[Row], genes: Iterable[str]) -> None:
        """Index rows of the knowledge table `gene_regions` of the genes."""
        wanted = set(genes)
        found: dict[tuple[str, str], list[_Region]] = {}
        for row in gene_regions:
            if row["gene"] not in wanted:
                continue
            for build, suffix in (("GRCh38", ""), ("GRCh37", "_grch37")):
                if row[f"start{suffix}"] is not None:
                    region = _Region(
                        row[f"start{suffix}"], row[f"end{suffix}"], row["gene"], row["transcript"]
                    )
                    found.setdefault((build, row["chrom"]), []).append(region)
        self._found = {key: sorted(of, key=lambda r: r.start) for key, of in found.items()}
        self._starts = {key: [r.start for r in of] for key, of in self._found.items()}

    def at(self, build: str, chrom: str, start: int, end: int) -> dict[str, str]:
        """Genes that share a base with a range, with the transcript that the region is of.

        Args:
            build: GRCh38 or GRCh37.
            chrom: Chromosome with chr.
            start: 1-based first base.
            end: Last base.
        """
        regions = self._found.get((build, chrom), [])
        upto = bisect_right(self._starts.get((build, chrom), []), end)
        return {r.gene: r.transcript for r in regions[:upto] if r.end >= start}
