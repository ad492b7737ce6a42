"""The declaration of every table of a run."""

from __future__ import annotations

from collections.abc import Mapping

from apothecary.cohort import schemas as cohort_schemas
from apothecary.germline import schemas as germline_schemas
from apothecary.oncogenes import schemas as oncogene_schemas
from apothecary.oncogenes import tumor_schemas
from apothecary.oncogenes.biomarkers import schemas as biomarker_schemas
from apothecary.qc import schemas as qc_schemas
from apothecary.risk import schemas as risk_schemas
from apothecary.tables import Column, Table
from apothecary.trials import schemas as trial_schemas

_SAMPLE = Column("sample_id", "str", "sample of the sheet", required=True)
_LOCUS = (
    Column("chrom", "str", "chromosome, always with the prefix chr (chrM)", required=True),
    Column("pos", "int", "1-based position in the build named by the column build", required=True),
    Column("ref", "str", "reference bases, normalised", required=True),
    Column(
        "alt",
        "str",
        "alternate bases or symbolic allele; . for a record of reference only",
        required=True,
    ),
)

SAMPLES = Table(
    "samples",
    3,
    ("sample_id",),
    (
        _SAMPLE,
        Column("row", "int", "1-based line of the sheet", required=True),
        Column("subject_id", "str", "person the sample is from", required=True),
        Column("role", "str", "germline, tumor or normal", required=True),
        Column(
            "assay", "str", "genome, exome, panel or array; the thresholds go by it", required=True
        ),
        Column("sex", "str", "F, M or unknown", required=True),
        Column("tumor_type", "str", "OncoTree code, for tumors"),
        Column(
            "input",
            "str",
            "path of the variant or alignment file as in the sheet; empty for FASTQ",
            required=True,
        ),
        Column("index", "str", "path of its index as in the sheet, empty when none is given"),
        Column("format", "str", "vcf, gvcf, bcf, maf, fastq, bam or cram", required=True),
        Column(
            "build", "str", "GRCh38, GRCh37 or auto (detected from reference bases)", required=True
        ),
        Column("batch", "str", "batch the sample is worked in", required=True),
        Column("sample_in_file", "str", "name of the sample's column in the file", required=True),
        Column("reads", "str", "path of the sorted and indexed BAM or CRAM as in the sheet"),
        Column("outside_calls", "str", "path of outside diplotype calls or HLA types"),
        Column("copy_number", "str", "path of a TSV of copy-number segments"),
        Column("fusions", "str", "path of a TSV of fusions"),
        Column("purity", "float", "share of tumor cells, for tumors"),
        Column("ploidy", "float", "mean copies of the tumor cells, for tumors"),
        Column("father", "str", "subject_id of the father, for the check of relations"),
        Column("mother", "str", "subject_id of the mother"),
    ),
    "a sample of the sheet, validated",
)

REFERENCE_TARGETS = Table(
    "reference_targets",
    1,
    ("rank",),
    (
        Column("rank", "int", "order in the index of the aligner, from 1", required=True),
        Column("target", "str", "name in the index of the aligner", required=True),
        Column("contig", "str", "name in the alignments", required=True),
        Column("start", "int", "1-based first base of the target in its contig", required=True),
        Column("end", "int", "1-based last base", required=True),
        Column("contig_length", "int", "bases of the whole contig", required=True),
        Column("build", "str", "GRCh38 or GRCh37", required=True),
        Column("md5", "str", "MD5 of the upper-case bases of the target", required=True),
        Column(
            "identity",
            "str",
            "as published; changed (a chromosome that the configuration lets differ); slice; or no "
            "chromosome (any other contig of a whole genome)",
            required=True,
        ),
    ),
    "a sequence that reads are aligned to",
)

READ_FILES = Table(
    "read_files",
    1,
    ("sample_id", "lane", "mate"),
    (
        _SAMPLE,
        Column("lane", "str", "lane of the sheet of reads", required=True),
        Column("mate", "int", "1 or 2: of fastq_1 or fastq_2", required=True),
        Column("path", "str", "path of the FASTQ file as in the sheet", required=True),
        Column("reads", "int", "records of the file", required=True),
        Column("bases", "int", "bases of the file", required=True),
        Column("lowest_quality", "int", "lowest Phred quality; null without bases"),
        Column("highest_quality", "int", "highest Phred quality; null without bases"),
        Column(
            "sha256",
            "str",
            "SHA-256 of the unpacked lines, each ended by a line feed",
            required=True,
        ),
    ),
    "a FASTQ file that was read whole; a sample whose reads cannot be taken has none",
)

