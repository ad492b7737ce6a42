"""Markers that the run measured stand in for those of the clinical sheet."""

from __future__ import annotations

from typing import Any

import pytest

from apothecary.trials import patients

SAMPLE = {
    "sample_id": "T1",
    "subject_id": "P1",
    "tumor_type": "COAD",
    "sex": "F",
    "format": "vcf",
}


def row(name: str, status: str, value: float | None = 12.5) -> dict[str, Any]:
    return {"biomarker": name, "status": status, "value": value, "unit": "x", "reason": None}


def clinical(*rows: dict[str, Any], sheet: dict[str, str] | None = None) -> dict[str, str]:
    given = [{"subject_id": "P1", "item": k, "value": v} for k, v in (sheet or {}).items()]
    loaded = patients.load(SAMPLE, given, [], [], rows, absent_is_negative=False)
    return dict(loaded.clinical)


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([row("tmb_coding", "high")], {"tmb_per_megabase": "12.5"}),
        ([row("tmb_coding", "not_assessed", None), row("tmb_all", "not_high", 3.0)],
         {"tmb_per_megabase": "3.0"}),
        ([row("tmb_coding", "not_assessed", None)], {}),
        ([row("msi_variants", "msi_high")], {"ms_status": "MSI-H"}),
        ([row("msi_reads", "mss"), row("msi_variants", "msi_high")], {"ms_status": "MSS"}),
        ([row("msi_variants", "indeterminate")], {}),
    ],
)  # fmt: skip
def test_measured_markers_are_items(rows, expected):
    assert clinical(*rows) == expected


def test_the_sheet_goes_before_what_was_measured():
    told = clinical(row("msi_variants", "mss"), sheet={"ms_status": "MSI-H"})
    assert told == {"ms_status": "MSI-H"}
