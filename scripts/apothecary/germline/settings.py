"""What a laboratory may change of the classification of germline variants; all limits are ours."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from apothecary.germline.names import GERMLINE_FILES
from apothecary.oncogenes import sections


@dataclass(frozen=True)
class Settings:
    """Limits, none of which a source at hand gives.

    Attributes:
        clinvar_stars: Stars of the review status from which ClinVar's class decides.
        common_frequency: Frequency above which a variant is BA1 in a gene without a rule of its
            own.
        frequency_margin: By how much a plain frequency of a population is divided before it is held
            against a rule for a filtering frequency.
        hotspot_tumors: Tumors with a substitution of the residue from which it is PM1.
        last_exon_share: Share of the protein from which on its loss behind a stop that escapes
            decay, or with an exon that is skipped in frame, is strong evidence.
        heterozygous_low: Fraction of reads below which a heterozygous call is doubted.
        heterozygous_high: Fraction above which it is doubted.
    """

    clinvar_stars: int = 2
    common_frequency: float = 0.05
    frequency_margin: float = 10.0
    hotspot_tumors: int = 10
    last_exon_share: float = 0.1
    heterozygous_low: float = 0.3
    heterozygous_high: float = 0.7

    @classmethod
    def of(cls, values: Mapping[str, Any]) -> Settings:
        """Settings from a mapping of the configuration; keys of files are passed over.

        Raises:
            ValueError: A key is unknown. The schema of the configuration refuses it earlier.
        """
        return sections.filled(cls, values, GERMLINE_FILES)
