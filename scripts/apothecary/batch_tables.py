"""The tables that every batch of a run has; by name alone, so that a plan needs no Arrow."""

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
    "copy_number",
    "fusions",
    "actionability",
    "tumor_flags",
)
