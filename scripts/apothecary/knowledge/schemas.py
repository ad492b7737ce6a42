"""The declaration of every table of a knowledge pack."""

from __future__ import annotations

from collections.abc import Mapping

from apothecary.knowledge import imported_schemas
from apothecary.tables import Column, Table

_SOURCE = Column(
    "source_id", "str", "row of the table sources that the fact comes from", required=True
)
_GENE = Column("gene", "str", "gene symbol (HGNC)", required=True)

SOURCES = Table(
    "sources",
    1,
    ("source_id",),
    (
        _SOURCE,
        Column("name", "str", "name of the source", required=True),
        Column("version", "str", "version or release as the source gives it", required=True),
        Column(
            "released",
            "str",
            "ISO date of the data; empty when the source gives none",
            required=True,
        ),
        Column("licence", "str", "SPDX identifier or name of the licence", required=True),
        Column("attribution", "str", "line that the licence asks for", required=True),
        Column("address", "str", "where the source is published", required=True),
        Column("files", "str", "names of the upstream files", required=True),
        Column(
            "sha256",
            "str",
            "SHA-256 of the upstream files, in the order of their names",
            required=True,
        ),
    ),
    "a source of facts, with its licence",
)

PGX_GENES = Table(
    "pgx_genes",
    2,
    ("gene",),
    (
        _GENE,
        Column(
            "chrom",
            "str",
            "chromosome with chr; empty for genes called outside only",
            required=True,
        ),
        Column("version", "str", "version of the definitions", required=True),
        Column(
            "kind",
            "str",
            "diplotype, lowest_function, single_allele (sex-linked), mitochondrial or outside_only",
            required=True,
        ),
        Column(
            "undocumented_as_reference",
            "bool",
            "an unknown base counts as reference",
            required=True,
        ),
        Column(
            "reference_allele",
            "str",
            "name of the reference allele; empty for outside only",
            required=True,
        ),
        Column(
            "by_activity_score", "bool", "guidance is looked up by activity score", required=True
        ),
        Column(
            "research",
            "bool",
            "no guideline looks at the gene; its alleles are for research",
            required=True,
        ),
        _SOURCE,
    ),
    "a pharmacogene",
)

PGX_RULES = Table(
    "pgx_rules",
    1,
    ("gene", "rule", "value"),
    (
        _GENE,
        Column(
            "rule",
            "str",
            "kind, undocumented_as_reference, by_activity_score, called_on_request, "
            "intronic_position, exonic_position, fallback_position, chrom, renamed_allele, unseen "
            "(what small variants do not show), risk_order (functions from the worst on, by >), "
            "left_out (an allele or a gene that is not taken from the source, with the reason)",
            required=True,
        ),
        Column("value", "str", "yes, an rsID, a name, a reason; as the rule asks", required=True),
        _SOURCE,
    ),
    "how a gene is called apart from others, where the definitions do not say it",
)

PGX_POSITIONS = Table(
    "pgx_positions",
    1,
    ("gene", "position_id"),
    (
        _GENE,
        Column(
            "position_id", "str", "chrom:pos:ref of GRCh38, unique within the gene", required=True
        ),
        Column("position_order", "int", "order within the definition, from 0", required=True),
        Column("chrom", "str", "chromosome with chr", required=True),
        Column("pos", "int", "1-based GRCh38 position, VCF style", required=True),
        Column("ref", "str", "reference bases, GRCh38", required=True),
        Column("alts", "list", "alternate bases of the definitions, VCF style", required=True),
        Column("rsid", "str", "dbSNP identifier"),
        Column("hgvs_g", "str", "HGVS on the chromosome", required=True),
        Column(
            "role", "str", "defining, extra (shown, defines no allele) or ignored", required=True
        ),
        Column("required", "bool", "no call without it", required=True),
        Column("amp_tier_1", "bool", "position of an AMP tier-1 allele", required=True),
        Column("pos_grch37", "int", "1-based GRCh37 position, VCF style; null when not known"),
        Column("ref_grch37", "str", "reference bases, GRCh37; null when not known"),
        Column("grch37_source_id", "str", "source of the GRCh37 coordinate"),
        _SOURCE,
    ),
    "a position of the allele definitions, in both builds",
)

