from __future__ import annotations

import pytest
from pharmacogene_builders import genotypes, make_gene

from apothecary.pharmacogenes.lowest_function import EXONIC_ONLY, MISMATCH, call, lowest_pair
from apothecary.pharmacogenes.matcher import Match, find_phase

GENE = make_gene(
    [(100, "C", "T"), (200, "G", "C"), (300, "C", "T"), (400, "T", "A")],
    {
        "Reference": {},
        "c.10A>G": {0: "T"},
        "c.20-5G>C": {1: "C"},
        "c.20-5G>C, c.30C>T (HapB3)": {1: "C", 2: "T"},
        "c.40T>A": {3: "A"},
    },
    kind="lowest_function",
    by_activity_score=True,
    functions={
        "Reference": "1.0",
        "c.10A>G": "0.0",
        "c.20-5G>C": "0.5",
        "c.20-5G>C, c.30C>T (HapB3)": "0.5",
        "c.40T>A": "0.5",
    },
    settings={"intronic_position": "rs200", "exonic_position": "rs300"},
)
INTRON, HAPB3 = "c.20-5G>C", "c.20-5G>C, c.30C>T (HapB3)"


def _found(*texts):
    seen = genotypes(*texts)
    return call(GENE, seen, find_phase(seen))


@pytest.mark.parametrize(
    ("intron", "exon", "expected", "warnings"),
    [
        ("G|G", "C|C", "Reference/Reference", ()),
        ("G|C", "C|T", f"Reference/{HAPB3}", ()),
        ("G|C", "C|C", f"Reference/{INTRON}", ()),
        ("G|G", "C|T", "Reference/Reference", (MISMATCH,)),
        ("C|C", "C|T", f"{INTRON}/{HAPB3}", ()),
        ("C|G", "C|T", f"Reference/{INTRON}", (MISMATCH,)),
        (None, "C|T", f"Reference/{HAPB3}", (EXONIC_ONLY,)),
        ("G|C", None, f"Reference/{INTRON}", ()),
        (".|C", "T|.", f"{INTRON}/{HAPB3}", (EXONIC_ONLY,)),
    ],
)
def test_hapb3_of_known_strands(intron, exon, expected, warnings) -> None:
    found = _found("C|C", intron, exon, "T|T")
    assert [pair.name for pair in found.pairs] == [expected]
    assert found.warnings == warnings


@pytest.mark.parametrize(
    ("texts", "expected", "warnings"),
    [
        (("C/C", "G/C", "C/T", "T/T"), [("Reference", 1), (HAPB3, 1)], ()),
        (("C/T", "G/C", "C/T", "T/T"), [("c.10A>G", 1), (HAPB3, 1)], ()),
        (("C/T", "G/G", "C/T", "T/T"), [("Reference", 1), ("c.10A>G", 1)], (MISMATCH,)),
        (("C/T", "C/C", "C/T", "T/T"), [("c.10A>G", 1), (INTRON, 1), (HAPB3, 1)], ()),
        (("T/T", "G/C", "C/T", "T/T"), [("c.10A>G", 2), (HAPB3, 1)], ()),
        (("C/T", None, "C/T", "T/T"), [("c.10A>G", 1), (HAPB3, 1)], (EXONIC_ONLY,)),
    ],
)
def test_list_when_strands_are_not_known(texts, expected, warnings) -> None:
    found = _found(*texts)
    assert found.pairs == ()
    assert list(found.listed) == expected
    assert found.warnings == warnings


def test_variants_of_a_strand_are_combined() -> None:
    found = _found("C|T", "G|C", "C|T", "A|T")
    assert [pair.name for pair in found.pairs] == [f"c.40T>A/[c.10A>G + {HAPB3}]"]


def test_phase_sets_give_every_combination() -> None:
    found = _found("C|T:1", "G|G", "C|C", "T|A:2")
    assert [pair.name for pair in found.pairs] == [
        "Reference/[c.10A>G + c.40T>A]",
        "c.10A>G/c.40T>A",
    ]


def test_one_heterozygous_site_needs_no_phase() -> None:
    assert [pair.name for pair in _found("C/T", "C/C", "T/T", "T/T").pairs] == [
        f"{HAPB3}/[c.10A>G + {HAPB3}]"
    ]


@pytest.mark.parametrize(
    ("rows", "listed", "expected"),
    [
        ([("Reference", f"[c.10A>G + {HAPB3}]")], False, ("Reference", "c.10A>G")),
        ([("Reference", f"[{HAPB3} + c.40T>A]")], False, ("Reference", HAPB3)),
        ([("Reference", "Reference"), ("c.10A>G", "c.40T>A")], False, ("c.10A>G", "c.40T>A")),
        ([("c.40T>A", None), ("c.10A>G", None), (HAPB3, None)], True, ("c.10A>G", HAPB3)),
        ([("c.40T>A", None), ("c.10A>G", "c.10A>G")], True, ("c.10A>G", "c.10A>G")),
        ([], True, None),
    ],
)
def test_alleles_that_are_looked_up(rows, listed, expected) -> None:
    matches = [Match(first, second, 0) for first, second in rows]
    assert lowest_pair(GENE, matches, listed) == expected


def test_many_phase_sets_give_the_list() -> None:
    alleles = {"Reference": {}, **{f"c.{i}A>G": {i: "G"} for i in range(14)}}
    gene = make_gene([(10 + i, "A", "G") for i in range(14)], alleles, kind="lowest_function")
    seen = genotypes(*(f"A|G:{i}" for i in range(14)))
    found = call(gene, seen, find_phase(seen))
    assert found.pairs == ()
    assert len(found.listed) == 14
