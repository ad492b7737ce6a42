"""What of a sample is called: by its consent, and by the targets of the run."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from apothecary.calling import targets
from apothecary.calling.germline import ForcedPosition, forced_positions
from apothecary.calling.targets import Span
from apothecary.consent import granted_scopes
from apothecary.errors import Problem, WorkflowInputError
from apothecary.knowledge.pack import Pack
from apothecary.knowledge.placement import Placement
from apothecary.qc.regions import coding
from apothecary.variants import scopes
from apothecary.variants.regions import Regions


@dataclass(frozen=True)
class Scope:
    """What of a sample may be called, in the build of its alignment.

    Attributes:
        forced: Positions of the allele definitions.
        spans: Further targets.
        permitted: Where the sample may be read at all.
    """

    forced: Sequence[ForcedPosition]
    spans: Sequence[Span]
    permitted: Regions = field(default_factory=Regions)

    @property
    def wanted(self) -> list[Span]:
        """All of it as spans."""
        return [*self.spans, *((p.chrom, p.pos, p.end) for p in self.forced)]


def of_sample(
    sample: Mapping[str, Any],
    consent: Iterable[Mapping[str, Any]],
    pack: Pack,
    placement: Placement,
    bed: str,
) -> Scope:
    """What the subject of a sample consented to, within the targets.

    Args:
        sample: A row of the table samples.
        consent: Rows of the table consent.
        pack: The knowledge pack.
        placement: Build of the alignment, and where the knowledge lies in it.
        bed: BED of targets in that build; empty for the coding exons of known genes or,
            for tumors, the genes with a role or a known variant.

    Raises:
        WorkflowInputError: There is no BED, and the genes cannot be placed in the build.
    """
    build = placement.build
    granted = granted_scopes(sample, consent)
    regions: Regions = scopes.regions(
        granted,
        (),
        pack.rows("pgx_positions"),
        pack.rows("gene_regions"),
        pack.rows("germline_genes"),
    )[build]
    forced: list[ForcedPosition] = []
    if "pharmacogenes" in granted:
        forced = forced_positions(pack.rows("pgx_positions"), build)
    if bed:
        spans = targets.read_bed(bed)
    elif not placement.complete and regions.everything:
        found = f"alignments in {build}, where genes are not placed"
        right = "give calling.targets (BED) or calling.chain, by which they are"
        raise WorkflowInputError(Problem(str(sample["sample_id"]), found, right))
    elif sample["role"] == "tumor":
        spans = targets.genes(
            pack.rows("gene_regions"),
            pack.rows("gene_roles"),
            pack.rows("known_variants"),
            placement,
        )
    else:
        spans = targets.exons(placement.spans(coding(pack.rows("exons"))))
        if sample["assay"] == "genome":
            spans += scopes.whole_chromosomes(granted)
    return Scope(forced, targets.allowed(spans, regions), regions)


def tumor_granted(sample: Mapping[str, Any], consent: Iterable[Mapping[str, Any]]) -> bool:
    """Whether the subject of a sample consented to the analysis of a tumor."""
    return "tumor" in granted_scopes(sample, consent)
