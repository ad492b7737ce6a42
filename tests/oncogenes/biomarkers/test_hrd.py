"""Hints of homologous recombination deficiency."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from oncogene_builders import consequence, variant

from apothecary.oncogenes.biomarkers import hrd
from apothecary.oncogenes.biomarkers.catalogues import Catalogue
from apothecary.oncogenes.findings import by_locus

GENES = ("BRCA1", "PALB2")
SETTINGS = {"min_deletions": 20, "min_microhomology": 0.3}


def fitted(signature: str, status: str, group: str | None = None) -> dict[str, Any]:
    return {
        "catalogue": "SBS96",
        "signature": signature,
        "status": status,
        "group": group,
        "fraction": 0.4,
        "low": 0.2,
        "high": 0.6,
        "reason": "few" if status == "not_assessed" else None,
    }


def assessed(
    terms: tuple[str, ...] = (),
    state: str = "",
    rows: tuple[dict[str, Any], ...] = (),
    indels: Catalogue | None = None,
    assay: str = "exome",
) -> dict[str, dict[str, Any]]:
    variants = [variant(pos=at + 1) for at in range(len(terms))]
    named = [consequence(v, "BRCA1", consequence=t) for v, t in zip(variants, terms, strict=True)]
    copies = [{"gene": "BRCA1", "state": state}] if state else []
    found = hrd.assess(
        variants, by_locus(named), copies, rows, indels or Catalogue(), GENES, assay, SETTINGS
    )
    return {row["biomarker"]: row for row in found}


@pytest.mark.parametrize(
    ("terms", "state", "status"),
    [
        (("stop_gained",), "loss_of_heterozygosity", "hint"),
        (("frameshift_variant", "stop_gained"), "", "hint"),
        (("missense_variant",), "homozygous_deletion", "hint"),
        (("stop_gained",), "neutral", "no_hint"),
        (("missense_variant",), "loss", "no_hint"),
        ((), "", "not_assessed"),
    ],
)
def test_both_copies_must_be_hit(terms, state, status):
    row = assessed(terms, state)["hrd_biallelic"]
    assert row["status"] == status
    assert ("BRCA1: both copies hit" in row["reason"]) == (status == "hint")


def test_a_panel_that_may_not_cover_the_genes_tells_a_hit_but_not_that_there_is_none():
    row = assessed(("missense_variant",), "neutral", assay="panel")["hrd_biallelic"]
    assert (row["status"], row["value"]) == ("not_assessed", None)
    assert "covers the genes is not known" in row["reason"]
    hit = assessed(("stop_gained",), "loss", assay="panel")["hrd_biallelic"]
    assert hit["status"] == "hint"


def test_without_copy_number_the_other_copy_is_told_to_be_unknown():
    assert "no copy number was given" in assessed(("stop_gained",))["hrd_biallelic"]["reason"]


@pytest.mark.parametrize(
    ("rows", "status"),
    [
        ((fitted("SBS3", "assigned", "HR_deficiency"),), "hint"),
        ((fitted("SBS3", "uncertain", "HR_deficiency"),), "no_hint"),
        ((fitted("SBS1", "assigned"),), "no_hint"),
        ((fitted("", "not_assessed"),), "not_assessed"),
    ],
)
def test_a_signature_of_the_group_is_a_hint_when_it_is_certain(rows, status):
    assert assessed(rows=rows)["hrd_signatures"]["status"] == status


@pytest.mark.parametrize(
    ("at_homology", "other", "status"),
    [(30, 10, "hint"), (2, 40, "no_hint"), (5, 5, "not_assessed")],
)
def test_deletions_at_microhomology(at_homology, other, status):
    counts = {"5:Del:M:2": at_homology, "3:Del:R:0": other, "1:Del:T:5": 500}
    row = assessed(indels=Catalogue(Counter(counts)))["hrd_microhomology"]
    assert row["status"] == status


def test_no_row_is_a_status_of_the_tumor():
    statuses = {row["status"] for row in assessed(("stop_gained",)).values()}
    assert statuses <= {"hint", "no_hint", "not_assessed"}
