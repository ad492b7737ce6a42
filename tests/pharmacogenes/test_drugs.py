from __future__ import annotations

import csv

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apothecary import schemas, tables
from apothecary.errors import ResourceError
from apothecary.pharmacogenes import drugs, facts, phenoconversion
from apothecary.pharmacogenes.drugs import Drug, DrugDictionary


@pytest.fixture(scope="module")
def dictionary(repository):
    resources = repository / "resources"
    return drugs.load(resources / "drugs.tsv", resources / "salt_forms.tsv")


@pytest.mark.parametrize(
    ("value", "code", "drug", "matched_by"),
    [
        ("codeine", "", "codeine", "name"),
        ("  CODEINE ", "", "codeine", "name"),
        ("clopidogrel bisulfate", "", "clopidogrel", "salt form"),
        ("Warfarin Sodium 10 MG Oral Tablet", "", "warfarin", "salt form"),
        ("warfarin 2,5 mg", "", "warfarin", "name"),
        ("codeine 5 mg/5 ml solution", "", "codeine", "name"),
        ("Coumadin", "", "warfarin", "synonym"),
        ("warfarin (Coumadin)", "", "warfarin", "name"),
        ("blood thinner [warfarin]", "", "warfarin", "name"),
        ("rifampicin", "", "rifampin", "synonym"),
        ("St. John’s wort", "", "St. John's wort", "name"),
        ("5-fluorouracil", "", "fluorouracil", "synonym"),
        ("methylene blue", "", "methylene blue", "name"),
        ("Plavix", "RxNorm:32968", "clopidogrel", "RxNorm code"),
        ("Plavix", "rxnorm: 32968", "clopidogrel", "RxNorm code"),
        ("Plavix", "32968", "clopidogrel", "RxNorm code"),
    ],
)
def test_a_medicine_is_found(dictionary, value, code, drug, matched_by):
    (found,) = dictionary.resolve(value, code)
    assert (found.drug, found.matched_by, found.note) == (drug, matched_by, None)


def test_parts_of_a_combination_are_found_and_the_unknown_part_is_reported(dictionary):
    found = dictionary.resolve("codeine phosphate 30 mg / some powder")
    assert [(entry.drug, entry.matched_by) for entry in found] == [
        ("codeine", "part of a combination"),
        (None, "not found"),
    ]
    both = dictionary.resolve("codeine 30 mg and some powder 500 mg")
    assert [entry.drug for entry in both] == ["codeine", None]
    assert found[1].note.startswith("some powder, a part of the combination, is not in the dict")


@pytest.mark.parametrize("value", ["an unknown tea", "sodium", "codeinex", "warf", "10 mg", "/"])
def test_what_is_not_found_is_never_dropped(dictionary, value):
    (found,) = dictionary.resolve(value)
    assert found.drug is None
    assert "not in the dictionary" in found.note


def test_codes_that_say_something_else_are_told(dictionary):
    (other,) = dictionary.resolve("codeine", "RxNorm:11289")
    assert (other.drug, other.note) == (
        "codeine",
        "the code RxNorm:11289 is of warfarin; the name was taken",
    )
    (unknown,) = dictionary.resolve("codeine", "RxNorm:1")
    assert unknown.note == "the code RxNorm:1 is not in the dictionary"
    (foreign,) = dictionary.resolve("codeine", "ATC:R05DA04")
    assert foreign.note == "the code ATC:R05DA04 is no RxNorm code"


@given(st.text(max_size=60), st.text(max_size=20))
def test_any_text_gives_an_entry_with_a_medicine_or_a_note(value, code):
    dictionary = DrugDictionary([Drug("codeine", (), (), "2670")], ["phosphate"])
    found = dictionary.resolve(value, code)
    assert found
    assert all(entry.drug == "codeine" or entry.note for entry in found)


def test_a_name_or_a_code_of_two_medicines_is_refused():
    with pytest.raises(ResourceError, match="'b' is two medicines"):
        DrugDictionary([Drug("a", ("B",), (), ""), Drug("b", (), (), "")], [])
    with pytest.raises(ResourceError, match="'7' is two medicines"):
        DrugDictionary([Drug("a", (), (), "7"), Drug("b", (), (), "7")], [])


def test_every_medicine_of_the_guidance_and_of_the_effects_is_in_the_dictionary(
    repository, dictionary
):
    resources = repository / "resources"
    with (resources / "knowledge" / "guidance.tsv").open(encoding="utf-8") as stream:
        names = {row["drug"] for row in csv.DictReader(stream, delimiter="\t")}
    names |= {
        row["drug"]
        for row in facts.read(resources / "phenoconversion.tsv", phenoconversion.EFFECT_COLUMNS)
    } - {phenoconversion.TOBACCO}
    names |= {
        row["drug"]
        for row in facts.read(
            resources / "dose_models" / "warfarin_medicines.tsv", ("term", "drug", "source")
        )
    }
    assert len(names) > 150
    assert {name for name in names if dictionary.resolve(name)[0].drug != name} == set()


def test_rows_of_the_table_go_to_the_samples_of_the_person(dictionary):
    clinical = [
        {"subject_id": "P1", "item": item, "value": value, "code": ""}
        for item, value in (
            ("medicine", "Coumadin"),
            ("medicine", "codeine / warfarin"),
            ("medicine", "tea"),
            ("age_years", "7"),
        )
    ]
    rows = drugs.resolve(clinical, dictionary)
    assert tables.to_arrow(schemas.MEDICINES, rows).num_rows == 4
    samples = [{"sample_id": "A", "subject_id": "P1"}, {"sample_id": "B", "subject_id": "P2"}]
    assert drugs.taken(samples, rows) == {"A": ["codeine", "warfarin"], "B": []}


def test_a_table_of_facts_needs_its_columns_and_a_source_in_every_row(tmp_path):
    file = tmp_path / "facts.tsv"
    file.write_text("word\tsource\nx\t\n", encoding="utf-8")
    with pytest.raises(ResourceError, match="row 2: no source"):
        facts.read(file, ("word", "source"))
    with pytest.raises(ResourceError, match="row 1: columns word, source"):
        facts.read(file, ("name", "source"))
    file.write_text("word\tsource\nx\ty\tz\n", encoding="utf-8")
    with pytest.raises(ResourceError, match="row 2: 3 cells"):
        facts.read(file, ("word", "source"))
    with pytest.raises(ResourceError, match="no such file"):
        facts.read(tmp_path / "none.tsv", ("word", "source"))
