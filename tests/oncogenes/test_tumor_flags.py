from __future__ import annotations

from typing import Any

import pytest
from oncogene_builders import consequence, sample, variant

from apothecary.oncogenes import findings, tumor_flags
from apothecary.oncogenes.settings import Settings


def flags(variants: list[dict[str, Any]], **changes: Any) -> dict[str, dict[str, Any]]:
    rows = tumor_flags.assess(sample(**changes), variants, {}, Settings())
    assert [r["flag"] for r in rows] == sorted(r["flag"] for r in rows)
    return {row["flag"]: row for row in rows}


def calls(fractions: list[float | None], **changes: Any) -> list[dict[str, Any]]:
    return [variant(pos=i + 1, vaf=f, **changes) for i, f in enumerate(fractions)]


def heterozygous_and_homozygous(count: int) -> list[float | None]:
    """Two heterozygous calls to one homozygous, as in germline."""
    spread = [0.42, 0.46, 0.5, 0.53, 0.57]
    return [1.0 if i % 3 == 0 else spread[i % 5] for i in range(count)]


def test_germline_allele_fractions_fail() -> None:
    found = flags(calls(heterozygous_and_homozygous(300)))["looks_germline"]
    assert found["status"] == "fail"
    assert found["value"] == 1.0
    assert "100% of the allele fractions lie near 0.5 or 1" in found["reason"]
    assert "no tier is given" in found["reason"]


def test_variants_known_in_populations_fail() -> None:
    found = flags(calls([0.3] * 100, population_af=0.2))["looks_germline"]
    assert (found["status"], found["value"]) == ("fail", 1.0)


def test_homozygous_genotypes_fail_where_no_fraction_is_given() -> None:
    rows = calls([None] * 100)
    for row in rows[:40]:
        row["genotype"] = "1|1"
    found = flags(rows)
    assert found["looks_germline"]["status"] == "fail"
    assert found["no_vaf"]["status"] == "warn"


def test_a_spread_of_fractions_is_a_tumor() -> None:
    fractions: list[float | None] = [0.05 + 0.6 * (i % 100) / 100 for i in range(3000)]
    assert flags(calls(fractions)) == {}


def test_a_clonal_tumor_without_homozygous_calls_is_warned_of_only() -> None:
    found = flags(calls([0.45, 0.5, 0.55, 0.48] * 30))
    assert found["looks_germline"]["status"] == "warn"


def test_a_dozen_drivers_are_not_judged() -> None:
    drivers = calls([0.1, 0.2, 0.25, 0.3, 0.4, 0.45, 0.5, 0.5, 0.55, 0.6, 0.5, 0.48], rsid="rs1")
    assert flags(drivers) == {}


def test_rs_numbers_alone_say_nothing() -> None:
    assert flags(calls([0.2, 0.3] * 100, rsid="rs121913529")) == {}


@pytest.mark.parametrize(
    ("assay", "count", "flagged"),
    [("exome", 18_000, True), ("panel", 18_000, False), ("genome", 18_000, False)],
)
def test_more_variants_than_a_tumor_has(assay: str, count: int, flagged: bool) -> None:
    found = flags(calls([0.05 + (i % 50) / 100 for i in range(count)]), assay=assay)
    assert ("high_burden" in found) is flagged


def test_filtered_variants_are_not_counted() -> None:
    assert flags(calls(heterozygous_and_homozygous(300), fate="filtered")) == {}


def test_a_sample_without_tumor_type_is_told() -> None:
    assert flags([variant()], tumor_type=None)["no_tumor_type"]["status"] == "warn"


def test_variants_of_the_other_build_that_nothing_names_are_told() -> None:
    named = variant(build="GRCh37", pos=1)
    unnamed = variant(build="GRCh37", pos=2)
    rows = [
        consequence(named, "BRAF", "V600E", method="MAF"),
        consequence(unnamed, "BRAF", method="not_named"),
    ]
    found = tumor_flags.assess(sample(), [named, unnamed], findings.by_locus(rows), Settings())
    assert [(f["flag"], f["status"], f["value"]) for f in found] == [
        ("build_not_named", "warn", 0.5)
    ]
    assert "1 of 2 variants are on GRCh37" in found[0]["reason"]
