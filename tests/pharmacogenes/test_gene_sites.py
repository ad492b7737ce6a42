"""Observations of a gene, each distinct set kept once."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from apothecary.pharmacogenes.gene_sites import GeneSites
from apothecary.pharmacogenes.observations import ABSENT, REFERENCE, Observation

SEEN = (ABSENT, Observation(REFERENCE, None), Observation(REFERENCE, None, reason="other"))


@given(
    st.integers(1, 4).flatmap(
        lambda count: st.lists(
            st.lists(st.sampled_from(SEEN), min_size=count, max_size=count), min_size=1
        )
    )
)
def test_every_sample_has_its_own_observations_back(by_sample: list[list[Observation]]) -> None:
    found = GeneSites.from_columns(list(zip(*by_sample, strict=True)))
    assert [list(found.distinct[i]) for i in found.of_sample] == by_sample
    assert len({tuple(map(id, one)) for one in found.distinct}) == len(found.distinct)
    assert len(found.distinct) == len({tuple(map(id, one)) for one in by_sample})
