from __future__ import annotations

import gzip
import json

import pytest

from apothecary import tables
from apothecary.errors import WorkflowInputError
from apothecary.knowledge.importers.pharmcat_definitions import (
    import_definitions,
    read_rules,
)
from apothecary.knowledge.importers.pharmcat_phenotypes import import_phenotypes, with_functions
from apothecary.knowledge.schemas import PACK

POSITION = {
    "chromosome": "chr1",
    "position": 100,
    "rsid": "rs1",
    "chromosomeHgvsName": "g.100delinsTT",
    "cpicAlleles": ["A", "TT"],
    "cpicToVcfAlleleMap": {"A": "CA", "TT": "CTT"},
    "ref": "CA",
    "alts": ["CTT"],
}


def _definition(**more):
    return {
        "gene": "GENE1",
        "version": "7",
        "variants": [POSITION],
        "namedAlleles": [
            {"name": "*1", "reference": True, "alleles": ["CA"]},
            {"name": "*2", "reference": False, "alleles": ["CTT"], "corePositions": [100]},
        ],
        **more,
    }


def _write(folder, name, content):
    data = json.dumps(content).encode()
    path = folder / name
    path.write_bytes(gzip.compress(data) if name.endswith(".gz") else data)
    return path


def _check(made):
    for name, rows in made.items():
        if name in PACK:
            tables.to_arrow(PACK[name], rows)


def test_definition_of_a_gene(tmp_path) -> None:
    made = import_definitions(_write(tmp_path, "d.json.gz", _definition()), "s")
    _check(made)
    assert made["pgx_positions"][0]["position_id"] == "chr1:100:CA"
    assert [(r["allele"], r["bases"], r["core"]) for r in made["pgx_allele_bases"]] == [
        ("*1", "CA", False),
        ("*2", "CTT", True),
    ]


def test_older_files_spell_bases_in_their_own_way(tmp_path) -> None:
    named = [
        {"name": "*1", "reference": True, "cpicAlleles": ["A"]},
        {"name": "*2", "cpicAlleles": ["TT"]},
    ]
    old = {**_definition(namedAlleles=named), "version": None, "dataVersion": "v1"}
    made = import_definitions(_write(tmp_path, "d.json", old), "s")
    _check(made)
    assert [row["bases"] for row in made["pgx_allele_bases"]] == ["CA", "CTT"]
    assert made["pgx_genes"][0]["version"] == "v1"


def test_exemptions_and_rules(tmp_path) -> None:
    _write(tmp_path, "GENE1_translation.json", _definition())
    extra = {**POSITION, "position": 300, "ref": "G", "alts": ["A"]}
    exemption = {
        "requiredPositions": [100],
        "ignoredPositions": [],
        "extraPositions": [extra],
        "ignoredAlleles": ["*2"],
        "amp1Alleles": ["*2"],
        "amp1Positions": [100],
        "unphasedDiplotypePriorities": [{"id": "a|b", "list": ["a", "b"], "pick": "b"}],
    }
    _write(tmp_path, "exemptions.json.gz", {"GENE1": exemption})
    rules = [
        {"gene": "GENE1", "rule": "kind", "value": "lowest_function"},
        {"gene": "HLA-B", "rule": "kind", "value": "outside_only"},
    ]
    made = import_definitions(tmp_path, "s", rules)
    _check(made)
    assert [(r["gene"], r["kind"]) for r in made["pgx_genes"]] == [
        ("GENE1", "lowest_function"),
        ("HLA-B", "outside_only"),
    ]
    assert [(r["pos"], r["role"], r["required"]) for r in made["pgx_positions"]] == [
        (100, "defining", True),
        (300, "extra", False),
    ]
    assert [r["ignored"] for r in made["pgx_alleles"]] == [False, True]
    assert made["pgx_priorities"][0]["pick"] == "b"


