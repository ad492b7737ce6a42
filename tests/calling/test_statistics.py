from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apothecary.calling import statistics
from apothecary.calling.statistics import Detection


def test_the_wilson_interval_of_a_known_case():
    # 10 of 100: the closed form, worked by hand with z = 1.959964.
    low, high = statistics.wilson(10, 100)
    assert (low, high) == (pytest.approx(0.05523, abs=1e-5), pytest.approx(0.17437, abs=1e-5))


@given(st.integers(1, 2000), st.data())
def test_the_wilson_interval_holds_the_share(depth, data):
    count = data.draw(st.integers(0, depth))
    low, high = statistics.wilson(count, depth)
    assert 0 <= low <= count / depth <= high <= 1


@given(st.integers(1, 60), st.floats(1e-5, 0.2), st.data())
def test_the_tail_is_the_sum_of_the_binomial(depth, rate, data):
    count = data.draw(st.integers(0, depth))
    summed = sum(
        math.comb(depth, k) * rate**k * (1 - rate) ** (depth - k) for k in range(count, depth + 1)
    )
    assert statistics.tail(count, depth, rate) == pytest.approx(summed, rel=1e-6, abs=1e-300)


@given(st.integers(1, 3000), st.floats(1e-5, 0.05), st.floats(1e-8, 0.05))
def test_needed_is_the_least_number_beyond_errors(depth, rate, alpha):
    detection = Detection(alpha, 2, 0.95)
    needed = detection.needed(depth, rate)
    assert needed >= 2
    if needed <= depth:
        assert statistics.tail(needed, depth, rate) <= alpha
    if needed > 2:
        assert statistics.tail(needed - 1, depth, rate) > alpha


@given(st.integers(20, 3000), st.floats(1e-5, 0.01))
def test_an_allele_at_the_limit_is_found_with_the_power(depth, rate):
    detection = Detection(1e-6, 3, 0.95)
    limit = detection.limit(depth, rate)
    assert limit is not None
    seen = limit + rate * (1 - limit)
    found = statistics.tail(detection.needed(depth, rate), depth, seen)
    assert found == pytest.approx(0.95, abs=1e-6)


def test_the_limit_falls_with_depth_and_rises_with_errors():
    detection = Detection(1e-6, 3, 0.95)
    limits = [detection.limit(depth, 0.0005) for depth in (30, 100, 300, 1000, 5000)]
    assert limits == sorted(limits, reverse=True)
    assert detection.limit(300, 0.01) > detection.limit(300, 0.0005)


def test_no_limit_where_no_count_is_beyond_errors():
    assert Detection(1e-6, 3, 0.95).limit(2, 0.001) is None


def test_log_odds_of_a_known_case():
    # 5 of 50 at a rate of 0.001, worked by hand.
    expected = 5 * math.log10(100) + 45 * math.log10(0.9 / 0.999)
    assert statistics.log_odds(5, 50, 0.001) == pytest.approx(expected)
    assert statistics.log_odds(0, 50, 0.001) == 0


def test_the_exact_test_of_a_known_table():
    # Fisher's tea: 3, 1, 1, 3 gives 34/70.
    assert statistics.exact_test(3, 1, 1, 3) == pytest.approx(34 / 70)
