"""The homopolymers of a tumor given as reads, with those of its normal where there is one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from apothecary.calling import alignments, scope
from apothecary.calling.of_sample import Request
from apothecary.logs import LOGGER
from apothecary.oncogenes.biomarkers import loci
from apothecary.oncogenes.biomarkers.msi_reads import Lengths

Row = Mapping[str, Any]


def measure(
    request: Request, normal: Row | None, normal_files: Sequence[str], settings: Mapping[str, Any]
) -> list[dict[str, Any]]:
    """The lengths of homopolymers in the targets of a tumor.

    Args:
        request: The tumor.
        normal: Row of the table samples of its normal, or None.
        normal_files: Alignments of the normal and their index; empty for none.
        settings: The part `biomarkers.msi_reads` of the configuration.

    Returns:
        Rows of the table microsatellites; none without consent for the tumor.

    Raises:
        WorkflowInputError: An alignment cannot be used.
        ResourceError: There is no reference, or none of the build.
    """
    name = str(request.sample["sample_id"])
    if not scope.tumor_granted(request.sample, request.consent):
        LOGGER.warning("%s: no consent for the tumor", name)
        return []
    alignment, of = request.opened()
    reference = request.reference(alignment)
    found = loci.scan(
        of.spans,
        reference,
        alignment.lengths,
        settings["min_length"],
        settings["max_length"],
    )
    quality, flank = settings["min_mapping_quality"], settings["flank"]
    reads = request.unpacked(alignment, of, "tumor_reads")
    own = loci.count(reads, found, quality, flank)
    others: Iterable[Lengths] = (Counter() for _ in found)
    if normal:
        folder = request.work_folder / "normal"
        folder.mkdir()
        path = alignments.beside_index(normal_files, folder / "indexed")
        other = alignments.open_alignment(path, str(normal["build"]), folder)
        others = loci.count(request.unpacked(other, of, "normal_reads"), found, quality, flank)
    return loci.rows(name, found, own, others)
