"""Names, answers and counts of the comparison with a consensus; calls reduced to its names."""

from __future__ import annotations

import getrm_scores
import getrm_vocabulary
import pytest
from getrm_scores import Answer, Consensus
from pharmacogene_builders import make_gene

NAMES = {("GENE1", "*1B"): "*1", ("GENE1", "*5+*6"): "*7"}


@pytest.mark.parametrize(
    ("given", "plain"),
    [
        ("*2/*1", "*1/*2"),
        ("*2/*1B", "*1/*2"),
        ("*5+*6/*1", "*1/*7"),
        ("*1B+*2/*3", "*2/*3"),
        ("*1+*1B/*3", "*1/*3"),
    ],
)
def test_a_diplotype_under_current_names(given, plain):
    assert getrm_scores.plain("GENE1", given, NAMES) == plain


def rows(*diplotypes, decision="indeterminate"):
    return [{"diplotype": one, "decision": decision} for one in diplotypes]


@pytest.mark.parametrize(
    ("given", "mode", "sure"),
    [
        (rows("*1/*2", decision="called"), "posterior", True),
        (rows("*1/*2"), "posterior", False),
        (rows("*1/*2", "*1B/*2"), "posterior", True),
        (rows("*1/*2", "*1/*3"), "posterior", False),
        (rows("*1/*2"), "compatible, missing kept", True),
        (rows("*1/*2", "*1/*3"), "compatible, missing kept", False),
        (rows(None), "compatible, missing kept", False),
    ],
)
def test_when_an_answer_is_a_call(given, mode, sure):
    assert getrm_scores.answer(given, "GENE1", NAMES, mode).sure is sure


def test_counts_by_gene():
    truth = {
        ("A", "G"): Consensus("*1/*2", frozenset({"*1/*2"})),
        ("B", "G"): Consensus("*1/*1", frozenset({"*1/*1"})),
        ("C", "G"): Consensus("", frozenset({"*1/*1", "*1/*3"})),
        ("D", "G"): Consensus("", frozenset()),
        ("E", "G"): Consensus("*1/*1", frozenset({"*1/*1"})),
    }
    answers = {
        ("A", "G"): Answer(("*1/*2",), True, "*1/*2"),
        ("B", "G"): Answer(("*1/*2", "*1/*1"), False, "*1/*2"),
        ("C", "G"): Answer(("*1/*3",), True, "*1/*3"),
        ("D", "G"): Answer(("*1/*3",), True, "*1/*3"),
    }
    own = getrm_scores.scores(truth, answers)["G"]
    assert {key: count for key, count in own.items() if count} == {
        "loose all": 3,
        "allowed": 2,
        "loose called": 2,
        "all": 2,
        "called": 1,
        "exact": 1,
        "best": 1,
        "within": 2,
    }
    assert "called 0.500, right of these 1.000 (1/1 of 2)" in getrm_scores.words(own, "posterior")
    told = "1/1 of 2; right less wrong 1; best candidate 1, among those shown 2"
    assert getrm_scores.reduced(own) == told
    assert "0.500 (1/2; among 1, other 0, none 0)" in getrm_scores.words(own, "compatible")


GENE = make_gene(
    [(10, "A", "G"), (20, "C", "T"), (30, "G", "A")],
    {"*1": {}, "*2": {0: "G"}, "*3": {1: "T"}, "*4": {0: "G", 1: "T"}, "*5": {0: "G", 2: "A"}},
)


@pytest.mark.parametrize(
    ("given", "named", "found"),
    [
        ("*1/*5", {"*1", "*2", "*5"}, "*1/*5"),
        ("*1/*5", {"*1", "*2"}, "*1/*2"),
        ("*4/*5", {"*1", "*3"}, "*1/*3"),
        # *2 and *3 are as large a part of *4.
        ("*1/*4", {"*1", "*2", "*3"}, "*1/*4"),
        ("*1/*4", {"*2"}, "*1/*2"),
        ("*1/[*3 + g.30G>A]", {"*1", "*3"}, "*1/*3"),
        ("*1/*77", {"*1"}, "*1/*77"),
    ],
)
def test_a_call_is_reduced_to_the_names_of_the_consensus(given, named, found):
    assert getrm_vocabulary.reduced(GENE, given, named) == found


def test_of_two_parts_as_large_the_one_of_the_same_function_is_taken():
    functions = {"*1": "normal", "*2": "decreased", "*3": "normal", "*4": "decreased"}
    gene = make_gene(
        [(10, "A", "G"), (20, "C", "T")],
        {"*1": {}, "*2": {0: "G"}, "*3": {1: "T"}, "*4": {0: "G", 1: "T"}},
        functions=functions,
    )
    assert getrm_vocabulary.reduced(gene, "*1/*4", {"*1", "*2", "*3"}) == "*1/*2"
    assert getrm_vocabulary.reduced(gene, "*1/*4", {"*1", "*3"}) == "*1/*3"


def test_candidates_that_reduce_to_one_are_a_call():
    given = Answer(("*1/*5", "*1/*2"), False, "*1/*5")
    found = getrm_vocabulary.answers(GENE, given, {"*1", "*2"}, "posterior")
    assert (found.shown, found.sure) == (("*1/*2", "*1/*2"), True)
    kept = getrm_vocabulary.answers(GENE, given, {"*1", "*2", "*5"}, "posterior")
    assert (kept.shown, kept.sure) == (given.shown, False)
    one = Answer(("*1/*5",), False, "*1/*5")
    assert not getrm_vocabulary.answers(GENE, one, {"*1", "*2"}, "posterior").sure
