"""The panel of the demo: its windows of reference sequence, and haplotypes of public samples."""

from __future__ import annotations

import csv
import gzip
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pysam
from public_genotypes import CHROMOSOMES, read_positions
from public_hotspots import place_of, read_hotspots

from apothecary.calling.simulation import Change, compatible

SEQUENCES = ("grch38_slices.fa.gz", "oncogene_slices.fa.gz")
# Bases on both sides of what the panel looks at: within the targets, and within the reference.
TARGET_FLANK = 75
WINDOW_FLANK = 250

Span = tuple[str, int, int]
"""Chromosome with chr, 1-based first and last base."""


@dataclass(frozen=True)
class Window:
    """A stretch of reference that reads are made from.

    Attributes:
        chrom: Chromosome with chr.
        start: 1-based first base.
        bases: Reference bases.
    """

    chrom: str
    start: int
    bases: str

    @property
    def end(self) -> int:
        """1-based last base."""
        return self.start + len(self.bases) - 1

    @property
    def name(self) -> str:
        """The name of the window as a record of a sliced reference."""
        return f"{self.chrom}:{self.start}-{self.end}"

    def holds(self, chrom: str, pos: int, length: int) -> bool:
        """Whether `length` bases from `pos` lie in the window."""
        return chrom == self.chrom and self.start <= pos and pos + length - 1 <= self.end


def panel_places(shared: Path, design: Path) -> list[Span]:
    """What the panel looks at: all positions of a pharmacogene, or a hotspot."""
    defined = read_positions(shared)
    hotspots = read_hotspots(shared)
    places: list[Span] = []
    with design.open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream, delimiter="\t"):
            if row["protein_change"]:
                place = place_of(hotspots, row["gene"], row["protein_change"])
                places.append((place.chrom, place.pos, place.pos))
            else:
                of_gene = [p for p in defined if p.gene == row["gene"]]
                places += [(p.chrom, p.pos, p.pos + len(p.ref) - 1) for p in of_gene]
    return places


def widened(places: Sequence[Span], flank: int) -> list[Span]:
    """Places with `flank` bases on both sides, those that meet as one, in genome order."""
    found: list[Span] = []
    for chrom, first, last in sorted(places, key=lambda p: (CHROMOSOMES.index(p[0]), p)):
        if found and found[-1][0] == chrom and first - flank <= found[-1][2] + 1:
            found[-1] = (chrom, found[-1][1], max(found[-1][2], last + flank))
        else:
            found.append((chrom, first - flank, last + flank))
    return found


def windows(shared: Path, spans: Sequence[Span]) -> list[Window]:
    """The reference bases of spans.

    Raises:
        ValueError: No slice at hand covers a span.
    """
    slices = [s for name in SEQUENCES for s in _slices(shared / "data/reference" / name)]
    found = []
    for chrom, first, last in spans:
        covering = [s for s in slices if s.holds(chrom, first, last - first + 1)]
        if not covering:
            raise ValueError(f"no slice covers {chrom}:{first}-{last}")
        offset = first - covering[0].start
        found.append(Window(chrom, first, covering[0].bases[offset : offset + last - first + 1]))
    return found


def _slices(path: Path) -> Iterator[Window]:
    with gzip.open(path, "rt") as stream:
        for record in stream.read().split(">")[1:]:
            head, _, bases = record.partition("\n")
            found = re.search(r"(chr\w+):(\d+)-", head)
            if found:
                yield Window(found[1], int(found[2]), bases.replace("\n", "").upper())


def haplotypes(
    shared: Path, genes: Sequence[str], sample: str, where: Sequence[Window]
) -> dict[Window, tuple[list[Change], list[Change]]]:
    """The changes of both strands of a sample of the phased panel, by window."""
    strands: dict[Window, tuple[list[Change], list[Change]]] = {w: ([], []) for w in where}
    for gene in genes:
        for record in _records(shared / f"data/panel1kg/{gene}.GRCh38.vcf.gz", sample):
            chrom = f"chr{record.chrom.removeprefix('chr')}"
            holding = [w for w in where if w.holds(chrom, record.pos, len(record.ref))]
            for window in holding:
                for strand, allele in enumerate(record.samples[sample]["GT"]):
                    alt = record.alleles[allele or 0]
                    if allele and not alt.strip("ACGT"):
                        strands[window][strand].append(Change(record.pos, record.ref, alt))
    return {w: (compatible(set(a)), compatible(set(b))) for w, (a, b) in strands.items()}


def _records(path: Path, sample: str) -> Iterator[pysam.VariantRecord]:
    told = pysam.set_verbosity(0)  # The panel has no index, and is read through.
    with pysam.VariantFile(str(path)) as stream:
        stream.subset_samples([sample])
        yield from stream
    pysam.set_verbosity(told)
