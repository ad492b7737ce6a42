"""Upstream files to the curated TSV tables of a pack."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from apothecary.knowledge import grch37, lift, tsv
from apothecary.knowledge.build import OPTIONAL
from apothecary.knowledge.importers import (
    civic,
    diseases,
    gene_regions,
    gene_roles,
    germline,
    guidance,
    known_variants,
    oncotree,
    pharmcat_definitions,
    phenotype_codes,
    pypgx,
)
from apothecary.knowledge.importers.upstream import Row
from apothecary.knowledge.schemas import PACK
from apothecary.knowledge.sources import REGISTER, Source, find_files, read_register, source_row

Tables = dict[str, list[Row]]

ACMG_VERSION = "3.1"
PANEL_VERSION = "0"


@dataclass(frozen=True)
class Upstream:
    """Where a curation reads from.

    Attributes:
        curation: Folder of the register and of the tables made by hand.
        folders: Upstream folders, looked at in order.
        rules: Table of the rules of pharmacogenes.
        sources: The register.
    """

    curation: Path
    folders: tuple[Path, ...]
    rules: Path
    sources: Mapping[str, Source]

    def files(self, source_id: str) -> list[Path]:
        """The files of a source; see `knowledge.sources.find_files`."""
        return find_files(self.sources[source_id], self.folders)

    def file(self, source_id: str) -> Path:
        """The one file of a source."""
        return self.files(source_id)[0]


def open_upstream(
    curation: Path | str, folders: Sequence[Path | str], rules: Path | str
) -> Upstream:
    """Open the upstream folders under the register of a curation folder.

    Raises:
        ResourceError: The register cannot be read.
    """
    return Upstream(
        Path(curation),
        tuple(Path(folder) for folder in folders),
        Path(rules),
        read_register(Path(curation) / REGISTER),
    )


def curate(upstream: Upstream, out: Path | str, *, with_text: bool = False) -> dict[str, int]:
    """Read every upstream source and write the TSV tables of a pack.

    Args:
        upstream: See `open_upstream`.
        out: The folder of the TSV files; made when absent.
        with_text: Whether the words of the guidance are taken over. They are never committed:
            they belong into a pack that the user builds from an own copy of the sources.

    Returns:
        Number of rows by table.

    Raises:
        ResourceError: An upstream file is absent or not what the importer knows.
    """
    tables = read_upstream(upstream, with_text=with_text)
    for table in PACK.values():
        if tables.get(table.name) or (table.name in tables and table.name not in OPTIONAL):
            tsv.write(out, table, tables[table.name])
    return {name: len(tables[name]) for name in sorted(tables)}


def read_upstream(upstream: Upstream, *, with_text: bool = False) -> Tables:
    """The tables of a pack, from the upstream files; arguments and errors as `curate`."""
    tables: Tables = {}
    for part in (
        _pharmacogenes(upstream),
        _guidance(upstream, with_text=with_text),
        _oncology(upstream),
        _germline(upstream),
    ):
        for name, rows in part.items():
            tables.setdefault(name, []).extend(rows)
    tables["sources"] = _sources(upstream, tables)
    return tables


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
    phenotypes = pharmcat_definitions.import_phenotypes(
        upstream.file("pharmcat_phenotypes").parent,
        {"": "pharmcat_phenotypes", **own_release},
        rules,
    )
    tables = pharmcat_definitions.with_functions(definitions, phenotypes)
    tables["pgx_positions"] = _with_grch37(upstream, tables["pgx_positions"])
    terms = phenotype_codes.import_phenotype_terms(
        upstream.curation / "phenotype_terms.tsv", "phenotype_terms"
    )
    codes = phenotype_codes.import_phenotype_codes(
        upstream.file("hl7_genomics_reporting"),
        "hl7_genomics_reporting",
        [row["phenotype"] for row in terms["phenotype_terms"]],
    )
    return _merged((tables, terms, codes))


def _with_grch37(upstream: Upstream, positions: list[Row]) -> list[Row]:
    return grch37.with_grch37(
        positions,
        pypgx.import_positions(upstream.file("pypgx")),
        lift.read_chain(upstream.file("hg19_to_hg38"), {row["chrom"] for row in positions}),
        upstream.files("getrm_panel_grch37"),
        table_source="pypgx",
        lift_source="hg19_to_hg38",
        record_source="getrm_panel_grch37",
    )


def _guidance(upstream: Upstream, *, with_text: bool) -> Tables:
    return _merged(
        guidance.import_guidance(upstream.files(source_id), source_id, with_text=with_text)
        for source_id in ("cpic_guidance", "dpwg_guidance")
    )


def _oncology(upstream: Upstream) -> Tables:
    regions = gene_regions.import_mane(upstream.file("mane"), "mane")
    mane = {row["transcript"].split(".")[0] for row in regions["gene_regions"]}
    variants, indels, residues = upstream.files("cancerhotspots")
    hotspots = known_variants.import_cancerhotspots(variants, residues, indels, "cancerhotspots")
    loci = known_variants.import_civic_loci(upstream.file("cacao_civic"), "cacao_civic", mane)
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
    roles = gene_roles.import_signalling_pathways(
        upstream.file("signalling_pathways"), "signalling_pathways"
    )
    return {
        **regions,
        **evidence,
        **types,
        **mapped,
        **roles,
        "hotspot_residues": hotspots["hotspot_residues"],
        "known_variants": known_variants.merge_known_variants(
            hotspots["known_variants"], loci["known_variants"]
        ),
    }


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


def _sources(upstream: Upstream, tables: Tables) -> list[Row]:
    """A row for every source that a row of a table names."""
    used: set[Any] = {
        value
        for rows in tables.values()
        for row in rows
        for column, value in row.items()
        if column.endswith("source_id") and value is not None
    }
    own = {source_id: [upstream.curation / f"{source_id}.tsv"] for source_id in used}
    return [
        source_row(
            upstream.sources[source_id],
            upstream.files(source_id) if upstream.sources[source_id].patterns else own[source_id],
        )
        for source_id in sorted(used)
    ]
