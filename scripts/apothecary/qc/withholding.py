"""What the gates of genes take back in the tables after: not assessed is never a negative."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from apothecary.calling.verdicts import NOT_ASSESSABLE, NOT_FOUND
from apothecary.qc import gates
from apothecary.qc.coverage import Callable, uncallable_positions
from apothecary.selection import by_sample
from apothecary.variants.regions import Spans

Row = Mapping[str, Any]
BY_QUALITY = " (quality control)"
"""Ends the reason of what quality control took back."""
# What is told of the coverage of a tumor's known variants: the targets, or exons without any.
_PARTS = ("target", "exon")


def withhold_sites(sites: Sequence[Row], coverage: Iterable[Row]) -> list[dict[str, Any]]:
    """Take back the sites that the reads do not cover.

    Args:
        sites: Rows of the table sites.
        coverage: Rows of the table coverage.

    Returns:
        The sites; one at a position that cannot be called is not assessed, whatever a caller said,
        and says why. Sites of samples without coverage are as they were.
    """
    lost = {
        (name, *position)
        for name, rows in by_sample(coverage).items()
        for position in uncallable_positions(rows)
    }
    emptied = {
        "state": "not_assessed",
        "allele_1": None,
        "allele_2": None,
        "likelihoods": None,
        "reason": "too few reads over the position (quality control)",
    }
    return [
        {**row, **emptied}
        if (row["sample_id"], row["gene"], row["position_id"]) in lost
        else dict(row)
        for row in sites
    ]


def explain_diplotypes(rows: Iterable[Row], gate_rows: Iterable[Row]) -> list[dict[str, Any]]:
    """Diplotypes that could not be called, with the gate of their gene as the reason.

    The sites of such a gene are taken back before (`withhold_sites`), so that nothing is
    called of them here; calls from outside stay.

    Args:
        rows: Rows of the table diplotypes.
        gate_rows: Rows of the table qc_gates.

    Returns:
        The rows; phenotypes, recommendations and doses carry the reason on.
    """
    lost = gates.not_assessed_genes(gate_rows, "pharmacogene")
    told = []
    for row in rows:
        reason = lost.get(row["sample_id"], {}).get(row["gene"])
        if reason and row["method"] == "not_called":
            row = {**row, "reason": f"not assessed (quality control): {reason}"}
        told.append(dict(row))
    return told


def withhold_hotspots(
    rows: Iterable[Row], coverage: Iterable[Row], sample: Row, settings: Mapping[str, Any]
) -> list[dict[str, Any]]:
    """The evidence at known variants, without negatives where the sample cannot be called.

    Args:
        rows: Rows of the table hotspot_evidence of a sample.
        coverage: Rows of the table coverage, of this sample or more.
        sample: Row of the table samples.
        settings: The section `qc.callable` of a checked configuration.

    Returns:
        The rows. A variant that was not found, with fewer fragments than make a base callable and
        within a target or exon that cannot be called, is not assessable. What was found stays.
    """
    least = Callable.of_sample(settings, sample["role"], sample["assay"]).depth
    lost = Spans(
        (row["chrom"], row["start"], row["end"])
        for row in coverage
        if row["sample_id"] == sample["sample_id"] and row["kind"] in _PARTS and not row["callable"]
    )
    return [_withheld(row, least) if _negative(row, lost, least) else dict(row) for row in rows]


def _negative(row: Row, lost: Spans, least: int) -> bool:
    if row["status"] != NOT_FOUND or row["depth"] >= least:
        return False
    # Coverage is that of the build of the reads.
    return lost.overlaps(row["chrom"], row["input_pos"], row["input_pos"] + len(row["ref"]) - 1)


def _withheld(row: Row, least: int) -> dict[str, Any]:
    said = f"fewer than {least} fragments, in a region that cannot be called"
    emptied = {"status": NOT_ASSESSABLE, "reason": f"{said}{BY_QUALITY}"}
    return {**row, **emptied, "detection_limit": None}