ALIGNMENTS = Table(
    "alignments",
    1,
    ("sample_id",),
    (
        _SAMPLE,
        Column("path", "str", "path of the alignments below the results folder", required=True),
        Column("format", "str", "bam or cram", required=True),
        Column("build", "str", "GRCh38 or GRCh37", required=True),
        Column("aligner", "str", "minimap2, bwa or bwa-mem2", required=True),
        Column("aligner_version", "str", "version that the aligner tells", required=True),
        Column("lanes", "int", "lanes of the sheet of reads", required=True),
        Column("reads", "int", "reads of the FASTQ files, both mates counted"),
        Column("removed", "int", "reads that trimming dropped"),
        Column("primary", "int", "primary alignments and reads not aligned: reads less removed"),
        Column("mapped", "int", "primary alignments that have a place"),
        Column("supplementary", "int", "further alignments of parts of reads"),
        Column("duplicates", "int", "primary alignments marked; null for amplicons"),
        Column("sha256", "str", "SHA-256 of the file of alignments", required=True),
        Column("status", "str", "ok, or failed: then the file holds no record", required=True),
        Column("reason", "str", "why it failed, in one line", required=True),
    ),
    "a sample whose FASTQ files were aligned",
)

CONSENT = Table(
    "consent",
    1,
    ("subject_id", "scope"),
    (
        Column("subject_id", "str", "person", required=True),
        Column(
            "scope",
            "str",
            "pharmacogenes, tumor, germline, secondary_findings, ancestry or research (counted in "
            "exports)",
            required=True,
        ),
        Column("decision", "str", "yes, no or unknown; unknown is treated as no", required=True),
        Column("form_id", "str", "identifier of the consent form"),
        Column("date", "str", "ISO date of the consent"),
    ),
    "what a person has consented to",
)

CLINICAL = Table(
    "clinical",
    1,
    ("subject_id", "item", "value"),
    (
        Column("subject_id", "str", "person", required=True),
        Column(
            "item",
            "str",
            "medicine, age_years, weight_kg, height_cm, ancestry, diagnosis, smoker",
            required=True,
        ),
        Column("value", "str", "the value as text; one row a medicine", required=True),
        Column("unit", "str", "unit of the value, where it has one"),
        Column("code", "str", "RxNorm or other code, where given"),
    ),
    "clinical facts of a person, one a row",
)

ORDERS = Table(
    "orders",
    1,
    ("sample_id",),
    (
        _SAMPLE,
        Column("date_of_birth", "str", "date of birth of the person, as 2026-01-31"),
        Column("ordered_by", "str", "clinician who ordered the test"),
        Column("indication", "str", "why the test was ordered"),
        Column("phenotypes", "list", "HPO terms of the person", required=True),
        Column("specimen", "str", "type of the specimen"),
        Column("specimen_remark", "str", "condition that limits the adequacy of the specimen"),
        Column("collected", "str", "date on which the specimen was taken"),
        Column("received", "str", "date on which the laboratory received it"),
        Column("reported", "str", "date of the report"),
        Column("amends", "str", "id of the report that this one amends"),
        Column("amend_reason", "str", "why it is amended"),
    ),
    "what the order of a test tells of a sample",
)

MEDICINES = Table(
    "medicines",
    1,
    ("subject_id", "medicine", "part"),
    (
        Column("subject_id", "str", "person", required=True),
        Column("medicine", "str", "the medicine as the sheet gives it", required=True),
        Column("part", "int", "which medicine of a combination, from 1", required=True),
        Column("code", "str", "code as the sheet gives it"),
        Column("drug", "str", "name in the dictionary of medicines; null when it is not in it"),
        Column(
            "matched_by",
            "str",
            "name, synonym, salt form, part of a combination, RxNorm code or not found",
            required=True,
        ),
        Column("note", "str", "what a reader must know, such as that the medicine is unknown"),
    ),
    "a medicine that a person takes, as the dictionary of medicines has it",
)

