"""The declaration of the tables of biomarkers."""

from __future__ import annotations

from apothecary.tables import Column, Table

_SAMPLE = Column("sample_id", "str", "sample of the sheet", required=True)

BIOMARKERS = Table(
    "biomarkers",
    1,
    ("sample_id", "biomarker"),
    (
        _SAMPLE,
        Column(
            "biomarker",
            "str",
            "tmb_coding, tmb_nonsynonymous, tmb_missense, tmb_all, msi_variants, msi_reads, "
            "hrd_biallelic, hrd_signatures or hrd_microhomology, see docs/biomarkers.md",
            required=True,
        ),
        Column("value", "float", "its value; null when it is not assessed"),
        Column("unit", "str", "mutations/Mb, fraction or genes", required=True),
        Column("low", "float", "lower end of the interval of 95 %"),
        Column("high", "float", "upper end of the interval"),
        Column(
            "status",
            "str",
            "high, not_high, not_judged (a value without a threshold) or indeterminate; msi_high "
            "or mss; hint or no_hint; withheld or not_assessed",
            required=True,
        ),
        Column("numerator", "int", "what was counted: variants, loci or genes"),
        Column("denominator", "float", "what it is held against: megabases, indels, loci or genes"),
        Column("denominator_source", "str", "where the denominator is from, in words"),
        Column("method", "str", "what was counted and how it was judged, in words", required=True),
        Column("reason", "str", "why it is not assessed or not judged, or what limits it"),
    ),
    "a biomarker of a tumor",
)

SIGNATURES = Table(
    "signatures",
    1,
    ("sample_id", "catalogue", "signature"),
    (
        _SAMPLE,
        Column("catalogue", "str", "SBS96, DBS78 or ID83", required=True),
        Column(
            "signature",
            "str",
            "signature of COSMIC; empty when the catalogue was not assessed",
            required=True,
        ),
        Column("exposure", "float", "mutations that it is taken to have made"),
        Column("fraction", "float", "its share of the mutations of the catalogue"),
        Column("low", "float", "0.025 quantile of the share over the bootstrap"),
        Column("high", "float", "0.975 quantile"),
        Column(
            "status",
            "str",
            "assigned, uncertain (the bootstrap does not exclude none), withheld or not_assessed",
            required=True,
        ),
        Column("group", "str", "what its source groups it under; null where it names none"),
        Column("mutations", "int", "mutations of the catalogue", required=True),
        Column(
            "without_context",
            "int",
            "mutations of its kind whose reference context is not known, and which are not in it",
            required=True,
        ),
        Column("cosine", "float", "cosine similarity of the catalogue and of what was fitted"),
        Column("matrix", "str", "the signatures that were fitted"),
        Column("reason", "str", "why it is not assessed, or what limits it"),
    ),
    "a mutational signature of a tumor",
)

MICROSATELLITES = Table(
    "microsatellites",
    2,
    ("sample_id", "chrom", "start"),
    (
        _SAMPLE,
        Column("chrom", "str", "chromosome, with the prefix chr", required=True),
        Column("start", "int", "1-based first base, GRCh38", required=True),
        Column("end", "int", "1-based last base", required=True),
        Column("base", "str", "the repeated base", required=True),
        Column("length", "int", "bases of the homopolymer in the reference", required=True),
        Column(
            "tumor_lengths", "list", "length and reads of the tumor, as length:reads", required=True
        ),
        Column(
            "normal_lengths",
            "list",
            "the same of its normal; empty where the person has not agreed to germline findings",
            required=True,
        ),
        Column("tumor_reads", "int", "reads of the tumor that span it", required=True),
        Column("normal_reads", "int", "reads of its normal", required=True),
        Column(
            "difference_p",
            "float",
            "probability that lengths of one distribution differ so much; null without both",
        ),
        Column(
            "shift",
            "float",
            "share of the reads that would have to have another length for the two to be alike",
        ),
    ),
    "a homopolymer with the lengths that reads show, of a tumor given as reads",
)

TABLES = (BIOMARKERS, SIGNATURES, MICROSATELLITES)
