"""Tables of cancer genes, their evidence, tumor types and germline genes."""

from __future__ import annotations

import tempfile
from pathlib import Path

from apothecary.knowledge.importers import (
    civic,
    diseases,
    exons,
    frequency_rules,
    gene_regions,
    gene_roles,
    germline,
    grch37_transcripts,
    known_variants,
    oncotree,
    pathogenic_loci,
    population_frequencies,
    uniprot,
)
from apothecary.knowledge.units import pharmacogenes
from apothecary.knowledge.units.base import Tables, Unit, Upstream, merged
from apothecary.oncogenes import profiles
from apothecary.variants.reference import Either, Fasta

ACMG_VERSION = "3.1"
PANEL_VERSION = "0"
_GRCH37 = "refseq_grch37"
# Rarer variants have no part in what the frequencies are for.
LEAST_FREQUENCY = 0.01


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
    rows = gene_regions.import_mane(upstream.file("mane"), "mane")["gene_regions"]
    placed = grch37_transcripts.read(upstream.file(_GRCH37), rows)
    return {"gene_regions": grch37_transcripts.with_regions(rows, placed, _GRCH37)}


def _exons(upstream: Upstream) -> Tables:
    """Exons of every gene that a report may speak of."""
    evidence = civic.import_civic(upstream.file("civic"), "civic")["civic_evidence"]
    tables = (*_gene_roles(upstream).values(), *_hotspots(upstream).values())
    genes = {row["gene"] for rows in tables for row in rows}
    of_drugs = pharmacogenes.pharmacogenes(upstream)
    genes |= {row["gene"] for row in of_drugs["pgx_genes"]}
    genes |= profiles.genes_named(row["molecular_profile"] for row in evidence)
    regions = gene_regions.import_mane(upstream.file("mane"), "mane")["gene_regions"]
    made = exons.import_exons(upstream.file("refseq_exons"), "refseq_exons", genes, regions)
    placed = grch37_transcripts.read(upstream.file(_GRCH37), regions)
    return {"exons": grch37_transcripts.with_exons(made["exons"], placed, _GRCH37)}


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
    return merged((mechanisms, domains, pathogenic))


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
    return merged(
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


def _frequency_rules(upstream: Upstream) -> Tables:
    return frequency_rules.import_frequency_rules(upstream.file("clingen_vcep"), "clingen_vcep")


_OF_EXONS = (
    "refseq_exons",
    _GRCH37,
    "mane",
    "civic",
    "signalling_pathways",
    "cancerhotspots",
    "cacao_civic",
    *pharmacogenes.SOURCES,
)

UNITS = (
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
    Unit("gene regions", ("mane", _GRCH37), ("gene_regions",), _gene_regions),
    Unit(
        "exons",
        _OF_EXONS,
        ("exons",),
        _exons,
    ),
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
    Unit("frequency rules", ("clingen_vcep",), ("frequency_rules",), _frequency_rules),
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
