"""Origin and clonality by simulation: what was put in comes out."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from apothecary.oncogenes import clonality, origins
from apothecary.oncogenes.allele_fractions import Copies, CopyMap, expected, germline_copies
from apothecary.oncogenes.tumor_settings import TumorSettings

SETTINGS = TumorSettings()
DIPLOID = Copies(2.0, 1.0, 2.0, given=True)


def variant(vaf: float, depth: int = 400, **more):
    alt = round(vaf * depth)
    return {"vaf": alt / depth, "depth": depth, "alt_depth": alt, "population_af": None, **more}


@given(st.floats(0.05, 1), st.integers(0, 6), st.integers(1, 2))
def test_expected_fractions_are_fractions(purity, total, normal):
    copies = Copies(total, None, normal, given=True)
    for carried in range(total + 1):
        assert 0 <= expected(purity, copies, carried, 0) <= 1
    for carried in germline_copies(copies):
        assert 0 <= expected(purity, copies, carried, normal / 2) <= 1


def test_a_diploid_heterozygote_is_at_one_half_at_any_purity():
    for purity in (0.1, 0.5, 0.9):
        assert expected(purity, DIPLOID, 1, 1) == pytest.approx(0.5)


def test_a_common_variant_is_of_the_germline_whatever_its_fraction():
    told = origins.judge(variant(0.62, population_af=0.2), DIPLOID, None, False, SETTINGS)
    assert told.status == "likely_germline"


def test_a_fraction_that_no_germline_allele_has_is_somatic():
    told = origins.judge(variant(0.15), DIPLOID, 0.3, False, SETTINGS)
    assert told.status == "likely_somatic"


def test_half_of_the_reads_may_be_either_at_full_purity():
    told = origins.judge(variant(0.5), DIPLOID, 0.98, False, SETTINGS)
    assert told.status == "uncertain"


def test_a_known_somatic_site_is_never_likely_germline():
    row = variant(0.5, population_af=0.1)
    assert origins.judge(row, DIPLOID, 0.3, False, SETTINGS).status == "likely_germline"
    known = origins.judge(row, DIPLOID, 0.3, True, SETTINGS)
    assert known.status == "uncertain"
    assert "known somatic" in known.reason


def test_without_reads_the_prior_stands():
    row = {"vaf": None, "depth": None, "alt_depth": None, "population_af": None}
    told = origins.judge(row, DIPLOID, 0.5, False, SETTINGS)
    assert told.probability == told.prior == pytest.approx(1 / 2)


@pytest.mark.parametrize("purity_known", [True, False])
@pytest.mark.parametrize("purity", [0.3, 0.5, 0.7])
def test_simulated_variants_are_told_apart_and_seldom_wrongly(purity, purity_known):
    """Germline and clonal somatic variants of a simulated tumor with gains and losses."""
    rng = np.random.default_rng(7)
    wrong = told = 0
    for _ in range(300):
        total = int(rng.choice([1, 2, 2, 3, 4]))
        minor = int(rng.integers(0, total // 2 + 1))
        copies = Copies(total, minor, 2.0, given=True)
        germline = bool(rng.random() < 0.5)
        carried = int(rng.choice(germline_copies(copies))) if germline else 1
        share = expected(purity, copies, carried, 1 if germline else 0)
        row = variant(rng.binomial(500, share) / 500, 500)
        answer = origins.judge(row, copies, purity if purity_known else None, False, SETTINGS)
        if answer.status != "uncertain":
            told += 1
            wrong += (answer.status == "likely_germline") != germline
    assert wrong <= (0.05 if purity_known else 0.15) * 300
    assert told >= (150 if purity_known else 60)


@pytest.mark.parametrize("purity", [0.4, 0.7, 1.0])
@pytest.mark.parametrize(("total", "minor"), [(1, 0), (2, 1), (3, 1), (4, 2)])
def test_a_clonal_change_is_not_called_subclonal(purity, total, minor):
    rng = np.random.default_rng(11)
    copies = Copies(total, minor, 2.0, given=True)
    share = expected(purity, copies, 1, 0)
    answers = [
        clonality.judge(variant(rng.binomial(800, share) / 800, 800), copies, purity, SETTINGS)
        for _ in range(200)
    ]
    assert sum(a.status == "subclonal" for a in answers) <= 10
    assert np.median([a.ccf for a in answers]) > 0.9
    covered = sum(a.low <= 1.0 <= a.high for a in answers)
    assert covered >= 180


def test_a_change_of_a_third_of_the_cells_is_subclonal():
    share = expected(0.8, DIPLOID, 0.33, 0)
    told = clonality.judge(variant(share, 1000), DIPLOID, 0.8, SETTINGS)
    assert told.status == "subclonal"
    assert told.ccf == pytest.approx(0.33, abs=0.02)


def test_few_reads_tell_nothing_sure():
    told = clonality.judge(variant(0.4, 10), DIPLOID, 0.8, SETTINGS)
    assert told.status == "unknown"


def test_what_is_missing_is_told():
    assert clonality.judge(variant(0.4), DIPLOID, None, SETTINGS).reason == (
        "the purity is not given"
    )
    none = {"vaf": None, "depth": 10, "alt_depth": None}
    assert clonality.judge(none, DIPLOID, 0.5, SETTINGS).status == "unknown"
    assumed = Copies(2.0, 1.0, 2.0, given=False)
    assert "assumed" in clonality.judge(variant(0.4), assumed, 0.8, SETTINGS).reason


def test_copies_of_a_site_are_those_of_its_segment():
    row = {"chrom": "chr7", "start": 10, "end": 20, "total": 5.0, "minor": 1.0}
    copies = CopyMap([row], "M")
    assert copies.at("chr7", 20) == Copies(5.0, 1.0, 2.0, given=True)
    assert copies.at("chr7", 21) == Copies(2.0, 1.0, 2.0, given=False)
    assert copies.at("chrX", 5) == Copies(1.0, 0.0, 1.0, given=False)
