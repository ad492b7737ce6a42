"""What speaks against a somatic candidate, as names for FILTER."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from apothecary.calling import inherited, statistics
from apothecary.calling.pileup import Window
from apothecary.calling.support import Support
from apothecary.variants import matched_normal

OXIDATION = frozenset({("C", "A"), ("G", "T")})
DEAMINATION = frozenset({("C", "T"), ("G", "A")})

FILTERS: Mapping[str, str] = {
    "weak_evidence": "Errors of the sample explain the reads nearly as well",
    "low_depth": "Too few fragments with the allele",
    "strand_bias": "The allele is on one strand, the reference on both",
    "read_position": "The allele is seen near the ends of reads only",
    "mapping_quality": "The reads with the allele are mapped with low quality",
    "base_quality": "The bases of the allele are of low quality",
    "orientation_bias": "C>A or G>T on fragments of one orientation, as oxidation makes",
    "ffpe_deamination": "C>T or G>A on fragments of one orientation, as fixation makes",
    "indel_misalignment": "The reads with the allele end beside an indel and fit it",
    "linked_differences": "Without a normal: the fragments with the allele differ from the others "
    "at further places, as those of a copy of the region or of a germline haplotype do",
    "normal_evidence": "The normal sample shows the allele beyond its errors",
    "germline": "The normal sample carries the allele: it is inherited",
    "normal_depth": "The normal sample is too shallow to show a germline allele",
    "panel_of_normals": "The panel of normals has the allele",
}


@dataclass(frozen=True)
class FilterSettings:
    """Limits of the filters; our own, see the configuration.

    Attributes:
        min_log_odds: log10 of how much likelier an allele is than errors.
        min_alt_depth: Fragments with the allele.
        max_bias_p: p-value of an exact test from which on a bias is told.
        bias_share: Share of the reads with the allele that are on the one side.
        min_read_position: Median bases to the nearer end of the aligned part.
        min_mapping_quality: Median mapping quality of the reads with the allele.
        min_base_quality: Median base quality of the allele.
        misaligned_share: Share of the reads with the allele that an indel beside it explains.
        ffpe_max_vaf: Allele fraction up to which C>T and G>A are flagged.
        normal_alpha: Probability of the counts in the normal by errors, below which it shows the
            allele.
        germline_vaf: Allele fraction from which the normal is taken to carry the allele.
        normal_max_vaf: Allele fraction in the normal up to which it is taken for tumor cells.
        normal_min_depth: Fragments of the normal.
    """

    min_log_odds: float
    min_alt_depth: int
    max_bias_p: float
    bias_share: float
    min_read_position: float
    min_mapping_quality: float
    min_base_quality: float
    misaligned_share: float
    ffpe_max_vaf: float
    normal_alpha: float
    germline_vaf: float
    normal_max_vaf: float
    normal_min_depth: int

    @classmethod
    def from_config(cls, config: Mapping[str, Any]) -> FilterSettings:
        """Settings from the section `calling.somatic.filters` of the configuration."""
        return cls(**config)


@dataclass(frozen=True)
class Measures:
    """What was measured of a candidate.

    Attributes:
        log_odds: log10 of how much likelier an allele is than errors.
        strand_p: p-value of the exact test of strands.
        orientation_p: p-value of the exact test of orientations.
        strands: Reference forward and reverse, allele forward and reverse.
        orientations: Reference F1R2 and F2R1, allele F1R2 and F2R1.
        read_position: Median bases to the nearer end.
        mapping_quality: Median of the reads with the allele.
        ffpe_like: Whether it is C>T or G>A at a low fraction.
    """

    log_odds: float
    strand_p: float
    orientation_p: float
    strands: tuple[int, int, int, int]
    orientations: tuple[int, int, int, int]
    read_position: float
    mapping_quality: float
    ffpe_like: bool


def measure(
    support: Support, window: Window, ref: str, alt: str, settings: FilterSettings
) -> Measures:
    """Measure a candidate, which at least one fragment shows."""
    strands, orientations = support.strands(window), support.orientations(window)
    low = support.alt_depth <= settings.ffpe_max_vaf * support.depth
    return Measures(
        statistics.log_odds(support.alt_depth, support.depth, support.error_rate),
        statistics.exact_test(*strands),
        statistics.exact_test(*orientations),
        strands,
        orientations,
        float(np.median(support.distances)),
        float(np.median(window.reads.mapping_quality[support.alt_reads])),
        (ref, alt) in DEAMINATION and low,
    )


def failed(
    support: Support, measures: Measures, ref: str, alt: str, settings: FilterSettings
) -> list[str]:
    """The filters that a candidate fails by its own reads, in the order of `FILTERS`."""
    biased_orientation = _one_sided(measures.orientations, measures.orientation_p, settings)
    snv = len(ref) == len(alt) == 1
    failing = {
        "weak_evidence": measures.log_odds < settings.min_log_odds,
        "low_depth": support.alt_depth < settings.min_alt_depth,
        "strand_bias": _one_sided(measures.strands, measures.strand_p, settings),
        "read_position": measures.read_position < settings.min_read_position,
        "mapping_quality": measures.mapping_quality < settings.min_mapping_quality,
        "base_quality": snv and support.base_quality < settings.min_base_quality,
        "orientation_bias": biased_orientation and (ref, alt) in OXIDATION,
        "ffpe_deamination": biased_orientation and (ref, alt) in DEAMINATION,
    }
    return [name for name in FILTERS if failing.get(name)]


def _one_sided(table: tuple[int, int, int, int], p_value: float, settings: FilterSettings) -> bool:
    alt = table[2:]
    return p_value < settings.max_bias_p and max(alt) >= settings.bias_share * sum(alt)


def against_normal(normal: Support | None, settings: FilterSettings) -> list[str]:
    """The filters that a candidate fails by the normal sample.

    Args:
        normal: The support of the allele in the normal; None where it shows nothing.
        settings: The limits.
    """
    if normal is None or normal.depth < settings.normal_min_depth:
        shown = normal is not None and normal.alt_depth > 1
        if not shown:
            return ["normal_depth"]
        return ["normal_evidence", matched_normal.GERMLINE, "normal_depth"]
    by_errors = statistics.tail(normal.alt_depth, normal.depth, normal.error_rate)
    share = normal.alt_depth / normal.depth
    seen = by_errors < settings.normal_alpha and share > settings.normal_max_vaf
    if not seen:
        return []
    carried = inherited.carried(normal, settings.germline_vaf)
    return ["normal_evidence", matched_normal.GERMLINE] if carried else ["normal_evidence"]
