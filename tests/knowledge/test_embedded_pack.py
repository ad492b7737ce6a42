"""The embedded pack is a real one: what it holds, under which licence, and that it is as locked."""

from __future__ import annotations

import os
from collections import Counter, defaultdict
from pathlib import Path

import pytest

from apothecary.knowledge import build, curate, diff, lock, pack, tsv
from apothecary.knowledge.importers.upstream import read_table
from apothecary.knowledge.schemas import PACK

GENES = {
    "ABCG2", "CACNA1S", "CFTR", "CYP2B6", "CYP2C19", "CYP2C9", "CYP2D6", "CYP3A4", "CYP3A5",
    "CYP4F2", "DPYD", "G6PD", "IFNL3", "MT-RNR1", "NAT2", "NUDT15", "RYR1", "SLCO1B1", "TPMT",
    "UGT1A1", "VKORC1",
}  # fmt: skip
# Membership by the published lists: genes of 3.1, and what 3.2 and 3.3 add.
ACMG_ADDED_3_1 = {"BAG3", "DES", "RBM20", "TNNC1", "TTR"}
ACMG_LATER = {
    "CALM1": "3.2", "CALM2": "3.2", "CALM3": "3.2", "ABCD1": "3.3", "CYP27A1": "3.3", "PLN": "3.3",
}  # fmt: skip
SOME_ACMG = {
    "APC", "BRCA1", "BRCA2", "BTD", "HFE", "KCNH2", "LDLR", "MLH1", "MSH2", "MYBPC3", "MYH7",
    "PALB2", "PCSK9", "RB1", "RET", "RPE65", "RYR1", "SCN5A", "TP53", "TTN", "VHL",
}  # fmt: skip


SOURCES = ("CPIC", "DPWG", "FDA")


@pytest.fixture(scope="module")
def tables(repository: Path) -> Path:
    return repository / "resources" / "knowledge"


@pytest.fixture(scope="module")
def embedded(tables: Path, tmp_path_factory) -> pack.Pack:
    return build.build(tables, tmp_path_factory.mktemp("embedded"))


def test_tables_and_pack_are_as_locked(tables: Path, repository: Path, embedded: pack.Pack):
    lock_file = repository / "resources" / "knowledge.lock"
    locked = lock.verify_source(tables, lock_file)
    lock.verify_pack(embedded.folder, lock_file)
    assert locked.digest == embedded.digest
    assert lock.is_current(embedded.folder, lock_file)


def test_every_pharmacogene_has_alleles_positions_and_functions(embedded: pack.Pack):
    rows = [row for row in embedded.rows("pgx_positions") if row["role"] == "defining"]
    research = {row["gene"] for row in embedded.rows("pgx_genes") if row["research"]}
    assert {row["gene"] for row in rows} == GENES | research
    assert sum(row["gene"] in GENES for row in rows) == 1223
    outside = {row["gene"] for row in embedded.rows("pgx_genes")} - GENES - research
    assert outside == {"HLA-A", "HLA-B"}
    references = Counter(row["gene"] for row in embedded.rows("pgx_alleles") if row["reference"])
    assert references == dict.fromkeys(GENES | research, 1)
    with_function = {row["gene"] for row in embedded.rows("pgx_alleles") if row["function"]}
    # No release of CYP4F2, HLA-A and HLA-B functions is among the sources.
    assert with_function >= GENES - {"CYP4F2"}
    with_phenotype = {row["gene"] for row in embedded.rows("pgx_phenotype_rules")}
    assert GENES - with_phenotype <= {"CYP4F2", "IFNL3"}


def test_research_genes_are_those_of_pypgx_that_no_guideline_looks_at(embedded: pack.Pack):
    genes = {row["gene"]: row for row in embedded.rows("pgx_genes")}
    research = {name for name, row in genes.items() if row["research"]}
    assert len(research) == 64
    assert all(genes[name]["source_id"] == "pypgx" for name in research)
    guidelines = [row for row in embedded.rows("guidance") if row["source"] in ("CPIC", "DPWG")]
    guided = {gene for row in guidelines for gene in row["genes"]}
    assert not research & guided
    left_out = {row["gene"] for row in embedded.rows("pgx_rules") if row["rule"] == "left_out"}
    assert left_out == {"APOE", "GSTT1", "UGT2B17"}
    assert not left_out & genes.keys()
    alleles = embedded.rows("pgx_alleles")
    assert not any(row["lookup_key"] for row in alleles if row["gene"] in research)
    structural = {(row["gene"], row["allele"]) for row in alleles if row["structural"]}
    assert {("CYP2A6", "*4"), ("GSTM1", "*0")} <= structural
    unseen = {row["gene"] for row in embedded.rows("pgx_rules") if row["rule"] == "unseen"}
    assert {"CYP2A6", "GSTM1", "SULT1A1"} <= unseen


