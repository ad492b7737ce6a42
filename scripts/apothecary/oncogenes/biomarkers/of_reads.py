"""The homopolymers of a tumor given as reads, with those of its normal where there is one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from apothecary.calling import scope
from apothecary.calling.of_sample import Request
from apothecary.logs import LOGGER
from apothecary.oncogenes.biomarkers import loci
from apothecary.oncogenes.biomarkers.msi_reads import Lengths


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
    return loci.rows(request.column, found, own, others)
