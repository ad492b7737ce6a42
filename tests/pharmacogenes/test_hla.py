"""HLA names, and what they say of the alleles that guidance asks for."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apothecary.pharmacogenes import hla
from apothecary.pharmacogenes.hla import Carries, HlaAllele


@pytest.mark.parametrize(
    ("text", "gene", "fields", "letter", "name"),
    [
        ("HLA-B*57:01:01:01", "HLA-B", ("57", "01", "01", "01"), "", "*57:01"),
        ("B*57:01", "HLA-B", ("57", "01"), "", "*57:01"),
        ("*57:01", None, ("57", "01"), "", "*57:01"),
        ("*57", None, ("57",), "", "*57"),
        ("DRB1*15:01:01", "HLA-DRB1", ("15", "01", "01"), "", "*15:01"),
        ("A*24:09N", "HLA-A", ("24", "09"), "N", "*24:09N"),
        ("A*24:02:01:02L", "HLA-A", ("24", "02", "01", "02"), "L", "*24:02L"),
        ("HLA-B*44:02:01:02S", "HLA-B", ("44", "02", "01", "02"), "S", "*44:02S"),
        ("A*32:11Q", "HLA-A", ("32", "11"), "Q", "*32:11Q"),
        ("B*57:01P", "HLA-B", ("57", "01"), "P", "*57:01P"),
        ("B*57:01:01G", "HLA-B", ("57", "01", "01"), "G", "*57:01:01G"),
        ("A*02:1011", "HLA-A", ("02", "1011"), "", "*02:1011"),
        ("DPB1*1001:01", "HLA-DPB1", ("1001", "01"), "", "*1001:01"),
    ],
)
def test_names(text, gene, fields, letter, name) -> None:
    allele = hla.parse(text)
    assert allele == HlaAllele(gene, fields, letter)
    assert allele.name == name


@pytest.mark.parametrize(
    "text",
    [
        "", "57:01", "*5701", "*57:1", "*57:01:01:01:01", "*57:01X", "*57:01:", "HLA-B", "*57N",
        "*57:01G", "*57:01:01P", "*57:01 positive", "b*57:01", "*57:01\n", "HLA-HLA-B*57:01",
    ],
)  # fmt: skip
def test_what_is_no_name(text) -> None:
    assert hla.parse(text) is None


@given(
    st.integers(1, 99),
    st.lists(st.integers(1, 9999), max_size=3),
    st.sampled_from(["", "HLA-B", "B"]),
)
def test_any_name_of_fields_is_read_and_reduced(first, others, gene) -> None:
    fields = [f"{number:02d}" for number in (first, *others)]
    text = f"{gene}*{':'.join(fields)}"
    allele = hla.parse(text)
    assert allele is not None
    assert allele.fields == tuple(fields)
    again = hla.parse(allele.name)
    assert again is not None
    assert again.fields == tuple(fields[:2])


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("*57:01", Carries.YES),
        ("*57:01P", Carries.YES),
        ("*57:01:01G", Carries.YES),
        ("*57:01L", Carries.YES),
        ("*57:01N", Carries.MAYBE),
        ("*57", Carries.MAYBE),
        ("*57:03", Carries.NO),
        ("*57:03P", Carries.NO),
        ("*58:01", Carries.NO),
        ("*58", Carries.NO),
        ("*5", Carries.NO),
    ],
)
def test_an_allele_is_the_wanted_one_or_not_or_may_be(name, found) -> None:
    assert hla.carries(name, "*57:01") is found


def test_a_group_of_a_lower_allele_may_hold_the_wanted_one() -> None:
    assert hla.carries("*15:01P", "*15:02") is Carries.MAYBE
    assert hla.carries("*15:01:01G", "*15:02") is Carries.MAYBE
    assert hla.carries("*15:03P", "*15:02") is Carries.NO


@pytest.mark.parametrize(
    ("names", "found", "reason"),
    [
        (("*57:01", "*15:02"), Carries.YES, None),
        (("*57:01", None), Carries.YES, None),
        (("*07:02", "*08:01"), Carries.NO, None),
        (
            ("*57", "*08:01"),
            Carries.MAYBE,
            "*57 does not tell whether it is *57:01",
        ),
        (
            ("*08:01", None),
            Carries.MAYBE,
            "one allele is not known, so that *57:01 is not excluded",
        ),
        (
            ("*57:01N", "*08:01"),
            Carries.MAYBE,
            "*57:01N is not expressed; guidance does not say what holds for it",
        ),
    ],
)
def test_status_of_a_pair(names, found, reason) -> None:
    assert hla.status(names, "*57:01") == (found, reason)


def test_what_alleles_have_in_common() -> None:
    assert hla.common(["B*57:01:01", "B*57:01:02"]) == "*57:01"
    assert hla.common(["B*57:01:01", "B*57:03:01"]) == "*57"
    assert hla.common(["B*57:01:01", "B*58:01:01"]) is None
    assert hla.common(["B*57:01:01", "?"]) is None
