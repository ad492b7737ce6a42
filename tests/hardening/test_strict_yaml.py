"""YAML that hides or swells is refused; any other is what the safe loader reads."""

from __future__ import annotations

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from apothecary.hardening import number_order, strict_yaml

plain = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4)
    ),
    max_leaves=12,
)


@given(value=plain)
def test_plain_data_are_read_as_they_were_written(value):
    text = yaml.safe_dump(value, allow_unicode=True)
    assert strict_yaml.documents(text, aliases=True) == [yaml.safe_load(text)]


@given(text=st.text(alphabet="a: -[]{}&*!|>\n#'\",", max_size=40))
def test_any_text_is_read_or_refused(text):
    try:
        found = strict_yaml.documents(text)
    except yaml.YAMLError:
        return
    assert isinstance(found, list)


def test_aliases_are_taken_where_they_may_be():
    text = "a: &x [1, 2]\nb: *x\n"
    assert strict_yaml.documents(text, aliases=True) == [{"a": [1, 2], "b": [1, 2]}]
    with pytest.raises(yaml.YAMLError, match="an alias"):
        strict_yaml.documents(text)
    with pytest.raises(yaml.YAMLError, match="an alias of itself"):
        strict_yaml.documents("a: &x [*x]\n", aliases=True)


def test_numbers_in_order_are_left_alone():
    config = {"a": {"min_x": 1, "max_x": 1, "warn_below": 2, "fail_below": 1, "b": [1.0, "x"]}}
    assert number_order.problems(config, "config") == []
    (problem,) = number_order.problems({"a": {"b": [float("nan")]}}, "config")
    assert problem.line() == "config, a.b: nan; a finite number"
