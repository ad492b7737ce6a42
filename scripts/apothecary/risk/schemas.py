"""The declaration of the table of polygenic scores."""

from __future__ import annotations

from apothecary.tables import Column, Table

RISK = Table(
    "risk",
    1,
    ("sample_id", "model"),
    (
        Column("sample_id", "str", "sample of the sheet", required=True),
        Column("model", "str", "identifier of the score (pgs_id of its file)", required=True),
        Column("name", "str", "name of the score"),
        Column("trait", "str", "trait as the authors of the score name it"),
        Column(
            "status",
            "str",
            "given, not_given (a guard stopped it) or withheld (no consent to germline findings: "
            "nothing was read)",
            required=True,
        ),
        Column("score", "float", "sum of copies times weights; null when it is not given"),
        Column(
            "unit",
            "str",
            "of what the score is a sum, such as beta or log(OR); null when the file does not tell",
        ),
        Column(
            "weight_type",
            "str",
            "type of the weights as the file gives it; NR for not reported",
            required=True,
        ),
        Column("build", "str", "build of the coordinates of the score", required=True),
        Column("variants", "int", "variants of the score", required=True),
        Column("matched", "int", "variants whose genotype was summed; null when nothing was read"),
        Column(
            "imputed",
            "int",
            "variants without a genotype that were summed as twice the "
            "frequency of the allele (once, where there is one copy)",
        ),
        Column("not_matched", "int", "variants that were not summed"),
        Column("excluded", "list", "why variants were not summed, as reason=number", required=True),
        Column("coverage", "float", "share of the variants that were matched, 0 to 1"),
        Column(
            "weight_coverage",
            "float",
            "share of the weights, without their signs, that were matched, 0 to 1",
        ),
        Column(
            "guard",
            "str",
            "what stopped the score: build, input, coverage or weight_coverage; "
            "null when nothing did",
        ),
        Column("reason", "str", "why the score is not given"),
        Column(
            "percentile", "float", "share of the reference distribution below the score, 0 to 100"
        ),
        Column("reference", "str", "the reference distribution, with its source"),
        Column("percentile_reason", "str", "why no percentile is given"),
        Column(
            "ancestry",
            "str",
            "continental group by which the distribution was chosen; null "
            "where it is not known or consent to ancestry is missing",
        ),
        Column("notes", "list", "what a reader must know of the comparison", required=True),
        Column("source", "str", "citation of the score, as its file gives it"),
        Column("licence", "str", "licence of the score, as its file gives it"),
        Column("score_sha256", "str", "SHA-256 of the file of the score", required=True),
    ),
    "a polygenic score of a sample, or what stopped it",
)
TABLES = (RISK,)
