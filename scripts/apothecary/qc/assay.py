"""What an assay is meant to cover, and what of it a subject lets be looked at."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from apothecary.errors import Problem, ResourceError
from apothecary.knowledge.pack import Pack
from apothecary.knowledge.placement import KNOWN_BUILD, Placement
from apothecary.qc import regions
from apothecary.qc.regions import Region, Target
from apothecary.qc.snps import Snp
from apothecary.variants.regions import Regions

PANEL = "panel"

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Assay:
    """What is measured in every sample.

    Attributes:
        targets: Targets of the assay; none for coding exons and positions of the knowledge.
        pack: The knowledge pack.
        snps: SNPs for identity.
        fasta: Reference sequence; None where there is none.
        unnamed: Whether a file that names no sample in @RG is taken.
        placement: The build of targets, reference and alignments, and where the knowledge is there.
        genes: The genes that panels are meant to cover, as the configuration names them.
        called: The targets of calling, which tell the genes where nothing else does.
    """

    targets: Sequence[Target]
    pack: Pack
    snps: Sequence[Snp]
    fasta: str | None
    unnamed: bool = False
    placement: Placement = field(default_factory=Placement)
    genes: Sequence[str] = ()
    called: Sequence[Target] = ()

    def regions(self, genes: Collection[str] | None = None) -> list[Region]:
        """Every region of the assay, whatever a subject has consented to.

        Args:
            genes: The genes whose exons are asked for; None for those of all.
        """
        return self._regions(self.targets, self.placement, genes)

    def expected(self, sample: Row) -> list[Region]:
        """The regions that the assay of a sample can be expected to cover.

        Args:
            sample: A row of the table samples. Of a panel the exons of the genes are taken that it
                claims: those named, else those of which a target holds a coding base.
        """
        every = self.regions()
        if sample["assay"] != PANEL or not self.claims:
            return every
        return self.regions(self._claimed(every))

    @property
    def claims(self) -> bool:
        """Whether anything tells which genes a panel is meant to cover."""
        return bool(self.genes or self.targets or self.called)

    def _claimed(self, every: Sequence[Region]) -> set[str]:
        if not self.genes:
            return regions.touched(every, self.targets or self.called)
        known = {region.gene for region in every if region.kind == "exon"}
        if unknown := [gene for gene in self.genes if gene not in known]:
            found = f"no coding exon of {', '.join(unknown)} is known"
            right = "genes of the knowledge table exons, in a build in which they are placed"
            raise ResourceError(Problem("config", found, right, field="qc.genes"))
        return set(self.genes)

    def consented(self, every: Sequence[Region], permitted: Mapping[str, Regions]) -> list[Region]:
        """The regions of the assay that a sample's subject lets be looked at.

        Where genes lie is known in GRCh38, so that consent to what the knowledge places elsewhere
        is asked there. Targets in GRCh37 are kept where something opens them: what lies beside
        them is not known.

        Args:
            every: See `regions`.
            permitted: What the sample may be read for, by build.
        """
        genes, known = self.pack.rows("gene_regions"), permitted[KNOWN_BUILD]
        if self.placement.same:
            return regions.consented(every, known, genes)
        of_knowledge = regions.consented(self._regions((), Placement()), known, genes)
        names = {region.region_id for region in of_knowledge}
        targets = [region for region in every if region.kind == "target"]
        names |= {r.region_id for r in regions.opened(targets, permitted[self.placement.build])}
        return [region for region in every if region.region_id in names]

    def _regions(
        self,
        targets: Sequence[Target],
        placement: Placement,
        genes: Collection[str] | None = None,
    ) -> list[Region]:
        rows = self.pack.rows
        parts = (rows("exons"), rows("pgx_positions"), rows("gene_regions"))
        return regions.of_knowledge(*parts, targets, placement, genes)