def test_positions_have_both_builds_and_the_known_differences(embedded: pack.Pack):
    rows = embedded.rows("pgx_positions")
    assert all(row["pos_grch37"] and row["ref_grch37"] and row["grch37_source_id"] for row in rows)
    assert {
        row["rsid"]: (row["gene"], row["ref"], row["ref_grch37"], row["pos_grch37"])
        for row in rows
        if row["ref"] != row["ref_grch37"]
    } == {
        "rs1056836": ("CYP1B1", "G", "C", 38298203),
        "rs1809810": ("CYP2A6", "T", "A", 41350664),
        "rs2257401": ("CYP3A7", "G", "C", 99306685),
        "rs5768": ("TBXAS1", "C", "A", 139653196),
        "rs6025": ("F5", "C", "T", 169519049),
        "rs3758581": ("CYP2C19", "A", "G", 96602623),
        "rs1135840": ("CYP2D6", "C", "G", 42522613),
        "rs16947": ("CYP2D6", "G", "A", 42523943),
        "rs1058164": ("CYP2D6", "C", "G", 42525132),
        "rs776746": ("CYP3A5", "T", "C", 99270539),
        "rs1801265": ("DPYD", "A", "G", 98348885),
        "rs2230037": ("G6PD", "A", "G", 153760654),
    }
    assert all(len(row["ref"]) == len(row["ref_grch37"]) for row in rows)


def test_civic_evidence_is_whole_and_marked(embedded: pack.Pack):
    rows = embedded.rows("civic_evidence")
    assert len(rows) == 4854
    assert Counter(row["evidence_type"] for row in rows) == {
        "Predictive": 2844, "Predisposing": 681, "Prognostic": 536, "Diagnostic": 498,
        "Functional": 160, "Oncogenic": 135,
    }  # fmt: skip
    assert sum(row["direction"] == "Does Not Support" for row in rows) == 515
    assert sum(row["flagged"] for row in rows) == 153


def test_every_disease_of_strong_predictive_evidence_has_a_place(embedded: pack.Pack):
    scopes = defaultdict(set)
    for row in embedded.rows("diseases"):
        scopes[row["doid"], row["name"]].add(row["scope"])
    for row in embedded.rows("civic_evidence"):
        if row["disease"] is None:
            continue
        found = scopes[row["doid"] or "", row["disease"]]
        assert found
        if row["evidence_type"] == "Predictive" and row["level"] in {"A", "B"}:
            assert not found & {"tissue", "none"}, row["disease"]


def test_places_of_diseases_are_those_of_oncotree(embedded: pack.Pack):
    types = {row["code"]: (row["main_type"], row["tissue"]) for row in embedded.rows("oncotree")}
    assert len(types) == 884
    for row in embedded.rows("diseases"):
        if row["code"]:
            assert (row["main_type"], row["tissue"]) == types[row["code"]]
        elif row["main_type"]:
            assert (row["main_type"], row["tissue"]) in types.values()


@pytest.mark.parametrize(
    ("name", "code", "covered"),
    [
        ("Colorectal Cancer", "COAD", True),
        ("Colorectal Cancer", "STAD", False),
        ("Lung Non-small Cell Carcinoma", "LUAD", True),
        ("Lung Non-small Cell Carcinoma", "SCLC", False),
        ("Melanoma", "SKCM", True),
        ("Melanoma", "UM", True),
        ("Chronic Myeloid Leukemia", "AML", False),
        ("Acute Myeloid Leukemia", "AMLNPM1", True),
        ("Her2-receptor Positive Breast Cancer", "IDC", True),
        ("Gastrointestinal Stromal Tumor", "GIST", True),
    ],
)
def test_what_a_disease_covers(embedded: pack.Pack, name, code, covered):
    main_type = {row["code"]: row["main_type"] for row in embedded.rows("oncotree")}[code]
    rows = [row for row in embedded.rows("diseases") if row["name"] == name]
    assert rows
    found = any(
        row["code"] == code if row["scope"] == "code" else row["main_type"] == main_type
        for row in rows
    )
    assert found is covered


