"""What the reads show at a position of which the variant file says nothing.

Reads can make such a position reference; they never call a variant here. Where they show another
base, the position stays not assessed, with the reason.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from apothecary.pharmacogenes.evidence import ANY_OTHER
from apothecary.pharmacogenes.matcher import Genotype
from apothecary.pharmacogenes.observations import (
    FROM_READS,
    NOT_ASSESSED,
    REFERENCE,
    Measured,
    Observation,
    ReadSettings,
)

ANOTHER_BASE = "reads show another base than the reference, and the file has no record"


@dataclass(frozen=True)
class Coverage:
    """Reads at a position.

    Attributes:
        depth: Fragments that show a base, at the base of the position that has fewest.
        others: Those of them that show something else than the reference.
        share: Greatest share of such fragments, 0 to 1, at any base of the position.
    """

    depth: int
    others: int
    share: float


def measure(
    file: Any, contig: str, pos: int, ref: str, indel: bool, settings: ReadSettings
) -> Coverage:
    """Count the reads over a position.

    Overlapping mates count once. At a position of insertions or deletions only reads that reach
    `indel_flank` bases beyond it count, since one that ends within a repeat shows no length.

    Args:
        file: The alignments, opened.
        contig: Name of the contig in the file.
        pos: 1-based first base of the position.
        ref: Its reference bases.
        indel: Whether an allele of the position inserts or deletes bases.
        settings: What counts.
    """
    start0, end0 = pos - 1, pos - 1 + len(ref)
    depths, others = [0] * len(ref), [0] * len(ref)
    columns = file.pileup(
        contig,
        start0,
        end0,
        truncate=True,
        min_base_quality=0,
        min_mapping_quality=settings.min_mapping_quality,
        ignore_orphans=False,
        compute_baq=False,
        multiple_iterators=False,
    )
    flank = settings.indel_flank
    for column in columns:
        at = column.reference_pos - start0
        for read in column.pileups:
            reached = (read.alignment.reference_start, read.alignment.reference_end)
            if indel and (reached[0] > start0 - flank or reached[1] < end0 + flank):
                continue
            shown = _shown(read, settings.min_base_quality)
            if shown is None:
                continue
            depths[at] += 1
            others[at] += shown != ref[at] or (indel and read.indel != 0 and not read.is_del)
    shares = [other / depth for depth, other in zip(depths, others, strict=True) if depth]
    least = depths.index(min(depths))
    return Coverage(depths[least], others[least], max(shares, default=0.0))


def _shown(read: Any, min_base_quality: int) -> str | None:
    """The base that a read shows, a gap as `-`; None where it shows none that counts."""
    if read.is_refskip:
        return None
    if read.is_del:
        return "-"
    qualities = read.alignment.query_qualities
    if qualities is not None and qualities[read.query_position] < min_base_quality:
        return None
    return str(read.alignment.query_sequence[read.query_position]).upper()


def observe(coverage: Coverage, ref: str, ploidy: int, settings: ReadSettings) -> Observation:
    """The state of a position from its reads.

    Args:
        coverage: The reads.
        ref: Reference bases of the position in GRCh38.
        ploidy: Strands: 1 for the mitochondrion, else 2.
        settings: What counts.
    """
    counts = f"{coverage.depth - coverage.others},{coverage.others}"
    measured = Measured(depth=coverage.depth, depths=counts if coverage.depth else None)
    needed = max(1, settings.min_depth or 1)
    if coverage.share > settings.max_other_reads:
        return Observation(
            NOT_ASSESSED, None, measured=measured, reason=ANOTHER_BASE, source=FROM_READS
        )
    if coverage.depth < needed:
        reason = f"no record, and {coverage.depth} reads where {needed} are needed"
        return Observation(NOT_ASSESSED, None, measured=measured, reason=reason, source=FROM_READS)
    genotype = Genotype((ref,) * ploidy)
    return Observation(
        REFERENCE,
        genotype,
        measured=measured,
        record_alleles=(ref, ANY_OTHER),
        source=FROM_READS,
    )
