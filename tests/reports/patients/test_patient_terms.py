"""Plain words for terms of genetics: every term of the knowledge has some."""

from __future__ import annotations

import csv

import pytest
from patient_builders import TERMS

from apothecary.errors import ResourceError
from apothecary.reports.patients import terms


def test_every_phenotype_of_the_knowledge_has_plain_words(repository):
    path = repository / "resources" / "knowledge" / "phenotype_terms.tsv"
    with path.open(encoding="utf-8", newline="") as stream:
        phenotypes = {row["phenotype"] for row in csv.DictReader(stream, delimiter="\t")}
    assert len(phenotypes) > 20
    assert {name for name in phenotypes if TERMS.result(name) == terms.OTHER} == set()


def test_markers_are_told_by_their_ending():
    assert TERMS.result("*57:01 positive") == "marker_found"
    assert TERMS.result("*57:01 negative") == "marker_not_found"
    assert TERMS.result("n/a") == terms.OTHER


def test_letters_of_another_size_are_the_same_term():
    assert TERMS.result("Increased risk of aminoglycoside-induced hearing loss") == "hearing_risk"


def test_medicines_have_the_name_of_the_language_or_the_international_one(repository):
    assert TERMS.name("codeine", "de") == "Codein"
    assert TERMS.name("codeine", "es") == "codeína"
    assert TERMS.name("codeine", "en") == "codeine"
    assert TERMS.name("an unknown tea", "es") == "an unknown tea"
    with (repository / "resources" / "drugs.tsv").open(encoding="utf-8", newline="") as stream:
        dictionary = {row["name"] for row in csv.DictReader(stream, delimiter="\t")}
    assert {name for _, name in TERMS.names} <= dictionary


def test_a_table_that_is_absent_is_an_error():
    with pytest.raises(ResourceError, match="no such file"):
        terms.load([])