def test_known_variants_are_where_they_are(embedded: pack.Pack):
    places = {
        (row["gene"], row["protein_change"]): (row["chrom"], row["pos"], row["ref"], row["alt"])
        for row in embedded.rows("known_variants")
        if len(row["ref"]) == 1
    }
    assert places["BRAF", "V600E"] == ("chr7", 140753336, "A", "T")
    assert places["TP53", "R175H"] == ("chr17", 7675088, "C", "T")
    assert len(embedded.rows("known_variants")) > 3000
    residues = {
        (row["gene"], row["residue"], row["change"]) for row in embedded.rows("hotspot_residues")
    }
    assert ("BRAF", "V600", "E") in residues
    assert ("KRAS", "G12", "D") in residues


def test_acmg_list_by_size_and_membership(embedded: pack.Pack):
    rows = {row["gene"]: row for row in embedded.rows("germline_genes")
            if row["list_id"] == "acmg_sf"}  # fmt: skip
    assert sum(row["list_version"] == "3.1" for row in rows.values()) == 78
    assert rows.keys() >= SOME_ACMG | ACMG_ADDED_3_1
    later = {
        gene: row["list_version"] for gene, row in rows.items() if row["list_version"] != "3.1"
    }
    assert later == ACMG_LATER
    assert {rows[gene]["source_id"] for gene in later} == {"acmg_sf_additions"}
    (source,) = [row for row in embedded.rows("sources") if row["source_id"] == "acmg_sf_additions"]
    assert "not verified" in source["attribution"]
    predisposition = {row["gene"] for row in embedded.rows("germline_genes")
                      if row["list_id"] == "predisposition"}  # fmt: skip
    assert len(predisposition) == 555
    assert predisposition >= {"BRCA1", "BRCA2", "TP53", "MLH1", "APC", "ATM", "CHEK2", "PALB2"}


def test_guidance_in_fields(embedded: pack.Pack):
    rows = embedded.rows("guidance")
    ids = {source: {r["guidance_id"] for r in rows if r["source"] == source} for source in SOURCES}
    assert sum(map(len, ids.values())) == len({row["guidance_id"] for row in rows})
    assert len(ids["CPIC"] | ids["DPWG"]) == 2585
    assert len(ids["FDA"]) == 127
    assert {row["source"] for row in rows} == set(SOURCES)
    assert {bool(row["effects"]) for row in rows if row["source"] == "FDA"} == {True}
    counts = Counter(row["action"] for row in rows)
    assert counts["see_guideline"] < len(rows) / 4
    assert all(row["link"].startswith("https://") for row in rows)
    assert embedded.rows("guidance_text") == []


@pytest.mark.parametrize(
    ("drug", "source", "gene", "key", "said"),
    [
        ("fluorouracil", "CPIC", "DPYD", "0.0", {("avoid", None)}),
        ("fluorouracil", "CPIC", "DPYD", "1.0", {("change_dose", "50 % of the starting dose")}),
        ("fluorouracil", "CPIC", "DPYD", "2.0", {("standard_dosing", None)}),
        (
            "fluorouracil",
            "DPWG",
            "DPYD",
            "1.0",
            {("change_dose", "50 % of the starting dose"), ("see_guideline", None)},
        ),
        ("codeine", "CPIC", "CYP2D6", "0.0", {("avoid", None)}),
        ("clopidogrel", "FDA", "CYP2C19", "Poor Metabolizer", {("alternative", None)}),
        ("iloperidone", "FDA", "CYP2D6", "Poor Metabolizer", {("change_dose", "50 %")}),
        ("abacavir", "FDA", "HLA-B", "*57:01 positive", {("avoid", None)}),
        ("azathioprine", "FDA", "NUDT15", "Intermediate Metabolizer", {("change_dose", None)}),
        ("azathioprine", "FDA", "TPMT", "Poor Metabolizer", {("alternative", None)}),
        ("siponimod", "FDA", "CYP2C9", "*3", {("avoid", None)}),
        ("omeprazole", "FDA", "CYP2C19", "Poor Metabolizer", {("no_recommendation", None)}),
        ("codeine", "CPIC", "CYP2D6", "2.0", {("standard_dosing", None)}),
        ("clopidogrel", "DPWG", "CYP2C19", "Normal Metabolizer", {("no_recommendation", None)}),
        ("abacavir", "CPIC", "HLA-B", "*57:01 positive", {("avoid", None)}),
        ("abacavir", "CPIC", "HLA-B", "*57:01 negative", {("standard_dosing", None)}),
        ("haloperidol", "DPWG", "CYP2D6", "0.0", {("change_dose", "60 %")}),
        ("siponimod", "DPWG", "CYP2C9", "Poor Metabolizer", {("avoid", None)}),
    ],
)
def test_what_guidance_says(embedded: pack.Pack, drug, source, gene, key, said):
    found = {(row["guidance_id"], row["drug"]): row for row in embedded.rows("guidance")}
    assert {
        (row["action"], row["dose_change"])
        for keyed in embedded.rows("guidance_keys")
        if (keyed["drug"], keyed["gene"], keyed["key"]) == (drug, gene, key)
        and (row := found[keyed["guidance_id"], drug])["source"] == source
    } == {*said}


