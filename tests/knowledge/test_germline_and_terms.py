"""Germline lists, phenotype terms and codes, from small made files."""

from __future__ import annotations

import io
import json
import tarfile
from pathlib import Path

import pytest
from knowledge_builders import table_text, write_gzip

from apothecary.errors import ResourceError
from apothecary.knowledge.importers import germline, phenotype_codes

ACMG = {
    "gene_symbol": "RET",
    "disease_phenotype": "MEN2A",
    "phenotype_category": "Cancer",
    "inheritance": "AD ",
    "sf_list_version": "1.0",
    "variants_to_report": "All P and LP",
}


def test_genes_of_the_list_and_of_later_additions_keep_their_sources(tmp_path: Path):
    primary, later = tmp_path / "primary.tsv", tmp_path / "later.tsv"
    primary.write_text(table_text([ACMG, {**ACMG, "disease_phenotype": "Thyroid cancer"}]))
    added = {**ACMG, "gene_symbol": "PLN", "sf_list_version": "3.3", "variants_to_report": ""}
    later.write_text(table_text([ACMG, added]))
    rows = germline.import_acmg_sf(primary, "acmg", "3.1", later, "second_hand")["germline_genes"]
    assert [
        (row["gene"], row["list_version"], row["condition"], row["inheritance"], row["report"],
         row["source_id"])
        for row in rows
    ] == [
        ("RET", "3.1", "MEN2A; Thyroid cancer", "AD", "All P and LP", "acmg"),
        ("PLN", "3.3", "MEN2A", "AD", None, "second_hand"),
    ]  # fmt: skip


def test_the_panel_names_genes_without_markup(tmp_path: Path):
    row = {"GENE": "<a href='x'>BRCA2</a>", "CPG_MOI": "AD", "CPG_PHENOTYPES": "NA"}
    path = write_gzip(tmp_path / "panel.gz", table_text([row]))
    (gene,) = germline.import_predisposition_panel(path, "made", "0")["germline_genes"]
    assert (gene["gene"], gene["inheritance"], gene["condition"]) == ("BRCA2", "AD", None)


def package(path: Path, name: str, content: bytes) -> Path:
    with tarfile.open(path, "w:gz") as archive:
        member = tarfile.TarInfo(f"package/{name}")
        member.size = len(content)
        archive.addfile(member, io.BytesIO(content))
    return path


def test_codes_are_those_whose_display_is_a_term(tmp_path: Path):
    value = {
        "compose": {
            "include": [
                {
                    "system": "http://loinc.org",
                    "concept": [
                        {"code": "LA9657-3", "display": "Poor metabolizer"},
                        {"code": "LA6675-8", "display": "Benign"},
                    ],
                },
                {"system": "other", "concept": [{"code": "1", "display": "Indeterminate"}]},
            ]
        }
    }
    path = package(
        tmp_path / "package.tgz",
        "ValueSet-genetic-therapeutic-implications-vs.json",
        json.dumps(value).encode(),
    )
    terms = ["Poor Metabolizer", "Indeterminate", "Poor Function"]
    assert phenotype_codes.import_phenotype_codes(path, "hl7", terms)["phenotype_codes"] == [
        {"phenotype": "Poor Metabolizer", "answer_code": "LA9657-3", "source_id": "hl7"}
    ]


def test_another_package_is_told(tmp_path: Path):
    path = package(tmp_path / "package.tgz", "other.json", b"{}")
    with pytest.raises(ResourceError, match="no ValueSet-genetic"):
        phenotype_codes.import_phenotype_codes(path, "hl7", [])
    path.write_bytes(path.read_bytes()[:40])
    with pytest.raises(ResourceError, match="cannot be read"):
        phenotype_codes.import_phenotype_codes(path, "hl7", [])
