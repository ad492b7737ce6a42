"""Tables of pharmacogenes and of guidance."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence

from apothecary.knowledge import doubts, grch37, lift
from apothecary.knowledge.importers import (
    allele_frequencies,
    exons,
    fda,
    gene_regions,
    guidance,
    mitochondrial,
    pharmcat_definitions,
    pharmcat_phenotypes,
    phenotype_codes,
    pypgx,
    research_genes,
    silent_bases,
)
from apothecary.knowledge.importers.upstream import Row, read_table
from apothecary.knowledge.units.base import Tables, Unit, Upstream, merged
from apothecary.pharmacogenes.definitions import Definitions, from_tables
from apothecary.variants.reference import Either, Fasta

FDA = "fda_associations"
FDA_FACTS = "fda_facts"


def pharmacogenes(upstream: Upstream) -> Tables:
    """Definitions, functions and phenotypes of pharmacogenes.

    Args:
        upstream: Where to read from.
    """
    rules = pharmcat_definitions.read_rules(upstream.rules)
    definitions = pharmcat_definitions.import_definitions(
        upstream.file("pharmcat_definitions").parent, "pharmcat_definitions", rules
    )
    own_release = {
        upstream.file(source_id).name: source_id
        for source_id in sorted(upstream.sources)
        if source_id.startswith("pharmcat_phenotypes_")
    }
    phenotypes = pharmcat_phenotypes.import_phenotypes(
        upstream.file("pharmcat_phenotypes").parent,
        {"": "pharmcat_phenotypes", **own_release},
        rules,
    )
    tables = pharmcat_phenotypes.with_functions(definitions, phenotypes)
    tables["pgx_positions"] = grch37.with_grch37(
        tables["pgx_positions"],
        pypgx.import_positions(upstream.file("pypgx")),
        lift.read_chain(
            upstream.file("hg19_to_hg38"), {row["chrom"] for row in tables["pgx_positions"]}
        ),
        upstream.files("getrm_panel_grch37"),
        table_source="pypgx",
        lift_source="hg19_to_hg38",
        record_source="getrm_panel_grch37",
    )
    tables = mitochondrial.with_positions(
        tables, mitochondrial.read_reference(upstream.file("rcrs")), "rcrs"
    )
    # What small variants do not show of a gene is told by PyPGx's gene table.
    for rule in tables["pgx_rules"]:
        if rule["rule"] in ("unseen", research_genes.LEFT_OUT):
            rule["source_id"] = "pypgx"
    return merged((tables, _research_genes(upstream, tables, rules)))


def _research_genes(upstream: Upstream, known: Tables, rules: Sequence[Row]) -> Tables:
    """The genes of PyPGx that the other definitions do not hold."""
    path = upstream.file("pypgx")
    # The FDA's table is no guideline: it names a phenotype, and not how the gene is to be read.
    guidelines = [row for row in _guidance(upstream)["guidance"] if row["source"] != fda.SOURCE]
    guided = {gene for row in guidelines for gene in row["genes"]}
    refused = {row["gene"] for row in rules if row["rule"] == research_genes.LEFT_OUT}
    places = pypgx.import_positions(path)
    with tempfile.TemporaryDirectory() as work:
        doubt = doubts.against(
            lift.read_chain(upstream.file("hg19_to_hg38"), {chrom for chrom, _, _ in places}),
            Either(*(Fasta(file, work) for file in upstream.files("grch38_slices"))),
            doubts.seen_in_grch37(upstream.files("getrm_panel_grch37"), places),
        )
        return research_genes.import_genes(
            path,
            {row["gene"] for row in known["pgx_genes"]},
            guided,
            refused,
            doubt,
            upstream.sources["pypgx"].version,
            "pypgx",
        )


def _silent_bases(upstream: Upstream) -> Tables:
    return _silent_bases_at(upstream, pharmacogenes(upstream)["pgx_positions"])


def _silent_bases_at(upstream: Upstream, positions: Sequence[Row]) -> Tables:
    """The bases that no allele has and that leave the protein as it is."""
    regions = gene_regions.import_mane(upstream.file("mane"), "mane")["gene_regions"]
    genes = {row["gene"] for row in positions}
    coding = exons.import_exons(upstream.file("refseq_exons"), "refseq_exons", genes, regions)
    with tempfile.TemporaryDirectory() as work:
        return silent_bases.import_silent_bases(
            positions,
            coding["exons"],
            regions,
            Either(*(Fasta(path, work) for path in upstream.files("grch38_slices"))),
            "refseq_exons",
            "grch38_slices",
        )


def _frequencies(upstream: Upstream) -> Tables:
    tables = pharmacogenes(upstream)
    genes = from_tables({**tables, **_silent_bases_at(upstream, tables["pgx_positions"])})
    of_getrm = {
        row["sample"] for row in read_table(upstream.file("getrm_samples"), ("sample", "gene"))
    }
    return allele_frequencies.import_frequencies(
        Definitions(genes),
        upstream.files("panel_1kg_30x"),
        allele_frequencies.read_labels(upstream.file("populations_1kg")),
        of_getrm
        | allele_frequencies.samples_of(
            [*upstream.files("getrm_panel_grch37"), *upstream.files("getrm_panel_grch38")]
        ),
        allele_frequencies.read_published(upstream.file("cpic_frequencies")),
        "panel_1kg_30x",
        "cpic_frequencies",
    )


def _phenotype_terms(upstream: Upstream) -> Tables:
    terms = phenotype_codes.import_phenotype_terms(
        upstream.curation / "phenotype_terms.tsv", "phenotype_terms"
    )
    codes = phenotype_codes.import_phenotype_codes(
        upstream.file("hl7_genomics_reporting"),
        "hl7_genomics_reporting",
        [row["phenotype"] for row in terms["phenotype_terms"]],
    )
    return {**terms, **codes}


def _guidance(upstream: Upstream) -> Tables:
    parts = [
        guidance.import_guidance(upstream.files(source_id), source_id, with_text=upstream.with_text)
        for source_id in ("cpic_guidance", "dpwg_guidance")
    ]
    # The tables of the FDA that a user downloaded take the place of the facts of an older copy.
    files = upstream.files_if_any(FDA)
    if files:
        parts.append(fda.import_associations(files, FDA, with_text=upstream.with_text))
    elif FDA_FACTS in upstream.sources:
        version = upstream.sources[FDA_FACTS].version
        facts = upstream.curation / f"{FDA_FACTS}.tsv"
        parts.append(fda.import_facts(facts, FDA_FACTS, version))
    return merged(parts)


SOURCES = (
    "pharmcat_definitions",
    "pharmcat_phenotypes",
    "pharmcat_phenotypes_cyp2d6",
    "pharmcat_phenotypes_g6pd",
    "pharmcat_phenotypes_ryr1",
    "pypgx",
    "hg19_to_hg38",
    "getrm_panel_grch37",
    "grch38_slices",
    "cpic_guidance",
    "dpwg_guidance",
    "rcrs",
)
"""Sources of `pharmacogenes`."""

_OF_SILENT_BASES = ("refseq_exons", "mane", *SOURCES)

UNITS = (
    Unit(
        "alleles and phenotypes",
        SOURCES,
        (
            "pgx_genes",
            "pgx_rules",
            "pgx_positions",
            "pgx_alleles",
            "pgx_allele_bases",
            "pgx_phenotype_rules",
            "pgx_phenotype_exceptions",
            "pgx_priorities",
        ),
        pharmacogenes,
    ),
    Unit("silent bases of alleles", _OF_SILENT_BASES, ("pgx_silent_bases",), _silent_bases),
    Unit(
        "allele frequencies",
        (
            "panel_1kg_30x",
            "populations_1kg",
            "getrm_samples",
            "getrm_panel_grch38",
            "cpic_frequencies",
            *_OF_SILENT_BASES,
        ),
        ("pgx_allele_frequencies", "pgx_wobble_frequencies", "pgx_unobserved_alleles"),
        _frequencies,
    ),
    Unit(
        "phenotype terms and codes",
        ("hl7_genomics_reporting",),
        ("phenotype_terms", "phenotype_codes"),
        _phenotype_terms,
    ),
    Unit(
        "guidance",
        ("cpic_guidance", "dpwg_guidance"),
        ("guidance", "guidance_keys", "guidance_text"),
        _guidance,
    ),
)
