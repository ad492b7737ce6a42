"""Which variants count, and the burden that they make."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from oncogene_builders import consequence, variant
from scipy import stats

from apothecary.oncogenes.biomarkers import counting, regions, tmb
from apothecary.oncogenes.biomarkers.regions import Region
from apothecary.oncogenes.findings import by_locus

COUNTED = {"min_vaf": 0.05, "min_depth": 10, "max_population_frequency": 0.001}
SETTINGS: dict[str, Any] = {
    "threshold": 10.0,
    "all_margin": 3.0,
    "min_megabases": 0.5,
    "genome_megabases": 2800.0,
    "max_unnamed": {"genome": 0.7, "exome": 0.1, "panel": 0.1},
}
EFFECTS = (
    ("missense_variant", counting.MISSENSE),
    ("stop_gained", counting.ALTERING),
    ("splice_donor_variant&intron_variant", counting.ALTERING),
    ("synonymous_variant", counting.SYNONYMOUS),
    ("intron_variant", counting.OTHER),
)


def tumor(*terms: str) -> tuple[list[dict[str, Any]], dict[Any, Any]]:
    """A variant for each effect, with what names it."""
    variants = [variant(pos=1000 + at) for at in range(len(terms))]
    named = [consequence(v, "G", consequence=t) for v, t in zip(variants, terms, strict=True) if t]
    return variants, dict(by_locus(named))


def assessed(*terms: str, region: Region, assay: str = "exome") -> dict[str, dict[str, Any]]:
    variants, consequences = tumor(*terms)
    counted = counting.somatic(variants, COUNTED)
    rows = tmb.assess(counted, consequences, region, assay, SETTINGS)
    return {row["biomarker"]: row for row in rows}


def test_what_does_not_count_is_told_by_why():
    rows = [
        variant(pos=1),
        variant(pos=1, record=9),
        variant(pos=2, vaf=0.01),
        variant(pos=3, depth=5),
        variant(pos=4, population_af=0.01),
        variant(pos=5, alt="<DEL>"),
        variant(pos=6, fate="filtered"),
        variant(pos=7, allele_index=0),
        variant(pos=8, vaf=None, depth=None),
    ]
    counted = counting.somatic(rows, COUNTED)
    assert [v["pos"] for v in counted.variants] == [1, 8]
    assert counted.told == "1 no small variant, 2 low in fraction or depth, 1 in populations"


def test_an_indel_that_a_maf_spells_with_a_dash_counts_and_keeps_its_name():
    row = variant(ref="-", alt="TCA")
    (one,) = counting.somatic([row], COUNTED).variants
    assert (one["ref"], one["alt"]) == ("N", "NTCA")
    named = consequence(row, "FLT3", consequence="splice_site_variant", method="MAF")
    assert counting.effect(one, by_locus([named])) == counting.ALTERING


@pytest.mark.parametrize(("terms", "effect"), EFFECTS)
def test_the_effect_of_a_variant(terms, effect):
    (one,), consequences = tumor(terms)
    assert counting.effect(one, consequences) == effect


def test_the_mane_transcript_stands_for_its_gene_and_the_weightiest_gene_for_the_variant():
    one = variant()
    rows = [
        consequence(one, "A", consequence="synonymous_variant", mane=True),
        consequence(one, "A", consequence="stop_gained", mane=False, transcript="other"),
    ]
    assert counting.effect(one, by_locus(rows)) == counting.SYNONYMOUS
    rows.append(consequence(one, "B", consequence="missense_variant", mane=False))
    assert counting.effect(one, by_locus(rows)) == counting.MISSENSE


def test_a_protein_change_alone_tells_the_effect_and_no_name_is_no_effect():
    one = variant()
    named = consequence(one, "BRAF", "V600E", consequence=None, method="known_variant")
    assert counting.effect(one, by_locus([named])) == counting.MISSENSE
    unnamed = consequence(one, "", consequence=None, method="not_named")
    assert counting.effect(one, by_locus([unnamed])) == counting.UNNAMED


def test_each_definition_counts_its_own():
    found = assessed(*(terms for terms, _ in EFFECTS), region=Region(1.0, "stated"))
    counts = {name: row["numerator"] for name, row in found.items()}
    assert counts == {
        tmb.CODING: 4,
        tmb.NONSYNONYMOUS: 3,
        tmb.MISSENSE: 1,
        tmb.ALL: 5,
    }
    assert found[tmb.MISSENSE]["status"] == "not_judged"


@pytest.mark.parametrize(
    ("count", "status"), [(2, "not_high"), (10, "indeterminate"), (40, "high")]
)
def test_the_whole_interval_decides(count, status):
    row = assessed(*["missense_variant"] * count, region=Region(1.0, "stated"))[tmb.CODING]
    assert row["status"] == status
    assert row["low"] <= row["value"] <= row["high"]


def test_without_a_size_there_is_a_count_and_no_rate():
    row = assessed("missense_variant", region=Region(None, "not known"), assay="panel")[tmb.CODING]
    assert (row["status"], row["numerator"], row["value"]) == ("not_assessed", 1, None)
    assert "not known" in row["reason"]


def test_effects_that_are_not_known_leave_only_the_count_of_all_variants():
    found = assessed(*[""] * 40, "missense_variant", region=Region(1.0, "stated"))
    assert found[tmb.CODING]["status"] == "not_assessed"
    assert "40 of 41 variants are not named" in found[tmb.CODING]["reason"]
    assert found[tmb.ALL]["numerator"] == 41


@pytest.mark.parametrize(("count", "status"), [(20, "not_judged"), (60, "high"), (1, "not_high")])
def test_all_variants_are_judged_with_a_margin_where_their_place_is_not_known(count, status):
    row = assessed(*[""] * count, region=Region(1.0, "stated"))[tmb.ALL]
    assert row["status"] == status


def test_few_megabases_judge_nothing():
    row = assessed(*["missense_variant"] * 40, region=Region(0.1, "BED"))[tmb.CODING]
    assert row["status"] == "indeterminate"


def test_variants_outside_the_regions_do_not_count():
    region = regions.of_sample(
        {"assay": "panel"}, [], [("chr7", 1000, 1001)], {"panel": 5.0}, "GRCh38"
    )
    assert region.megabases == pytest.approx(2e-6)
    row = assessed("missense_variant", "missense_variant", "missense_variant", region=region)
    assert row[tmb.CODING]["numerator"] == 2


def covered(kind: str, start: int, end: int, share: float) -> dict[str, Any]:
    return {
        "kind": kind,
        "chrom": "chr7",
        "start": start,
        "end": end,
        "bases": end - start + 1,
        "callable_fraction": share,
    }


def test_reads_give_the_callable_bases_of_targets_each_once():
    coverage = [
        covered("target", 1, 100, 1.0),
        covered("target", 51, 150, 0.5),
        covered("exon", 1, 1000, 1.0),
    ]
    region = regions.of_sample({"assay": "panel"}, coverage, None, {"panel": None}, "GRCh38")
    assert region.megabases == pytest.approx(150e-6 * 0.75)
    assert region.spans == [("chr7", 1, 150)]


def test_a_size_that_nobody_states_is_asked_for():
    region = regions.of_sample({"assay": "panel"}, [], None, {"panel": None}, "GRCh38")
    assert region.megabases is None
    assert "biomarkers.tmb.megabases.panel" in region.source


@given(st.integers(0, 5000), st.floats(0.1, 3000))
def test_the_interval_is_the_exact_one_of_poisson(count, megabases):
    low, high = tmb.interval(count, megabases)
    assert low <= count / megabases <= high
    assert stats.poisson.cdf(count, high * megabases) == pytest.approx(0.025, abs=1e-6)
    if count:
        assert stats.poisson.sf(count - 1, low * megabases) == pytest.approx(0.025, abs=1e-6)
