"""The sites of a variant file, read in the build that its reference bases are of."""

from __future__ import annotations

from collections.abc import Sequence

from apothecary.errors import Problem, WorkflowInputError
from apothecary.pharmacogenes.definitions import Definitions
from apothecary.pharmacogenes.observations import SiteSettings
from apothecary.pharmacogenes.site_layout import GRCH37, GRCH38, SiteLayout
from apothecary.pharmacogenes.sites import SiteTable
from apothecary.variants import builds, contigs
from apothecary.variants.reader import VariantFile


def read_sites(
    file: VariantFile, names: Sequence[str], definitions: Definitions, settings: SiteSettings
) -> tuple[SiteTable, list[str]]:
    """Read the sites of samples; the build is told from the reference bases.

    Args:
        file: The file.
        names: The samples wanted.
        definitions: The pharmacogenes.
        settings: What counts.

    Returns:
        The sites in the build of the file, and remarks.

    Raises:
        WorkflowInputError: The file is none that can be read, or its reference bases are those of
            neither build.
    """
    layouts = [SiteLayout(definitions, build) for build in (GRCH38, GRCH37)]
    candidates = [SiteTable(layout, names, settings) for layout in layouts]
    for record in file.blocks(names, [layout.regions for layout in layouts]):
        for table in candidates:
            table.add(record)
    by_lengths = builds.header_witnesses(file.header).by_lengths
    best = max(candidates, key=lambda table: table.matching_records)
    if best.matching_records == 0 and best.contradicting_records == 0:
        stated = {table.build: table for table in candidates}.get(by_lengths or GRCH38)
        chosen = stated or best
        return chosen, ["no record at any position of the definitions"] if chosen.empty else []
    if best.matching_records <= best.contradicting_records:
        found = (
            f"REF differs from the reference at {best.contradicting_records} of "
            f"{best.contradicting_records + best.matching_records} positions of the definitions"
        )
        raise WorkflowInputError(
            Problem(file.path, found, "a file in GRCh38 or GRCh37 coordinates", field="REF")
        )
    if by_lengths not in (None, best.build):
        found = f"the reference bases are {best.build}, the contig lengths {by_lengths}"
        raise WorkflowInputError(Problem(file.path, found, "one build throughout"))
    notes = []
    if contigs.HG19_CHRM_LENGTH in file.header.contig_lengths.values():
        notes.append("chrM is that of hg19, not the rCRS; its records are not read")
    if best.contradicting_records:
        notes.append(
            f"{best.contradicting_records} records were passed over: REF is not the reference"
        )
    return best, notes
