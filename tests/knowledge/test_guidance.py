"""Guideline annotations to fields, keys and, on request only, words."""

from __future__ import annotations

from pathlib import Path

import pytest
from knowledge_builders import guideline, write_guideline

from apothecary.errors import ResourceError
from apothecary.knowledge.importers.guidance import import_guidance, sanitised


def imported(tmp_path: Path, value, **options):
    path = write_guideline(tmp_path / "CPIC_made.json.gz", value)
    return import_guidance([path], "made", **options)


def test_fields_without_words(tmp_path: Path):
    tables = imported(tmp_path, guideline())
    assert tables["guidance"] == [
        {
            "guidance_id": "PA1",
            "drug": "madeupine",
            "drug_id": "PA9",
            "source": "CPIC",
            "guideline_id": "PA2",
            "guideline_version": "7",
            "link": "https://example.org/2",
            "genes": ["CYP9Z9"],
            "population": "general",
            "strength": "Strong",
            "action": "change_dose",
            "dose_change": "65 %",
            "effects": [],
            "dosing_information": True,
            "alternate_drug": False,
            "other_guidance": False,
            "pmids": ["123"],
            "source_id": "made",
        }
    ]
    assert tables["guidance_keys"] == [
        {
            "guidance_id": "PA1",
            "drug": "madeupine",
            "gene": "CYP9Z9",
            "key": "Poor Metabolizer",
            "key_kind": "value",
            "allele_count": None,
        }
    ]
    assert tables["guidance_text"] == []


def test_a_recommendation_for_two_drugs_has_two_rows(tmp_path: Path):
    drugs = [{"id": "1", "name": "A"}, {"id": "2", "name": "B"}]
    tables = imported(tmp_path, guideline(relatedChemicals=drugs))
    assert [row["drug"] for row in tables["guidance"]] == ["a", "b"]
    assert [row["drug"] for row in tables["guidance_keys"]] == ["a", "b"]


def test_allele_counts_are_keys(tmp_path: Path):
    tables = imported(tmp_path, guideline(lookupKey={"CYP9Z9": {"*2": 1.0, "*3": 1.0}}))
    assert [
        (row["key"], row["key_kind"], row["allele_count"]) for row in tables["guidance_keys"]
    ] == [
        ("*2", "allele", 1.0),
        ("*3", "allele", 1.0),
    ]


def test_two_recommendations_of_one_score_keep_their_qualifier(tmp_path: Path):
    value = guideline(population=None)
    first = value["recommendations"][0]
    value["recommendations"] = [
        {**first, "id": identifier, "lookupKey": {"CYP9Z9": key}}
        for identifier, key in [
            ("1", "1.0 (Intermediate Metabolizer)"),
            ("2", "1.0 (Phenotyping)"),
            ("3", "0.5 (Phenotyping)"),
        ]
    ]
    tables = imported(tmp_path, value)
    assert [row["key"] for row in tables["guidance_keys"]] == ["1.0", "1.0", "0.5"]
    assert [row["population"] for row in tables["guidance"]] == [
        "Intermediate Metabolizer",
        "Phenotyping",
        None,
    ]


def test_a_strength_that_says_nothing_is_none(tmp_path: Path):
    for classification in (None, {"term": "N/A"}):
        tables = imported(tmp_path, guideline(classification=classification))
        assert tables["guidance"][0]["strength"] is None


def test_words_on_request_are_sanitised(tmp_path: Path):
    html = '<p onclick="x()">Use 65% <b>now</b><script>alert(1)</script><img src=x onerror=y></p>'
    tables = imported(tmp_path, guideline(text={"html": html}), with_text=True)
    (row,) = tables["guidance_text"]
    assert row["text"] == "<p>Use 65% <b>now</b></p>"
    assert row["implications"] == ["CYP9Z9: less"]


def test_markup_in_words_is_harmless():
    assert sanitised("<a href='javascript:x'>a</a>\n<iframe></iframe>b") == "a b"


def test_another_file_is_told(tmp_path: Path):
    with pytest.raises(ResourceError, match="no guideline annotation"):
        imported(tmp_path, {"guideline": {}})
    path = tmp_path / "text.json"
    path.write_text("no json")
    with pytest.raises(ResourceError, match="not JSON"):
        import_guidance([path], "made")


def test_a_guideline_without_recommendations_stands_as_a_whole(tmp_path: Path):
    value = guideline()
    value["recommendations"] = []
    value["guideline"]["relatedChemicals"] = [{"id": "PA9", "name": "Madeupine"}]
    value["guideline"]["relatedGenes"] = [{"symbol": "CYP9Z9"}, {"symbol": "CYP8A1"}]
    tables = imported(tmp_path, value)
    (row,) = tables["guidance"]
    assert (row["guidance_id"], row["guideline_id"], row["drug"]) == ("PA2", "PA2", "madeupine")
    assert (row["action"], row["genes"]) == ("see_guideline", ["CYP8A1", "CYP9Z9"])
    assert tables["guidance_keys"] == []
