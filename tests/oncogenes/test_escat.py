"""ESCAT tiers that are computed from levels, and their rules."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from oncogene_builders import (
    RULES,
    BuiltPack,
    consequence,
    evidence,
    known,
    matched,
    sample,
    variant,
)

from apothecary.errors import ResourceError
from apothecary.oncogenes import escat
from apothecary.oncogenes.settings import Settings
from apothecary.oncogenes.tumor_types import NEAR

TABLE = escat.read(RULES)


@pytest.mark.parametrize(
    ("case", "level", "near", "tier"),
    [
        ("evidence", "A", "exact", "I-A"),
        ("evidence", "A", "main_type", "I-A"),
        ("evidence", "A", "any", "I-C"),
        ("evidence", "A", "tissue", "III-A"),
        ("evidence", "B", "exact", "II-B"),
        ("evidence", "B", "other", "III-A"),
        ("evidence", "C", "exact", "IV-A"),
        ("evidence", "D", "other", "IV-A"),
        ("evidence", "E", "exact", "IV-B"),
        ("similar", "A", "exact", "III-B"),
        ("similar", "B", "exact", None),
        ("none", "", "", "X"),
    ],
)
def test_a_tier_is_given_by_its_rule(case: str, level: str, near: str, tier: str | None) -> None:
    found, reason = escat.of(case, level, near, TABLE)
    assert found == tier
    assert (reason or "").startswith("computed: ") is (tier is not None)


@given(st.sampled_from("ABCDE"), st.sampled_from(NEAR))
def test_every_level_has_a_tier_and_none_is_stronger_elsewhere(level: str, near: str) -> None:
    here, _ = escat.of("evidence", level, "exact", TABLE)
    found, _ = escat.of("evidence", level, near, TABLE)
    assert here is not None
    assert found is not None
    assert escat.TIERS.index(found) >= escat.TIERS.index(here)


def test_the_best_tier_is_the_strongest() -> None:
    assert escat.best(["IV-A", None, "II-B", "X"]) == "II-B"
    assert escat.best([None]) is None


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("a\tb\n", "columns a, b"),
        (
            "case\tlevel\ttumor\tescat\treason\tdefinition_source\tmapping_source\n"
            "evidence\tA\there\tI-D\twords\ts\ts\n",
            "row 2, escat: 'I-D'",
        ),
    ],
)
def test_a_table_that_is_none_is_refused(tmp_path: Path, text: str, told: str) -> None:
    path = tmp_path / "rules.tsv"
    path.write_text(text)
    with pytest.raises(ResourceError, match=told):
        escat.read(path)


BRAF = variant()


def rows_of(
    items: list[dict[str, Any]], change: str = "V600E", **pack: Any
) -> list[dict[str, Any]]:
    named = consequence(BRAF, "BRAF", change)
    built = BuiltPack(civic_evidence=items, **pack)
    return matched([BRAF], [named], [], [], [sample()], built, Settings())


def test_only_support_of_sensitivity_has_a_tier() -> None:
    items = [
        evidence("BRAF V600E", evidence_id="EID1"),
        evidence("BRAF V600E", evidence_id="EID2", direction="Does Not Support", therapies=["B"]),
        evidence("BRAF V600E", evidence_id="EID3", significance="Resistance", therapies=["C"]),
        evidence(
            "BRAF V600E",
            evidence_id="EID4",
            evidence_type="Prognostic",
            significance="Poor Outcome",
        ),
    ]
    assert {row["evidence_id"]: row["escat"] for row in rows_of(items)} == {
        "EID1": "I-A",
        "EID2": None,
        "EID3": None,
        "EID4": None,
    }


def test_a_vetoed_treatment_has_none_and_says_why() -> None:
    items = [
        evidence("BRAF V600E", evidence_id="EID1"),
        evidence("BRAF V600E", evidence_id="EID2", significance="Resistance"),
    ]
    row = next(row for row in rows_of(items) if row["evidence_id"] == "EID1")
    assert row["escat"] is None
    assert row["escat_reason"] == "withheld: vetoed by resistance (EID2)"


def test_a_finding_without_sensitivity_is_of_tier_x() -> None:
    (row,) = rows_of([evidence("BRAF V600E", significance="Resistance")])
    assert row["escat"] == "X"
    (row,) = rows_of([], gene_roles=[{"gene": "BRAF", "role": "oncogene"}])
    assert row["escat"] == "X"


def test_a_hotspot_beside_one_with_accepted_evidence_is_similar() -> None:
    hotspot = known(BRAF["pos"], "A", "T", "BRAF", "A404T")
    item = evidence("BRAF V600E", evidence_id="EID7")
    (row,) = rows_of([item], "A404T", known_variants=[hotspot])
    assert row["escat"] == "III-B"
    assert row["escat_reason"].endswith("(EID7)")
    (row,) = rows_of([item], "A404T")
    assert row["escat"] == "X"
