"""The declaration of the tables that a user imports from sources under licences of their own.

The embedded knowledge leaves them empty.
"""

from __future__ import annotations

from apothecary.tables import Column, Table

_SOURCE = Column(
    "source_id", "str", "row of the table sources that the fact comes from", required=True
)
_PROFILE = Column(
    "molecular_profile", "str", "what the tumor must have, as CIViC names profiles", required=True
)
_DISEASE = (
    Column("disease", "str", "tumor type by name"),
    Column("oncotree_code", "str", "its OncoTree code, where the source gives one"),
)

IMPORTED_EVIDENCE = Table(
    "imported_evidence",
    1,
    ("evidence_id",),
    (
        Column("evidence_id", "str", "prefix of the source and its number", required=True),
        _PROFILE,
        *_DISEASE,
        Column("therapies", "list", "therapies"),
        Column("therapy_interaction", "str", "Combination, Sequential or Substitutes"),
        Column("evidence_type", "str", "Predictive, Diagnostic, …", required=True),
        Column("direction", "str", "Supports or Does Not Support"),
        Column("level", "str", "A to E that the source's level is taken as", required=True),
        Column("source_level", "str", "level as the source names it", required=True),
        Column("significance", "str", "Sensitivity/Response, Resistance, …"),
        Column("rating", "int", "1 to 5, where the source rates"),
        Column("origin", "str", "Somatic, Germline, …"),
        Column("citation", "str", "PMID: and number, or the document"),
        Column("link", "str", "address of the item"),
        _SOURCE,
    ),
    "evidence that a user imported",
)

IMPORTED_APPROVALS = Table(
    "imported_approvals",
    1,
    ("approval_id",),
    (
        Column("approval_id", "str", "prefix of the source and its number", required=True),
        Column("agency", "str", "agency that approves, such as FDA or EMA", required=True),
        Column("therapies", "list", "medicines of the indication, taken together"),
        _PROFILE,
        *_DISEASE,
        Column("approved", "str", "ISO date of the first approval, as the source gives it"),
        Column(
            "test_required",
            "bool",
            "whether the words of the indication ask for an approved test (companion diagnostic)",
            required=True,
        ),
        Column("document", "str", "the source's document"),
        Column("link", "str", "address of the document"),
        _SOURCE,
    ),
    "approvals that a user imported",
)

TABLES: tuple[Table, ...] = (IMPORTED_EVIDENCE, IMPORTED_APPROVALS)