PGX_ALLELES = Table(
    "pgx_alleles",
    1,
    ("gene", "allele"),
    (
        _GENE,
        Column("allele", "str", "allele name", required=True),
        Column("allele_id", "str", "identifier upstream"),
        Column(
            "allele_order",
            "int",
            "order within the definition, from 0; after those, functions without definition",
            required=True,
        ),
        Column("defined", "bool", "the definitions give its bases", required=True),
        Column("reference", "bool", "the reference allele", required=True),
        Column(
            "structural", "bool", "a structural variant, not seen in small variants", required=True
        ),
        Column("ignored", "bool", "left out of matching", required=True),
        Column("amp_tier_1", "bool", "AMP tier-1 allele", required=True),
        Column("core_allele", "str", "allele that a suballele is reported as"),
        Column("function", "str", "clinical function in CPIC terms; null when none is given"),
        Column("activity_value", "str", "activity value; text, since it may be ≥ a value"),
        Column("lookup_key", "str", "key of the allele in the phenotype rules"),
        Column("function_source_id", "str", "source of the function"),
        _SOURCE,
    ),
    "an allele of a pharmacogene with its function",
)

PGX_ALLELE_BASES = Table(
    "pgx_allele_bases",
    1,
    ("gene", "allele", "position_id"),
    (
        _GENE,
        Column("allele", "str", "allele name", required=True),
        Column("position_id", "str", "position of the definitions", required=True),
        Column("bases", "str", "bases in VCF spelling; IUPAC codes are wobbles", required=True),
        Column("core", "bool", "upstream calls it a core position of the allele", required=True),
        _SOURCE,
    ),
    "the bases that define an allele; a position without a row has the reference allele's base",
)

PGX_PHENOTYPE_RULES = Table(
    "pgx_phenotype_rules",
    1,
    ("gene", "key_1", "key_2"),
    (
        _GENE,
        Column(
            "key_1",
            "str",
            "lookup key of one allele; the smaller of the two as text",
            required=True,
        ),
        Column("key_2", "str", "lookup key of the other allele; empty when haploid", required=True),
        Column("phenotype", "str", "phenotype in CPIC terms", required=True),
        Column("activity_score", "str", "activity score, n/a, or empty", required=True),
        Column("lookup_key", "str", "key that guidance is looked up by", required=True),
        _SOURCE,
    ),
    "phenotype and activity score of two allele functions",
)

PGX_PHENOTYPE_EXCEPTIONS = Table(
    "pgx_phenotype_exceptions",
    1,
    ("gene", "allele_1", "allele_2"),
    (
        _GENE,
        Column("allele_1", "str", "one allele; the smaller of the two as text", required=True),
        Column("allele_2", "str", "the other; empty when haploid", required=True),
        Column("phenotype", "str", "phenotype in CPIC terms", required=True),
        Column("activity_score", "str", "activity score, n/a, or empty", required=True),
        Column("lookup_key", "str", "key that guidance is looked up by", required=True),
        _SOURCE,
    ),
    "diplotypes whose upstream phenotype is not the one of their functions' rule",
)

PGX_PRIORITIES = Table(
    "pgx_priorities",
    1,
    ("gene", "priority_id"),
    (
        _GENE,
        Column("priority_id", "str", "the diplotypes joined by |", required=True),
        Column(
            "diplotypes", "list", "diplotypes that cannot be told apart unphased", required=True
        ),
        Column("pick", "str", "the one to take", required=True),
        _SOURCE,
    ),
    "which of several unphased diplotypes is taken",
)

PGX_ALLELE_FREQUENCIES = Table(
    "pgx_allele_frequencies",
    1,
    ("gene", "population", "allele"),
    (
        _GENE,
        Column("population", "str", "AFR, AMR, EAS, EUR or SAS", required=True),
        Column(
            "allele",
            "str",
            "allele name; undefined for haplotypes that fit no allele",
            required=True,
        ),
        Column(
            "count",
            "float",
            "expected number of chromosomes; a fraction where alleles cannot be told apart",
            required=True,
        ),
        Column("chromosomes", "int", "chromosomes looked at", required=True),
        Column(
            "split_source_id",
            "str",
            "source of the frequencies by which alleles were shared that the panel cannot tell "
            "apart; null when none was used",
        ),
        _SOURCE,
    ),
    "how often an allele is seen in a population; what is not here was not seen",
)

