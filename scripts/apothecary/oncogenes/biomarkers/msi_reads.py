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
    compared = []
    for locus in loci:
        tumor = counted(locus["tumor_lengths"])
        normal = (
            counted(locus["normal_lengths"])
            if paired
            else baseline.get((locus["chrom"], locus["start"]), Counter())
        )
        if min(tumor.total(), normal.total()) >= settings["min_reads"]:
            compared.append((tumor, normal))
    if len(compared) < settings["min_loci"]:
        reason = (
            f"{len(compared)} of {len(loci)} homopolymers have {settings['min_reads']} reads in "
            f"both, fewer than {settings['min_loci']}"
        )
        return tmb.row(NAME, UNIT, "not_assessed", method, numerator=None, reason=reason)
    unstable = sum(unstable_loci(compared, settings))
    total = len(compared)
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


def unstable_loci(
    compared: Sequence[tuple[Lengths, Lengths]], settings: Mapping[str, Any]
) -> list[bool]:
    """Which homopolymers are unstable.

    Args:
        compared: Reads by length in the tumor and in what it is held against.
        settings: alpha and min_shift of the configuration.
    """
    chances = np.array([_difference(tumor, normal) for tumor, normal in compared])
    adjusted = stats.false_discovery_control(chances) if len(chances) else chances
    return [
        bool(chance <= settings["alpha"]) and shift(tumor, normal) >= settings["min_shift"]
        for chance, (tumor, normal) in zip(adjusted, compared, strict=True)
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
