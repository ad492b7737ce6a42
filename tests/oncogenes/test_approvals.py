"""Approvals that a user imported, held against tumors."""

from __future__ import annotations

from typing import Any

import pytest
from oncogene_builders import BuiltPack, cases, consequence, index, sample, variant

from apothecary import tables
from apothecary.oncogenes import approvals
from apothecary.oncogenes import cases as case_files
from apothecary.oncogenes.schemas import APPROVALS
from apothecary.oncogenes.settings import Settings

BRAF = variant()
Row = dict[str, Any]


def approval(profile: str, **changes: Any) -> Row:
    row = {
        "approval_id": "MOA-S1",
        "agency": "FDA",
        "therapies": ["Madeupinib"],
        "molecular_profile": profile,
        "disease": "Non-Small Cell Lung Cancer",
        "oncotree_code": "LUAD",
        "approved": "2020-01-02",
        "test_required": True,
        "document": "Label",
        "link": "https://example.org",
        "source_id": "moalmanac_referenced",
    }
    return {**row, **changes}


def match(approval_rows: list[Row], who: Row | None = None, **batch: Any) -> list[Row]:
    sources = [{"source_id": "moalmanac_referenced", "licence": "GPL-2.0"}]
    pack = BuiltPack(imported_approvals=approval_rows, sources=sources)
    of = case_files.Batch(batch.get("variants", []), batch.get("consequences", []), [], [],
                      gates=batch.get("gates", []))  # fmt: skip
    found = approvals.match(cases(pack, of, [who or sample(format="bam")]), index(pack), Settings())
    assert tables.to_arrow(APPROVALS, found).num_rows == len(found)
    return found


def test_a_tumor_meets_does_not_meet_or_cannot_be_assessed() -> None:
    named = consequence(BRAF, "BRAF", "V600E")
    gates = [{"sample_id": "T1", "level": "gene", "name": "KRAS", "status": "pass", "reason": None}]
    rows = match(
        [
            approval("BRAF V600E"),
            approval("KRAS G12C", approval_id="MOA-S2"),
            approval("EGFR L858R", approval_id="MOA-S3"),
            approval("PD-L1 Positive Expression", approval_id="MOA-S4"),
        ],
        variants=[BRAF],
        consequences=[named],
        gates=gates,
    )
    assert [row["status"] for row in rows] == [
        "meets",
        "does_not_meet",
        "not_assessable",
        "not_assessable",
    ]
    first = rows[0]
    assert (first["reason"], first["findings"]) == ("BRAF V600E", ["chr7:140753336:A:T"])
    assert (first["agency"], first["approved"], first["test_required"]) == (
        "FDA",
        "2020-01-02",
        True,
    )
    assert (first["tumor_match"], first["licence"]) == ("exact", "GPL-2.0")
    assert "no coding exon of EGFR was measured" in rows[2]["reason"]


@pytest.mark.parametrize(
    ("code", "disease", "tumor_type", "match_is"),
    [
        ("LUAD", "", "LUAD", "exact"),
        ("LUSC", "", "LUAD", None),
        (None, "Solid Tumor", "LUAD", "any"),
        (None, "Solid Tumor", "AML", None),
        ("", "Colorectal Cancer", "COAD", "main_type"),
        ("COAD", "", "LUAD", None),
    ],
)
def test_only_approvals_in_the_tumor_type_are_looked_at(
    code: str | None, disease: str, tumor_type: str, match_is: str | None
) -> None:
    rows = match(
        [approval("BRAF V600E", oncotree_code=code, disease=disease or None)],
        sample(tumor_type=tumor_type),
    )
    assert [row["tumor_match"] for row in rows] == ([match_is] if match_is else [])


def test_calls_that_look_like_germline_meet_nothing() -> None:
    many = [
        variant(pos=pos, vaf=0.5 if pos % 2 else 1.0, population_af=0.3) for pos in range(1, 121)
    ]
    rows = match([approval("BRAF V600E")], variants=[*many, BRAF],
                 consequences=[consequence(BRAF, "BRAF", "V600E")])  # fmt: skip
    assert [row["status"] for row in rows] == ["not_assessable"]