PGX_WOBBLE_FREQUENCIES = Table(
    "pgx_wobble_frequencies",
    1,
    ("gene", "allele", "position_id", "bases"),
    (
        _GENE,
        Column("allele", "str", "allele whose definition leaves a base open", required=True),
        Column("position_id", "str", "position of the definitions", required=True),
        Column("bases", "str", "bases in VCF spelling", required=True),
        Column("frequency", "float", "share of the allele's chromosomes, 0 to 1", required=True),
        _SOURCE,
    ),
    "which bases an allele has where its definition leaves them open (IUPAC codes)",
)

PGX_UNOBSERVED_ALLELES = Table(
    "pgx_unobserved_alleles",
    1,
    ("gene", "allele"),
    (
        _GENE,
        Column("allele", "str", "allele whose frequency is not known", required=True),
        _SOURCE,
    ),
    "alleles of a variant that the panel of the frequencies has no position of, and that nobody "
    "published a frequency of",
)

PGX_SILENT_BASES = Table(
    "pgx_silent_bases",
    1,
    ("gene", "position_id", "bases"),
    (
        _GENE,
        Column("position_id", "str", "position of the definitions", required=True),
        Column("bases", "str", "base on the forward strand of GRCh38", required=True),
        Column("residue", "str", "residue of the codon, with the base as without", required=True),
        Column("codon", "int", "number of the codon in the MANE Select transcript", required=True),
        _SOURCE,
        Column("reference_source_id", "str", "source of the reference bases", required=True),
    ),
    "bases that no allele has at a position and that encode the residue of the reference; not at "
    "the ends of exons, and not in codons with several positions",
)

GUIDANCE = Table(
    "guidance",
    2,
    ("guidance_id", "drug"),
    (
        Column("guidance_id", "str", "identifier of the recommendation", required=True),
        Column("drug", "str", "medicine, lower case", required=True),
        Column("drug_id", "str", "ClinPGx identifier of the medicine"),
        Column("source", "str", "CPIC, DPWG or FDA", required=True),
        Column("guideline_id", "str", "identifier of the guideline annotation", required=True),
        Column("guideline_version", "str", "its version", required=True),
        Column("link", "str", "address of the guideline", required=True),
        Column("genes", "list", "genes that it looks at, sorted", required=True),
        Column("population", "str", "population or indication"),
        Column("strength", "str", "strength as given"),
        Column("action", "str", "see the table recommendations", required=True),
        Column("dose_change", "str", "dose factor or range, where given as a figure"),
        Column("effects", "list", "what the source says that the results do, in fields"),
        Column("dosing_information", "bool", "flag of the source", required=True),
        Column("alternate_drug", "bool", "flag of the source", required=True),
        Column("other_guidance", "bool", "flag of the source", required=True),
        Column("pmids", "list", "PubMed ids of the guideline"),
        _SOURCE,
    ),
    "one recommendation for one medicine, in fields",
)

GUIDANCE_KEYS = Table(
    "guidance_keys",
    1,
    ("guidance_id", "drug", "gene", "key"),
    (
        Column("guidance_id", "str", "recommendation", required=True),
        Column("drug", "str", "medicine", required=True),
        _GENE,
        Column(
            "key",
            "str",
            "phenotype or activity score, or an allele for allele status",
            required=True,
        ),
        Column(
            "key_kind",
            "str",
            "value (phenotype or score) or allele (count of an allele)",
            required=True,
        ),
        Column("allele_count", "float", "copies of the allele, for allele keys"),
    ),
    "what a recommendation is looked up by; all genes of a recommendation must match",
)

GUIDANCE_TEXT = Table(
    "guidance_text",
    1,
    ("guidance_id", "drug"),
    (
        Column("guidance_id", "str", "recommendation", required=True),
        Column("drug", "str", "medicine", required=True),
        Column(
            "text", "str", "the recommendation in the source's words, sanitised HTML", required=True
        ),
        Column("implications", "list", "the implications in the source's words"),
        _SOURCE,
    ),
    "the words of the guidance; only in a pack built from a source that the user installed",
)

