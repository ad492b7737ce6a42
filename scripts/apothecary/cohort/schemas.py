"""The declaration of the tables that tell of many persons or runs."""

from __future__ import annotations

from apothecary.tables import Column, Table

COHORT_PARTS = Table(
    "cohort_parts",
    1,
    ("run", "part_of", "batch"),
    (
        Column("run", "str", "r and 16 digits of the SHA-256 of the run's manifest", required=True),
        Column("part_of", "str", "table that the part is of", required=True),
        Column("batch", "str", "batch of the run", required=True),
        Column("schema_version", "int", "version of the table's columns", required=True),
        Column("pipeline_version", "str", "version of the program of the run", required=True),
        Column("knowledge", "str", "digest of the knowledge pack of the run", required=True),
        Column("rows", "int", "rows of the part", required=True),
        Column("content_sha256", "str", "digest of its rows", required=True),
        Column("path", "str", "its file below the dataset's folder", required=True),
    ),
    "a part of a cohort dataset: one table of one batch of one run",
)

EXPORT_COUNTS = Table(
    "export_counts",
    1,
    ("measure", "tumor_type", "subject", "category"),
    (
        Column(
            "measure",
            "str",
            "persons, diplotype, phenotype, medicine, tumor_type or gene_tier",
            required=True,
        ),
        Column(
            "tumor_type",
            "str",
            "OncoTree code that a gene_tier is counted in; all; empty for other measures",
            required=True,
        ),
        Column("subject", "str", "gene or medicine; empty for persons, tumor_type", required=True),
        Column(
            "category",
            "str",
            "what was counted, such as *1/*2, Poor Metabolizer, avoid or I; total for all persons",
            required=True,
        ),
        Column("persons", "int", "how many persons", required=True),
    ),
    "a count of persons without anything of one person; small counts, and those that would give "
    "one away, are left out",
)

KNOWLEDGE_EFFECTS = Table(
    "knowledge_effects",
    1,
    ("results", "sample_id", "weight", "about", "before"),
    (
        Column("results", "str", "results folder of the run, as it was named", required=True),
        Column("sample_id", "str", "sample of the run", required=True),
        Column("subject_id", "str", "person the sample is from", required=True),
        Column("weight", "int", "clinical weight as of compare, the smallest first", required=True),
        Column("weight_words", "str", "the weight in words", required=True),
        Column("about", "str", "medicine and source, gene, or finding", required=True),
        Column(
            "before", "str", "what the earlier knowledge says; empty for nothing", required=True
        ),
        Column("after", "str", "what the later knowledge says; empty for nothing", required=True),
    ),
    "what newer knowledge changes for a person of a past run",
)

TABLES = (COHORT_PARTS, EXPORT_COUNTS, KNOWLEDGE_EFFECTS)
