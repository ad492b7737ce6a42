"""Biomarkers of a tumor type: found, not found with a limit, not assessable with a reason."""

from __future__ import annotations

from typing import Any

import pytest
from oncogene_builders import BuiltPack, cases, consequence, evidence, index, sample, variant
from test_searched import exon, gate, spot

from apothecary import tables
from apothecary.oncogenes import cases as case_files
from apothecary.oncogenes import pertinent_negatives
from apothecary.oncogenes.schemas import PERTINENT_NEGATIVES
from apothecary.oncogenes.settings import Settings

BRAF = variant()
V600E = consequence(BRAF, "BRAF", "V600E")
READS = sample(format="bam")
Row = dict[str, Any]


def look(items: list[Row], who: Row | None = None, **batch: Any) -> dict[str, Row]:
    """Rows of the table by profile."""
    pack = BuiltPack(civic_evidence=items)
    tables_of = {name: batch.get(name, []) for name in ("copy_number", "fusions")}
    named = [{**row, "sample_id": "T1"} for row in batch.get("hotspots", [])]
    covered = [{**row, "sample_id": "T1"} for row in batch.get("coverage", [])]
    gates = [{**row, "sample_id": "T1"} for row in batch.get("gates", [])]
    of = case_files.Batch(
        batch.get("variants", []),
        batch.get("consequences", []),
        **tables_of,
        hotspots=named,
        coverage=covered,
        gates=gates,
    )
    found = cases(pack, of, [who or READS])
    rows = pertinent_negatives.look(found, index(pack), Settings())
    assert tables.to_arrow(PERTINENT_NEGATIVES, rows).num_rows == len(rows)
    return {row["molecular_profile"]: row for row in rows}


def test_a_row_holds_the_biomarker_its_evidence_and_what_looking_came_to() -> None:
    items = [
        evidence("BRAF V600E", evidence_id="EID2", level="B"),
        evidence(
            "BRAF V600E",
            evidence_id="EID10",
            therapies=["B", "C"],
            therapy_interaction="Combination",
        ),
        evidence("BRAF V600E", evidence_id="EID11", significance="Resistance", therapies=["D"]),
    ]
    rows = look(items, hotspots=[spot("BRAF", "V600E")])
    assert rows == {
        "BRAF V600E": {
            "sample_id": "T1",
            "molecular_profile": "BRAF V600E",
            "genes": ["BRAF"],
            "tumor_match": "exact",
            "level": "A",
            "sensitive_to": ["B + C", "Drugtinib"],
            "resistant_to": ["D"],
            "evidence_ids": ["EID2", "EID10", "EID11"],
            "status": "not_found",
            "detection_limit": 0.02,
            "reason": "none of 1 known spellings of it is in the reads",
            "findings": [],
        }
    }


@pytest.mark.parametrize(
    "changes",
    [
        {"level": "C"},
        {"direction": "Does Not Support"},
        {"flagged": True},
        {"origin": "Rare Germline"},
        {"evidence_type": "Prognostic", "significance": "Poor Outcome"},
        {"disease": "Colorectal Cancer", "doid": "9256"},
        {"disease": "Lung Cancer", "doid": "1324"},
    ],
)
def test_only_strong_evidence_of_the_tumor_type_asks_for_a_biomarker(changes: Row) -> None:
    assert look([evidence("BRAF V600E", **changes)]) == {}


@pytest.mark.parametrize(
    ("disease", "doid", "match"),
    [("Lung Non-small Cell Carcinoma", "3908", "main_type"), ("Cancer", "162", "any")],
)
def test_evidence_of_the_main_type_and_of_any_tumor_counts(
    disease: str, doid: str, match: str
) -> None:
    (row,) = look([evidence("BRAF V600E", disease=disease, doid=doid)]).values()
    assert row["tumor_match"] == match