VARIANTS = Table(
    "variants",
    4,
    ("sample_id", "chrom", "pos", "ref", "alt", "record"),
    (
        _SAMPLE,
        *_LOCUS,
        Column(
            "record",
            "int",
            "1-based line of the text input, or ordinal of the BCF record, that the row came from",
            required=True,
        ),
        Column(
            "build", "str", "GRCh38 or GRCh37: the build of chrom, pos, ref and alt", required=True
        ),
        Column("input_pos", "int", "1-based position as in the file", required=True),
        Column("input_ref", "str", "reference bases as in the file", required=True),
        Column(
            "input_alts",
            "str",
            "all alternate alleles as in the file, comma-separated",
            required=True,
        ),
        Column(
            "allele_index",
            "int",
            "which of input_alts the row is for, from 1; 0 for reference only",
            required=True,
        ),
        Column(
            "genotype",
            "str",
            "GT as in the file, in the order of PGT where PID phases it; allele numbers into ref "
            "and input_alts; . when missing",
            required=True,
        ),
        Column("phased", "bool", "whether the genotype is phased", required=True),
        Column("phase_set", "str", "PS, or PGT/PID group; null when there is none"),
        Column("depth", "int", "reads at the position (DP, or MIN_DP of a reference block)"),
        Column("ref_depth", "int", "reads of the reference allele (AD)"),
        Column("alt_depth", "int", "reads of this alternate allele (AD)"),
        Column("vaf", "float", "fraction of reads with this alternate allele, 0 to 1"),
        Column("gq", "int", "genotype quality, Phred"),
        Column("qual", "float", "QUAL of the record, Phred"),
        Column(
            "filters", "str", "FILTER of the record; PASS, . or names joined by ;", required=True
        ),
        Column("likelihoods", "str", "PL of the record as in the file, comma-separated Phred"),
        Column("block_end", "int", "1-based last position of the reference block; null for others"),
        Column(
            "sv_length",
            "int",
            "bases that a symbolic insertion or duplication adds (SVLEN, or END of a duplication); "
            "null for others and where the file does not tell",
        ),
        Column("population_af", "float", "highest population frequency that the input carries"),
        Column(
            "copy_places",
            "int",
            "called from reads: further places at which the fragments with the allele differ from "
            "the others, as those of a copy of the region or of a germline haplotype do; null for "
            "none",
        ),
        Column(
            "copy_signs",
            "str",
            "what more speaks for a copy, joined by +: linked_differences (several such places), "
            "allele_balance (far from one half), mapping_quality (mapped worse than the others)",
        ),
        Column(
            "annotation",
            "str",
            "CSQ, ANN or MAF, a colon, the field names joined by |, a colon, and the entries of "
            "this allele as in the file, joined by commas",
        ),
        Column(
            "flanks",
            "str",
            "base before, reference base and base after of a substitution of one base, where the "
            "input gives them",
        ),
        Column(
            "clinvar",
            "str",
            "CLNSIG, CLNREVSTAT and CLNDN of INFO as in the file, joined by ;; only of germline "
            "samples and normals in genes agreed to",
        ),
        Column("rsid", "str", "ID column, made printable"),
        Column(
            "fate",
            "str",
            "kept (passes), reference (seen as reference), filtered (present but "
            "failed), no_call, duplicate, conflicting, symbolic or rejected",
            required=True,
        ),
        Column("reason", "str", "why, in words; null when kept without remark"),
    ),
    "one alternate allele of one input record of one sample, or one reference-only record at a "
    "position that is asked for, with its fate",
)

RECORD_FATES = Table(
    "record_fates",
    1,
    ("sample_id", "fate", "reason"),
    (
        _SAMPLE,
        Column(
            "fate",
            "str",
            "as in variants, and withheld (no consent), outside (in no analysed region)",
            required=True,
        ),
        Column("reason", "str", "why, in words", required=True),
        Column(
            "records",
            "int",
            "input records with this fate; withheld ones are counted only",
            required=True,
        ),
    ),
    "how many input records of a sample met which fate; the rows of a sample sum to its records",
)

OUTCOMES = Table(
    "outcomes",
    1,
    ("sample_id", "step"),
    (
        _SAMPLE,
        Column("step", "str", "rule that speaks", required=True),
        Column("status", "str", "ok, warn or failed", required=True),
        Column("reason", "str", "one line, in words; empty when ok", required=True),
        Column("build", "str", "genome build that was detected"),
        Column("input_sha256", "str", "SHA-256 of the input file"),
        Column("input_records", "int", "records read from the input for this sample"),
        Column("notes", "list", "remarks on the input that did not stop it"),
    ),
    "whether a sample went through, and why not",
)

OUTSIDE_CALLS = Table(
    "outside_calls",
    1,
    ("sample_id", "gene", "row"),
    (
        _SAMPLE,
        Column("gene", "str", "gene symbol", required=True),
        Column("row", "int", "1-based line of the file", required=True),
        Column("diplotype", "str", "diplotype as given"),
        Column("phenotype", "str", "phenotype as given"),
        Column("activity_score", "str", "activity score as given"),
        Column("file", "str", "path as in the sheet", required=True),
    ),
    "a diplotype, phenotype or activity score called elsewhere",
)

HOTSPOT_EVIDENCE = Table(
    "hotspot_evidence",
    1,
    ("sample_id", "chrom", "pos", "ref", "alt"),
    (
        _SAMPLE,
        Column("chrom", "str", "chromosome", required=True),
        Column("pos", "int", "1-based GRCh38 position of the known variant", required=True),
        Column("ref", "str", "reference bases", required=True),
        Column("alt", "str", "alternate bases", required=True),
        Column("gene", "str", "gene", required=True),
        Column("protein_changes", "list", "names of the change in the protein"),
        Column("build", "str", "build of the alignment", required=True),
        Column("input_pos", "int", "1-based position in the alignment; null where not known"),
        Column(
            "status",
            "str",
            "found (errors alone would hardly give as many fragments), not found (with the "
            "detection limit) or not assessable",
            required=True,
        ),
        Column("reason", "str", "why not assessable, or a remark"),
        Column("depth", "int", "fragments that show what is there"),
        Column("alt_depth", "int", "fragments with the variant"),
        Column("vaf", "float", "their share, 0 to 1"),
        Column("vaf_low", "float", "lower bound of its Wilson interval, 95 %"),
        Column("vaf_high", "float", "upper bound"),
        Column("ref_forward", "int", "reads of the reference on the forward strand"),
        Column("ref_reverse", "int", "reads of the reference on the reverse strand"),
        Column("alt_forward", "int", "reads with the variant on the forward strand"),
        Column("alt_reverse", "int", "reads with the variant on the reverse strand"),
        Column("read_position", "float", "median bases to the nearer end of the aligned part"),
        Column("mapping_quality", "float", "median of the reads with the variant"),
        Column("error_rate", "float", "rate at which errors of the sample make the variant"),
        Column("p_value", "float", "probability of as many fragments by errors alone"),
        Column("needed_depth", "int", "fragments with the variant from which it is found"),
        Column(
            "detection_limit",
            "float",
            "least allele fraction that is found at this depth with the power of the configuration",
        ),
    ),
    "what the reads of a tumor say at a known variant",
)

