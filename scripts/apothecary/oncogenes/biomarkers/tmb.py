"""Tumor mutational burden: mutations a megabase, by four definitions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from scipy import stats

from apothecary.oncogenes.biomarkers import counting
from apothecary.oncogenes.biomarkers.counting import Counted
from apothecary.oncogenes.biomarkers.regions import Region
from apothecary.oncogenes.findings import Consequences

Row = Mapping[str, Any]
UNIT = "mutations/Mb"
ALL = "tmb_all"
CODING = "tmb_coding"
NONSYNONYMOUS = "tmb_nonsynonymous"
MISSENSE = "tmb_missense"
_DEFINITIONS: Mapping[str, tuple[frozenset[str], str]] = {
    CODING: (
        frozenset({counting.ALTERING, counting.MISSENSE, counting.SYNONYMOUS}),
        "coding changes and splice sites, synonymous ones included",
    ),
    NONSYNONYMOUS: (
        frozenset({counting.ALTERING, counting.MISSENSE}),
        "changes of protein or splice site",
    ),
    MISSENSE: (frozenset({counting.MISSENSE}), "missense changes"),
}
_TAIL = 0.025


def assess(
    counted: Counted,
    consequences: Consequences,
    region: Region,
    assay: str,
    settings: Mapping[str, Any],
) -> list[dict[str, Any]]:
    """The burden of a tumor by each definition.

    Args:
        counted: The variants that count.
        consequences: See `findings.by_locus`.
        region: Where they are counted.
        assay: genome, exome or panel.
        settings: The part `biomarkers.tmb` of the configuration.

    Returns:
        Rows of the table biomarkers, without the sample.
    """
    inside = region.chosen(counted.variants)
    effects = [counting.effect(variant, consequences) for variant in inside]
    unnamed = effects.count(counting.UNNAMED)
    share = unnamed / len(effects) if effects else 0.0
    limit = settings["max_unnamed"][assay if assay in settings["max_unnamed"] else "exome"]
    note = f"; left out: {counted.told}" if counted.told else ""
    rows = []
    for name, (wanted, words) in _DEFINITIONS.items():
        method = f"{words}{note}; known drivers count"
        if share > limit:
            reason = (
                f"{unnamed} of {len(effects)} variants are not named, so that their effect is not "
                "known: give a file with annotations, or reference.fasta and reference.gff"
            )
            rows.append(row(name, UNIT, "not_assessed", method, reason=reason))
            continue
        count = sum(effect in wanted for effect in effects)
        judged = _judge if name != MISSENSE else _not_judged
        rows.append(_of_count(name, count, region, method, judged, settings, unnamed))
    every = f"all small variants of the region, whatever their effect{note}"
    judged = _judge_all if region.spans is None else _judge
    if assay == "genome" and region.spans is None:
        size = Region(settings["genome_megabases"], "biomarkers.tmb.genome_megabases")
        rows.append(_of_count(ALL, len(inside), size, every, _not_judged, settings, 0))
    else:
        rows.append(_of_count(ALL, len(inside), region, every, judged, settings, 0))
    return rows


def row(name: str, unit: str, status: str, method: str, **values: Any) -> dict[str, Any]:
    """A row of the table biomarkers, without the sample; what is not given is null."""
    empty = dict.fromkeys(
        ("value", "low", "high", "numerator", "denominator", "denominator_source", "reason")
    )
    return {"biomarker": name, "unit": unit, "status": status, "method": method, **empty, **values}


def interval(count: int, megabases: float) -> tuple[float, float]:
    """The exact interval of 95 % of a rate, by the Poisson distribution.

    Args:
        count: Mutations.
        megabases: Where they were counted.

    Returns:
        Mutations a megabase: lower and upper end.
    """
    low = float(stats.chi2.ppf(_TAIL, 2 * count) / 2) if count else 0.0
    high = float(stats.chi2.ppf(1 - _TAIL, 2 * (count + 1)) / 2)
    return low / megabases, high / megabases


Judge = Callable[[float, float, Mapping[str, Any]], tuple[str, str]]


def _of_count(
    name: str,
    count: int,
    region: Region,
    method: str,
    judge: Judge,
    settings: Mapping[str, Any],
    unnamed: int,
) -> dict[str, Any]:
    if not region.megabases:
        reason = f"the count alone is given: {region.source}"
        return row(name, UNIT, "not_assessed", method, numerator=count, reason=reason)
    low, high = interval(count, region.megabases)
    status, reason = judge(low, high, settings)
    if region.megabases < settings["min_megabases"]:
        status = "indeterminate"
        reason = f"fewer megabases than biomarkers.tmb.min_megabases ({settings['min_megabases']})"
    if unnamed:
        reason = "; ".join(filter(None, (reason, f"{unnamed} variants are not named")))
    return row(
        name,
        UNIT,
        status,
        method,
        value=count / region.megabases,
        low=low,
        high=high,
        numerator=count,
        denominator=region.megabases,
        denominator_source=region.source,
        reason=reason or None,
    )


def _judge(low: float, high: float, settings: Mapping[str, Any]) -> tuple[str, str]:
    threshold = settings["threshold"]
    if low >= threshold:
        return "high", ""
    if high < threshold:
        return "not_high", ""
    return "indeterminate", f"the interval holds the threshold {threshold:g}"


def _judge_all(low: float, high: float, settings: Mapping[str, Any]) -> tuple[str, str]:
    """The file may hold variants outside the region whose size is stated."""
    threshold = settings["threshold"] * settings["all_margin"]
    words = "where the variants lie is not known, so that some may lie outside the region"
    if low >= threshold:
        return "high", f"{words}; above {settings['all_margin']:g} times the threshold all the same"
    if high < settings["threshold"]:
        return "not_high", ""
    return "not_judged", words


def _not_judged(low: float, high: float, settings: Mapping[str, Any]) -> tuple[str, str]:
    return "not_judged", "no threshold is set for this definition"
