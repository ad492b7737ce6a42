"""Microsatellite instability from the number of mutations and their indels."""

from __future__ import annotations

from typing import Any

import pytest
from oncogene_builders import variant

from apothecary.oncogenes.biomarkers import msi_variants

MODEL = {"intercept": -13.8, "log10_mutations": 4.8}
SETTINGS = {
    "min_mutations": 30,
    "max_stable_probability": 0.05,
    "min_unstable_probability": 0.5,
    "max_stable_share": 0.05,
    "min_unstable_share": 0.08,
}


def tumor(substitutions: int, slips: int) -> list[dict[str, Any]]:
    rows = [variant(pos=1000 + 9 * at) for at in range(substitutions)]
    return rows + [variant(pos=90_000 + 9 * at, ref="CA", alt="C") for at in range(slips)]


@pytest.mark.parametrize(
    ("substitutions", "slips", "status"),
    [
        (2500, 500, "msi_high"),
        (5000, 20, "mss"),  # many mutations for another reason
        (80, 4, "mss"),  # few mutations
        (2000, 150, "indeterminate"),
        (400, 40, "indeterminate"),
        (10, 10, "not_assessed"),
    ],
)
def test_mutations_and_indels_decide_together(substitutions, slips, status):
    row = msi_variants.assess(tumor(substitutions, slips), "exome", None, MODEL, SETTINGS)
    assert row["status"] == status
    assert row["reason"]


@pytest.mark.parametrize("assay", ["panel", "genome"])
def test_the_model_of_exomes_judges_nothing_else(assay):
    row = msi_variants.assess(tumor(2500, 500), assay, None, MODEL, SETTINGS)
    assert (row["status"], row["value"]) == ("not_assessed", None)
    assert assay in row["reason"]


def test_an_indel_outside_a_homopolymer_is_no_slip_where_the_reference_tells():
    class Reference:
        def bases(self, chrom: str, start: int, end: int) -> str | None:
            text = "GCATGCATGCATCAAAAAGCATGCATGCATCATGCATGCATGCATG"
            return text[start - 1 : end] if end <= len(text) else None

    inside = variant(pos=13, ref="CA", alt="C")
    outside = variant(pos=31, ref="CA", alt="C")
    unknown = variant(pos=900, ref="CA", alt="C")
    count, words = msi_variants.slippage([inside, outside, unknown], Reference())
    assert count == 2
    assert words.startswith("2 of 3 with the reference around them, of which 1")


def test_the_model_of_the_package_tells_many_mutations_from_few(repository):
    from apothecary.oncogenes.biomarkers import resources

    files = (repository / "resources" / "biomarkers").glob("*.tsv")
    model = resources.load(files).msi_model
    assert msi_variants.probability(100, model) < 0.05
    assert msi_variants.probability(2000, model) > 0.8
    assert 10 < model["unstable_percent_cut"] < 25
