"""Upstream files to the curated TSV tables of a pack."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from apothecary.errors import Problem, ResourceError
from apothecary.knowledge import doubts, grch37, lift
from apothecary.knowledge.importers import (
    allele_frequencies,
    civic,
    diseases,
    exons,
    fda,
    gene_regions,
    gene_roles,
    germline,
    guidance,
    known_variants,
    mitochondrial,
    oncotree,
    pathogenic_loci,
    pharmcat_definitions,
    pharmcat_phenotypes,
    phenotype_codes,
    population_frequencies,
    pypgx,
    research_genes,
    silent_bases,
    uniprot,
)
from apothecary.knowledge.importers.upstream import Row, read_table
from apothecary.knowledge.sources import REGISTER, Source, find_files, read_register, source_row
from apothecary.oncogenes import profiles
from apothecary.pharmacogenes.definitions import Definitions, from_tables
from apothecary.variants.reference import Either, Fasta

Tables = dict[str, list[Row]]

FDA = "fda_associations"
FDA_FACTS = "fda_facts"
ACMG_VERSION = "3.1"
PANEL_VERSION = "0"
# Rarer variants have no part in what the frequencies are for.
LEAST_FREQUENCY = 0.01


@dataclass(frozen=True)
class Upstream:
    """Where a curation reads from.

    Attributes:
        curation: Folder of the register and of the tables made by hand.
        folders: Upstream folders, looked at in order.
        rules: Table of the rules of pharmacogenes.
        sources: The register.
        with_text: Whether the words of the guidance are taken over.
    """

    curation: Path
    folders: tuple[Path, ...]
    rules: Path
    sources: Mapping[str, Source]
    with_text: bool = False

    def files(self, source_id: str) -> list[Path]:
        """The files of a source; see `knowledge.sources.find_files`."""
        return find_files(self.sources[source_id], self.folders)

    def files_if_any(self, source_id: str) -> list[Path]:
        """The files of a source; empty when the register or the folders have none."""
        try:
            return self.files(source_id) if source_id in self.sources else []
        except ResourceError:
            return []

    def file(self, source_id: str) -> Path:
        """The first file of a source."""
        return self.files(source_id)[0]


@dataclass(frozen=True)
class Unit:
    """Tables that are made together.

    Attributes:
        name: What the tables are, in words.
        needs: Sources whose files are read.
        tables: Tables that are made.
        make: From the upstream to the tables.
    """

    name: str
    needs: tuple[str, ...]
    tables: tuple[str, ...]
    make: Callable[[Upstream], Tables]


@dataclass(frozen=True)
class Curated:
    """What a curation made.

    Attributes:
        tables: Rows by table, the table of sources among them.
        kept: Unit names that were taken from earlier tables, each with what was missing.
    """

    tables: Tables
    kept: dict[str, str]


def open_upstream(
    curation: Path | str,
    folders: Sequence[Path | str],
    rules: Path | str,
    *,
    with_text: bool = False,
) -> Upstream:
    """Open the upstream folders under the register of a curation folder.

    Args:
        curation: Folder of the register and of the tables made by hand.
        folders: Upstream folders, looked at in order.
        rules: Table of the rules of pharmacogenes.
        with_text: Whether the words of the guidance are taken over. They are never committed:
            they belong into a pack that the user builds from an own copy of the sources.

    Raises:
        ResourceError: The register cannot be read.
    """
    return Upstream(
        Path(curation),
        tuple(Path(folder) for folder in folders),
        Path(rules),
        read_register(Path(curation) / REGISTER),
        with_text,
    )


def curate(upstream: Upstream, earlier: Mapping[str, list[Row]] | None = None) -> Curated:
    """Read the upstream sources into the tables of a pack.

    Args:
        upstream: See `open_upstream`.
        earlier: Tables that stand in for units whose sources are not at hand; without them every
            source is needed.

    Returns:
        The tables, with a row in `sources` for every source that a row names.

    Raises:
        ResourceError: An upstream file is not what the importer knows, or a source is absent
            that nothing stands in for.
    """
    tables: Tables = {}
    kept: dict[str, str] = {}
    for unit in UNITS:
        try:
            for source_id in unit.needs:
                upstream.files(source_id)
        except ResourceError as error:
            if earlier is None:
                raise
            kept[unit.name] = error.problems[0].found
            made = {name: earlier.get(name, []) for name in unit.tables}
        else:
            made = unit.make(upstream)
        for name, rows in made.items():
            tables.setdefault(name, []).extend(rows)
    if len(kept) == len(UNITS):
        where = ", ".join(str(folder) for folder in upstream.folders)
        raise ResourceError(
            Problem(where, "no upstream file in it", "the layout is told in the knowledge README")
        )
    fresh = {source for unit in UNITS if unit.name not in kept for source in unit.needs}
    tables["sources"] = _sources(upstream, tables, (earlier or {}).get("sources", []), fresh)
    return Curated(tables, kept)


def _merged(parts: Iterable[Mapping[str, list[Row]]]) -> Tables:
    tables: Tables = {}
    for part in parts:
        for name, rows in part.items():
            tables.setdefault(name, []).extend(rows)
    return tables


def _pharmacogenes(upstream: Upstream) -> Tables:
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
    return _merged((tables, _research_genes(upstream, tables, rules)))


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


def _frequencies(upstream: Upstream) -> Tables:
    genes = from_tables(_pharmacogenes(upstream))
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
    return _merged(parts)


def _evidence(upstream: Upstream) -> Tables:
    evidence = civic.import_civic(upstream.file("civic"), "civic")
    types = oncotree.import_oncotree(upstream.file("oncotree"), "oncotree")
    mapped = diseases.import_diseases(
        [
            (row["doid"] or "", row["disease"])
            for row in evidence["civic_evidence"]
            if row["disease"] is not None
        ],
        types["oncotree"],
        upstream.curation / "disease_map.tsv",
        "disease_map",
        upstream.file("pcgr_phenotypes"),
        "pcgr_phenotypes",
        "oncotree",
    )
    return {**evidence, **types, **mapped}


def _descendants(upstream: Upstream) -> Tables:
    types = oncotree.import_oncotree(upstream.file("oncotree"), "oncotree")["oncotree"]
    return oncotree.import_descendants(
        upstream.file("matchminer_oncotree"), types, "matchminer_oncotree"
    )


def _gene_regions(upstream: Upstream) -> Tables:
    return gene_regions.import_mane(upstream.file("mane"), "mane")


def _exons(upstream: Upstream) -> Tables:
    """Exons of every gene that a report may speak of: of its evidence, its roles and its drugs."""
    evidence = civic.import_civic(upstream.file("civic"), "civic")["civic_evidence"]
    tables = (*_gene_roles(upstream).values(), *_hotspots(upstream).values())
    genes = {row["gene"] for rows in tables for row in rows}
    genes |= {row["gene"] for row in _pharmacogenes(upstream)["pgx_genes"]}
    genes |= profiles.genes_named(row["molecular_profile"] for row in evidence)
    regions = gene_regions.import_mane(upstream.file("mane"), "mane")["gene_regions"]
    return exons.import_exons(upstream.file("refseq_exons"), "refseq_exons", genes, regions)


def _silent_bases(upstream: Upstream) -> Tables:
    with tempfile.TemporaryDirectory() as work:
        return silent_bases.import_silent_bases(
            _pharmacogenes(upstream)["pgx_positions"],
            _exons(upstream)["exons"],
            _gene_regions(upstream)["gene_regions"],
            Either(*(Fasta(path, work) for path in upstream.files("grch38_slices"))),
            "refseq_exons",
            "grch38_slices",
        )


def _hotspots(upstream: Upstream) -> Tables:
    regions = gene_regions.import_mane(upstream.file("mane"), "mane")
    mane = {row["transcript"].split(".")[0] for row in regions["gene_regions"]}
    hotspots = known_variants.import_cancerhotspots(
        *_hotspot_files(upstream), source_id="cancerhotspots"
    )
    with tempfile.TemporaryDirectory() as work:
        reference = Either(*(Fasta(path, work) for path in upstream.files("grch38_slices")))
        loci = known_variants.import_civic_loci(
            upstream.file("cacao_civic"), "cacao_civic", mane, reference
        )
    return {
        "hotspot_residues": hotspots["hotspot_residues"],
        "known_variants": known_variants.merge_known_variants(
            hotspots["known_variants"], loci["known_variants"]
        ),
    }


def _gene_roles(upstream: Upstream) -> Tables:
    return gene_roles.import_signalling_pathways(
        upstream.file("signalling_pathways"), "signalling_pathways"
    )


def _oncogenicity(upstream: Upstream) -> Tables:
    mechanisms = germline.import_mechanisms(upstream.file("cpsr_panel"), "cpsr_panel")
    hotspots = known_variants.import_cancerhotspots(
        *_hotspot_files(upstream), source_id="cancerhotspots"
    )
    evidence = civic.import_civic(upstream.file("civic"), "civic")["civic_evidence"]
    named = (mechanisms["gene_mechanisms"], hotspots["hotspot_residues"])
    genes = {row["gene"] for rows in (*named, *_gene_roles(upstream).values()) for row in rows}
    genes |= civic.genes_named(evidence)
    domains = uniprot.import_domains(upstream.file("uniprot_domains"), "uniprot_domains", genes)
    pathogenic = uniprot.import_pathogenic_changes(
        upstream.file("uniprot_variants"),
        "uniprot_variants",
        genes,
        upstream.curation / "neoplasm_terms.tsv",
    )
    return _merged((mechanisms, domains, pathogenic))


def _pathogenic_loci(upstream: Upstream) -> Tables:
    mechanisms = germline.import_mechanisms(upstream.file("cpsr_panel"), "cpsr_panel")
    genes = {row["gene"] for row in mechanisms["gene_mechanisms"]}
    return pathogenic_loci.import_pathogenic_loci(
        upstream.file("cacao_clinvar"), "cacao_clinvar", genes
    )


def _population_frequencies(upstream: Upstream) -> Tables:
    return population_frequencies.import_peddy(
        upstream.file("peddy_1kg"), "peddy_1kg", LEAST_FREQUENCY
    )


def _hotspot_files(upstream: Upstream) -> tuple[Path, Path, Path]:
    """Files of variants, of residues and of insertions and deletions."""
    variants, indels, residues = upstream.files("cancerhotspots")
    return variants, residues, indels


def _germline(upstream: Upstream) -> Tables:
    return _merged(
        (
            germline.import_acmg_sf(
                upstream.file("acmg_sf_3_1"),
                "acmg_sf_3_1",
                ACMG_VERSION,
                upstream.file("acmg_sf_additions"),
                "acmg_sf_additions",
            ),
            germline.import_predisposition_panel(
                upstream.file("cpsr_panel"), "cpsr_panel", PANEL_VERSION
            ),
        )
    )


_OF_PHARMACOGENES = (
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
_OF_EXONS = (
    "refseq_exons",
    "mane",
    "civic",
    "signalling_pathways",
    "cancerhotspots",
    "cacao_civic",
    *_OF_PHARMACOGENES,
)

UNITS = (
    Unit(
        "alleles and phenotypes",
        _OF_PHARMACOGENES,
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
        _pharmacogenes,
    ),
    Unit(
        "allele frequencies",
        (
            "panel_1kg_30x",
            "populations_1kg",
            "getrm_samples",
            "getrm_panel_grch37",
            "getrm_panel_grch38",
            "cpic_frequencies",
            "pharmcat_definitions",
            "pharmcat_phenotypes",
            "pharmcat_phenotypes_cyp2d6",
            "pharmcat_phenotypes_g6pd",
            "pharmcat_phenotypes_ryr1",
            "pypgx",
            "hg19_to_hg38",
            "grch38_slices",
            "cpic_guidance",
            "dpwg_guidance",
            "rcrs",
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
    Unit(
        "evidence and tumor types",
        ("civic", "oncotree", "pcgr_phenotypes"),
        ("civic_evidence", "oncotree", "diseases"),
        _evidence,
    ),
    Unit(
        "descent of tumor types",
        ("matchminer_oncotree", "oncotree"),
        ("oncotree_descendants",),
        _descendants,
    ),
    Unit("gene regions", ("mane",), ("gene_regions",), _gene_regions),
    Unit("exons", _OF_EXONS, ("exons",), _exons),
    Unit("silent bases of alleles", _OF_EXONS, ("pgx_silent_bases",), _silent_bases),
    Unit(
        "hotspots and known variants",
        ("cancerhotspots", "cacao_civic", "mane", "grch38_slices"),
        ("hotspot_residues", "known_variants"),
        _hotspots,
    ),
    Unit("gene roles", ("signalling_pathways",), ("gene_roles",), _gene_roles),
    Unit(
        "germline genes",
        ("acmg_sf_3_1", "acmg_sf_additions", "cpsr_panel"),
        ("germline_genes",),
        _germline,
    ),
    Unit(
        "evidence of oncogenicity",
        (
            "cpsr_panel",
            "cancerhotspots",
            "civic",
            "signalling_pathways",
            "uniprot_domains",
            "uniprot_variants",
        ),
        ("gene_mechanisms", "functional_domains", "pathogenic_changes"),
        _oncogenicity,
    ),
    Unit(
        "population frequencies",
        ("peddy_1kg",),
        ("population_frequencies",),
        _population_frequencies,
    ),
    Unit(
        "pathogenic loci",
        ("cacao_clinvar", "cpsr_panel"),
        ("pathogenic_loci",),
        _pathogenic_loci,
    ),
)


def _sources(
    upstream: Upstream, tables: Tables, earlier: Sequence[Row], fresh: set[str]
) -> list[Row]:
    """A row for every source that a row of a table names.

    A file of the register's version whose digest is not the one known for that version is of
    another release: its digest then stands as its version.
    """
    used: set[str] = {
        value
        for rows in tables.values()
        for row in rows
        for column, value in row.items()
        if column.endswith("source_id") and value is not None
    }
    before = {row["source_id"]: row for row in earlier}
    found = []
    for source_id in sorted(used):
        source = upstream.sources[source_id]
        if source_id in before and source_id not in fresh and source.patterns:
            found.append(dict(before[source_id]))
            continue
        own = [upstream.curation / f"{source_id}.tsv"]
        row = source_row(source, upstream.files(source_id) if source.patterns else own)
        known = before.get(source_id)
        if (
            source.patterns
            and known is not None
            and known["version"] == row["version"]
            and known["sha256"] != row["sha256"]
        ):
            row |= {"version": f"sha256 {row['sha256'][:12]}", "released": ""}
        found.append(row)
    return found
