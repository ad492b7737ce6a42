"""Biomarkers, approvals and variants of unknown significance in every view of the report."""

from __future__ import annotations

import json
from typing import Any

import jsonschema
import pytest
from report_builders import RUN, Row, failed_tables, pack, row, tumor_sample, tumor_tables

from apothecary import schemas
from apothecary.reports import html, model
from apothecary.reports.sections import SECTIONS

NAMES = ("unknown_significance", "pertinent_negatives", "approvals")


def biomarker(profile: str, status: str, **values: Any) -> Row:
    facts = {"sample_id": "T001", "molecular_profile": profile, "status": status, "genes": []}
    given = {"tumor_match": "exact", "level": "A", "reason": f"made up for {profile}"}
    return row(schemas.TABLES["pertinent_negatives"], **{**facts, **given, **values})


def approval(number: int, status: str, **values: Any) -> Row:
    facts = {"sample_id": "T001", "approval_id": f"MOA-S{number}", "agency": "FDA"}
    given = {"therapies": ["A", "B"], "molecular_profile": "BRAF V600E", "tumor_match": "any"}
    told = {"status": status, "reason": "made up", "source_id": "made", "test_required": True}
    return row(schemas.TABLES["approvals"], **{**facts, **given, **told, **values})


TABLES: dict[str, list[Row]] = {
    "pertinent_negatives": [
        biomarker("KRAS G12C", "not_assessable", level="B"),
        biomarker("BRAF V600E", "found", sensitive_to=["A + B"], evidence_ids=["EID1"]),
        biomarker("EGFR L858R", "not_found", detection_limit=0.0213, resistant_to=["C"]),
    ],
    "approvals": [
        approval(1, "not_assessable"),
        approval(2, "meets", link="https://example.org", document="Label", test_required=False),
        approval(3, "does_not_meet", agency="EMA", link="javascript:alert(1)"),
    ],
}


def built(**others: list[Row]) -> dict[str, Any]:
    return model.build_model(tumor_sample(), {**tumor_tables(), **TABLES, **others}, pack(), RUN)


def test_the_model_is_what_its_schema_says(repository: Any) -> None:
    path = repository / "workflow" / "schemas" / "report_model.schema.json"
    validator = jsonschema.Draft202012Validator(json.loads(path.read_text(encoding="utf-8")))
    assert [error.message for error in validator.iter_errors(built())] == []


def test_what_was_not_assessable_is_counted_and_never_told_as_absent() -> None:
    section = built()["pertinent_negatives"]
    assert section["summary"] == [
        "Found: 1.",
        "Looked for and not found: 1.",
        "Not assessable: 1. Nothing is known of them; each has its reason.",
    ]
    assert [entry["status"] for entry in section["biomarkers"]] == [
        "found",
        "not_found",
        "not_assessable",
    ]
    assert section["biomarkers"][1]["detection_limit"] == 0.0213


def test_approvals_that_are_met_come_first_and_only_web_addresses_are_links() -> None:
    entries = built()["approvals"]
    assert [entry["status_words"] for entry in entries] == [
        "meets",
        "does not meet",
        "not assessable",
    ]
    assert [entry["link"] for entry in entries] == ["https://example.org", None, None]
    assert entries[1]["test_words"] == "the indication asks for an approved test; this is none"


def test_every_variant_without_evidence_is_listed_however_many() -> None:
    template = next(r for r in tumor_tables()["actionability"] if not r["evidence_id"])
    many = [
        {**template, "finding_id": f"chr1:{number}:A:T", "alteration": f"GENE X{number}Y"}
        for number in range(1, 301)
    ]
    section = built(actionability=many)["unknown_significance"]
    assert len(section) == 300
    evidence = {**template, "evidence_id": "EID1", "tier": "III", "finding_id": "chr1:1:A:T"}
    assert built(actionability=[evidence])["unknown_significance"] == []


def test_a_variant_without_evidence_bears_its_class_of_oncogenicity() -> None:
    template = next(r for r in tumor_tables()["actionability"] if not r["evidence_id"])
    place = {"chrom": "chr1", "pos": 7, "ref": "A", "alt": "T", "gene": "GENE"}
    classes = {
        "build": "GRCh38", "class": "Likely Oncogenic", "points": 7, "codes": ["OS1_strong", "OP4"],
    }  # fmt: skip
    made = built(
        actionability=[{**template, **place, "finding_id": "chr1:7:A:T"}],
        oncogenicity=[row(schemas.ONCOGENICITY, **place, **classes)],
    )
    (entry,) = made["unknown_significance"]
    assert entry["oncogenicity"].startswith("Likely Oncogenic, 7 points")


def test_a_finding_bears_its_strongest_computed_tier() -> None:
    template = next(r for r in tumor_tables()["actionability"] if r["evidence_id"])
    rows = [
        {**template, "evidence_id": "EID1", "escat": "IV-A", "escat_reason": "computed: weak"},
        {**template, "evidence_id": "EID2", "escat": "II-B", "escat_reason": "computed: strong"},
        {**template, "evidence_id": "EID3", "escat": None, "escat_reason": None},
    ]
    (finding,) = built(actionability=rows)["tumor"]["findings"]
    assert (finding["escat"], finding["escat_reason"]) == ("II-B", "computed: strong")


@pytest.mark.parametrize("name", NAMES)
def test_every_view_shows_the_same(name: str) -> None:
    made = built()
    (section,) = (section for section in SECTIONS if section.name == name)
    rows = section.rows(made)
    assert rows
    page = html.render_sample(made)
    assert f'href="#{name.replace("_", "-")}"' in page
    assert all(f'data-finding="{entry["finding"]}"' in page for entry in rows)
    assert "javascript:" not in page


@pytest.mark.parametrize("name", NAMES)
def test_of_a_sample_without_any_the_section_says_why_it_is_empty(name: str) -> None:
    empty = {"actionability": [], "pertinent_negatives": [], "approvals": []}
    made = built(**empty)
    page = html.render_sample(made)
    assert f'<section class="empty" id="{name.replace("_", "-")}">' in page
    assert made["words"][f"empty.{name}"] in page


def test_a_failed_sample_has_none() -> None:
    who = {**tumor_sample("HG1")}
    made = model.build_model(who, {**failed_tables("HG1"), **TABLES}, pack(), RUN)
    assert made["status"] == "failed"
    assert made["pertinent_negatives"] == {"summary": [], "biomarkers": []}
    assert made["approvals"] == made["unknown_significance"] == []