SITES = Table(
    "sites",
    3,
    ("sample_id", "gene", "position_id"),
    (
        _SAMPLE,
        Column("gene", "str", "pharmacogene", required=True),
        Column(
            "position_id",
            "str",
            "position of the definitions, unique within the gene",
            required=True,
        ),
        Column("chrom", "str", "chromosome", required=True),
        Column("pos", "int", "1-based GRCh38 position, VCF style", required=True),
        Column("ref", "str", "reference bases, GRCh38", required=True),
        Column("rsid", "str", "dbSNP identifier"),
        Column(
            "state",
            "str",
            "called (a genotype record), reference (covered by a reference block "
            "that passes, or by reads) or not_assessed",
            required=True,
        ),
        Column(
            "state_source",
            "str",
            "what gave the state: file (a record), reads, or setting (absent_is_reference); null "
            "where there was none of them",
        ),
        Column(
            "allele_1", "str", "bases of the first strand in GRCh38 spelling; null if not assessed"
        ),
        Column("allele_2", "str", "bases of the second strand; null if not assessed or haploid"),
        Column("phased", "bool", "whether the genotype is phased", required=True),
        Column("phase_set", "str", "phase set"),
        Column(
            "phase_source",
            "str",
            "what gave the phase of a heterozygous genotype: file or reads; null without phase",
        ),
        Column(
            "phase_reads",
            "int",
            "fragments (reads, or pairs of them) that link the positions that reads phase with it, "
            "at the link that has fewest",
        ),
        Column("phase_warning", "str", "what the reads say against the phase of the file"),
        Column("undocumented", "list", "bases seen that no allele of the gene has"),
        Column("depth", "int", "reads at the position"),
        Column("gq", "int", "genotype quality, Phred"),
        Column("likelihoods", "str", "PL of the record, comma-separated Phred"),
        Column("allele_depths", "str", "AD of the record, comma-separated reads"),
        Column(
            "record_alleles",
            "list",
            "bases at the position of the alleles that likelihoods and depths are of; * stands for "
            "any other, empty for one that cannot be told",
        ),
        Column(
            "allele_fraction",
            "float",
            "chrM only: share of the reads with bases other than the reference, 0 to 1",
        ),
        Column("filters", "str", "FILTER of the record"),
        Column("reason", "str", "why the site is not assessed, or a remark"),
        Column("record", "int", "record of the table variants"),
    ),
    "one position of the allele definitions in one sample",
)

DIPLOTYPES = Table(
    "diplotypes",
    2,
    ("sample_id", "gene", "rank"),
    (
        _SAMPLE,
        Column("gene", "str", "pharmacogene", required=True),
        Column("rank", "int", "1 is first; rows of equal score are all given", required=True),
        Column(
            "diplotype",
            "str",
            "as written in reports; null when not called. For an unphased "
            "lowest-function gene each row is one allele that was found",
        ),
        Column("allele_1", "str", "first allele, combination or partial"),
        Column("allele_2", "str", "second; null when haploid or for a single allele"),
        Column("score", "int", "defined positions of both alleles (compatible mode)"),
        Column("posterior", "float", "probability of the diplotype; null in compatible mode"),
        Column(
            "phenotype_posterior",
            "float",
            "probability of the diplotype's phenotype, over all diplotypes that have it; null in "
            "compatible mode",
        ),
        Column(
            "decision",
            "str",
            "of the posterior: called (one row), indeterminate (a row for each diplotype of the "
            "credible set) or not_called; null for other methods",
        ),
        Column(
            "credible_set",
            "list",
            "the fewest diplotypes that together have the credible mass, each with its posterior",
        ),
        Column("phased", "bool", "whether every heterozygous site is phased", required=True),
        Column(
            "effectively_phased", "bool", "phased, or at most one heterozygous site", required=True
        ),
        Column("method", "str", "compatible, posterior, outside or not_called", required=True),
        Column("reason", "str", "why not called or indeterminate, or a remark on the call"),
        Column("supporting_sites", "list", "positions that differ from the reference allele"),
        Column("missing_sites", "list", "positions of the definitions that were not assessed"),
        Column(
            "not_excludable", "list", "alleles that the missing positions keep from being excluded"
        ),
        Column("warnings", "list", "what a reader must know of the call"),
        Column("outside_phenotype", "str", "phenotype that an outside call gives"),
        Column("outside_activity_score", "str", "activity score that an outside call gives"),
    ),
    "a diplotype that fits the sites of a gene best, or the reason for none",
)

