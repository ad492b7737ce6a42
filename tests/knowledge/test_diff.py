"""Comparison of packs in clinical words."""

from __future__ import annotations

from pathlib import Path

import pytest
from knowledge_builders import small_tables, write_tables

from apothecary.knowledge import build, diff


@pytest.fixture
def changed(tmp_path: Path):
    """Lines of the comparison of the small pack with what a change makes of it."""

    def lines(change) -> list[str]:
        tables = small_tables()
        before = build.build(write_tables(tmp_path / "a", tables), tmp_path / "pack_a")
        change(tables)
        after = build.build(write_tables(tmp_path / "b", tables), tmp_path / "pack_b")
        changes = diff.diff(before, after)
        assert [row["subject"] for row in diff.rows(changes)] == [c.subject for c in changes]
        return [line.strip() for line in diff.render(changes)]

    return lines


def test_equal_packs_do_not_differ(changed):
    assert changed(lambda tables: None) == ["no difference"]


def test_a_function_and_an_activity_value(changed):
    def change(tables):
        tables["pgx_alleles"][1] |= {"function": "Decreased function", "activity_value": "0.5"}

    assert changed(change) == [
        "alleles: 2",
        "CYP9Z9 *2: activity value none -> 0.5",
        "CYP9Z9 *2: function No function -> Decreased function",
    ]


def test_an_allele_redefined(changed):
    def change(tables):
        tables["pgx_allele_bases"][0]["bases"] = "T"

    assert changed(change) == [
        "alleles: 1",
        "CYP9Z9 *2: definition chr10:100:A G -> chr10:100:A T",
    ]


def test_an_allele_added_and_one_removed(changed):
    def change(tables):
        tables["pgx_alleles"][1] |= {"allele": "*3"}
        tables["pgx_allele_bases"][0]["allele"] = "*3"

    assert changed(change) == [
        "alleles: 2",
        "CYP9Z9 *2: removed",
        "CYP9Z9 *3: added (has a definition yes, function No function)",
    ]


def test_a_phenotype(changed):
    def change(tables):
        tables["phenotype_terms"].append(
            {"phenotype": "Intermediate Metabolizer", "source_id": "made"}
        )
        tables["pgx_phenotype_rules"][0]["phenotype"] = "Intermediate Metabolizer"

    assert changed(change) == [
        "phenotypes: 1",
        "CYP9Z9 No function / No function: phenotype Poor Metabolizer -> Intermediate Metabolizer",
    ]


def test_guidance_under_new_identifiers_is_the_same_guidance(changed):
    def change(tables):
        tables["guidance"][0]["guidance_id"] = "G9"
        tables["guidance_keys"][0]["guidance_id"] = "G9"

    assert changed(change) == ["no difference"]


def test_guidance_that_says_something_else(changed):
    def change(tables):
        tables["guidance"][0] |= {
            "action": "change_dose",
            "dose_change": "50 %",
            "strength": "Moderate",
        }

    assert changed(change) == [
        "guidance: 1",
        "madeupine (CPIC): CYP9Z9 Poor Metabolizer [general]: recommendation "
        "avoid; strength Strong -> change dose; 50 %; strength Moderate",
    ]


def test_guidance_removed(changed):
    def change(tables):
        tables["guidance"], tables["guidance_keys"] = [], []

    assert changed(change) == [
        "guidance: 1",
        "madeupine (CPIC): CYP9Z9 Poor Metabolizer [general]: removed (avoid; strength Strong)",
    ]


def test_evidence(changed):
    def change(tables):
        tables["civic_evidence"][0] |= {"level": "C", "flagged": True, "significance": "Resistance"}

    assert changed(change) == [
        "evidence: 3",
        "EID1 GENE A1B: flagged by the editors no -> yes",
        "EID1 GENE A1B: level B -> C",
        "EID1 GENE A1B: significance Sensitivity/Response -> Resistance",
    ]


def test_hotspots_and_germline_genes(changed):
    def change(tables):
        tables["hotspot_residues"] = [
            {"gene": "A", "residue": "V600", "change": "E", "samples": 9, "source_id": "made"}
        ]
        tables["germline_genes"] = [
            {"gene": "B", "list_id": "acmg_sf", "list_version": "9", "source_id": "made"}
        ]

    assert changed(change) == [
        "germline genes: 1",
        "B (acmg_sf): added (list version 9)",
        "hotspots: 1",
        "A V600 E: added (tumors with it 9)",
    ]


def test_words_of_guidance(changed):
    def change(tables):
        tables["guidance_text"] = [
            {"guidance_id": "G1", "drug": "madeupine", "text": "<p>x</p>", "source_id": "made"}
        ]

    assert changed(change) == [
        "guidance: 1",
        "all drugs: recommendations with words 0 -> 1",
    ]
