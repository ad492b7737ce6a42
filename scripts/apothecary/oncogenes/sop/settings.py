"""What a laboratory may change of the classification of oncogenicity.

The limits are choices of this project where the table of the codes gives none; the run's manifest
records those that were used.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from apothecary.oncogenes import sections
from apothecary.oncogenes.sop.names import ONCOGENICITY_FILES


@dataclass(frozen=True)
class Settings:
    """What a laboratory may change.

    Attributes:
        criteria: Limits of the classes: sop or pcgr.
        mask_classifications: Leave out evidence that is itself a classification by the procedure.
        rare_frequency: Frequency below which a variant counts as absent from populations (OP4).
        alphamissense_damaging, alphamissense_benign: Limits of scores that come without a class.
        revel_damaging, revel_benign: Limits of REVEL.
        cadd_damaging, cadd_benign: Limits of scaled CADD scores.
        spliceai_damaging, spliceai_benign: Limits of the greatest delta score.
        distance_damaging: Grantham distance above which the fallback takes a substitution in a
            domain or at a recurrent residue as damaging.
        distance_benign: Distance below which it takes one in neither as harmless.
        last_exon_share: Share of the protein below which a stop in the last exon takes little.
        suppressor_min_stops: Tumors with a stop at recurrent residues from which a gene may count
            as a tumor suppressor by them.
        suppressor_min_share: Their least share of the tumors at recurrent residues of the gene.
    """

    criteria: str = "sop"
    mask_classifications: bool = False
    rare_frequency: float = 0.0001
    alphamissense_damaging: float = 0.6
    alphamissense_benign: float = 0.3
    revel_damaging: float = 0.7
    revel_benign: float = 0.3
    cadd_damaging: float = 25.0
    cadd_benign: float = 15.0
    spliceai_damaging: float = 0.5
    spliceai_benign: float = 0.1
    distance_damaging: float = 100.0
    distance_benign: float = 50.0
    last_exon_share: float = 0.1
    suppressor_min_stops: int = 3
    suppressor_min_share: float = 0.2

    @classmethod
    def of(cls, values: Mapping[str, Any]) -> Settings:
        """Settings from a mapping of the configuration; keys of files are passed over.

        Raises:
            ValueError: A key is unknown. The schema of the configuration refuses it earlier.
        """
        return sections.filled(cls, values, ONCOGENICITY_FILES)
