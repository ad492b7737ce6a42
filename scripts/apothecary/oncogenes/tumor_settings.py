"""Settings of copy number by depth, clonality, origin, two hits and expression.

All of them are working values of this project, not limits of a guideline.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from apothecary.oncogenes import sections


@dataclass(frozen=True)
class TumorSettings:
    """What a laboratory may change.

    Attributes:
        expression: TSV of expression, genes by samples; empty for none.
        expression_min_samples: Samples of the matrix from which a gene is judged.
        expression_outlier_z: Robust z from which a value is an outlier.
        expression_min_value: Value from which a gene counts as expressed.
        depth_min_targets: Targets of a gene from which its copy number is told from depth.
        depth_min_normals: Normals from which their median stands for a matched one.
        depth_min_normal_depth: Mean depth in the normal below which a target is left out.
        depth_gc_bins: Bins of GC content whose medians are taken off.
        interval_level: Level of the intervals.
        clonal_from: Cancer cell fraction that a clonal change has at least.
        clonal_least: Cancer cell fraction above which the interval of a clonal change must lie.
        somatic_rate: Prior probability that a base is changed in a tumor.
        germline_novel_rate: Prior probability that a base has a germline variant which no
            population frequency is known of.
        known_somatic_factor: By how much a known somatic site is likelier to be somatic.
        clonal_share: Prior share of somatic changes that are clonal.
        overdispersion: Correlation of reads of a site (beta-binomial).
        error_rate: Share of reads that show an allele by error.
        germline_from: Probability from which a variant is likely germline.
        somatic_to: Probability up to which it is likely somatic.
        loh_alpha: Probability below which an allele fraction differs from that of the normal.
        loh_min_shift: Least difference of the allele fractions.
    """

    expression: str = ""
    expression_min_samples: int = 10
    expression_outlier_z: float = 3.0
    expression_min_value: float = 1.0
    depth_min_targets: int = 3
    depth_min_normals: int = 3
    depth_min_normal_depth: float = 20.0
    depth_gc_bins: int = 10
    interval_level: float = 0.95
    clonal_from: float = 0.95
    clonal_least: float = 0.7
    somatic_rate: float = 0.000005
    germline_novel_rate: float = 0.000005
    known_somatic_factor: float = 1000.0
    clonal_share: float = 0.5
    overdispersion: float = 0.005
    error_rate: float = 0.01
    germline_from: float = 0.95
    somatic_to: float = 0.05
    loh_alpha: float = 0.001
    loh_min_shift: float = 0.15

    @classmethod
    def of(cls, values: Mapping[str, Any]) -> TumorSettings:
        """Settings from the section `tumors` of the configuration.

        Raises:
            ValueError: A key is unknown. The schema of the configuration refuses it earlier.
        """
        return sections.filled(cls, values)
