"""Thresholds of the oncogene part, as they come from the configuration.

The defaults are working values of this project, not limits of a guideline; the run's manifest
records the ones that were used.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from apothecary.oncogenes import sections


@dataclass(frozen=True)
class Settings:
    """What a laboratory may change.

    Attributes:
        amplification_min_copies: Total copies from which a gene counts as amplified.
        gain_copies: Total copies from which a gene counts as gained.
        copy_tolerance: How far from a whole number a copy number may lie and still count as it.
        consensus_min_rating: CIViC rating (1 to 5) from which evidence of level B in the tumor
            type is taken as well-powered.
        common_frequency: Population frequency from which a variant is taken as common (tier IV).
        tandem_residues: Smallest gain of residues that counts as an internal tandem duplication.
        promoter_bases: Bases before the transcript that count as promoter.
        germline_flag_min_variants: Fewest variants by which a sample is judged.
        germline_peak_width: Half-width of the windows around 0.5 and above 1 - this value.
        germline_peak_fail: Share of variants in the windows from which a sample looks germline.
        germline_peak_warn: The same for a warning.
        germline_flag_max_known_fraction: Share of variants with a population frequency above
            `germline_known_frequency` from which a sample looks germline.
        germline_known_warn: The same for a warning.
        germline_known_frequency: Frequency from which a variant counts as known in populations.
        germline_homozygous_fail: Share of variants with an allele fraction near 1 that, together
            with the share in the windows, makes a sample look germline.
        burden_warn: Variants a megabase above which a warning is given.
        genome_megabases: Size of the analysed region, for assay genome.
        exome_megabases: The same for assay exome.
        missing_fraction_warn: Share of variants without an allele fraction that gives a warning.
        phase_min_fragments: Fragments from which reads tell whether two variants are in cis.
        phase_min_share: Share of the fragments with the rarer variant that must agree.
    """

    amplification_min_copies: float = 6.0
    gain_copies: float = 3.0
    copy_tolerance: float = 0.5
    consensus_min_rating: int = 3
    common_frequency: float = 0.01
    tandem_residues: int = 3
    promoter_bases: int = 250
    germline_flag_min_variants: int = 50
    germline_peak_width: float = 0.1
    germline_peak_fail: float = 0.75
    germline_peak_warn: float = 0.6
    germline_flag_max_known_fraction: float = 0.5
    germline_known_warn: float = 0.2
    germline_known_frequency: float = 0.001
    germline_homozygous_fail: float = 0.15
    burden_warn: float = 500.0
    genome_megabases: float = 2800.0
    exome_megabases: float = 35.0
    missing_fraction_warn: float = 0.5
    phase_min_fragments: int = 3
    phase_min_share: float = 0.8

    @classmethod
    def of(cls, values: Mapping[str, Any]) -> Settings:
        """Settings from a mapping of the configuration; keys that it leaves out keep defaults.

        Raises:
            ValueError: A key is unknown. The schema of the configuration refuses it earlier.
        """
        return sections.filled(cls, values)
