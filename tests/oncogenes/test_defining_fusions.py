from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import pytest
from oncogene_builders import DEFINING, BuiltPack, consequence, evidence, matched, sample, variant

from apothecary.errors import ResourceError
from apothecary.oncogenes import defining_fusions
from apothecary.oncogenes.settings import Settings

ABL1 = variant("chr9", 130872896, "C", "T")
NAMED = consequence(ABL1, "ABL1", "T315I")
PROFILE = "BCR::ABL1 Fusion AND ABL1 T315I"


def rows_of(tumor_type: str, called: list[dict[str, Any]], **who: Any) -> list[dict[str, Any]]:
    pack = BuiltPack(civic_evidence=[evidence(PROFILE, disease="Cancer", doid="162")])
    given = sample(tumor_type=tumor_type, **who)
    return matched([ABL1], [NAMED], [], called, [given], pack, Settings())


def test_the_diagnosis_brings_its_fusion_and_says_so() -> None:
    (row,) = rows_of("CML", [])
    assert (row["finding_id"], row["match"], row["tier"]) == ("chr9:130872896:C:T", "exact", "I")
    assert row["tier_reason"].endswith("with BCR::ABL1 fusion (by the diagnosis, not measured)")


def test_another_diagnosis_brings_none() -> None:
    (row,) = rows_of("AML", [])
    assert row["evidence_id"] == ""


def test_fusions_that_were_given_count_instead() -> None:
    (row,) = rows_of("CML", [], fusions="fusions.tsv")
    assert row["evidence_id"] == ""
    fusion = {"sample_id": "T1", "gene_5prime": "BCR", "gene_3prime": "ABL1", "row": 2}
    rows = rows_of("CML", [fusion], fusions="fusions.tsv")
    assert {row["finding_id"] for row in rows} == {"chr9:130872896:C:T", "fusion:BCR::ABL1"}
    assert not any("not measured" in row["tier_reason"] for row in rows)


def test_the_table_names_tumor_types_and_sources(repository: Path) -> None:
    tree = repository / "resources" / "knowledge" / "oncotree.tsv"
    with tree.open(encoding="utf-8") as stream:
        codes = {row["code"] for row in csv.DictReader(stream, delimiter="\t")}
    assert set(defining_fusions.read(DEFINING)) <= codes
    with DEFINING.open(encoding="utf-8") as stream:
        assert all(row["source"] for row in csv.DictReader(stream, delimiter="\t"))


def test_a_table_of_other_columns_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "fusions.tsv"
    path.write_text("code\n")
    with pytest.raises(ResourceError, match="columns code; needed: oncotree_code"):
        defining_fusions.read(path)