PHENOTYPES = Table(
    "phenotypes",
    2,
    ("sample_id", "gene", "rank"),
    (
        _SAMPLE,
        Column("gene", "str", "pharmacogene", required=True),
        Column("rank", "int", "rank of the lookup diplotype", required=True),
        Column(
            "lookup_diplotype", "str", "the diplotype that phenotype and guidance are looked up by"
        ),
        Column("allele_1", "str", "first allele of the lookup diplotype"),
        Column("allele_2", "str", "second allele; null when haploid"),
        Column("function_1", "str", "clinical function of the first allele"),
        Column("function_2", "str", "clinical function of the second allele"),
        Column("activity_1", "str", "activity value of the first allele"),
        Column("activity_2", "str", "activity value of the second allele"),
        Column("activity_score", "str", "activity score; text, since it may be ≥ a value"),
        Column("phenotype", "str", "phenotype in CPIC terms; Indeterminate or No Result when none"),
        Column("lookup_key", "str", "key that guidance is looked up by"),
        Column("posterior", "float", "probability of the phenotype; null in compatible mode"),
        Column(
            "converted_phenotype", "str", "phenotype after phenoconversion; null when none applies"
        ),
        Column("converted_by", "list", "medicines that convert the phenotype"),
        Column("converted_activity_score", "str", "activity score after phenoconversion"),
        Column(
            "converted_lookup_key",
            "str",
            "key that guidance is looked up by after phenoconversion",
        ),
        Column(
            "conversion_reason",
            "str",
            "how the medicines convert the phenotype, or why they leave it, with warnings",
        ),
        Column("answer_code", "str", "LOINC answer code of the phenotype"),
        Column("method", "str", "method of the diplotype", required=True),
        Column("reason", "str", "why the phenotype is what it is, when that needs words"),
    ),
    "function of the alleles and phenotype of a gene in a sample",
)

RECOMMENDATIONS = Table(
    "recommendations",
    3,
    ("sample_id", "drug", "source", "rank"),
    (
        _SAMPLE,
        Column("drug", "str", "medicine, lower case", required=True),
        Column("source", "str", "CPIC, DPWG or FDA", required=True),
        Column(
            "rank",
            "int",
            "from 1; several when phenotypes are ambiguous or populations differ",
            required=True,
        ),
        Column("guidance_id", "str", "identifier of the recommendation", required=True),
        Column("genes", "list", "genes that the guidance looks at", required=True),
        Column("lookup", "str", "what it was looked up by: gene=key joined by ;", required=True),
        Column("diplotypes", "list", "gene and diplotype that led here", required=True),
        Column("phenotypes", "list", "gene and phenotype that led here", required=True),
        Column(
            "posterior",
            "float",
            "probability of what it was looked up by; null where none is known",
        ),
        Column("population", "str", "population or indication that the guidance is for"),
        Column("strength", "str", "strength as the guideline gives it"),
        Column(
            "action",
            "str",
            "standard_dosing, change_dose, alternative, avoid, monitor, "
            "no_recommendation or see_guideline",
            required=True,
        ),
        Column(
            "dose_change", "str", "dose factor or range as a field, where the guideline gives one"
        ),
        Column(
            "effects",
            "list",
            "what the source says that the results do, such as higher exposure; empty where the "
            "source is not kept as facts of that kind",
        ),
        Column("dosing_information", "bool", "guideline flags dosing information", required=True),
        Column("alternate_drug", "bool", "guideline flags an alternative drug", required=True),
        Column(
            "other_guidance", "bool", "guideline flags other prescribing guidance", required=True
        ),
        Column("implications", "list", "text of an installed source only; else empty"),
        Column("text", "str", "text of an installed source only; else null"),
        Column("guideline_id", "str", "ClinPGx identifier of the guideline", required=True),
        Column("guideline_version", "str", "version of the guideline annotation"),
        Column("link", "str", "address of the guideline", required=True),
        Column("taken", "bool", "the person takes the medicine", required=True),
        Column(
            "by_clinical_phenotype",
            "bool",
            "looked up by the phenotype that other medicines taken leave, not by that of the genes",
            required=True,
        ),
        Column("licence", "str", "licence of the guidance", required=True),
    ),
    "guidance of one source for one medicine in one sample",
)

INTERACTIONS = Table(
    "interactions",
    1,
    ("sample_id", "drug", "enzyme", "by"),
    (
        _SAMPLE,
        Column("drug", "str", "medicine taken that the enzyme works on", required=True),
        Column("enzyme", "str", "enzyme, such as CYP2D6 or CYP3A", required=True),
        Column("by", "str", "medicine taken, or tobacco smoke, that changes it", required=True),
        Column("effect", "str", "inhibitor or inducer", required=True),
        Column("strength", "str", "strong, moderate or weak; null when the source gives none"),
        Column("genes", "list", "genes of the enzyme that were looked at", required=True),
        Column("genetic_phenotype", "str", "phenotype of the genes"),
        Column("clinical_phenotype", "str", "phenotype with the medicines; null if not converted"),
        Column("reason", "str", "what it means, in words", required=True),
        Column("source", "str", "where the effect is from", required=True),
    ),
    "a medicine that changes the enzyme of another medicine, both taken by the person",
)

