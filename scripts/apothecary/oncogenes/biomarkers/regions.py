"""The megabases that a tumor was searched for mutations in, and where they lie."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from apothecary.calling.targets import Span
from apothecary.variants.regions import Spans

Row = Mapping[str, Any]
BASES_A_MEGABASE = 1_000_000


@dataclass(frozen=True)
class Region:
    """Where mutations are counted.

    Attributes:
        megabases: Its size; None when it is not known.
        source: Where the size is from, or why there is none, in words.
        spans: Where it lies; None when only its size is known, and every variant counts.
    """

    megabases: float | None
    source: str
    spans: Sequence[Span] | None = None

    def chosen(self, variants: Iterable[Row]) -> list[Row]:
        """The variants that lie in it."""
        if self.spans is None:
            return list(variants)
        by_chrom: dict[str, list[tuple[int, int]]] = {}
        for chrom, start, end in self.spans:
            by_chrom.setdefault(chrom, []).append((start, end))
        for of_chrom in by_chrom.values():
            of_chrom.sort()
        return [v for v in variants if _inside(by_chrom.get(v["chrom"], []), v["pos"])]


def _inside(spans: Sequence[tuple[int, int]], pos: int) -> bool:
    at = bisect_right(spans, (pos, 1 << 40)) - 1
    return at >= 0 and spans[at][1] >= pos


def of_sample(
    sample: Row,
    coverage: Iterable[Row],
    bed: Sequence[Span] | None,
    stated: Mapping[str, float | None],
    build: str,
) -> Region:
    """Where the mutations of a tumor are counted.

    Args:
        sample: Row of the table samples.
        coverage: Rows of the table coverage of the sample; none when it was not given as reads.
        bed: Coding regions that the configuration names (GRCh38), merged; None for none.
        stated: Megabases by assay that the configuration states.
        build: Build of the variants.

    Returns:
        The BED with its callable share where reads were given; else the callable targets or exons
        of the reads; else the size that is stated for the assay.
    """
    measured = _measured(coverage)
    if bed is not None and build == "GRCh38":
        size = sum(end - start + 1 for _, start, end in bed) / BASES_A_MEGABASE
        if measured is None:
            return Region(size, "the regions of biomarkers.tmb.regions, taken as covered", bed)
        share = measured[1]
        words = f"the regions of biomarkers.tmb.regions times the callable share {share:.3f}"
        return Region(size * share, f"{words} of what was measured", bed)
    if measured is not None:
        spans, share, kind = measured
        size = sum(end - start + 1 for _, start, end in spans) / BASES_A_MEGABASE
        return Region(size * share, f"callable bases of the {kind}s that were measured", spans)
    size_stated = stated.get(sample["assay"])
    if size_stated is None:
        return Region(
            None,
            f"the size of the {sample['assay']} is not known: give reads, biomarkers.tmb.regions "
            f"or biomarkers.tmb.megabases.{sample['assay']}",
        )
    return Region(size_stated, f"biomarkers.tmb.megabases.{sample['assay']}, as configured")


def merged(spans: Iterable[Span]) -> list[Span]:
    """Spans without overlap, sorted."""
    return sorted(Spans(spans).items())


def _measured(coverage: Iterable[Row]) -> tuple[list[Span], float, str] | None:
    """Targets, or else exons, with the share of their bases that can be called."""
    rows = list(coverage)
    for kind in ("target", "exon"):
        of_kind = [row for row in rows if row["kind"] == kind]
        bases = sum(row["bases"] for row in of_kind)
        if bases:
            callable_bases = sum(row["bases"] * row["callable_fraction"] for row in of_kind)
            spans = merged((row["chrom"], row["start"], row["end"]) for row in of_kind)
            return spans, callable_bases / bases, kind
    return None
