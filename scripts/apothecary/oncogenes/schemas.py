"""The declaration of the tables of approvals and of what was looked for in a tumor."""

from __future__ import annotations

from apothecary.tables import Column, Table

_SAMPLE = Column("sample_id", "str", "sample of the sheet", required=True)
_TUMOR_MATCH = Column(
    "tumor_match", "str", "exact, main_type or any: how near the tumor type is", required=True
)
_LIMIT = Column(
    "detection_limit",
    "float",
    "the worst detection limit of the places that were looked at, allele fraction 0 to 1; null "
    "where none is known",
)

APPROVALS = Table(
    "approvals",
    1,
    ("sample_id", "approval_id"),
    (
        _SAMPLE,
        Column("approval_id", "str", "approval of the imported source", required=True),
        Column("agency", "str", "agency that approves, such as FDA or EMA", required=True),
        Column("therapies", "list", "medicines of the indication, taken together"),
        Column("molecular_profile", "str", "what the tumor must have", required=True),
        Column("disease", "str", "tumor type of the indication"),
        _TUMOR_MATCH,
        Column("approved", "str", "ISO date of the first approval, as the source gives it"),
        Column(
            "test_required",
            "bool",
            "whether the words of the indication ask for an approved test (companion diagnostic)",
            required=True,
        ),
        Column("status", "str", "meets, does_not_meet or not_assessable", required=True),
        Column("reason", "str", "why, in words", required=True),
        _LIMIT,
        Column("findings", "list", "finding_id of what meets it"),
        Column("document", "str", "the source's document"),
        Column("link", "str", "address of the document"),
        Column("source_id", "str", "knowledge source", required=True),
        Column("licence", "str", "licence of the source"),
    ),
    "whether a tumor has what an approval in its tumor type asks for; the rest of an indication, "
    "such as stage and earlier treatment, is not looked at",
)

PERTINENT_NEGATIVES = Table(
    "pertinent_negatives",
    1,
    ("sample_id", "molecular_profile"),
    (
        _SAMPLE,
        Column("molecular_profile", "str", "the biomarker", required=True),
        Column("genes", "list", "its genes; none for a marker of the whole tumor"),
        _TUMOR_MATCH,
        Column("level", "str", "best level of its evidence, A or B", required=True),
        Column("sensitive_to", "list", "treatments that it predicts a response to"),
        Column("resistant_to", "list", "treatments that it predicts resistance to"),
        Column("evidence_ids", "list", "the evidence", required=True),
        Column("status", "str", "found, not_found or not_assessable", required=True),
        _LIMIT,
        Column(
            "reason", "str", "how it was looked for, or why it was not, in words", required=True
        ),
        Column("findings", "list", "finding_id of what meets it"),
    ),
    "a biomarker with strong evidence in the tumor type of a sample, found there or not",
)

TABLES: tuple[Table, ...] = (APPROVALS, PERTINENT_NEGATIVES)
