"""Of a tumor without a normal: how probable each variant is of the germline.

Bayes: the prior is the population frequency against the rate of somatic changes; the likelihood
is that of the reads under every number of copies that a germline or a somatic allele may have.
Where the purity is not known it is averaged over.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.special import logsumexp
from scipy.stats import betabinom

from apothecary.oncogenes.allele_fractions import Copies, expected, germline_copies
from apothecary.oncogenes.tumor_settings import TumorSettings

LIKELY_GERMLINE = "likely_germline"
LIKELY_SOMATIC = "likely_somatic"
UNCERTAIN = "uncertain"

_PURITIES = tuple(round(0.05 * step, 2) for step in range(2, 20))
_FRACTIONS = tuple(round(0.1 * step, 1) for step in range(1, 11))


@dataclass(frozen=True)
class Origin:
    """Where a variant comes from.

    Attributes:
        probability: That it is of the germline.
        prior: The same before the reads were looked at.
        status: likely_germline, likely_somatic or uncertain.
        reason: What was gone by, in words.
    """

    probability: float
    prior: float
    status: str
    reason: str


def judge(
    variant: Mapping[str, Any],
    copies: Copies,
    purity: float | None,
    known_somatic: bool,
    settings: TumorSettings,
) -> Origin:
    """Judge one variant.

    Args:
        variant: Row of the table `variants`.
        copies: Copies of its site.
        purity: Share of tumor cells; None when it is not known.
        known_somatic: Whether the pack knows the variant from tumors.
        settings: Priors and bounds.

    Returns:
        The origin. A variant that is known from tumors is never likely germline.
    """
    frequency = variant.get("population_af")
    single, double = _germline_weights(frequency, settings)
    somatic = settings.somatic_rate * (settings.known_somatic_factor if known_somatic else 1)
    prior = (single + double) / (single + double + somatic)
    depth, alt = _reads(variant)
    words = [_frequency_words(frequency)]
    if depth is None:
        probability = prior
        words.append("no allele fraction: the prior alone")
    else:
        purities = _PURITIES if purity is None else (purity,)
        germline = _mixed(
            [(single, _het(p, copies)) for p in purities]
            + [(double, [(1.0, 1 - settings.error_rate)]) for _ in purities],
            depth,
            alt,
            settings,
        )
        tumor = _mixed(
            [(somatic, _som(p, copies, settings)) for p in purities], depth, alt, settings
        )
        probability = float(np.exp(germline - np.logaddexp(germline, tumor)))
        words.append("the purity is averaged over" if purity is None else f"purity {purity:g}")
        words.append(
            f"{copies.total:g} copies"
            if copies.given
            else "copy number not given, two copies assumed"
        )
    status = _status(probability, settings)
    if known_somatic:
        words.append("a known somatic site")
        status = UNCERTAIN if status == LIKELY_GERMLINE else status
    return Origin(probability, prior, status, "; ".join(words))


def _germline_weights(frequency: float | None, settings: TumorSettings) -> tuple[float, float]:
    """Prior weights of one and of two germline copies (Hardy and Weinberg)."""
    if not frequency:
        return settings.germline_novel_rate, 0.0
    q = min(frequency, 1.0)
    single = max(2 * q * (1 - q), settings.germline_novel_rate)
    return single, q * q


def _reads(variant: Mapping[str, Any]) -> tuple[int | None, int]:
    depth, alt = variant.get("depth"), variant.get("alt_depth")
    if alt is None and depth is not None and variant.get("vaf") is not None:
        alt = round(variant["vaf"] * depth)
    if not depth or alt is None:
        return None, 0
    return int(depth), min(int(alt), int(depth))


def _frequency_words(frequency: float | None) -> str:
    if frequency is None:
        return "no population frequency in the input"
    return f"population frequency {frequency:.3g}"


_Expectations = list[tuple[float, float]]


def _het(purity: float, copies: Copies) -> _Expectations:
    """Allele fractions of a germline allele that is heterozygous, with their weights."""
    found = germline_copies(copies)
    return [(1 / len(found), expected(purity, copies, m, copies.normal / 2)) for m in found]


def _som(purity: float, copies: Copies, settings: TumorSettings) -> _Expectations:
    """Allele fractions of a somatic allele, clonal and not, with their weights."""
    numbers = range(1, copies.most + 1)
    clonal = settings.clonal_share / len(numbers)
    found = [(clonal, expected(purity, copies, m, 0)) for m in numbers]
    rest = (1 - settings.clonal_share) / len(_FRACTIONS)
    return found + [(rest, expected(purity, copies, f, 0)) for f in _FRACTIONS]


def _mixed(
    parts: list[tuple[float, _Expectations]], depth: int, alt: int, settings: TumorSettings
) -> float:
    """Log of the weighted likelihood of the reads over all expectations of all parts."""
    weights = np.array([w * v for w, expectations in parts for v, _ in expectations])
    fractions = np.array([f for _, expectations in parts for _, f in expectations])
    kept = weights > 0
    mean = np.clip(fractions[kept], settings.error_rate, 1 - settings.error_rate)
    size = 1 / settings.overdispersion - 1
    likelihood = betabinom.logpmf(alt, depth, mean * size, (1 - mean) * size)
    return float(logsumexp(likelihood, b=weights[kept]))


def _status(probability: float, settings: TumorSettings) -> str:
    if probability >= settings.germline_from:
        return LIKELY_GERMLINE
    return LIKELY_SOMATIC if probability <= settings.somatic_to else UNCERTAIN
