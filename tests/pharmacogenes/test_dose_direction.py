"""The direction of a change of dose is told where its figure alone tells it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apothecary.pharmacogenes.dose_direction import direction


@pytest.mark.parametrize(
    ("dose_change", "expected"),
    [
        ("75 % of the starting dose", "decrease"),
        ("25–50 % of the lowest starting dose", "decrease"),
        ("50 % of the maintenance dose", "decrease"),
        ("≤ 10 %", "decrease"),
        ("99.5 %", "decrease"),
        ("150–200 % of the starting dose", "increase"),
        ("170 %", "increase"),
        # The same, both ways, or a limit that a higher dose may lie below.
        ("100 %", None),
        ("80–120 %", None),
        ("75–100 %", None),
        ("≤ 150 %", None),
        ("≤ 75 % of the maximum dose", None),
        ("starting dose ≤ 20 mg", None),
        ("400 or 200 mg/day starting dose", None),
        ("50 % or 200 %", None),
        ("0.5", None),
        ("", None),
        (None, None),
    ],
)
def test_direction(dose_change, expected):
    assert direction(dose_change) == expected


@given(low=st.integers(1, 400), width=st.integers(0, 100))
def test_a_range_has_a_direction_when_all_of_it_has(low, width):
    text = f"{low}–{low + width} % of the starting dose" if width else f"{low} %"
    told = {"decrease" if share < 100 else "increase" for share in (low, low + width)}
    sure = len(told) == 1 and 100 not in (low, low + width)
    assert direction(text) == (told.pop() if sure else None)
