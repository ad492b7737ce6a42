"""Points, exclusions and classes of the procedure."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sop_builders import PROCEDURE, load

from apothecary.errors import ResourceError
from apothecary.oncogenes.sop import rules
from apothecary.oncogenes.sop.rules import Code, combine

RULES = load()
STRENGTHS = sorted(RULES.points)


def code(name: str, strength: str | None = None, **more) -> Code:
    return Code(name, strength or RULES.greatest_strength(name), "seen", "civic", **more)


def test_every_code_of_the_procedure_is_there():
    names = {name for name, _ in RULES.points}
    assert names == {
        *("OVS1", "OS1", "OS2", "OS3", "OM1", "OM2", "OM3", "OM4", "OP1", "OP2", "OP3", "OP4"),
        *("SBVS1", "SBS1", "SBS2", "SBP1", "SBP2"),
    }
    assert RULES.points["OVS1", "very_strong"] == 8
    assert RULES.points["OVS1", "strong"] == 4
    assert RULES.points["SBVS1", "very_strong"] == -8


@pytest.mark.parametrize(
    ("points", "sop", "pcgr"),
    [
        (30, "Oncogenic", "Oncogenic"),
        (10, "Oncogenic", "Oncogenic"),
        (9, "Likely Oncogenic", "Oncogenic"),
        (8, "Likely Oncogenic", "Likely Oncogenic"),
        (6, "Likely Oncogenic", "Likely Oncogenic"),
        (5, "VUS", "Likely Oncogenic"),
        (4, "VUS", "VUS"),
        (0, "VUS", "VUS"),
        (-1, "Likely Benign", "Likely Benign"),
        (-6, "Likely Benign", "Likely Benign"),
        (-7, "Benign", "Benign"),
        (-30, "Benign", "Benign"),
    ],
)
def test_the_limits_of_the_classes(points, sop, pcgr):
    assert rules.classify(points, RULES, "sop") == sop
    assert rules.classify(points, RULES, "pcgr") == pcgr


@pytest.mark.parametrize(
    ("off", "by"),
    [
        ("OS3", "OS1"),
        ("OM4", "OM1"),
        ("OM4", "OM3"),
        ("OP3", "OM1"),
        ("OP3", "OM3"),
        ("OM2", "OVS1"),
        ("OM1", "OS3"),
        ("OM1", "OM3"),
        ("OM4", "OS1"),
        ("OM4", "OS3"),
    ],
)
def test_a_code_switches_another_off_and_the_ledger_keeps_both(off, by):
    verdict = combine([code(off), code(by)], RULES, "sop")
    assert verdict.points == RULES.points[by, RULES.greatest_strength(by)]
    lines = {line.code: line for line in verdict.codes}
    assert (lines[off].status, lines[off].points) == ("excluded", 0)
    assert lines[off].reason == f"not counted with {by}"
    assert lines[by].status == "met"


def test_a_code_that_is_off_switches_nothing_off():
    # OM1 is off by OS3, so that OP3 stays.
    verdict = combine([code("OS3"), code("OM1"), code("OP3")], RULES, "sop")
    assert {line.code for line in verdict.codes if line.status == "met"} == {"OS3", "OP3"}
    assert verdict.points == 5


def test_functional_studies_that_disagree_count_for_nothing():
    verdict = combine([code("OS2"), code("SBS2"), code("OP4")], RULES, "sop")
    assert verdict.points == 1
    assert {line.status for line in verdict.codes if line.code != "OP4"} == {"conflicting"}


def test_the_fallback_does_not_decide_a_class_alone():
    weak = code("SBP1", weak=True)
    assert combine([weak], RULES, "sop").classification == "VUS"
    assert combine([weak], RULES, "sop").codes[0].status == "weak_alone"
    assert combine([weak, code("OP4")], RULES, "sop").points == 0
    assert combine([code("SBP1")], RULES, "sop").classification == "Likely Benign"


def test_a_code_counts_once_at_its_greatest_strength_with_all_references():
    found = [
        code("OS2", "moderate", references=("EID1",)),
        code("OS2", "strong", references=("EID2",)),
        code("OS2", "strong", references=("EID1", "EID3")),
    ]
    (line,) = combine(found, RULES, "sop").codes
    assert (line.points, line.strength) == (4, "strong")
    assert set(line.references) == {"EID1", "EID2", "EID3"}
    assert line.evidence == "seen (3)"


def test_masked_evidence_stays_in_the_ledger_without_points():
    verdict = combine([code("OS1", status="masked", reason="left out")], RULES, "sop")
    assert (verdict.points, verdict.classification) == (0, "VUS")
    assert verdict.codes[0].status == "masked"


FOUND = st.lists(
    st.builds(
        lambda pair, weak: Code(*pair, "seen", "x", weak=weak),
        st.sampled_from(STRENGTHS),
        st.booleans(),
    ),
    max_size=12,
)


@given(FOUND)
def test_the_points_are_the_sum_of_what_counts(found):
    verdict = combine(found, RULES, "sop")
    met = [line for line in verdict.codes if line.status == "met"]
    assert verdict.points == sum(RULES.points[line.code, line.strength] for line in met)
    assert all(line.points == 0 for line in verdict.codes if line.status != "met")
    assert verdict.classification == rules.classify(verdict.points, RULES, "sop")
    assert len({line.code for line in met}) == len(met)
    assert {line.code for line in verdict.codes} == {line.code for line in found}
    on = {line.code for line in met}
    for line in met:
        assert not RULES.exclusions.get(line.code, frozenset()) & on


@given(FOUND, st.randoms(use_true_random=False))
def test_the_order_of_evidence_does_not_matter(found, dice):
    shuffled = list(found)
    dice.shuffle(shuffled)
    assert combine(found, RULES, "sop") == combine(shuffled, RULES, "sop")


def test_codes_that_exclude_nothing_add_up():
    free = ["OVS1", "OS1", "OM1", "OP1", "OP2", "OP4", "SBS1", "SBP2"]
    for chosen in itertools.combinations(free, 3):
        verdict = combine([code(name) for name in chosen], RULES, "sop")
        expected = sum(RULES.points[n, RULES.greatest_strength(n)] for n in chosen)
        assert verdict.points == expected, chosen


def test_a_faulty_table_is_told(tmp_path):
    text = PROCEDURE["criteria"].read_text().replace("\t8\t", "\teight\t")
    (tmp_path / "criteria.tsv").write_text(text)
    with pytest.raises(ResourceError, match=r"criteria\.tsv: not a number .*eight"):
        rules.load({**PROCEDURE, "criteria": tmp_path / "criteria.tsv"})