PHENOTYPE_TERMS = Table(
    "phenotype_terms",
    1,
    ("phenotype",),
    (
        Column("phenotype", "str", "phenotype term", required=True),
        _SOURCE,
    ),
    "the terms that a phenotype may have; build refuses any other",
)

PHENOTYPE_CODES = Table(
    "phenotype_codes",
    1,
    ("phenotype",),
    (
        Column("phenotype", "str", "phenotype in CPIC terms", required=True),
        Column("answer_code", "str", "LOINC answer code", required=True),
        _SOURCE,
    ),
    "LOINC answer codes of phenotypes",
)

CIVIC_EVIDENCE = Table(
    "civic_evidence",
    1,
    ("evidence_id",),
    (
        Column("evidence_id", "str", "EID and number", required=True),
        Column("molecular_profile", "str", "name of the profile", required=True),
        Column("molecular_profile_id", "str", "number of the profile", required=True),
        Column("disease", "str", "disease"),
        Column("doid", "str", "Disease Ontology number, without prefix"),
        Column("therapies", "list", "therapies"),
        Column("therapy_interaction", "str", "Combination, Sequential or Substitutes"),
        Column("evidence_type", "str", "Predictive, Diagnostic, …", required=True),
        Column("direction", "str", "Supports or Does Not Support"),
        Column("level", "str", "A to E", required=True),
        Column("significance", "str", "Sensitivity/Response, Resistance, …"),
        Column("rating", "int", "1 to 5"),
        Column("origin", "str", "Somatic, Germline, …"),
        Column("flagged", "bool", "flagged by the editors", required=True),
        Column("citation", "str", "PMID: or ASCO: and number"),
        Column("link", "str", "address of the item", required=True),
        _SOURCE,
    ),
    "an accepted evidence item of CIViC, without its statement",
)

KNOWN_VARIANTS = Table(
    "known_variants",
    1,
    ("chrom", "pos", "ref", "alt", "gene", "protein_change"),
    (
        Column("chrom", "str", "chromosome with chr", required=True),
        Column("pos", "int", "1-based GRCh38 position", required=True),
        Column("ref", "str", "reference bases", required=True),
        Column("alt", "str", "alternate bases", required=True),
        _GENE,
        Column(
            "protein_change", "str", "one-letter change without p.; empty when none", required=True
        ),
        Column("consequence", "str", "Sequence Ontology term"),
        Column("hgvs_c", "str", "HGVS on the coding sequence"),
        Column("transcript", "str", "transcript that the change is on"),
        Column(
            "name", "str", "name in the evidence when there is no protein change, such as C228T"
        ),
        Column("hgvs_source_id", "str", "source of hgvs_c and transcript, when it is another"),
        Column("hotspot", "bool", "a recurrent hotspot", required=True),
        _SOURCE,
    ),
    "a variant whose name is known from its coordinate",
)

HOTSPOT_RESIDUES = Table(
    "hotspot_residues",
    1,
    ("gene", "residue", "change"),
    (
        _GENE,
        Column(
            "residue", "str", "reference residue and 1-based codon, such as V600", required=True
        ),
        Column("change", "str", "variant residue, or a description for indels", required=True),
        Column("samples", "int", "tumors with the change in the source"),
        _SOURCE,
    ),
    "recurrent changes by residue",
)

ONCOTREE = Table(
    "oncotree",
    1,
    ("code",),
    (
        Column("code", "str", "OncoTree code", required=True),
        Column("name", "str", "name", required=True),
        Column("main_type", "str", "main type", required=True),
        Column("tissue", "str", "tissue", required=True),
        _SOURCE,
    ),
    "tumor types",
)

ONCOTREE_DESCENDANTS = Table(
    "oncotree_descendants",
    1,
    ("ancestor", "code"),
    (
        Column("ancestor", "str", "OncoTree code of a tumor type", required=True),
        Column("code", "str", "OncoTree code of it, or of one below it", required=True),
        _SOURCE,
    ),
    "which tumor types stand below another one; a type with itself alone is a leaf",
)

