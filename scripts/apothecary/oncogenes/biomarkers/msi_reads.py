"""Microsatellite instability from reads: homopolymers whose lengths differ from the normal's.

Of each homopolymer the lengths that reads show are held against those of the tumor's normal, or,
without one, against those of other persons' normals (the baseline). A locus is unstable when the
two distributions differ by a chi-square test, after correction for the number of loci (Benjamini
and Hochberg), and the share of reads that moved is large enough to matter.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from scipy import stats

from apothecary.oncogenes.biomarkers import tmb
from apothecary.oncogenes.biomarkers.msi_variants import INDETERMINATE, MSI_HIGH, MSS

Row = Mapping[str, Any]
Lengths = Counter[int]
Difference = tuple[float, float]
"""p-value of the test that two distributions of lengths are one, and the share of reads moved."""
NAME = "msi_reads"
UNIT = "fraction"
_COVERAGE = 0.95
_PERCENT = 100.0


def assess(
    loci: Sequence[Row],
    baseline: Mapping[tuple[str, int], Lengths],
    given_as_reads: bool,
    model: Mapping[str, float],
    settings: Mapping[str, Any],
) -> dict[str, Any]:
    """Judge a tumor by its reads.

    Args:
        loci: Its rows of the table microsatellites.
        baseline: Lengths of normals by chromosome and start; see `pooled`.
        given_as_reads: Whether the tumor was given as reads.
        model: Values of the model by name: the share of loci, in percent, that parts tumors.
        settings: The part `biomarkers.msi_reads` of the configuration.

    Returns:
        A row of the table biomarkers, without the sample.
    """
    paired = any(locus["normal_reads"] for locus in loci)
    against = "the normal of the same person" if paired else "the baseline of normals"
    method = f"lengths of homopolymers in reads against {against}, chi-square test for each locus"
    if not given_as_reads:
        return tmb.row(NAME, UNIT, "not_assessed", method, reason="no reads were given")
    if not loci:
        reason = "no homopolymer of the targets is spanned by reads"
        return tmb.row(NAME, UNIT, "not_assessed", method, reason=reason)
    if not paired and not baseline:
        reason = "no normal of the same person and no baseline (biomarkers.msi_reads.baseline)"
        return tmb.row(NAME, UNIT, "not_assessed", method, reason=reason)
    measured = [
        found
        for locus in loci
        if (
            found := _of_pair(locus, settings["min_reads"])
            if paired
            else _against(locus, baseline, settings["min_reads"])
        )
    ]
    if len(measured) < settings["min_loci"]:
        reason = (
            f"{len(measured)} of {len(loci)} homopolymers have {settings['min_reads']} reads in "
            f"both, fewer than {settings['min_loci']}"
        )
        return tmb.row(NAME, UNIT, "not_assessed", method, numerator=None, reason=reason)
    unstable = sum(unstable_loci(measured, settings))
    total = len(measured)
    share = stats.binomtest(unstable, total).proportion_ci(_COVERAGE, method="exact")
    cut = model["unstable_percent_cut"] / _PERCENT
    status, limit = _judge(float(share.low), float(share.high), cut)
    return tmb.row(
        NAME,
        UNIT,
        status,
        method,
        value=unstable / total,
        low=float(share.low),
        high=float(share.high),
        numerator=unstable,
        denominator=float(total),
        denominator_source="homopolymers with enough reads",
        reason=limit,
    )


def _of_pair(locus: Row, least: int) -> Difference | None:
    """How far a tumor is from its normal, as it was measured; None with too few reads."""
    if min(locus["tumor_reads"], locus["normal_reads"]) < least:
        return None
    return locus["difference_p"], locus["shift"]


def _against(
    locus: Row, baseline: Mapping[tuple[str, int], Lengths], least: int
) -> Difference | None:
    """How far a tumor is from the normals of others; None with too few reads."""
    tumor = counted(locus["tumor_lengths"])
    normals = baseline.get((locus["chrom"], locus["start"]), Counter())
    return compared(tumor, normals) if min(tumor.total(), normals.total()) >= least else None


def _judge(low: float, high: float, cut: float) -> tuple[str, str | None]:
    if low >= cut:
        return MSI_HIGH, None
    if high < cut:
        return MSS, None
    return INDETERMINATE, f"the interval holds the cut {cut:.3g}"


def counted(lengths: Iterable[str]) -> Lengths:
    """Reads by length, from a column of the table microsatellites."""
    pairs = (entry.split(":") for entry in lengths)
    return Counter({int(length): int(reads) for length, reads in pairs})


def pooled(tables: Iterable[Iterable[Row]]) -> dict[tuple[str, int], Lengths]:
    """The lengths of the normals of earlier runs together.

    Args:
        tables: Rows of tables microsatellites, of tumors with their normals.

    Returns:
        Reads by length, by chromosome and start of the homopolymer.
    """
    found: dict[tuple[str, int], Lengths] = {}
    for rows in tables:
        for row in rows:
            key = (row["chrom"], row["start"])
            found.setdefault(key, Counter()).update(counted(row["normal_lengths"]))
    return found


def compared(tumor: Lengths, normal: Lengths) -> Difference:
    """How far two distributions of lengths, neither empty, are from each other."""
    return _difference(tumor, normal), shift(tumor, normal)


def unstable_loci(measured: Sequence[Difference], settings: Mapping[str, Any]) -> list[bool]:
    """Which homopolymers are unstable.

    Args:
        measured: How far each is from what it is held against.
        settings: alpha and min_shift of the configuration.
    """
    chances = np.array([chance for chance, _ in measured])
    adjusted = stats.false_discovery_control(chances) if len(chances) else chances
    return [
        bool(chance <= settings["alpha"]) and moved >= settings["min_shift"]
        for chance, (_, moved) in zip(adjusted, measured, strict=True)
    ]


def shift(tumor: Lengths, normal: Lengths) -> float:
    """Share of the reads that would have to have another length for the two to be alike."""
    every = tumor.keys() | normal.keys()
    return sum(abs(tumor[n] / tumor.total() - normal[n] / normal.total()) for n in every) / 2


def _difference(tumor: Lengths, normal: Lengths) -> float:
    every = sorted(tumor.keys() | normal.keys())
    if len(every) < 2:
        return 1.0
    table = np.array([[of[n] for n in every] for of in (tumor, normal)])
    return float(stats.chi2_contingency(table, correction=False).pvalue)
