"""Names of the tables and of a user's files of the germline, by themselves, for the plan."""

GERMLINE_TABLES = (
    "criteria",
    "classes",
    "review_stars",
    "clinvar_words",
    "report_rules",
    "inheritance",
)
"""Stems of the files of `resources/germline`."""
SCORE_TABLES = ("predictors", "grantham", "hotspots")
"""Stems of the files of `resources/oncogenicity` that are used, too."""
GERMLINE_FILES = ("clinvar", "clinvar_grch37", "filtering_frequencies")
"""Keys of the section `germline` of the configuration that name a user's file."""
SCORE_FILES = ("alphamissense", "revel", "spliceai", "frequencies")
"""Keys of the section `oncogenicity` whose files are used, too."""
EVIDENCE_TABLES = (
    "exons",
    "frequency_rules",
    "functional_domains",
    "gene_mechanisms",
    "gene_regions",
    "germline_genes",
    "hotspot_residues",
    "pathogenic_changes",
    "pathogenic_loci",
    "population_frequencies",
)
"""Knowledge tables that germline variants are classified by."""
