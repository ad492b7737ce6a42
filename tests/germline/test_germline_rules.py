"""Codes, points and classes of germline variants, and what the words of the lists stand for."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from germline_builders import PROCEDURE, RESOURCES
from hypothesis import given
from hypothesis import strategies as st

from apothecary.errors import ResourceError
from apothecary.germline import clinvar, inheritance, rules

RULES = rules.load(PROCEDURE)


@given(st.integers(-60, 60), st.integers(0, 20))
def test_more_points_are_never_more_benign(points: int, more: int):
    ranks = [rules.CLASSES.index(RULES.classify(value)) for value in (points, points + more)]
    assert ranks[1] <= ranks[0]


@pytest.mark.parametrize(
    ("points", "expected"),
    [(10, "Pathogenic"), (9, "Likely pathogenic"), (6, "Likely pathogenic"),
     (5, "Uncertain significance"), (0, "Uncertain significance"), (-1, "Likely benign"),
     (-6, "Likely benign"), (-7, "Benign")],
)  # fmt: skip
def test_the_limits_of_the_classes(points, expected):
    assert RULES.classify(points) == expected


def test_codes_and_points_are_those_of_the_source(shared: Path):
    path = shared / "knowledge" / "germline" / "cpsr_acmg_evidence.tsv"
    with path.open(encoding="utf-8") as stream:
        told = {
            row["cpsr_evidence_code"].removeprefix("ACMG_"): int(row["path_score"])
            for row in csv.DictReader(stream, delimiter="\t")
        }
    assert dict(RULES.points) == told


def test_limits_with_a_gap_are_told_and_a_number_that_is_none(tmp_path):
    classes = tmp_path / "classes.tsv"
    classes.write_text("class\tminimum\tmaximum\tsource\nBenign\t\t-7\tx\n")
    with pytest.raises(ValueError, match="no class for 0 points"):
        rules.load({**PROCEDURE, "classes": classes}).classify(0)
    classes.write_text("class\tminimum\tmaximum\tsource\nBenign\t\tseven\tx\n")
    with pytest.raises(ResourceError, match="whole points"):
        rules.load({**PROCEDURE, "classes": classes})


def test_every_phrase_of_the_embedded_lists_is_read():
    lists = inheritance.load(PROCEDURE)
    with (RESOURCES / "knowledge" / "germline_genes.tsv").open(encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream, delimiter="\t"))
    assert len(rows) == 639
    told = {row["gene"]: lists.of(row) for row in rows if row["list_id"] == "acmg_sf"}
    assert told["TTN"][0].truncating
    assert (told["HFE"][0].change, told["HFE"][0].zygosity) == ("C282Y", "homozygous")
    assert (told["MUTYH"][0].hits, told["GLA"][0].hits, told["ABCD1"][0].hits) == (2, 1, None)
    assert (told["TRDN"][1].hits, told["BRCA1"][1].hits) == (2, 1)
    for row in rows:
        lists.of(row)


def test_words_that_no_table_has_are_refused():
    row = {"gene": "TOY", "list_id": "acmg_sf", "report": "some", "inheritance": "AD"}
    with pytest.raises(ResourceError, match=r"report: germline_genes: 'some' of TOY"):
        inheritance.load(PROCEDURE).of(row)
    with pytest.raises(ResourceError, match="inheritance"):
        inheritance.load(PROCEDURE).of({**row, "report": None, "inheritance": "Y-linked"})


def test_every_class_of_clinvars_words_is_one_of_ours():
    words = clinvar.words(PROCEDURE)
    assert set(words.classes.values()) == set(rules.CLASSES)
    assert words.stars["reviewed by expert panel"] == 3
