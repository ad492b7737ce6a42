from __future__ import annotations

from dataclasses import replace

import pytest
from pharmacogene_builders import definitions_of, genotypes, make_gene

from apothecary import schemas, tables
from apothecary.pharmacogenes import phenotypes
from apothecary.pharmacogenes.definitions import Answer
from apothecary.pharmacogenes.diplotypes import GeneCaller, MatchSettings

N, L = "Normal function", "No function"
GENE = make_gene(
    [(100, "A", "G"), (200, "C", "T")],
    {"*1": {}, "*2": {0: "G"}, "*3": {1: "T"}},
    functions={"*1": N, "*2": L},
    rules={
        (L, L): "Poor Metabolizer",
        (L, N): "Intermediate Metabolizer",
        (N, N): "Normal Metabolizer",
    },
)


def _outside(**given):
    empty = dict.fromkeys(("diplotype", "phenotype", "activity_score"))
    return {"gene": "GENE1", "row": 1, "file": "o.tsv", **empty, **given}


def _assign(gene, *texts, outside=()):
    rows = GeneCaller(MatchSettings()).call(gene, genotypes(*texts), "unknown", outside)
    definitions = replace(definitions_of(gene), answer_codes={"Poor Metabolizer": "LA9657-3"})
    made = phenotypes.assign([{"sample_id": "S1", **row} for row in rows], definitions)
    tables.to_arrow(schemas.PHENOTYPES, made)
    return made


@pytest.mark.parametrize(
    ("texts", "lookup", "phenotype", "code"),
    [
        (("G/G", "C/C"), "*2/*2", "Poor Metabolizer", "LA9657-3"),
        (("A/G", "C/C"), "*1/*2", "Intermediate Metabolizer", None),
        (("A/A", "C/T"), "*1/*3", "n/a", None),
        ((None, None), None, "No Result", None),
    ],
)
def test_phenotype_of_a_diplotype(texts, lookup, phenotype, code) -> None:
    row = _assign(GENE, *texts)[0]
    assert (row["lookup_diplotype"], row["phenotype"], row["answer_code"]) == (
        lookup,
        phenotype,
        code,
    )


def test_reason_of_a_phenotype_that_is_not_known() -> None:
    assert _assign(GENE, "A/A", "C/T")[0]["reason"] == "no function is assigned to *3"


def test_exception_of_a_diplotype() -> None:
    gene = replace(GENE, exceptions={("*1", "*2"): Answer("Poor Metabolizer", "", "PM")})
    assert _assign(gene, "A/G", "C/C")[0]["phenotype"] == "Poor Metabolizer"


SCORED = replace(
    GENE,
    by_activity_score=True,
    rules={
        (L, L): Answer("Poor Metabolizer", "0.0", "0.0"),
        (L, N): Answer("Intermediate Metabolizer", "1.0", "1.0"),
        (N, N): Answer("Normal Metabolizer", "2.0", "2.0"),
    },
)


@pytest.mark.parametrize(
    ("given", "diplotype", "phenotype", "score", "key"),
    [
        ({"diplotype": "*2/*2"}, "*2/*2", "Poor Metabolizer", "0.0", "0.0"),
        ({"activity_score": "1.0"}, None, "Intermediate Metabolizer", "1.0", "1.0"),
        ({"phenotype": "Normal Metabolizer"}, None, "Normal Metabolizer", "2.0", "2.0"),
        ({"diplotype": "*1/*9"}, "*1/*9", "Indeterminate", "n/a", "n/a"),
        (
            {"diplotype": "*1/*1", "phenotype": "Poor Metabolizer", "activity_score": "0.0"},
            "*1/*1",
            "Poor Metabolizer",
            "0.0",
            "0.0",
        ),
    ],
)
def test_outside_calls(given, diplotype, phenotype, score, key) -> None:
    row = _assign(SCORED, None, None, outside=[_outside(**given)])[0]
    assert (row["lookup_diplotype"], row["phenotype"]) == (diplotype, phenotype)
    assert (row["activity_score"], row["lookup_key"]) == (score, key)


def test_a_contradiction_of_an_outside_call_is_told() -> None:
    call = _outside(diplotype="*1/*1", phenotype="Poor Metabolizer", activity_score="0.0")
    row = _assign(SCORED, None, None, outside=[call])[0]
    assert "the diplotype alone would be Normal Metabolizer" in row["reason"]


def test_copy_numbers_are_looked_up_as_three_or_more() -> None:
    functions = {**GENE.functions, "*1x≥3": GENE.functions["*1"]}
    gene = replace(GENE, functions=functions)
    row = _assign(gene, None, None, outside=[_outside(diplotype="*1/*1x4")])[0]
    assert row["lookup_diplotype"] == "*1/*1x≥3"


def test_status_of_alleles() -> None:
    gene = replace(GENE, settings={"status_allele": ("*15:02", "*57:01")}, positions=())
    rows = _assign(gene, outside=[_outside(diplotype="*15:02/*08:01")])
    assert [row["phenotype"] for row in rows] == ["*15:02 positive", "*57:01 negative"]
    rows = _assign(gene, outside=[_outside(phenotype="*57:01 positive")])
    assert [row["lookup_key"] for row in rows] == ["*57:01 positive"]