DISEASES = Table(
    "diseases",
    1,
    ("doid", "name", "code", "main_type", "tissue"),
    (
        Column(
            "doid",
            "str",
            "Disease Ontology number, without prefix; empty when the source gives none",
            required=True,
        ),
        Column("name", "str", "name of the disease in the evidence", required=True),
        Column(
            "scope",
            "str",
            "what the disease covers: code (this OncoTree code), main_type "
            "(every code of the main type), tissue (lies somewhere in the tissue, no closer place "
            "known), solid (any tumor outside Lymphoid and Myeloid), any, or none (not mapped: "
            "matches no tumor type)",
            required=True,
        ),
        Column(
            "code",
            "str",
            "OncoTree code; empty when the disease is broader than one",
            required=True,
        ),
        Column("main_type", "str", "OncoTree main type; empty when broader", required=True),
        Column(
            "tissue",
            "str",
            "OncoTree tissue; empty when broader, that is any solid or any tumor",
            required=True,
        ),
        _SOURCE,
    ),
    "diseases of the evidence and the tumor types they cover",
)

GENE_REGIONS = Table(
    "gene_regions",
    2,
    ("gene",),
    (
        _GENE,
        Column("chrom", "str", "chromosome with chr", required=True),
        Column("start", "int", "1-based first position of the transcript, GRCh38", required=True),
        Column("end", "int", "1-based last position, inclusive", required=True),
        Column("strand", "str", "+ or -", required=True),
        Column(
            "transcript", "str", "MANE Select transcript (Ensembl, with version)", required=True
        ),
        Column("refseq", "str", "the same in RefSeq", required=True),
        Column("start_grch37", "int", "1-based first position in GRCh37; empty where not known"),
        Column("end_grch37", "int", "1-based last position in GRCh37, inclusive"),
        Column("grch37_source_id", "str", "source of the GRCh37 coordinates"),
        _SOURCE,
    ),
    "where a gene lies",
)

EXONS = Table(
    "exons",
    3,
    ("gene", "exon"),
    (
        _GENE,
        Column("exon", "int", "number in the MANE Select transcript, from 1", required=True),
        Column("chrom", "str", "chromosome with chr", required=True),
        Column("start", "int", "1-based first position of the exon, GRCh38", required=True),
        Column("end", "int", "1-based last position, inclusive", required=True),
        Column("coding_start", "int", "1-based first coding position; empty where none codes"),
        Column("coding_end", "int", "1-based last coding position, inclusive"),
        Column("start_grch37", "int", "1-based first position in GRCh37; empty where not known"),
        Column("end_grch37", "int", "1-based last position in GRCh37, inclusive"),
        Column("coding_start_grch37", "int", "1-based first coding position in GRCh37"),
        Column("coding_end_grch37", "int", "1-based last coding position in GRCh37, inclusive"),
        Column("grch37_source_id", "str", "source of the GRCh37 coordinates"),
        Column(
            "transcript", "str", "MANE Select transcript (Ensembl, with version)", required=True
        ),
        _SOURCE,
    ),
    "where an exon and its coding part lie, of pharmacogenes and of genes with a role in cancer, "
    "a known variant or evidence",
)

GERMLINE_GENES = Table(
    "germline_genes",
    1,
    ("gene", "list_id"),
    (
        _GENE,
        Column("list_id", "str", "acmg_sf or predisposition", required=True),
        Column("list_version", "str", "version of the list", required=True),
        Column("condition", "str", "condition"),
        Column("category", "str", "category of the condition"),
        Column("inheritance", "str", "inheritance"),
        Column("report", "str", "which variants the list asks to report"),
        _SOURCE,
    ),
    "genes of hereditary predisposition and secondary findings",
)

FREQUENCY_RULES = Table(
    "frequency_rules",
    1,
    ("gene", "code"),
    (
        _GENE,
        Column("code", "str", "BA1, BS1 or BS1_SUPP", required=True),
        Column("rule_version", "str", "version of the panel's rules, where it is told"),
        Column("property", "str", "frequency that the rule is of", required=True),
        Column("above", "float", "lower end of the range, 0 to 1", required=True),
        Column("above_included", "bool", "whether the lower end belongs to it", required=True),
        Column("below", "float", "upper end; null for none"),
        Column("below_included", "bool", "whether the upper end belongs to it"),
        _SOURCE,
    ),
    "frequencies from which on a variant of a gene speaks against a disease, by expert panels",
)

