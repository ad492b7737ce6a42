from __future__ import annotations

from pathlib import Path

from run_builder import RunBuilder

from apothecary import compare, why
from apothecary.changes import ACTIONABILITY


def tumor(status: str = "not_found", limit: float | None = 0.0213) -> RunBuilder:
    given = {"role": "tumor", "assay": "panel", "tumor_type": "LUAD", "format": "bam"}
    builder = RunBuilder().sample("T1", **given).consent("T1", "tumor")
    builder.add(
        "pertinent_negatives",
        sample_id="T1",
        molecular_profile="EGFR L858R",
        genes=["EGFR"],
        status=status,
        detection_limit=limit,
        sensitive_to=["Madeupinib"],
        resistant_to=["Othermab"],
        reason="made up",
    )
    return builder.add(
        "approvals",
        sample_id="T1",
        approval_id="MOA-S1",
        agency="FDA",
        therapies=["A", "B"],
        molecular_profile="EGFR L858R",
        status="does_not_meet",
        reason="made up",
    )


def test_a_biomarker_of_a_gene_is_told_with_limit_and_treatments(tmp_path: Path) -> None:
    lines = why.explain(tumor().write(tmp_path), "T1", "egfr")
    assert (
        "list_pertinent_negatives: EGFR L858R: not found at a detection limit of 0.0213; predicts "
        "response to Madeupinib; predicts resistance to Othermab; made up"
    ) in lines
    assert "match_actionability: FDA A + B for EGFR L858R: does not meet; made up" in lines


def test_another_status_is_a_clinical_change(tmp_path: Path) -> None:
    one = tumor().write(tmp_path / "a")
    other = tumor("not_assessable", None).write(tmp_path / "b")
    (change,) = [c for c in compare.compare(one, other) if c.weight == ACTIONABILITY]
    assert change.subject == "pertinent negatives EGFR L858R"
    assert (change.before, change.after) == ("not found, limit 0.0213", "not assessable")
    assert compare.clinical([change])
