"""What is told of the biomarkers of a tumor, and of their changes between runs."""

from __future__ import annotations

from pathlib import Path

import pytest
from run_builder import RunBuilder

from apothecary import changes, compare, why
from apothecary.errors import WorkflowInputError


def tumor(status: str = "high", value: float = 95.4, **sample: str) -> RunBuilder:
    given = {"role": "tumor", "assay": "exome", "tumor_type": "COAD", **sample}
    builder = RunBuilder().sample("T1", **given).consent("T1", "tumor")
    builder.add(
        "biomarkers",
        sample_id="T1",
        biomarker="tmb_coding",
        status=status,
        value=value,
        low=92.0,
        high=99.0,
        numerator=2863,
        denominator=30.0,
        denominator_source="stated",
        unit="mutations/Mb",
        method="coding changes",
    )
    builder.add(
        "actionability",
        sample_id="T1",
        finding_id="biomarker:tmb",
        alteration="TMB High",
        evidence_id="EID12594",
        therapies=["Pembrolizumab"],
        tier="I",
        tier_reason="CIViC level B",
    )
    return builder.add(
        "signatures",
        sample_id="T1",
        catalogue="SBS96",
        signature="SBS44",
        status="assigned",
        fraction=0.7,
        low=0.6,
        high=0.8,
        group="MMR_deficiency",
        mutations=2000,
    )


def told(builder: RunBuilder, folder: Path, query: str) -> list[str]:
    lines = why.explain(builder.write(folder), "T1", query)
    return [line for line in lines if line.startswith(("assess_", "match_"))]


@pytest.mark.parametrize("query", ["TMB", "tmb"])
def test_a_biomarker_is_told_with_its_counts_and_its_evidence(tmp_path, query):
    assert told(tumor(), tmp_path, query) == [
        "assess_biomarkers: tmb_coding: high, 95.4 mutations/Mb (92 to 99); counted 2863 in 30 "
        "(stated); coding changes",
        "match_actionability: TMB High: EID12594, Pembrolizumab, tier I (CIViC level B)",
    ]


def test_signatures_are_told(tmp_path):
    assert told(tumor(), tmp_path, "signatures") == [
        "assess_biomarkers: SBS96 SBS44: assigned, share 0.7 (0.6 to 0.8), MMR deficiency; "
        "2000 mutations"
    ]


def test_of_another_sample_the_word_is_a_gene(tmp_path):
    builder = RunBuilder().sample("S1").consent("S1", "pharmacogenes")
    with pytest.raises(WorkflowInputError, match="no gene 'TMB'"):
        why.explain(builder.write(tmp_path), "S1", "TMB")


@pytest.mark.parametrize(
    ("status", "value", "weight"),
    [
        ("indeterminate", 95.4, changes.ACTIONABILITY),
        ("high", 80.0, changes.DATA),
    ],
)
def test_another_status_is_clinical_and_another_value_is_not(tmp_path, status, value, weight):
    a = tumor().write(tmp_path / "a")
    b = tumor(status, value).write(tmp_path / "b")
    (change,) = compare.compare(a, b)
    assert (change.weight, change.subject) == (weight, "tmb_coding")
    assert compare.clinical([change]) == (weight == changes.ACTIONABILITY)


def test_a_signature_that_is_gone_is_told(tmp_path):
    without = tumor()
    without.rows["signatures"] = []
    found = compare.compare(tumor().write(tmp_path / "a"), without.write(tmp_path / "b"))
    assert [(c.subject, c.before, c.after) for c in found] == [
        ("signature SBS44 of SBS96", "assigned, share 0.7", "")
    ]