@pytest.mark.parametrize(
    ("content", "text"),
    [
        ({"gene": "GENE1"}, "a definition has variants"),
        (_definition(variants=[]), "1 bases for 0 positions"),
        (_definition(namedAlleles=[]), "not one reference allele"),
        ([], "no JSON object"),
    ],
)
def test_file_that_is_no_definition(tmp_path, content, text) -> None:
    with pytest.raises(WorkflowInputError, match=text):
        import_definitions(_write(tmp_path, "d.json", content), "s")


def test_file_that_is_no_json(tmp_path) -> None:
    path = tmp_path / "d.json"
    path.write_bytes(b"\x1f\x8bnot gzip")
    with pytest.raises(WorkflowInputError, match="not readable as JSON"):
        import_definitions(path, "s")


def _diplotype(phenotype, **alleles):
    counts = {name.replace("_", "*"): count for name, count in alleles.items()}
    return {"generesult": phenotype, "lookupkey": phenotype, "diplotypekey": counts}


def test_diplotypes_become_rules_and_exceptions(tmp_path) -> None:
    haplotypes = {"*1": "Normal", "*2": "None", "*3": "None"}
    diplotypes = [
        _diplotype("NM", _1=2),
        _diplotype("IM", _1=1, _2=1),
        _diplotype("IM", _1=1, _3=1),
        _diplotype("PM", _2=2),
        _diplotype("PM", _2=1, _3=1),
        _diplotype("odd", _3=2),
    ]
    content = {"gene": "GENE1", "haplotypes": haplotypes, "diplotypes": diplotypes}
    _write(tmp_path, "GENE1.json", content)
    made = import_phenotypes(tmp_path, {"": "p"})
    rules = {(r["key_1"], r["key_2"]): r["phenotype"] for r in made["pgx_phenotype_rules"]}
    assert rules == {
        ("Normal", "Normal"): "NM",
        ("None", "Normal"): "IM",
        ("None", "None"): "PM",
    }
    exceptions = made["pgx_phenotype_exceptions"]
    assert [(r["allele_1"], r["allele_2"], r["phenotype"]) for r in exceptions] == [
        ("*3", "*3", "odd")
    ]
    folder = tmp_path / "definitions"
    folder.mkdir()
    whole = with_functions(import_definitions(_write(folder, "d.json", _definition()), "s"), made)
    _check(whole)
    assert [(r["allele"], r["function"], r["defined"]) for r in whole["pgx_alleles"]] == [
        ("*1", "Normal", True),
        ("*2", "None", True),
        ("*3", "None", False),
    ]


@pytest.mark.shared
def test_every_upstream_diplotype_is_given_back(shared, repository) -> None:
    folder = shared / "knowledge" / "pgx" / "phenotypes"
    rules = read_rules(repository / "resources" / "pharmacogene_rules.tsv")
    made = import_phenotypes(folder, {"": "p"}, rules)
    keys = {(r["gene"], r["allele"]): r["lookup_key"] for r in made["functions"]}
    by_keys = {(r["gene"], r["key_1"], r["key_2"]): r for r in made["pgx_phenotype_rules"]}
    by_names = {
        (r["gene"], r["allele_1"], r["allele_2"]): r for r in made["pgx_phenotype_exceptions"]
    }
    renamed = dict(r["value"].split("=") for r in rules if r["rule"] == "renamed_allele")
    count = 0
    for file in sorted(folder.iterdir()):
        content = json.loads(gzip.decompress(file.read_bytes()))
        gene = content["gene"]
        for diplotype in content["diplotypes"]:
            pairs = diplotype["diplotypekey"].items()
            names = sorted(renamed.get(name, name) for name, n in pairs for _ in range(n))
            found = by_names.get((gene, *[*names, ""][:2]))
            if found is None:
                pair = [*sorted(keys[gene, name] for name in names), ""][:2]
                found = by_keys[gene, pair[0], pair[1]]
            expected = diplotype.get("phenotype") or diplotype["generesult"]
            assert (found["phenotype"], found["lookup_key"]) == (expected, diplotype["lookupkey"])
            count += 1
    assert count > 50_000
