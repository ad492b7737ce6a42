"""The declaration of every table of the quality of alignments."""

from __future__ import annotations

from apothecary.tables import Column, Table

_SAMPLE = Column("sample_id", "str", "sample of the sheet", required=True)
_QC_STATUS = Column("status", "str", "pass, warn, fail or not_assessed", required=True)

ALIGNMENT_METRICS = Table(
    "alignment_metrics",
    1,
    ("sample_id", "metric"),
    (
        _SAMPLE,
        Column("metric", "str", "name of the measure, see docs/quality.md", required=True),
        Column("value", "float", "its value; null when it is not assessed"),
        Column("unit", "str", "reads, bases, fraction, x, Phred or ratio", required=True),
        Column("reason", "str", "why it is not assessed"),
    ),
    "a measure of the alignments of a sample, before it is held against a threshold",
)

QC_METRICS = Table(
    "qc_metrics",
    1,
    ("sample_id", "metric"),
    (
        *ALIGNMENT_METRICS.columns[:4],
        Column("threshold", "str", "the bounds that it is held against, in words"),
        Column(
            "status", "str", "pass, warn, fail or not_assessed; null where there is no threshold"
        ),
        Column("reason", "str", "why it is not assessed or not judged, or what limits it"),
    ),
    "a measure of a sample held against the thresholds of its role and assay",
)

COVERAGE = Table(
    "coverage",
    1,
    ("sample_id", "region_id"),
    (
        _SAMPLE,
        Column("region_id", "str", "kind and name of the region", required=True),
        Column("kind", "str", "target, gene, exon or position", required=True),
        Column("gene", "str", "gene, but for targets"),
        Column("exon", "int", "number of the exon, for exons, of which the coding part is told"),
        Column("position_id", "str", "position of the allele definitions, for positions"),
        Column("chrom", "str", "chromosome, with the prefix chr", required=True),
        Column("start", "int", "1-based first base, in the build of the alignments", required=True),
        Column("end", "int", "1-based last base, in the build of the alignments", required=True),
        Column("bases", "int", "bases that were measured from start to end", required=True),
        Column("mean_depth", "float", "mean reads over a base", required=True),
        Column("median_depth", "float", "median reads over a base", required=True),
        Column("fraction_10x", "float", "share of bases with 10 reads or more", required=True),
        Column("fraction_20x", "float", "share of bases with 20 reads or more", required=True),
        Column("fraction_30x", "float", "share of bases with 30 reads or more", required=True),
        Column("fraction_100x", "float", "share of bases with 100 reads or more", required=True),
        Column(
            "uniformity",
            "float",
            "share of bases with at least 0.2 of the mean depth; null without reads",
        ),
        Column(
            "callable_fraction",
            "float",
            "share of bases with as many reads as qc.callable asks for",
            required=True,
        ),
        Column("callable", "bool", "whether that share is enough to call it", required=True),
    ),
    "coverage of a region of one sample; each base of mates that overlap counts once, duplicates "
    "are left out",
)

FINGERPRINTS = Table(
    "fingerprints",
    1,
    ("sample_id", "snp_id"),
    (
        _SAMPLE,
        Column("subject_id", "str", "person the sample is from", required=True),
        Column("role", "str", "germline, tumor or normal", required=True),
        Column("snp_id", "str", "SNP of resources/identity", required=True),
        Column("chrom", "str", "chromosome, with the prefix chr", required=True),
        Column("pos", "int", "1-based position, GRCh38", required=True),
        Column("allele_1", "str", "first allele, by the alphabet", required=True),
        Column("allele_2", "str", "second allele", required=True),
        Column("count_1", "int", "reads of the first allele", required=True),
        Column("count_2", "int", "reads of the second allele", required=True),
        Column("count_other", "int", "reads of any other base", required=True),
        Column("genotype", "int", "copies of the first allele, 0 to 2; null when not told"),
    ),
    "reads of both alleles at a common SNP; may be kept to compare with later runs",
)

