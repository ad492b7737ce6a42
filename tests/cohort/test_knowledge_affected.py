"""Newer knowledge held against past runs: whom it touches, what it cannot tell, how it ends."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import pytest
from cohort_runs import with_manifest
from knowledge_builders import Tables, small_tables, write_tables
from run_builder import RunBuilder

from apothecary import schemas, tables
from apothecary.cli import main
from apothecary.cohort.affected import affected
from apothecary.errors import WorkflowInputError
from apothecary.knowledge import build
from apothecary.knowledge import pack as knowledge

LOCUS = {"chrom": "chr7", "pos": 140753336, "ref": "A", "alt": "T"}


def old_tables() -> Tables:
    """A gene of two functions with guidance for the poor metabolizer, and an evidence item."""
    made = small_tables()
    rule = made["pgx_phenotype_rules"][0]
    made["pgx_phenotype_rules"] += [
        {
            **rule,
            "key_1": other,
            "key_2": "Normal function",
            "phenotype": phenotype,
            "lookup_key": phenotype,
        }
        for other, phenotype in (
            ("Normal function", "Normal Metabolizer"),
            ("No function", "Intermediate Metabolizer"),
        )
    ]
    made["phenotype_terms"] += [
        {"phenotype": name, "source_id": "made"}
        for name in ("Normal Metabolizer", "Intermediate Metabolizer")
    ]
    made["civic_evidence"][0] |= {"molecular_profile": "BRAF V600E", "disease": "Melanoma"}
    made["oncotree"] = [
        {
            "code": "MEL",
            "name": "Melanoma",
            "main_type": "Melanoma",
            "tissue": "Skin",
            "source_id": "made",
        }
    ]
    made["diseases"] = [
        {
            "name": "Melanoma",
            "doid": "",
            "scope": "code",
            "code": "MEL",
            "main_type": "",
            "tissue": "",
            "source_id": "made",
        }
    ]
    return made


def pack(folder: Path, made: Tables) -> Path:
    build.build(write_tables(folder / "tables", made), folder / "pack")
    return folder / "pack"


@pytest.fixture(scope="module")
def old(tmp_path_factory) -> Path:
    return pack(tmp_path_factory.mktemp("old"), old_tables())


@pytest.fixture(scope="module")
def results(tmp_path_factory, old, repository) -> Path:
    """A poor, an intermediate and a normal metabolizer, of whom one takes it, and a melanoma."""
    made = RunBuilder()
    pairs = {"POOR": ("*2", "*2"), "INTERMEDIATE": ("*1", "*2"), "NORMAL": ("*1", "*1")}
    for name, (first, second) in pairs.items():
        made.sample(name, batch="7", subject_id=f"P-{name}").consent(f"P-{name}", "pharmacogenes")
        made.add(
            "diplotypes",
            sample_id=name,
            gene="CYP9Z9",
            rank=1,
            diplotype=f"{first}/{second}",
            allele_1=first,
            allele_2=second,
            method="compatible",
        )
    made.add(
        "medicines",
        subject_id="P-POOR",
        medicine="madeupine",
        part=1,
        drug="madeupine",
        matched_by="name",
    )
    made.sample("TUMOR", role="tumor", tumor_type="MEL", format="vcf").consent("TUMOR", "tumor")
    made.add(
        "variants",
        **{"sample_id": "TUMOR", **LOCUS, "record": 9, "build": "GRCh38", "allele_index": 1},
        genotype="0/1",
        vaf=0.3,
        depth=200,
        filters="PASS",
        fate="kept",
    )
    made.add(
        "consequences",
        **{**LOCUS, "build": "GRCh38", "transcript": "T", "gene": "BRAF", "method": "csq"},
        consequence="missense_variant",
        protein_change="V600E",
        codon=600,
        mane=True,
    )
    config = settings(repository)
    folder = tmp_path_factory.mktemp("run") / "results"
    return with_manifest(made, folder, knowledge=knowledge.load(old).digest, config=config)


def settings(repository: Path) -> dict[str, Any]:
    from apothecary import settings as reading
    from apothecary import sheets

    schema = sheets.load_schema(repository / "workflow" / "schemas" / "config.schema.yaml")
    given = reading.read(repository / "config" / "config.yaml")
    return reading.check(given, schema, "config")


def told(found: Any) -> list[tuple[str, str, str, str]]:
    return [(row["sample_id"], row["about"], row["before"], row["after"]) for row in found.rows]


def test_the_same_knowledge_changes_nothing(results, old, repository):
    found = affected(old, old, [results], repository)
    assert (list(found.rows), found.persons, list(found.notes)) == ([], 4, [])


def test_that_germline_variants_are_not_classified_again_is_told(tmp_path, old, repository):
    made = RunBuilder()
    made.sample("S").consent("S", "germline")
    made.add("germline_findings", sample_id="S", gene="BRCA2", **LOCUS)
    digest = knowledge.load(old).digest
    folder = with_manifest(
        made, tmp_path / "results", knowledge=digest, config=settings(repository)
    )
    changed = old_tables()
    changed["gene_mechanisms"] = [
        {"gene": "BRCA2", "mechanism": "loss_of_function", "source_id": "made"}
    ]
    assert list(affected(old, old, [folder], repository).notes) == []
    (note,) = affected(old, pack(tmp_path / "new", changed), [folder], repository).notes
    assert "germline variants of 1 persons were classified by other gene_mechanisms" in note


def test_another_recommendation_reaches_those_with_the_phenotype(
    results, old, repository, tmp_path
):
    made = old_tables()
    made["guidance"][0]["action"] = "alternative"
    found = affected(old, pack(tmp_path, made), [results], repository)
    assert [(row["sample_id"], row["weight"]) for row in found.rows] == [("POOR", 1)]
    assert told(found) == [
        ("POOR", "madeupine, CPIC", "avoid (taken)", "alternative (taken)"),
    ]


def test_another_function_of_an_allele_reaches_those_with_the_allele(
    results, old, repository, tmp_path
):
    made = old_tables()
    made["pgx_alleles"][1] |= {"function": "Normal function", "lookup_key": "Normal function"}
    found = affected(old, pack(tmp_path, made), [results], repository)
    phenotypes = [row for row in told(found) if row[1] == "CYP9Z9"]
    assert phenotypes == [
        ("INTERMEDIATE", "CYP9Z9", "Intermediate Metabolizer", "Normal Metabolizer"),
        ("POOR", "CYP9Z9", "Poor Metabolizer", "Normal Metabolizer"),
    ]
    assert ("POOR", "madeupine, CPIC", "avoid (taken)", "") in told(found)
    assert not any(row[0] == "NORMAL" for row in told(found))


def test_another_evidence_item_reaches_the_tumor_with_the_change(
    results, old, repository, tmp_path
):
    made = old_tables()
    made["civic_evidence"][0]["level"] = "A"
    [(sample, about, before, after)] = told(
        affected(old, pack(tmp_path, made), [results], repository)
    )
    assert sample == "TUMOR"
    assert about.startswith("BRAF V600E")
    assert "level B" in before
    assert "level A" in after


def test_the_command_writes_the_changes_and_ends_as_compare_does(results, old, tmp_path, capsys):
    made = old_tables()
    made["guidance"][0]["action"] = "alternative"
    made["pgx_allele_bases"][0]["bases"] = "T"
    new, out = pack(tmp_path, made), tmp_path / "out"
    words = ["knowledge", "affected", "--from", str(old), "--to", str(new), str(results)]
    assert main([*words, "--out", str(out)]) == 5
    said = capsys.readouterr()
    assert said.out.startswith("something changes for 1 of 4 persons\n")
    assert "another action for a medicine that is taken (1)" in said.out
    assert "the definitions of CYP9Z9 differ: run again" in said.err
    rows = tables.read_rows(out / "knowledge_effects.parquet", schemas.TABLES["knowledge_effects"])
    with (out / "knowledge_effects.tsv").open(encoding="utf-8", newline="") as stream:
        written = list(csv.DictReader(stream, delimiter="\t"))
    assert [{k: str(v) for k, v in row.items()} for row in rows] == written
    assert written[0]["subject_id"] == "P-POOR"
    page = (out / "knowledge_effects.html").read_text(encoding="utf-8")
    assert "avoid (taken)" in page
    assert "the definitions of CYP9Z9 differ" in page
    assert main(["knowledge", "affected", "--from", str(old), "--to", str(old), str(results)]) == 0


def test_results_of_other_knowledge_are_told(results, old, repository, tmp_path):
    made = old_tables()
    made["guidance"][0]["strength"] = "Moderate"
    new = pack(tmp_path, made)
    found = affected(new, old, [results], repository)
    assert any("made with knowledge" in note for note in found.notes)
    assert told(found)


def test_results_without_a_manifest_are_refused(old, repository, tmp_path):
    folder = RunBuilder().sample("S1").write(tmp_path / "results")
    with pytest.raises(WorkflowInputError, match=r"no manifest\.json"):
        affected(old, old, [folder], repository)