TAG_SCREENS = Table(
    "tag_screens",
    1,
    ("sample_id", "allele", "rsid"),
    (
        _SAMPLE,
        Column("allele", "str", "HLA allele that the tag goes with", required=True),
        Column("rsid", "str", "the tag variant", required=True),
        Column("base", "str", "base that goes with the allele, forward strand", required=True),
        Column(
            "state",
            "str",
            "present, absent (which excludes nothing) or not_assessed",
            required=True,
        ),
        Column("copies", "int", "copies of the base; null when not assessed"),
        Column("reason", "str", "why it was not assessed"),
        Column(
            "studies",
            "list",
            "population, sensitivity, specificity, predictive value and source of each study",
            required=True,
        ),
    ),
    "a tag variant of an HLA allele in a sample: a screen, no typing",
)
DOSES = Table(
    "doses",
    1,
    ("sample_id", "drug", "model"),
    (
        _SAMPLE,
        Column("drug", "str", "medicine that the person takes", required=True),
        Column("model", "str", "model or guideline that the dose is by", required=True),
        Column("value", "float", "the dose; null when refused or when it is a range"),
        Column("low", "float", "lower end of a range; null when there is none"),
        Column("high", "float", "upper end of a range, or a highest dose; null when there is none"),
        Column("unit", "str", "unit of value, low and high", required=True),
        Column("inputs", "list", "what the dose was calculated from, as name=value", required=True),
        Column("refused", "str", "why no dose is given; null when one is"),
        Column("notes", "list", "what a reader must know of the dose", required=True),
        Column("validity", "str", "whom the model is valid for", required=True),
        Column("source", "str", "paper or guideline of the model", required=True),
    ),
    "the dose of one medicine by one model, or why none is given",
)

CONSEQUENCES = Table(
    "consequences",
    2,
    ("build", "chrom", "pos", "ref", "alt", "transcript"),
    (
        Column("build", "str", "build of the position", required=True),
        *_LOCUS,
        Column(
            "transcript",
            "str",
            "transcript with version; empty when the method has none",
            required=True,
        ),
        Column("gene", "str", "gene symbol"),
        Column("consequence", "str", "Sequence Ontology terms joined by &"),
        Column("hgvs_g", "str", "HGVS on the chromosome, without the accession"),
        Column("hgvs_c", "str", "HGVS on the coding sequence, without the accession"),
        Column(
            "hgvs_p",
            "str",
            "HGVS on the protein, three-letter, without the accession; p.? where a splice site or "
            "the promoter is hit",
        ),
        Column("protein_change", "str", "one-letter change without p., such as V600E"),
        Column("codon", "int", "1-based first changed residue"),
        Column("exon", "str", "number of the exon, as n or n/total"),
        Column("mane", "bool", "the transcript is MANE Select"),
        Column("mane_status", "str", "MANE Select or MANE Plus Clinical; null for others"),
        Column(
            "accession",
            "str",
            "RefSeq accession of the chromosome that hgvs_g is on; it tells the build of the name",
        ),
        Column(
            "splice_distance",
            "int",
            "bases to the nearest exon: positive in the intron behind, negative before it, 0 for "
            "what touches or spans its border; null deeper in an exon",
        ),
        Column(
            "nmd",
            "str",
            "whether a premature stop has the messenger degraded: triggers, escapes or unknown; "
            "null without such a stop",
        ),
        Column("nmd_reason", "str", "the rule that nmd is by, in words"),
        Column("classes", "list", "classes of variants that evidence asks for by name"),
        Column(
            "conflict", "str", "what the gene models say against the name that the input brings"
        ),
        Column(
            "method",
            "str",
            "csq, CSQ (VEP), ANN (SnpEff), MAF, known_variant, place (a class that the place alone "
            "tells) or not_named",
            required=True,
        ),
        Column("source_id", "str", "knowledge source of a known variant"),
        Column("reason", "str", "why the variant was not named, or where it was, in words"),
    ),
    "what a variant does to a transcript",
)

NEIGHBOURS = Table(
    "neighbours",
    1,
    ("sample_id", "first", "second", "transcript"),
    (
        _SAMPLE,
        Column(
            "first",
            "str",
            "variant with the smaller position, as chrom:pos:ref:alt",
            required=True,
        ),
        Column("second", "str", "the other variant", required=True),
        Column("gene", "str", "gene symbol"),
        Column("transcript", "str", "transcript; empty when the method has none", required=True),
        Column("codon", "int", "1-based codon that both change; null for a pair of two codons"),
        Column("first_change", "str", "protein change of the first by itself"),
        Column("second_change", "str", "protein change of the second by itself"),
        Column("phase", "str", "cis, trans or unknown", required=True),
        Column("phase_source", "str", "file (its genotypes) or reads; null when unknown"),
        Column("fragments_both", "int", "fragments with both variants; null without reads"),
        Column("fragments_first", "int", "fragments over both places with the first only"),
        Column("fragments_second", "int", "fragments over both places with the second only"),
        Column("build", "str", "build of the positions", required=True),
        Column(
            "joined",
            "str",
            "change that both are joined into, as chrom:pos:ref:alt; null when they stay apart",
        ),
        Column("joined_change", "str", "protein change of what they are joined into"),
        Column("reason", "str", "what the phase is by, and why they stay apart", required=True),
    ),
    "two substitutions of a tumor that are read together: neighbours in one codon, and pairs that "
    "evidence asks for",
)

