"""Biomarkers in the report model, its page and its exports."""

from __future__ import annotations

from typing import Any

import pytest
from report_builders import pack, row

from apothecary import schemas
from apothecary.reports import biomarkers
from apothecary.reports.context import Context, SampleTables, context


@pytest.fixture(scope="module")
def shared_context() -> Context:
    return context(pack(), {})


def marker(name: str, status: str, **values: Any) -> dict[str, Any]:
    return row(schemas.BIOMARKERS, sample_id="T1", biomarker=name, status=status, **values)


def test_markers_come_in_one_order_with_words(shared_context: Context):
    rows = [
        marker("hrd_biallelic", "no_hint", value=0.0, unit="genes"),
        marker("msi_variants", "msi_high", value=0.17123, low=0.15, high=0.19, unit="fraction"),
        marker("tmb_coding", "high", value=95.4321, unit="mutations/Mb", denominator=30.0),
        marker("tmb_all", "not_assessed", unit="mutations/Mb", reason="no size"),
    ]
    tables = SampleTables({"sample_id": "T1"}, {"biomarkers": rows})
    section = biomarkers.biomarkers(tables, shared_context)
    assert [m["biomarker"] for m in section["markers"]] == [
        "tmb_coding",
        "tmb_all",
        "msi_variants",
        "hrd_biallelic",
    ]
    assert [m["status_words"] for m in section["markers"]] == [
        "high",
        "not assessed",
        "MSI-high",
        "no hint",
    ]
    assert [m["value"] for m in section["markers"]] == [95.43, None, 0.171, 0.0]
    assert biomarkers.not_judged(section) == [
        {"step": "biomarkers", "reason": "Mutational burden, all small variants: no size"}
    ]


def test_a_reason_that_several_biomarkers_share_is_told_once(shared_context: Context):
    rows = [
        marker(name, status="not_assessed", value=None, reason=reason)
        for name, reason in (("tmb_coding", "no size"), ("tmb_all", "no size"), ("msi_reads", "x"))
    ]
    tables = SampleTables({"sample_id": "T1"}, {"biomarkers": rows})
    told = biomarkers.not_judged(biomarkers.biomarkers(tables, shared_context))
    assert [entry["reason"] for entry in told] == [
        "Mutational burden, coding changes; all small variants: no size",
        "Microsatellite instability, from reads: x",
    ]
    section = biomarkers.biomarkers(tables, shared_context)
    assert [m["reason_text"] for m in section["markers"]] == [
        "no size",
        "as for: Mutational burden, coding changes",
        "x",
    ]
    assert [m["reason"] for m in section["markers"]] == ["no size", "no size", "x"]


def test_names_without_a_common_head_and_lines_without_a_reason_are_told_as_they_are(
    shared_context: Context,
):
    rows = [
        marker("tmb_coding", "not_assessed", reason="no size"),
        marker("msi_reads", "not_assessed", reason="no size"),
        marker("tmb_all", "high"),
        marker("tmb_missense", "high"),
    ]
    tables = SampleTables({"sample_id": "T1"}, {"biomarkers": rows})
    section = biomarkers.biomarkers(tables, shared_context)
    (told,) = biomarkers.not_judged(section)
    assert told["reason"] == (
        "Mutational burden, coding changes; Microsatellite instability, from reads: no size"
    )
    others = [m["reason_text"] for m in section["markers"] if m["status"] != "not_assessed"]
    assert others == [None, None]


def test_signatures_come_by_catalogue_and_share(shared_context: Context):
    def signature(catalogue: str, name: str, share: float | None) -> dict[str, Any]:
        given = {"catalogue": catalogue, "signature": name, "fraction": share, "mutations": 9}
        return row(schemas.SIGNATURES, sample_id="T1", status="assigned", **given)

    rows = [
        signature("SBS96", "SBS1", 0.2),
        signature("SBS96", "SBS44", 0.8),
        signature("DBS78", "", None),
    ]
    tables = SampleTables({"sample_id": "T1"}, {"signatures": rows})
    found = biomarkers.biomarkers(tables, shared_context)["signatures"]
    assert [s["signature"] for s in found] == [None, "SBS44", "SBS1"]
    assert found[0]["finding"] == "signature:DBS78:none"
