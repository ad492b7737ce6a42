"""What two runs say of a tumor beside its findings, by clinical weight."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import pytest
from run_builder import RunBuilder

from apothecary import changes, compare
from apothecary.changes import Change

V600E = {"chrom": "chr7", "pos": 140753336, "ref": "A", "alt": "T", "alteration": "BRAF V600E"}
ROWS: dict[str, dict[str, Any]] = {
    "depth_copy_number": {
        "gene": "ERBB2", "state": "amplification", "targets": 9, "log2": 1.5, "log2_low": 1.25,
        "log2_high": 1.75,
    },
    "clonality": {**V600E, "status": "clonal", "ccf": 0.9, "ccf_low": 0.8, "ccf_high": 1.0},
    "variant_origins": {**V600E, "status": "likely_somatic", "germline_probability": 0.01},
    "two_hits": {"gene": "TP53", "status": "one_hit", "truncating": ["TP53 R213*"]},
    "expression_outliers": {"gene": "ERBB2", "status": "high", "robust_z": 6.0},
    "multi_omic": {"gene": "BRAF", "dna": ["BRAF V600E"], "expressed": "yes", "expression": 7.5},
    "signatures": {"catalogue": "SBS96", "signature": "SBS44", "status": "assigned",
                   "fraction": 0.7},
}  # fmt: skip
COUNT = {"trial_id": "NCT1", "block": 1, "status": "met", "persons": 7}


def base() -> RunBuilder:
    builder = RunBuilder().sample("T1", role="tumor", tumor_type="COAD").consent("T1", "tumor")
    for name, values in ROWS.items():
        builder.add(name, sample_id="T1", **values)
    return builder.add("trial_counts", **COUNT)


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return base().write(tmp_path_factory.mktemp("before"))


def compared(before: Path, after: Path, table: str, **values: Any) -> list[Change]:
    builder = copy.deepcopy(base())
    builder.rows[table][0] |= values
    return compare.compare(before, builder.write(after))


def test_the_same_tables_have_no_change(before: Path, tmp_path: Path) -> None:
    assert compare.compare(before, base().write(tmp_path)) == []


@pytest.mark.parametrize(
    ("table", "values", "told"),
    [
        (
            "depth_copy_number",
            {"state": "uncertain"},
            ("ERBB2 depth copy number", "amplification, log2 1.5 (1.25 to 1.75)",
             "uncertain, log2 1.5 (1.25 to 1.75)"),
        ),
        (
            "clonality",
            {"status": "unknown", "ccf": None},
            ("BRAF V600E chr7:140753336:A:T clonality",
             "clonal, cancer cell fraction 0.9 (0.8 to 1)", "unknown"),
        ),
        (
            "variant_origins",
            {"status": "likely_germline", "germline_probability": 0.98},
            ("BRAF V600E chr7:140753336:A:T variant origins",
             "likely somatic, germline with probability 0.01",
             "likely germline, germline with probability 0.98"),
        ),
        (
            "two_hits",
            {"status": "two_hits", "lost": ["loss (1 copies)"]},
            ("TP53 two hits", "one hit, truncating TP53 R213*",
             "two hits, truncating TP53 R213*; lost loss (1 copies)"),
        ),
        (
            "expression_outliers",
            {"status": "low", "robust_z": -6.0},
            ("ERBB2 expression outliers", "high, robust z 6", "low, robust z -6"),
        ),
        (
            "multi_omic",
            {"expressed": "no", "expression": 0.5},
            ("BRAF multi omic", "BRAF V600E: expressed yes, 7.5",
             "BRAF V600E: expressed no, 0.5"),
        ),
        (
            "signatures",
            {"status": "uncertain"},
            ("signature SBS44 of SBS96", "assigned, share 0.7", "uncertain, share 0.7"),
        ),
    ],
)  # fmt: skip
def test_another_conclusion_has_clinical_weight(
    before: Path, tmp_path: Path, table: str, values: dict[str, Any], told: tuple[str, str, str]
) -> None:
    found = compared(before, tmp_path, table, **values)
    assert found == [Change(changes.ACTIONABILITY, "T1", *told)]
    assert compare.clinical(found)


@pytest.mark.parametrize(
    ("table", "values"),
    [
        ("depth_copy_number", {"log2": 1.4}),
        ("clonality", {"ccf": 0.85}),
        ("variant_origins", {"germline_probability": 0.02}),
        ("two_hits", {"truncating": ["TP53 R196*"]}),
        ("expression_outliers", {"robust_z": 5.0}),
        ("multi_omic", {"expression": 8.0}),
        ("signatures", {"fraction": 0.6}),
    ],
)
def test_another_value_of_the_same_conclusion_is_data(
    before: Path, tmp_path: Path, table: str, values: dict[str, Any]
) -> None:
    (change,) = compared(before, tmp_path, table, **values)
    assert change.weight == changes.DATA


def test_counts_of_a_trial_are_told_by_batch_and_have_no_weight(
    before: Path, tmp_path: Path
) -> None:
    found = compared(before, tmp_path, "trial_counts", persons=None, suppressed="below 5")
    subject = "batch batch0001, trial NCT1 part 1, met"
    assert found == [Change(changes.DATA, "", subject, "7 persons", "suppressed")]
    assert not compare.clinical(found)