COPY_NUMBER = Table(
    "copy_number",
    1,
    ("sample_id", "gene"),
    (
        _SAMPLE,
        Column("gene", "str", "gene symbol", required=True),
        Column("chrom", "str", "chromosome", required=True),
        Column("start", "int", "1-based start of the segment", required=True),
        Column("end", "int", "1-based end of the segment, inclusive", required=True),
        Column("major", "float", "copies of the major allele"),
        Column("minor", "float", "copies of the minor allele"),
        Column("total", "float", "total copies", required=True),
        Column(
            "state",
            "str",
            "amplification, gain, neutral, loss, loss_of_heterozygosity or homozygous_deletion",
            required=True,
        ),
        Column("row", "int", "1-based line of the segment file", required=True),
    ),
    "copy number of a gene in a tumor, from the user's segments",
)

FUSIONS = Table(
    "fusions",
    2,
    ("sample_id", "gene_5prime", "gene_3prime", "row"),
    (
        _SAMPLE,
        Column("gene_5prime", "str", "5' partner", required=True),
        Column("gene_3prime", "str", "3' partner", required=True),
        Column(
            "row",
            "int",
            "1-based line of the fusion file; ordinal of the record of a VCF",
            required=True,
        ),
        Column("breakpoint_5prime", "str", "chrom:pos, 1-based"),
        Column("breakpoint_3prime", "str", "chrom:pos, 1-based"),
        Column("strand_5prime", "str", "strand of the 5' partner, + or -"),
        Column("strand_3prime", "str", "strand of the 3' partner, + or -"),
        Column("reads", "int", "supporting reads"),
        Column("frame", "str", "in_frame or out_of_frame, as the caller tells it"),
        Column("caller", "str", "apothecary (the project's own form), star-fusion, arriba or vcf"),
    ),
    "a fusion in a tumor, from the user's file",
)

ACTIONABILITY = Table(
    "actionability",
    2,
    ("sample_id", "finding_id", "evidence_id"),
    (
        _SAMPLE,
        Column(
            "finding_id",
            "str",
            "the finding, such as chr7:140753336:A:T, fusion:EML4::ALK, "
            "copy_number:ERBB2:amplification, biomarker:msi or wildtype:KRAS",
            required=True,
        ),
        Column(
            "evidence_id",
            "str",
            "evidence item, such as EID1409; empty when nothing matched",
            required=True,
        ),
        Column("gene", "str", "gene symbol; both partners of a fusion; TMB or MSI", required=True),
        Column("alteration", "str", "the finding in words, such as BRAF V600E", required=True),
        Column("chrom", "str", "chromosome"),
        Column("pos", "int", "1-based position"),
        Column("ref", "str", "reference bases"),
        Column("alt", "str", "alternate bases"),
        Column("vaf", "float", "variant allele fraction, 0 to 1"),
        Column("depth", "int", "reads at the position"),
        Column("molecular_profile", "str", "profile of the evidence"),
        Column(
            "match",
            "str",
            "exact, codon, exon, range, class, gene, fusion, copy_number, marker or none",
            required=True,
        ),
        Column("therapies", "list", "therapies of the evidence"),
        Column("therapy_interaction", "str", "combination, sequential or substitutes"),
        Column(
            "evidence_type",
            "str",
            "predictive, diagnostic, prognostic, predisposing, functional or oncogenic",
        ),
        Column(
            "effect",
            "str",
            "sensitive, resistant, reduced_sensitivity, adverse_response, or the "
            "significance of another type of evidence; not_ before it when the evidence does not "
            "support it",
        ),
        Column("level", "str", "CIViC level A to E; of imported evidence, what it is taken as"),
        Column("source_level", "str", "level of imported evidence as its source names it"),
        Column("rating", "int", "CIViC rating 1 to 5"),
        Column("disease", "str", "disease of the evidence"),
        Column("tumor_match", "str", "exact, main_type, tissue, any or other"),
        Column(
            "tier",
            "str",
            "AMP/ASCO/CAP tier of the finding by this evidence: I, II, III, IV; "
            "withheld when the sample is not taken for a tumor, or the variant failed a filter; "
            "not_assessed for a gene that quality control could not assess",
            required=True,
        ),
        Column("tier_reason", "str", "why that tier, in words", required=True),
        Column(
            "escat",
            "str",
            "ESCAT tier I-A to X of the change and the treatment, computed by "
            "resources/escat_rules.tsv; null for evidence that is not of sensitivity",
        ),
        Column("escat_reason", "str", "why that tier, or why none, in words"),
        Column("vetoed_by", "list", "evidence ids of matched resistance to the same therapy"),
        Column("citation", "str", "PubMed or ASCO id"),
        Column("link", "str", "address of the evidence"),
        Column("source_id", "str", "knowledge source"),
        Column("licence", "str", "licence of the source"),
    ),
    "evidence that a finding in a tumor can be acted on; a finding without evidence has one row, "
    "and so has a gene whose exons cannot be called",
)

