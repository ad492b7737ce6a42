"""What small variants do not show is told in every call that rests on them."""

from __future__ import annotations

from dataclasses import replace

import pytest
from pharmacogene_builders import tables_of_gene

from apothecary.pharmacogenes import definitions, phenotypes
from apothecary.pharmacogenes.definitions import Definitions, Function
from apothecary.pharmacogenes.diplotypes import GeneCaller, MatchSettings
from apothecary.pharmacogenes.matcher import Genotype

COPIES = "copy number"


@pytest.fixture
def gene():
    made = definitions.from_tables(
        tables_of_gene(
            [(100, "A", "G"), (200, "C", "T")],
            {"*1": {}, "*2": {0: "G"}, "*4": {1: "T"}},
            functions={"*1": "Normal function", "*2": "Normal function", "*4": "No function"},
            rules={
                ("Normal function", "Normal function"): "Normal Metabolizer",
                ("No function", "Normal function"): "Intermediate Metabolizer",
            },
            settings={"unseen": COPIES},
        )
    )["GENE1"]
    hidden = {name: Function("x", None, "x") for name in ("*5", "*1x2", "*1x≥3", "*2x2", "*13")}
    return replace(made, functions={**made.functions, **hidden})


def _call(gene, *bases, outside=()):
    genotypes = tuple(Genotype(tuple(pair)) for pair in bases)
    return list(
        GeneCaller(MatchSettings(mode="compatible")).call(gene, genotypes, "unknown", outside)
    )


def test_two_reference_alleles_are_never_claimed_silently(gene) -> None:
    (row,) = _call(gene, "AA", "CC")
    assert row["diplotype"] == "*1/*1"
    assert row["not_excludable"] == ["*5", "*1x2", "*1x≥3", "*13"]
    assert row["warnings"] == [
        "from small variants only, which do not show copy number; *1/*1 means that every position "
        "read has the reference bases, not that two copies were seen"
    ]


def test_two_other_alleles_may_be_one_beside_a_deletion(gene) -> None:
    (row,) = _call(gene, "GG", "CC")
    assert row["diplotype"] == "*2/*2"
    assert row["not_excludable"] == ["*5", "*2x2", "*13"]
    assert "has the same bases" in row["warnings"][0]


def test_two_different_alleles_may_still_be_there_in_copies(gene) -> None:
    (row,) = _call(gene, "AA", "CT")
    assert row["diplotype"] == "*1/*4"
    assert row["not_excludable"] == ["*1x2", "*1x≥3"]
    assert row["warnings"] == ["from small variants only, which do not show copy number"]


def test_the_phenotype_is_marked(gene) -> None:
    rows = [{"sample_id": "S1", **row} for row in _call(gene, "AA", "CT")]
    (row,) = phenotypes.assign(rows, Definitions({"GENE1": gene}))
    assert row["phenotype"] == "Intermediate Metabolizer"
    assert row["reason"] == "small variants do not show copy number; the phenotype is without them"


def test_an_outside_call_and_a_gene_without_a_call_are_not_marked(gene) -> None:
    outside = {
        "gene": "GENE1",
        "row": 1,
        "diplotype": "*1/*2x2",
        "phenotype": None,
        "activity_score": None,
        "file": "calls.tsv",
    }
    told = _call(gene, "AA", "CT", outside=[outside])
    assert [row["diplotype"] for row in told] == ["*1/*2x2"]
    assert not any("from small variants only" in text for text in told[0]["warnings"])
    nothing = list(GeneCaller(MatchSettings(mode="compatible")).call(gene, (None, None)))
    assert [(row["method"], row["warnings"]) for row in nothing] == [("not_called", [])]


def test_a_gene_without_the_rule_is_as_before(gene) -> None:
    plain = replace(gene, settings={})
    (row,) = _call(plain, "AA", "CC")
    assert (row["warnings"], row["not_excludable"]) == ([], [])
    (assigned,) = phenotypes.assign([{"sample_id": "S1", **row}], Definitions({"GENE1": plain}))
    assert assigned["reason"] is None
