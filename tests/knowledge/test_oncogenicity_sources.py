"""Domains and variants of UniProt, and germline mechanisms, from small made files."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest
from knowledge_builders import table_text

from apothecary.errors import ResourceError
from apothecary.knowledge.importers import civic, germline, uniprot

FOLDER = "trytond/modules/health_genetics_uniprot/data"


def test_domains_of_the_genes_asked_for_each_once(tmp_path: Path):
    path = tmp_path / "domains.json"
    ranges = {"TOY": ["G2-K40", "G2-K40", "M1-A9", "?-K4", "K9-A3"], "OTHER": ["A1-A2"]}
    path.write_text(json.dumps(ranges))
    rows = uniprot.import_domains(path, "uniprot_domains", {"TOY", "NONE"})["functional_domains"]
    assert [(row["gene"], row["start"], row["end"]) for row in rows] == [
        ("TOY", 1, 9),
        ("TOY", 2, 40),
    ]
    path.write_text("[]")
    with pytest.raises(ResourceError, match="not gene to ranges"):
        uniprot.import_domains(path, "uniprot_domains", {"TOY"})


def record(model: str, identifier: str, /, **fields: str) -> str:
    parts = [f'<field name="{key}">{value}</field>' for key, value in fields.items()]
    return f'<record model="{model}" id="{identifier}">{"".join(parts)}</record>'


def variant(name: str, gene: str, change: str, significance: str) -> str:
    text = record("v", name, variant=name, aa_change=change, significance=significance)
    field = f"<field name=\"gene\" search=\"[('name', '=', '{gene}')]\"/>"
    return text.replace("</record>", f"{field}</record>")


def phenotype(variant_name: str, disease: str) -> str:
    fields = (
        f'<field name="variant" ref="{variant_name}"/><field name="phenotype" ref="{disease}"/>'
    )
    return f'<record model="p" id="{variant_name}{disease}">{fields}</record>'


def files() -> dict[str, str]:
    def whole(*records: str) -> str:
        return f"<tryton><data>{''.join(records)}</data></tryton>"

    return {
        "protein_diseases.xml": whole(
            record("d", "DI-1", name="DI-1", disease_name="Toy Cancer 1"),
            record("d", "DI-2", name="DI-2", disease_name="Toy syndrome"),
        ),
        "variant_phenotypes.xml": whole(
            *(phenotype(f"VAR_{number}", "DI-1") for number in (1, 3, 4, 5)),
            phenotype("VAR_1", "DI-2"),
            phenotype("VAR_2", "DI-2"),
        ),
        "gene_variants.xml": whole(
            variant("VAR_1", "TOY", "p.Gly20Asp", "lpp"),
            variant("VAR_2", "TOY", "p.Gly21Asp", "lpp"),
            variant("VAR_3", "TOY", "p.Gly22Asp", "us"),
            variant("VAR_4", "OTHER", "p.Gly20Asp", "lpp"),
            variant("VAR_5", "TOY", "p.Gly23del", "lpp"),
        ),
    }


def wheel(folder: Path, members: dict[str, str]) -> Path:
    path = folder / "u.whl"
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in members.items():
            archive.writestr(f"{FOLDER}/{name}", text)
    return path


@pytest.fixture
def terms(tmp_path: Path) -> Path:
    path = tmp_path / "terms.tsv"
    path.write_text("term\tsource\ncancer\town\n")
    return path


def test_only_pathogenic_substitutions_in_neoplastic_conditions(tmp_path: Path, terms: Path):
    expected = {
        "gene": "TOY",
        "change": "G20D",
        "variant_id": "VAR_1",
        "conditions": ["Toy Cancer 1"],
        "source_id": "uniprot_variants",
    }
    read = uniprot.import_pathogenic_changes
    packed = wheel(tmp_path, files())
    assert read(packed, "uniprot_variants", {"TOY"}, terms) == {"pathogenic_changes": [expected]}
    unpacked = tmp_path / "unpacked"
    for name, text in files().items():
        path = unpacked / FOLDER / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    assert read(unpacked, "uniprot_variants", {"TOY"}, terms) == {"pathogenic_changes": [expected]}


def test_a_file_of_another_kind_is_told(tmp_path: Path, terms: Path):
    members = {**files(), "gene_variants.xml": "<tryton>"}
    with pytest.raises(ResourceError, match=r"gene_variants\.xml is not XML"):
        uniprot.import_pathogenic_changes(wheel(tmp_path, members), "u", {"TOY"}, terms)
    del members["gene_variants.xml"]
    with pytest.raises(ResourceError, match=r"no .*gene_variants\.xml in it"):
        uniprot.import_pathogenic_changes(wheel(tmp_path, members), "u", {"TOY"}, terms)


def test_mechanisms_of_the_panel(tmp_path: Path):
    path = tmp_path / "panel.tsv"
    link = "<a href='x' target='_blank'>{}</a>"
    rows = [("BRCA2", "LoF"), ("RET", "GoF"), ("BOTH", "GoF/LoF"), ("NONE", "NA")]
    path.write_text(table_text([{"GENE": link.format(g), "CPG_MOD": m} for g, m in rows]))
    found = germline.import_mechanisms(path, "cpsr_panel")["gene_mechanisms"]
    assert [(row["gene"], row["mechanism"]) for row in found] == [
        ("BOTH", "gain_of_function"),
        ("BOTH", "loss_of_function"),
        ("BRCA2", "loss_of_function"),
        ("RET", "gain_of_function"),
    ]


def test_genes_that_profiles_begin_with():
    names = ("BRAF V600E", "EML4::ALK Fusion", "v::NTRK1 Fusion")
    rows = [{"molecular_profile": name} for name in names]
    assert civic.genes_named(rows) == {"BRAF", "EML4", "ALK", "v", "NTRK1"}
