"""Places and bases of hotspot changes, from the public list on GRCh38."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

Hotspots = dict[tuple[str, str], list[list[str]]]
"""Rows of the list by gene and protein change."""


class Place(NamedTuple):
    """A change of the genome: GRCh38, 1-based position, VCF style."""

    chrom: str
    pos: int
    ref: str
    alt: str


def read_hotspots(shared: Path) -> Hotspots:
    """The list of hotspots, by gene and protein change."""
    with (shared / "knowledge/onco/cancerhotspots_v2_GRCh38.tsv").open(encoding="utf-8") as stream:
        rows = [line.rstrip("\n").split("\t") for line in stream]
    hotspots: Hotspots = {}
    for row in rows:
        hotspots.setdefault((row[4], row[6]), []).append(row)
    return hotspots


def place_of(hotspots: Hotspots, gene: str, protein_change: str) -> Place:
    """The change of one base that makes a protein change; the first, where several do."""
    found = hotspots[gene, protein_change]
    name, pos, ref, alt = min(row for row in found if len(row[2]) == len(row[3]) == 1)[:4]
    return Place(f"chr{name}", int(pos), ref, alt)


def read_place(text: str) -> Place:
    """A place as the tables of composed changes spell it: chr1:1000:A:C."""
    chrom, pos, ref, alt = text.split(":")
    return Place(chrom, int(pos), ref, alt)
