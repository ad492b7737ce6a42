"""The homopolymers of a tumor given as reads, with those of its normal where there is one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from apothecary.calling import scope
from apothecary.calling.request import Request
from apothecary.consent import granted_scopes, withheld_scopes
from apothecary.logs import LOGGER
from apothecary.oncogenes.biomarkers import loci
from apothecary.oncogenes.biomarkers.loci import Locus
from apothecary.oncogenes.biomarkers.msi_reads import Lengths
from apothecary.variants import scopes


def measure(request: Request, settings: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The lengths of homopolymers in the targets of a tumor.

    Args:
        request: The tumor, and its normal.
        settings: The part `biomarkers.msi_reads` of the configuration.

    Returns:
        Rows of the table microsatellites; none without consent for the tumor.

    Raises:
        WorkflowInputError: An alignment cannot be used.
        ResourceError: There is no reference.
    """
    return request.apart(lambda: _measure(request, settings))


def _measure(request: Request, settings: Mapping[str, Any]) -> list[dict[str, Any]]:
    """See `measure`."""
    if not scope.tumor_granted(request.sample, request.consent):
        LOGGER.warning("%s: no consent for the tumor", request.column)
        return []
    alignment, of = request.alignment(), request.scope
    found = loci.scan(
        of.spans,
        request.reference(),
        alignment.lengths,
        settings["min_length"],
        settings["max_length"],
    )
    quality, flank = settings["min_mapping_quality"], settings["flank"]
    reads = request.unpacked(alignment, of.wanted, "tumor_reads")
    own = loci.count(reads, found, quality, flank)
    others: Iterable[Lengths] = (Counter() for _ in found)
    if normal := request.normal_alignment():
        beside = request.unpacked(normal, of.wanted, "normal_reads")
        others = loci.count(beside, found, quality, flank)
    return loci.rows(request.column, found, own, others, _told(request))


def _told(request: Request) -> Callable[[Locus], bool]:
    """Where the lengths of the normal may be told: with consent to germline findings.

    What a gene has that another scope governs, which is not granted, is withheld all the same.
    """
    person = {**request.sample, "role": "normal"}
    granted = granted_scopes(person, request.consent)
    rows = request.pack.rows
    permitted = scopes.regions(
        granted,
        withheld_scopes(person, request.consent),
        rows("pgx_positions"),
        rows("gene_regions"),
        rows("germline_genes"),
    )[request.placement.build]

    def told(locus: Locus) -> bool:
        place = (locus.chrom, locus.start, locus.end)
        opened = permitted.overlaps(*place) or not permitted.is_withheld(*place)
        return "germline" in granted and opened

    return told
