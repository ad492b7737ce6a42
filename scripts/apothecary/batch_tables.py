"""The tables that the batches of a run have; by name alone, so that a plan needs no Arrow."""

from __future__ import annotations

READ_TABLES = ("alignments", "read_files")
"""Those that a batch has besides, in a run with reads."""
BATCH_TABLES = (
    "outcomes",
    "record_fates",
    "variants",
    "outside_calls",
    "sites",
    "diplotypes",
    "phenotypes",
    "recommendations",
    "interactions",
    "doses",
    "tag_screens",
    "consequences",
    "neighbours",
    "copy_number",
    "fusions",
    "actionability",
    "tumor_flags",
    "oncogenicity",
    "oncogenicity_codes",
    "approvals",
    "pertinent_negatives",
    "biomarkers",
    "signatures",
    "depth_copy_number",
    "clonality",
    "variant_origins",
    "two_hits",
    "expression_outliers",
    "multi_omic",
    "germline_findings",
    "trials",
    "trial_criteria",
    "trial_counts",
)

# Of batches with samples given as reads.
QC_TABLES = (
    "qc_metrics",
    "coverage",
    "identity",
    "fingerprints",
    "ancestry",
    "qc_gates",
    "qc_outcomes",
)
CALL_TABLES = ("hotspot_evidence",)
RISK_TABLES = ("risk",)
"""Those that a batch has in a run with polygenic scores."""
