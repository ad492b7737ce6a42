"""The environments of callers that do not come with the package; by name alone, for the plan."""

from __future__ import annotations

from collections.abc import Mapping

CALLER_ENVIRONMENTS: Mapping[str, str] = {
    "haplotypecaller": "gatk.yaml",
    "mutect2": "gatk.yaml",
    "deepvariant": "deepvariant.yaml",
    "freebayes": "freebayes.yaml",
}
"""Environment file below envs/ by caller."""