ONCOGENICITY = Table(
    "oncogenicity",
    1,
    ("build", "chrom", "pos", "ref", "alt", "gene"),
    (
        Column("build", "str", "build of the position", required=True),
        *_LOCUS,
        Column("gene", "str", "gene symbol", required=True),
        Column("transcript", "str", "transcript it was judged in; may be empty", required=True),
        Column("protein_change", "str", "one-letter change without p., such as V600E"),
        Column(
            "class",
            "str",
            "Oncogenic, Likely Oncogenic, VUS, Likely Benign or Benign",
            required=True,
        ),
        Column("points", "int", "sum of the points of the codes", required=True),
        Column("codes", "list", "codes that count, as OVS1 or OVS1_strong", required=True),
        Column("not_assessed", "list", "codes that could not be asked about", required=True),
        Column("criteria", "str", "limits of the classes: sop or pcgr", required=True),
        Column(
            "masked",
            "bool",
            "evidence that is itself a classification of the change was left out",
            required=True,
        ),
    ),
    "how oncogenic a variant of a tumor is in a gene, by the procedure of ClinGen, CGC and VICC",
)

ONCOGENICITY_CODES = Table(
    "oncogenicity_codes",
    1,
    ("build", "chrom", "pos", "ref", "alt", "gene", "rank"),
    (
        Column("build", "str", "build of the position", required=True),
        *_LOCUS,
        Column("gene", "str", "gene symbol", required=True),
        Column("rank", "int", "place in the ledger, from 1", required=True),
        Column("code", "str", "such as OVS1", required=True),
        Column("strength", "str", "very_strong, strong, moderate or supporting", required=True),
        Column("points", "int", "its points; 0 when it does not count", required=True),
        Column(
            "status",
            "str",
            "met, excluded, conflicting, masked or weak_alone",
            required=True,
        ),
        Column("weak", "bool", "only the fallback speaks for it", required=True),
        Column("evidence", "str", "what was found, in words", required=True),
        Column("reason", "str", "why it does not count"),
        Column(
            "source_id",
            "str",
            "source of the knowledge, or input, user, evidence or fallback",
            required=True,
        ),
        Column("references", "list", "identifiers or citations of the evidence", required=True),
    ),
    "the evidence behind a class of oncogenicity, a row a code",
)

TUMOR_FLAGS = Table(
    "tumor_flags",
    1,
    ("sample_id", "flag"),
    (
        _SAMPLE,
        Column("flag", "str", "such as looks_germline, no_tumor_type or no_vaf", required=True),
        Column("status", "str", "warn or fail", required=True),
        Column("value", "float", "the measure behind the flag"),
        Column("reason", "str", "what was seen and what it means, in words", required=True),
    ),
    "what speaks against reading a sample's calls as somatic",
)

QC_OUTCOMES = Table(
    "qc_outcomes",
    1,
    OUTCOMES.key,
    OUTCOMES.columns,
    "whether the alignments of a sample could be measured and passed, and why not",
)

BIOMARKERS = biomarker_schemas.BIOMARKERS
SIGNATURES = biomarker_schemas.SIGNATURES
MICROSATELLITES = biomarker_schemas.MICROSATELLITES

MANIFEST = Table(
    "manifest",
    1,
    ("path",),
    (
        Column("path", "str", "path below the results folder, with /", required=True),
        Column("sha256", "str", "SHA-256 of the bytes", required=True),
        Column("size", "int", "bytes", required=True),
        Column("rule", "str", "rule that made it", required=True),
        Column("rows", "int", "rows, for tables"),
        Column("content_sha256", "str", "digest of the rows, for tables"),
    ),
    "every output of a run",
)

TABLES: Mapping[str, Table] = {
    table.name: table
    for table in (
        SAMPLES,
        REFERENCE_TARGETS,
        READ_FILES,
        ALIGNMENTS,
        CONSENT,
        CLINICAL,
        ORDERS,
        MEDICINES,
        VARIANTS,
        RECORD_FATES,
        OUTCOMES,
        OUTSIDE_CALLS,
        HOTSPOT_EVIDENCE,
        SITES,
        DIPLOTYPES,
        PHENOTYPES,
        RECOMMENDATIONS,
        INTERACTIONS,
        DOSES,
        TAG_SCREENS,
        CONSEQUENCES,
        NEIGHBOURS,
        COPY_NUMBER,
        FUSIONS,
        ACTIONABILITY,
        TUMOR_FLAGS,
        ONCOGENICITY,
        ONCOGENICITY_CODES,
        *oncogene_schemas.TABLES,
        *biomarker_schemas.TABLES,
        *tumor_schemas.TABLES,
        *trial_schemas.TABLES,
        *germline_schemas.TABLES,
        *risk_schemas.TABLES,
        *qc_schemas.TABLES,
        QC_OUTCOMES,
        MANIFEST,
        *cohort_schemas.TABLES,
    )
}
