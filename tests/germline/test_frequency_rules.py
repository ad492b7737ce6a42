"""Frequency rules of expert panels: how they are read, and what they are held against."""

from __future__ import annotations

import pytest
from germline_builders import rule
from hypothesis import given
from hypothesis import strategies as st

from apothecary.errors import ResourceError
from apothecary.germline import frequencies
from apothecary.germline.frequencies import Frequency
from apothecary.germline.settings import Settings
from apothecary.knowledge.importers import frequency_rules

SETTINGS = Settings(frequency_margin=10, common_frequency=0.05)
SHARE = st.floats(0, 1, allow_nan=False)
HEAD = "symbol\tcriterion\tvcep_version\tevidence_level\tproperty\tthresholds\tcomparator\n"


def met(frequency: Frequency, *rules: dict) -> list[str]:
    ordered = frequencies.index(rules).get("PLUS", [])
    return [code.code for code in frequencies.assess(frequency, ordered, SETTINGS)]


@given(SHARE, SHARE, SHARE, st.sampled_from(["gt", "gte"]), st.sampled_from(["lt", "lte"]))
def test_a_range_holds_what_its_comparators_say(low, high, value, lower, upper):
    if not low < high:
        with pytest.raises(ResourceError, match="or a range that ends"):
            frequency_rules.limits("t", 2, f"{low!r},{high!r}", f"{lower},{upper}")
        return
    found = frequency_rules.limits("t", 2, f"{low!r},{high!r}", f"{lower},{upper}")
    above = value > low if lower == "gt" else value >= low
    below = value < high if upper == "lt" else value <= high
    assert frequencies.holds(found, value) == (above and below)


@pytest.mark.parametrize(
    ("thresholds", "comparator"),
    [("0.1,0.2", "gt"), ("0.1", "lt"), ("0.1,0.2", "gt,gte"), ("x", "gt"), ("0.1", "eq"),
     ("2", "gt"), ("0.1", "gt,lt")],
)  # fmt: skip
def test_what_is_no_range_is_told(thresholds, comparator):
    with pytest.raises(ResourceError, match=r"rules\.tsv, row 3, thresholds"):
        frequency_rules.limits("rules.tsv", 3, thresholds, comparator)


def test_rows_are_read_with_their_codes_and_versions(tmp_path):
    path = tmp_path / "rules.tsv"
    lines = (
        "TOY\tBS1\t.\tsupporting\tFAF\t0.00002,0.0001\tgt,lte",
        "TOY\tBA1\t2.1\tstand_alone\tFAF\t0.001\tgte",
    )
    path.write_text(HEAD + "\n".join(lines) + "\n")
    supporting, alone = frequency_rules.import_frequency_rules(path, "made")["frequency_rules"]
    assert (supporting["code"], supporting["rule_version"]) == ("BS1_SUPP", None)
    assert (supporting["below"], supporting["below_included"]) == (0.0001, True)
    assert (alone["above"], alone["above_included"], alone["below"]) == (0.001, True, None)
    path.write_text(HEAD + lines[1].replace("BA1", "PM2") + "\n")
    with pytest.raises(ResourceError, match=r"criterion: PM2 stand_alone; BA1 stand_alone or"):
        frequency_rules.import_frequency_rules(path, "made")


def test_the_strongest_rule_that_holds_is_met_and_a_gap_meets_none():
    gap = (rule("BA1", 0.0028, above_included=True), rule("BS1", 0.0001, 0.001))
    assert met(Frequency(filtering=0.0028), *gap) == ["BA1"]
    assert met(Frequency(filtering=0.0005), *gap) == ["BS1"]
    assert met(Frequency(filtering=0.002), *gap) == []
    both = (rule("BS1", 0.0001), rule("BA1", 0.001))
    assert met(Frequency(filtering=0.01), *both) == ["BA1"]
    assert met(Frequency(filtering=0.001), *both) == ["BS1"]


def test_a_plain_frequency_is_divided_by_the_margin_and_a_counted_one_is_not():
    rules = (rule("BA1", 0.001),)
    assert met(Frequency(plain=0.009), *rules) == []
    assert met(Frequency(plain=0.011), *rules) == ["BA1"]
    assert met(Frequency(counted=0.002, counted_source="peddy_1kg"), *rules) == ["BA1"]
    (code,) = frequencies.assess(Frequency(plain=0.02), rules, SETTINGS)
    assert "no filtering frequency; taken as 0.002" in code.evidence
    assert code.sources == ("clingen_vcep", "input")


def test_our_own_limit_is_for_genes_without_a_rule():
    assert met(Frequency(plain=0.06)) == ["BA1"]
    assert met(Frequency(plain=0.05)) == []
    assert met(Frequency(plain=0.06), rule("BS1", 0.5)) == []


def test_not_looked_at_is_not_absent():
    assert met(Frequency()) == []
    assert met(Frequency(asked=True)) == ["PM2_SUPP"]
    assert met(Frequency(plain=0.0, asked=True)) == ["PM2_SUPP"]
    assert met(Frequency(plain=0.00001, asked=True)) == []
