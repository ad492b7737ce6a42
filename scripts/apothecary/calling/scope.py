"""What of a sample is called: by its consent, and by the targets of the run."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from apothecary.calling import targets
from apothecary.calling.alignments import Alignment, Span
from apothecary.calling.germline import ForcedPosition, forced_positions
from apothecary.consent import granted_scopes
from apothecary.errors import Problem, ResourceError
from apothecary.knowledge import lift
from apothecary.knowledge.lift import Lift
from apothecary.knowledge.pack import Pack
from apothecary.variants import scopes
from apothecary.variants.reference import Fasta
from apothecary.variants.regions import Regions


@dataclass(frozen=True)
class Scope:
    """What of a sample may be called, in the build of its alignment.

    Attributes:
        forced: Positions of the allele definitions.
        spans: Further targets.
    """

    forced: Sequence[ForcedPosition]
    spans: Sequence[Span]

    @property
    def wanted(self) -> list[Span]:
        """All of it as spans."""
        return [*self.spans, *((p.chrom, p.pos, p.end) for p in self.forced)]


def of_sample(
    sample: Mapping[str, Any],
    consent: Iterable[Mapping[str, Any]],
    pack: Pack,
    build: str,
    bed: str,
) -> Scope:
    """What the subject of a sample consented to, within the targets.

    Args:
        sample: A row of the table samples.
        consent: Rows of the table consent.
        pack: The knowledge pack.
        build: Build of the alignment.
        bed: BED of targets in that build; empty for the exons of known genes or, for tumors, the
            genes with a role or a known variant; both are known in GRCh38 only.
    """
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
    elif build != "GRCh38":
        spans = []
    elif sample["role"] == "tumor":
        spans = targets.genes(
            pack.rows("gene_regions"), pack.rows("gene_roles"), pack.rows("known_variants")
        )
    else:
        spans = targets.exons(pack.rows("exons"))
    return Scope(forced, targets.allowed(spans, regions))


def reference_of(alignment: Alignment, fasta: str, work_folder: Path | str) -> Fasta:
    """The reference sequence of an alignment.

    Args:
        alignment: The alignment.
        fasta: Path of the configuration's FASTA, GRCh38.
        work_folder: A folder that may be written to.

    Raises:
        ResourceError: No FASTA is given, or the alignment is of another build than it.
    """
    if not fasta:
        found, right = "no reference sequence", "calling from reads needs one (FASTA, GRCh38)"
        raise ResourceError(Problem("config", found, right, field="reference.fasta"))
    if alignment.build != "GRCh38":
        found = f"the alignment is of {alignment.build}, the reference sequence of GRCh38"
        right = "align the reads to GRCh38, or give the variants as a VCF"
        raise ResourceError(Problem(alignment.shown_as, found, right))
    return Fasta(fasta, work_folder)


def lift_to(build: str, chain: str, pack: Pack) -> Lift | None:
    """The lift of known variants to the build of an alignment; None where none is needed or given.

    Args:
        build: Build of the alignment.
        chain: Chain file from GRCh37 to GRCh38, or the empty string.
        pack: The knowledge pack.
    """
    if build == "GRCh38" or not chain:
        return None
    return lift.read_chain(chain, {row["chrom"] for row in pack.rows("known_variants")})


def tumor_granted(sample: Mapping[str, Any], consent: Iterable[Mapping[str, Any]]) -> bool:
    """Whether the subject of a sample consented to the analysis of a tumor."""
    return "tumor" in granted_scopes(sample, consent)
