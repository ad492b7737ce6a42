"""Names of the tables of the procedure and of a user's files, by themselves, for the plan."""

ONCOGENICITY_TABLES = (
    "criteria",
    "exclusions",
    "classes",
    "hotspots",
    "civic_codes",
    "predictors",
    "grantham",
    "frequencies",
)
"""Stems of the files of `resources/oncogenicity`."""
ONCOGENICITY_FILES = ("alphamissense", "revel", "spliceai", "frequencies", "evidence")
"""Keys of the configuration that name a user's file."""