GENE_ROLES = Table(
    "gene_roles",
    1,
    ("gene", "role", "source_id"),
    (
        _GENE,
        Column("role", "str", "oncogene or tumor_suppressor", required=True),
        _SOURCE,
    ),
    "role of a gene in cancer",
)

GENE_MECHANISMS = Table(
    "gene_mechanisms",
    1,
    ("gene", "mechanism", "source_id"),
    (
        _GENE,
        Column("mechanism", "str", "loss_of_function or gain_of_function", required=True),
        _SOURCE,
    ),
    "how germline variants of a gene predispose to cancer",
)

FUNCTIONAL_DOMAINS = Table(
    "functional_domains",
    1,
    ("gene", "start", "end"),
    (
        _GENE,
        Column("start", "int", "1-based first residue", required=True),
        Column("end", "int", "1-based last residue, inclusive", required=True),
        _SOURCE,
    ),
    "domain of the protein of a cancer gene, on any isoform of the source",
)

PATHOGENIC_CHANGES = Table(
    "pathogenic_changes",
    1,
    ("gene", "change", "variant_id"),
    (
        _GENE,
        Column("change", "str", "one-letter substitution without p., such as H123R", required=True),
        Column("variant_id", "str", "identifier in the source", required=True),
        Column("conditions", "list", "neoplastic conditions that the source names", required=True),
        _SOURCE,
    ),
    "substitution that a source calls pathogenic or likely so in a neoplastic condition",
)

PATHOGENIC_LOCI = Table(
    "pathogenic_loci",
    1,
    ("chrom", "pos", "gene", "residue"),
    (
        Column("chrom", "str", "chromosome with the prefix chr, GRCh38", required=True),
        Column("pos", "int", "1-based position of the base that changes", required=True),
        _GENE,
        Column("residue", "str", "one-letter residue whose codon the base is of", required=True),
        _SOURCE,
    ),
    "base whose change a source calls pathogenic, in a gene of hereditary predisposition to cancer",
)

POPULATION_FREQUENCIES = Table(
    "population_frequencies",
    1,
    ("chrom", "pos", "ref", "alt"),
    (
        Column("chrom", "str", "chromosome with the prefix chr, GRCh38", required=True),
        Column("pos", "int", "1-based position", required=True),
        Column("ref", "str", "reference base", required=True),
        Column("alt", "str", "alternate base", required=True),
        Column("frequency", "float", "share of chromosomes of all persons, 0 to 1", required=True),
        _SOURCE,
    ),
    "common exonic variants; a variant that is not here may be common too",
)

PACK: Mapping[str, Table] = {
    table.name: table
    for table in (
        SOURCES,
        PGX_GENES,
        PGX_RULES,
        PGX_POSITIONS,
        PGX_ALLELES,
        PGX_ALLELE_BASES,
        PGX_PHENOTYPE_RULES,
        PGX_PHENOTYPE_EXCEPTIONS,
        PGX_PRIORITIES,
        PGX_ALLELE_FREQUENCIES,
        PGX_WOBBLE_FREQUENCIES,
        PGX_UNOBSERVED_ALLELES,
        PGX_SILENT_BASES,
        GUIDANCE,
        GUIDANCE_KEYS,
        GUIDANCE_TEXT,
        PHENOTYPE_TERMS,
        PHENOTYPE_CODES,
        CIVIC_EVIDENCE,
        KNOWN_VARIANTS,
        HOTSPOT_RESIDUES,
        ONCOTREE,
        ONCOTREE_DESCENDANTS,
        DISEASES,
        GENE_REGIONS,
        EXONS,
        GERMLINE_GENES,
        FREQUENCY_RULES,
        GENE_ROLES,
        GENE_MECHANISMS,
        FUNCTIONAL_DOMAINS,
        PATHOGENIC_CHANGES,
        PATHOGENIC_LOCI,
        POPULATION_FREQUENCIES,
        *imported_schemas.TABLES,
    )
}
