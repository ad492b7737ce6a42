"""The declaration of the tables of copy number by depth, clonality, origin, hits and expression."""

from __future__ import annotations

from apothecary.tables import Column, Table

_SAMPLE = Column("sample_id", "str", "tumor sample of the sheet", required=True)
_GENE = Column("gene", "str", "gene symbol", required=True)
_LOCUS = (
    Column("chrom", "str", "chromosome, with the prefix chr", required=True),
    Column("pos", "int", "1-based position, as in the table variants", required=True),
    Column("ref", "str", "reference bases", required=True),
    Column("alt", "str", "alternate bases", required=True),
)
_NAME = (
    Column("genes", "list", "genes that it is in"),
    Column("alteration", "str", "the variant in words", required=True),
    Column("vaf", "float", "variant allele fraction, 0 to 1"),
    Column("purity", "float", "share of tumor cells, of the sheet"),
    Column("total", "float", "copies of the site in a tumor cell", required=True),
    Column("copies_given", "bool", "whether they are of the input, not assumed", required=True),
)

DEPTH_COPY_NUMBER = Table(
    "depth_copy_number",
    1,
    ("sample_id", "gene"),
    (
        _SAMPLE,
        _GENE,
        Column("chrom", "str", "chromosome"),
        Column("start", "int", "1-based first base of its targets"),
        Column("end", "int", "1-based last base of its targets"),
        Column("targets", "int", "targets that were used", required=True),
        Column("log2", "float", "median log2 of depth over that of the normals"),
        Column("log2_low", "float", "lower bound of the interval"),
        Column("log2_high", "float", "upper bound of the interval"),
        Column("total", "float", "copies in a tumor cell; null without purity"),
        Column("total_low", "float", "lower bound"),
        Column("total_high", "float", "upper bound"),
        Column(
            "state",
            "str",
            "amplification, gain, neutral, loss, homozygous_deletion, uncertain or not_assessed",
            required=True,
        ),
        Column("reason", "str", "how it was told, or why not", required=True),
    ),
    "copy number of a gene in a tumor from the depth of its targets",
)

CLONALITY = Table(
    "clonality",
    1,
    ("sample_id", "chrom", "pos", "ref", "alt"),
    (
        _SAMPLE,
        *_LOCUS,
        *_NAME,
        Column("multiplicity", "int", "copies of a tumor cell that carry it"),
        Column("ccf", "float", "cancer cell fraction, 0 to 1"),
        Column("ccf_low", "float", "lower bound"),
        Column("ccf_high", "float", "upper bound"),
        Column("status", "str", "clonal, subclonal or unknown", required=True),
        Column("reason", "str", "what was assumed, or why it is unknown", required=True),
    ),
    "share of the tumor cells that have a variant of a cancer gene",
)

VARIANT_ORIGINS = Table(
    "variant_origins",
    1,
    ("sample_id", "chrom", "pos", "ref", "alt"),
    (
        _SAMPLE,
        *_LOCUS,
        *_NAME,
        Column("population_af", "float", "highest population frequency that the input carries"),
        Column("known_somatic", "bool", "known from tumors", required=True),
        Column("prior", "float", "probability before the reads were looked at", required=True),
        Column("germline_probability", "float", "probability that it is germline", required=True),
        Column("status", "str", "likely_germline, likely_somatic or uncertain", required=True),
        Column("reason", "str", "what was gone by", required=True),
    ),
    "origin of a variant of a cancer gene in a tumor that the sheet has no normal of",
)

TWO_HITS = Table(
    "two_hits",
    1,
    ("sample_id", "gene"),
    (
        _SAMPLE,
        _GENE,
        Column("truncating", "list", "somatic changes that leave no working protein"),
        Column("altering", "list", "somatic changes of unknown effect"),
        Column("germline", "list", "truncating germline variants of the normal, with consent"),
        Column("lost", "list", "why an allele is lost"),
        Column("status", "str", "two_hits, possible or one_hit", required=True),
        Column("reason", "str", "why, in words", required=True),
        Column("germline_looked_at", "bool", "whether a normal was looked at", required=True),
    ),
    "a tumor suppressor or predisposition gene that is hit in a tumor",
)

EXPRESSION_OUTLIERS = Table(
    "expression_outliers",
    1,
    ("sample_id", "gene"),
    (
        _SAMPLE,
        _GENE,
        Column("value", "float", "as in the matrix", required=True),
        Column("median", "float", "median of log2(value + 1) of the samples", required=True),
        Column("robust_z", "float", "robust standard deviations from it", required=True),
        Column("samples", "int", "samples that it was held against", required=True),
        Column("status", "str", "high or low", required=True),
    ),
    "a cancer gene whose expression in a tumor is far from that of the other samples",
)

MULTI_OMIC = Table(
    "multi_omic",
    1,
    ("sample_id", "gene"),
    (
        _SAMPLE,
        _GENE,
        Column("dna", "list", "what is changed in the DNA", required=True),
        Column("expression", "float", "value of the matrix; null when it has none"),
        Column("expressed", "str", "yes, no or unknown", required=True),
        Column("outlier", "str", "high, low, normal or not_assessed"),
        Column("robust_z", "float", "robust standard deviations from the median"),
        Column("reason", "str", "why expression is not known or not judged"),
    ),
    "a cancer gene that is changed in the DNA, with its expression",
)

TABLES = (
    DEPTH_COPY_NUMBER,
    CLONALITY,
    VARIANT_ORIGINS,
    TWO_HITS,
    EXPRESSION_OUTLIERS,
    MULTI_OMIC,
)
