"""Markers of a whole tumor are matched with evidence, alone and beside variants."""

from __future__ import annotations

from typing import Any

import pytest
from oncogene_builders import BuiltPack, consequence, evidence, sample, variant
from oncogene_builders import matched as of_batch

from apothecary.oncogenes import markers

NAMES = {("tmb", "high"): "TMB High", ("msi", "msi_high"): "MSI High"}


def marker(name: str, status: str, value: float | None = 0.5) -> dict[str, Any]:
    return {
        "sample_id": "T1",
        "biomarker": name,
        "status": status,
        "value": value,
        "unit": "fraction",
        "reason": None,
    }


def matched(profile: str, *rows: dict[str, Any], **given: Any) -> list[dict[str, Any]]:
    pack = BuiltPack(civic_evidence=[evidence(profile, disease="Solid Tumor", doid="")])
    variants, named = given.get("variants", []), given.get("consequences", [])
    found = of_batch(variants, named, [], [], [sample()], pack, {}, biomarkers=list(rows))
    return [row for row in found if row["evidence_id"]]


def test_the_names_of_the_package_are_profiles_of_the_evidence(repository):
    names = markers.load(repository / "resources" / "biomarkers" / "evidence_markers.tsv")
    assert names == NAMES
    text = (repository / "resources" / "knowledge" / "civic_evidence.tsv").read_text()
    for name in names.values():
        assert f"\t{name}\t" in text


@pytest.mark.parametrize(
    ("profile", "row"),
    [
        ("MSI High", marker("msi_variants", "msi_high")),
        ("MSI High", marker("msi_reads", "msi_high")),
        ("TMB High", marker("tmb_coding", "high")),
        ("TMB High", marker("tmb_all", "high")),
    ],
)
def test_a_marker_meets_the_profile_of_its_name(profile, row):
    (found,) = matched(profile, row)
    assert (found["tier"], found["match"]) == ("I", "marker")
    assert found["gene"] == profile.split()[0]
    assert found["finding_id"] == f"biomarker:{profile.split()[0].lower()}"


@pytest.mark.parametrize(
    "row",
    [
        marker("msi_variants", "mss"),
        marker("msi_variants", "indeterminate"),
        marker("tmb_all", "not_judged"),
        marker("tmb_coding", "not_assessed", None),
        marker("tmb_missense", "high"),
        marker("msi_variants", "withheld", None),
    ],
)
def test_what_is_not_high_meets_nothing(row):
    assert not matched("MSI High", row)
    assert not matched("TMB High", row)


def test_reads_come_before_variants_and_coding_changes_before_all():
    assert not matched("MSI High", marker("msi_reads", "mss"), marker("msi_variants", "msi_high"))
    assert not matched("TMB High", marker("tmb_coding", "not_high"), marker("tmb_all", "high"))
    assert matched("TMB High", marker("tmb_coding", "not_assessed"), marker("tmb_all", "high"))


def test_a_marker_is_joined_with_a_variant():
    braf = variant()
    named = consequence(braf, "BRAF", "V600E")
    given = {"variants": [braf], "consequences": [named]}
    profile = "BRAF V600E AND MSI High"
    high = marker("msi_variants", "msi_high")
    assert {row["match"] for row in matched(profile, high, **given)} == {"exact", "marker"}
    assert not matched(profile, **given)
    assert not matched(profile, high)


@pytest.mark.parametrize(
    ("status", "met"), [("mss", True), ("indeterminate", False), ("not_assessed", False)]
)
def test_a_marker_is_absent_only_where_it_was_judged_to_be(status, met):
    braf = variant()
    given = {"variants": [braf], "consequences": [consequence(braf, "BRAF", "V600E")]}
    found = matched("BRAF V600E AND NOT MSI High", marker("msi_variants", status), **given)
    assert bool(found) == met