def test_a_variant_file_alone_is_no_negative() -> None:
    row = look([evidence("BRAF V600E")], sample())["BRAF V600E"]
    assert row["status"] == "not_assessable"
    assert row["reason"] == "no call of it; a variant file does not tell what was covered"
    assert row["detection_limit"] is None


def test_what_was_found_names_its_findings() -> None:
    rows = look(
        [evidence("BRAF V600E"), evidence("BRAF V600")], variants=[BRAF], consequences=[V600E]
    )
    assert {row["status"] for row in rows.values()} == {"found"}
    assert rows["BRAF V600"]["findings"] == ["chr7:140753336:A:T"]
    assert rows["BRAF V600"]["reason"] == "BRAF V600E"


def test_a_variant_that_failed_a_filter_is_neither_found_nor_absent() -> None:
    failed = {**BRAF, "fate": "filtered", "reason": "FILTER strand"}
    row = look([evidence("BRAF V600E")], variants=[failed], consequences=[V600E])["BRAF V600E"]
    assert row["status"] == "not_assessable"
    assert row["reason"] == "BRAF V600E is present but failed: FILTER strand"


@pytest.mark.parametrize(
    ("profile", "gates", "status"),
    [
        ("BRAF V600E OR KRAS G12C", ["BRAF", "KRAS"], "not_found"),
        ("BRAF V600E OR KRAS G12C", ["BRAF"], "not_assessable"),
        ("BRAF V600E AND KRAS G12C", ["BRAF"], "not_found"),
        ("BRAF V600E AND KRAS G12C", [], "not_assessable"),
        ("NOT KRAS G12C AND KRAS Wildtype", ["KRAS"], "found"),
        ("KRAS Wildtype", ["KRAS"], "found"),
        ("KRAS Wildtype", [], "not_assessable"),
        ("NOT BRAF V600E", [], "not_assessable"),
    ],
)
def test_and_or_not_and_wild_type_follow_what_was_looked_at(
    profile: str, gates: list[str], status: str
) -> None:
    (row,) = look([evidence(profile)], gates=[gate(gene) for gene in gates]).values()
    assert row["status"] == status


def test_a_gene_with_a_variant_that_failed_is_not_taken_as_wild_type() -> None:
    failed = {**BRAF, "fate": "filtered", "reason": "FILTER strand"}
    rows = look(
        [evidence("BRAF Wildtype")],
        gates=[gate("BRAF")],
        variants=[failed],
        consequences=[V600E],
    )
    assert rows["BRAF Wildtype"]["status"] == "not_assessable"
    assert "failed a filter" in rows["BRAF Wildtype"]["reason"]


def test_a_variant_of_unknown_effect_leaves_a_class_open() -> None:
    other = consequence(BRAF, "BRAF", "A404T")
    items = [evidence("BRAF Activating Mutation"), evidence("BRAF V600E")]
    rows = look(items, gates=[gate("BRAF")], variants=[BRAF], consequences=[other])
    assert rows["BRAF Activating Mutation"]["status"] == "not_assessable"
    assert "BRAF A404T" in rows["BRAF Activating Mutation"]["reason"]
    assert rows["BRAF V600E"]["status"] == "not_found"


def test_a_fusion_that_the_diagnosis_brings_is_told_as_not_measured() -> None:
    who = sample(format="bam", tumor_type="CML")
    item = evidence("BCR::ABL1 Fusion", disease="Cancer", doid="162")
    (row,) = look([item], who).values()
    assert (row["status"], row["reason"]) == (
        "found",
        "BCR::ABL1 fusion (by the diagnosis, not measured)",
    )
    given = {**who, "fusions": "fusions.tsv"}
    (row,) = look([item], given).values()
    assert row["status"] == "not_found"


def test_an_exon_stands_without_a_limit() -> None:
    (row,) = look([evidence("EGFR Exon 19 Deletion")], coverage=[exon("EGFR", 19)]).values()
    assert (row["status"], row["detection_limit"]) == ("not_found", None)
    assert "no detection limit is known" in row["reason"]