def test_answer_codes(embedded: pack.Pack):
    codes = {row["phenotype"]: row["answer_code"] for row in embedded.rows("phenotype_codes")}
    assert codes["Poor Metabolizer"] == "LA9657-3"
    assert codes["Ultrarapid Metabolizer"] == "LA10315-2"
    assert "Indeterminate" not in codes


def test_every_source_is_used_and_has_its_licence(embedded: pack.Pack):
    used = {
        value
        for name in PACK
        if name != "sources"
        for row in embedded.rows(name)
        for column, value in row.items()
        if column.endswith("source_id") and value
    }
    sources = {row["source_id"]: row for row in embedded.rows("sources")}
    assert set(sources) == used
    assert all(len(row["sha256"]) == 64 for row in sources.values())
    assert sources["civic"]["licence"] == "CC0-1.0"
    assert sources["cancerhotspots"]["licence"] == "ODbL-1.0"
    assert sources["pharmcat_definitions"]["licence"] == "CC-BY-SA-4.0"


def test_every_table_is_told_in_the_readme_and_the_whole_is_small(tables: Path):
    readme = (tables / "README.md").read_text()
    for path in tables.glob("*.tsv*"):
        assert f"`{path.name.split('.')[0]}`" in readme or path.name.startswith("sources")
    assert sum(path.stat().st_size for path in tables.rglob("*") if path.is_file()) < 6_000_000
    for path in tables.glob("*.tsv"):
        assert path.stat().st_size <= tsv.PLAIN_BYTES


def test_curated_diseases_are_those_of_the_evidence(tables: Path, embedded: pack.Pack):
    known = {(row["doid"] or "", row["disease"]) for row in embedded.rows("civic_evidence")}
    curated = read_table(tables / "curation" / "disease_map.tsv", ("doid", "name"))
    assert {(row["doid"], row["name"]) for row in curated} <= known


def test_frequency_rules_are_of_ten_genes(embedded: pack.Pack):
    rows = {(row["gene"], row["code"]): row for row in embedded.rows("frequency_rules")}
    assert Counter(code for _, code in rows) == {"BA1": 10, "BS1": 10, "BS1_SUPP": 2}
    assert {gene for gene, _ in rows} == {
        "APC", "ATM", "BRCA1", "BRCA2", "MLH1", "MSH2", "MSH6", "PALB2", "PMS2", "TP53"
    }  # fmt: skip
    # Between the two rules of PMS2 there is a gap, and PALB2 has no version.
    assert rows["PMS2", "BS1"]["below"] < rows["PMS2", "BA1"]["above"]
    assert rows["PALB2", "BA1"]["rule_version"] is None
    assert all(row["above_included"] for (gene, _), row in rows.items() if gene == "TP53")


@pytest.mark.shared
def test_the_embedded_tables_are_a_fresh_import(
    shared: Path, repository: Path, embedded: pack.Pack, tmp_path: Path
):
    """Some upstream tables are carried by packages, and are not files of the shared folder.

    `APOTHECARY_UPSTREAM` names a folder with them in `pypi/`; without it the tables that need one
    of them are taken over as they are.
    """
    packages = os.environ.get("APOTHECARY_UPSTREAM")
    resources = repository / "resources"
    upstream = curate.open_upstream(
        resources / "knowledge" / "curation",
        [shared / "knowledge", shared / "data", *([Path(packages)] if packages else [])],
        resources / "pharmacogene_rules.tsv",
    )
    fresh = curate.curate(upstream, {name: embedded.rows(name) for name in PACK})
    needing = {
        "alleles and phenotypes",
        "allele frequencies",
        "exons",
        "gene regions",
        "silent bases of alleles",
        "evidence of oncogenicity",
        "population frequencies",
    }
    needing = set() if packages else needing
    assert set(fresh.kept) == needing
    for table in PACK.values():
        if table.name in build.OPTIONAL:
            continue
        made = tsv.write(tmp_path / "tables", table, fresh.tables[table.name])
        committed = tsv.find(resources / "knowledge", table)
        assert committed is not None
        assert made.read_bytes() == committed.read_bytes(), table.name
    other = build.build(tmp_path / "tables", tmp_path / "pack")
    assert diff.diff(embedded, other) == []
