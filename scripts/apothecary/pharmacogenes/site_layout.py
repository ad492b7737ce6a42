"""Where the positions of the definitions lie in a build."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from apothecary.pharmacogenes.definitions import Definitions, Position
from apothecary.variants.regions import Position as RegionPosition
from apothecary.variants.regions import Regions

GRCH38 = "GRCh38"
GRCH37 = "GRCh37"
MITO = "chrM"
"""Has the same sequence in both builds, so that it tells nothing of the build."""


@dataclass(frozen=True)
class Site:
    """A position in one build.

    Attributes:
        gene: Name of the gene.
        position: The position of the definitions.
        pos: 1-based position in the build.
        ref: Reference bases in the build.
        others: The alleles other than `ref`, as the text of the window.
    """

    gene: str
    position: Position
    pos: int
    ref: str
    others: tuple[str, ...]

    @property
    def end(self) -> int:
        """1-based last reference base in the build."""
        return self.pos + len(self.ref) - 1

    @property
    def indel(self) -> bool:
        """Whether an allele inserts or deletes bases."""
        return any(len(text) != len(self.ref) for text in self.others)


def sites_of_build(definitions: Definitions, build: str) -> list[Site]:
    """The positions of all genes in a build; GRCh37 has those whose coordinate is known."""
    found = []
    for gene in definitions.matched:
        for position in (*gene.positions, *gene.others):
            if build == GRCH38:
                pos: int | None = position.pos
                ref: str | None = position.ref
            else:
                pos, ref = position.pos_grch37, position.ref_grch37
            if pos is None or ref is None:
                continue
            others = tuple(sorted(position.known - {ref}))
            found.append(Site(gene.name, position, pos, ref, others))
    return found


class SiteLayout:
    """Where the positions of the definitions lie in a build; one for all samples.

    Attributes:
        definitions: The pharmacogenes.
        build: GRCh38 or GRCh37.
        sites: The positions in the build.
        at: Index into `sites` by gene and position_id.
        by_region: Indices into `sites` by what the reader is asked for.
        regions: What the reader of variants is asked for.
    """

    def __init__(self, definitions: Definitions, build: str) -> None:
        self.definitions = definitions
        self.build = build
        self.sites = sites_of_build(definitions, build)
        self.at = {(s.gene, s.position.position_id): i for i, s in enumerate(self.sites)}
        self.by_region: dict[RegionPosition, list[int]] = defaultdict(list)
        for i, site in enumerate(self.sites):
            key = RegionPosition(site.position.chrom, site.pos, site.ref, site.indel)
            self.by_region[key].append(i)
        self.regions = Regions(positions=tuple(sorted(self.by_region)))
