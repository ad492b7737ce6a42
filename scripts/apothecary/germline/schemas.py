"""The declaration of the table of germline findings."""

from __future__ import annotations

from apothecary.tables import Column, Table

GERMLINE_FINDINGS = Table(
    "germline_findings",
    1,
    ("sample_id", "chrom", "pos", "ref", "alt", "gene"),
    (
        Column("sample_id", "str", "sample of the sheet", required=True),
        Column("build", "str", "GRCh38 or GRCh37: the build of the position", required=True),
        Column("chrom", "str", "chromosome, always with the prefix chr", required=True),
        Column("pos", "int", "1-based position, as in variants", required=True),
        Column("ref", "str", "reference bases, normalised", required=True),
        Column("alt", "str", "alternate bases", required=True),
        Column("gene", "str", "gene symbol; a gene that the person agreed to", required=True),
        Column(
            "zygosity",
            "str",
            "heterozygous, homozygous, hemizygous, homoplasmic, heteroplasmic or unknown",
            required=True,
        ),
        Column("genotype", "str", "as in variants", required=True),
        Column("phase_set", "str", "as in variants; null when there is none"),
        Column("depth", "int", "reads at the position, as in variants"),
        Column("vaf", "float", "fraction of reads with the allele, 0 to 1, as in variants"),
        Column("fate", "str", "kept, or filtered (failed a filter), as in variants", required=True),
        Column("transcript", "str", "transcript it was judged in; may be empty", required=True),
        Column("consequence", "str", "Sequence Ontology terms joined by &"),
        Column("hgvs_c", "str", "HGVS on the coding sequence, without the accession"),
        Column("hgvs_p", "str", "HGVS on the protein, three-letter, without the accession"),
        Column("exon", "str", "number of the exon, as n or n/total"),
        Column("population_af", "float", "highest population frequency that is known"),
        Column("frequency_source", "str", "input, user, or a knowledge source; null for none"),
        Column(
            "class",
            "str",
            "by our points: Pathogenic, Likely pathogenic, Uncertain significance, Likely benign "
            "or Benign",
            required=True,
        ),
        Column("points", "int", "sum of the points of the codes", required=True),
        Column("codes", "list", "codes that are met, such as PVS1 or PVS1_STR", required=True),
        Column(
            "evidence", "list", "what each code is met by, in words, in their order", required=True
        ),
        Column("code_points", "list", "points of each code, in their order", required=True),
        Column("code_sources", "list", "source of each code's evidence", required=True),
        Column("not_assessed", "list", "codes that could not be asked about", required=True),
        Column("clinvar_significance", "str", "ClinVar's class, as it is given"),
        Column("clinvar_review", "str", "ClinVar's review status, as it is given"),
        Column("clinvar_stars", "int", "stars of the review status, 0 to 4"),
        Column("clinvar_conditions", "list", "ClinVar's names of the condition"),
        Column("clinvar_id", "str", "ClinVar's identifier of the variation"),
        Column("clinvar_source", "str", "clinvar (the user's file) or input; null for none"),
        Column(
            "decided_class",
            "str",
            "the class that reporting goes by: ClinVar's where enough stars say so, else ours",
            required=True,
        ),
        Column("decided_by", "str", "what tells that class: points or clinvar", required=True),
        Column("disagreement", "str", "how our class and ClinVar's differ, in words"),
        Column("condition", "str", "condition of the gene, as the list gives it"),
        Column("category", "str", "category of the condition, as the list gives it"),
        Column("inheritance", "str", "as the list gives it, such as AD, AR or XL"),
        Column("lists", "list", "lists agreed to that have the gene", required=True),
        Column("list_version", "str", "version of the ACMG list; null for a gene of no such list"),
        Column("list_source", "str", "knowledge source of the gene's row of the ACMG list"),
        Column(
            "secondary",
            "bool",
            "reported by the list of secondary findings alone",
            required=True,
        ),
        Column("hits", "int", "alleles of the gene with a decided class of P or LP", required=True),
        Column("phase", "str", "in trans, in cis or phase not known: two heterozygous hits"),
        Column("partners", "list", "the other hits, as chrom:pos:ref:alt", required=True),
        Column("reportable", "bool", "whether it is reported as a finding", required=True),
        Column(
            "reported_as",
            "str",
            "finding, carrier (one hit of a recessive gene) or uncertain (listed, no advice); null "
            "for what is in the table only",
        ),
        Column("reason", "str", "why it is reported or is not, in words", required=True),
        Column(
            "needs_confirmation",
            "bool",
            "something beyond the rule that every finding is confirmed speaks for doubt",
            required=True,
        ),
        Column("doubts", "list", "what speaks for doubt, in words", required=True),
        Column("source_ids", "list", "knowledge sources of the row, sorted", required=True),
    ),
    "a variant of a germline sample in a gene of a list that the person agreed to, with its class "
    "and whether it is reported",
)

TABLES: tuple[Table, ...] = (GERMLINE_FINDINGS,)