TARGET_GENOTYPES = Table(
    "target_genotypes",
    1,
    ("sample_id", "chrom", "start"),
    (
        _SAMPLE,
        Column("chrom", "str", "chromosome, with the prefix chr", required=True),
        Column("start", "int", "1-based first base, in the build of the run", required=True),
        Column("end", "int", "1-based last base, in the build of the run", required=True),
        Column("ref", "str", "reference base, where the sample differs"),
        Column("alt", "str", "the other base; null for a stretch that is seen as reference"),
        Column("reference_copies", "int", "copies of the reference base, 0 to 2", required=True),
    ),
    "genotypes over the targets of an assay that misses the SNPs of resources/identity; bases "
    "between the rows tell nothing",
)

IDENTITY = Table(
    "identity",
    2,
    ("sample_id", "other_from", "other_id"),
    (
        _SAMPLE,
        Column("other_id", "str", "the other sample, or the sample itself", required=True),
        Column(
            "other_from",
            "str",
            "self, run, or kept (a fingerprint of an earlier run)",
            required=True,
        ),
        Column(
            "status",
            "str",
            "pass, warn, fail or not_assessed: of the sex for self, else of the pair",
            required=True,
        ),
        Column("reason", "str", "why it is not pass"),
        Column("basis", "str", "what a pair is judged by: snps, or targets where they are missed"),
        Column("snps", "int", "SNPs, or sites of the targets, with a genotype in both"),
        Column("ibs0", "int", "those at which both are homozygous for different alleles"),
        Column("trio_sites", "int", "sites with a genotype in a child and both its parents"),
        Column("trio_errors", "int", "those at which the child has what they cannot give"),
        Column("concordance", "float", "share of equal genotypes, 0 to 1"),
        Column("kinship", "float", "KING-robust kinship, 0.5 for one person"),
        Column(
            "relation",
            "str",
            "same, first_degree, unrelated, different (not the same; no more is told of a tumor, "
            "or by the targets), indeterminate or not_assessed",
        ),
        Column("expected_relation", "str", "same or parent_child by the sheet; null if untold"),
        Column("contamination", "float", "share of reads of another person, 0 to 0.5"),
        Column("contamination_low", "float", "lower end of its 95 % interval"),
        Column("contamination_high", "float", "upper end of its 95 % interval"),
        Column("contamination_snps", "int", "SNPs that the estimate rests on"),
        Column("contamination_note", "str", "why it is not assessed, or what limits it"),
        Column("inferred_sex", "str", "F, M, indeterminate or not_assessed"),
        Column("declared_sex", "str", "F, M or unknown, of the sheet"),
        Column("x_ratio", "float", "reads a base of chrX over those of the autosomes"),
        Column("y_ratio", "float", "the same of chrY"),
        Column("x_snps", "int", "SNPs of chrX with a genotype"),
        Column("x_heterozygous", "int", "those of them that are heterozygous"),
    ),
    "a sample by itself, and held against every other one",
)

ANCESTRY = Table(
    "ancestry",
    1,
    ("sample_id", "population"),
    (
        _SAMPLE,
        Column(
            "population", "str", "continental group of 1000 Genomes; none without", required=True
        ),
        Column("posterior", "float", "probability among the groups, each as likely beforehand"),
        Column("log_likelihood", "float", "natural logarithm, but for a constant of the sample"),
        Column("snps", "int", "SNPs with reads", required=True),
        Column(
            "status",
            "str",
            "called (the group), other (another is called), indeterminate, not_assessed or "
            "withheld (no consent to ancestry)",
            required=True,
        ),
        Column("reason", "str", "why no group is called"),
    ),
    "how well the allele frequencies of a group fit a sample",
)

QC_GATES = Table(
    "qc_gates",
    1,
    ("sample_id", "level", "name"),
    (
        _SAMPLE,
        Column(
            "level",
            "str",
            "sample, identity, gene (its coding exons) or pharmacogene (positions of its "
            "definitions)",
            required=True,
        ),
        Column("name", "str", "the sample, check or gene", required=True),
        _QC_STATUS,
        Column("reason", "str", "what warns, fails or cannot be called"),
    ),
    "whether a sample, its identity and its genes may be read",
)

TABLES: tuple[Table, ...] = (
    ALIGNMENT_METRICS,
    QC_METRICS,
    COVERAGE,
    FINGERPRINTS,
    TARGET_GENOTYPES,
    IDENTITY,
    ANCESTRY,
    QC_GATES,
)
