"""Microsatellite instability from called variants alone: how many there are, and which indels.

A tumor without mismatch repair has many mutations, and many of them gain or lose one base of a
homopolymer. The first is judged by a model fitted on colorectal tumors (resources/biomarkers), the
second by the share of such indels among the mutations. Both must speak for instability; either may
speak against it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from scipy import stats

from apothecary.oncogenes.biomarkers import catalogues, tmb
from apothecary.variants.reference import Reference

Row = Mapping[str, Any]
NAME = "msi_variants"
UNIT = "fraction"
MSI_HIGH = "msi_high"
MSS = "mss"
INDETERMINATE = "indeterminate"
_COVERAGE = 0.95


def assess(
    variants: Sequence[Row],
    assay: str,
    reference: Reference | None,
    model: Mapping[str, float],
    settings: Mapping[str, Any],
) -> dict[str, Any]:
    """Judge a tumor by its variants.

    Args:
        variants: The variants that count.
        assay: genome, exome or panel; the model is of exomes.
        reference: The reference sequence, where one is given.
        model: Values of the model by name.
        settings: The part `biomarkers.msi_variants` of the configuration.

    Returns:
        A row of the table biomarkers, without the sample.
    """
    total = len(variants)
    slipped, shape = slippage(variants, reference)
    method = (
        f"share of indels of one base among the mutations ({shape}), and the probability of "
        "instability by the number of mutations of an exome, fitted on colorectal tumors"
    )
    if assay != "exome":
        reason = f"the model is of exomes, and cannot judge a {assay}"
        return tmb.row(NAME, UNIT, "not_assessed", method, reason=reason)
    if total < settings["min_mutations"]:
        reason = f"{total} mutations, fewer than {settings['min_mutations']}"
        return tmb.row(NAME, UNIT, "not_assessed", method, reason=reason)
    chance = probability(total, model)
    share = stats.binomtest(slipped, total).proportion_ci(_COVERAGE, method="exact")
    status, why = _judge(chance, float(share.low), float(share.high), settings)
    return tmb.row(
        NAME,
        UNIT,
        status,
        method,
        value=slipped / total,
        low=float(share.low),
        high=float(share.high),
        numerator=slipped,
        denominator=float(total),
        denominator_source="mutations that count",
        reason=f"{why}; probability of instability by {total} mutations {chance:.3g}",
    )


def probability(mutations: int, model: Mapping[str, float]) -> float:
    """How likely a colorectal tumor is unstable by the number of mutations of its exome."""
    linear = model["intercept"] + model["log10_mutations"] * math.log10(max(mutations, 1))
    return 1 / (1 + math.exp(-linear))


def slippage(variants: Sequence[Row], reference: Reference | None) -> tuple[int, str]:
    """Indels of one base, in homopolymers where the reference tells.

    Args:
        variants: Rows of the table variants.
        reference: The reference sequence, where one is given.

    Returns:
        How many, and in words how they were told.
    """
    single = [v for v in variants if abs(len(v["ref"]) - len(v["alt"])) == 1]
    single = [v for v in single if min(len(v["ref"]), len(v["alt"])) == 1]
    kinds = [catalogues.indel(v["chrom"], v["pos"], v["ref"], v["alt"], reference) for v in single]
    known = [kind for kind in kinds if kind is not None]
    # 0 more bases: the base deleted stands alone, or the one inserted is beside no like one.
    outside = sum(kind.endswith(":0") for kind in known)
    words = "all by their shape, the reference around them not being known"
    if known:
        words = f"{len(known)} of {len(single)} with the reference around them, of which {outside} "
        words += "lie in no homopolymer and are left out"
    return len(single) - outside, words


def _judge(chance: float, low: float, high: float, settings: Mapping[str, Any]) -> tuple[str, str]:
    if chance <= settings["max_stable_probability"]:
        return MSS, "too few mutations for instability"
    if high < settings["max_stable_share"]:
        return MSS, "too few indels of one base for instability"
    many = chance >= settings["min_unstable_probability"]
    if many and low >= settings["min_unstable_share"]:
        return MSI_HIGH, "many mutations, and many of them indels of one base"
    return INDETERMINATE, "mutations and indels do not speak clearly for or against instability"
