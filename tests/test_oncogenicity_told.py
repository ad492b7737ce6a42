"""The class of a variant in `why` and in `compare`."""

from __future__ import annotations

from pathlib import Path

import pytest
from run_builder import RunBuilder

from apothecary import changes, compare, why

PLACE = {"build": "GRCh38", "chrom": "chr7", "pos": 140753336, "ref": "A", "alt": "T"}
VARIANT = {
    "input_pos": PLACE["pos"],
    "input_ref": "A",
    "input_alts": "T",
    "allele_index": 1,
    "genotype": "0/1",
    "filters": "PASS",
    "fate": "kept",
}


def run(classification: str = "Oncogenic", points: int = 11, role: str = "tumor") -> RunBuilder:
    builder = RunBuilder().sample("T1", role=role, assay="panel", tumor_type="COAD")
    builder.consent("T1", "tumor").add("variants", sample_id="T1", **PLACE, **VARIANT)
    named = {"transcript": "ENST1", "gene": "BRAF", "protein_change": "V600E", "method": "CSQ"}
    builder.add("consequences", **PLACE, **named)
    told = {"protein_change": "V600E", "class": classification, "points": points}
    builder.add(
        "oncogenicity",
        **PLACE,
        gene="BRAF",
        criteria="sop",
        codes=["OS2", "OS3"],
        not_assessed=["OP4: no population"],
        masked=False,
        **told,
    )
    line = {"gene": "BRAF", "strength": "strong", "source_id": "civic", "references": ["EID1"]}
    builder.add(
        "oncogenicity_codes",
        **PLACE,
        **line,
        rank=1,
        code="OS2",
        points=4,
        status="met",
        weak=False,
        evidence="functional: gain of function",
    )
    return builder.add(
        "oncogenicity_codes",
        **PLACE,
        **{**line, "references": []},
        rank=2,
        code="OM4",
        points=0,
        status="excluded",
        weak=True,
        evidence="established: V600K",
        reason="not counted with OS3",
    )


@pytest.mark.parametrize("query", ["BRAF V600E", "BRAF", "chr7:140753336:A:T"])
def test_why_tells_class_points_and_every_line_of_the_ledger(tmp_path: Path, query: str):
    lines = [
        line.partition(": ")[2]
        for line in why.explain(run().write(tmp_path), "T1", query)
        if line.startswith("classify_oncogenicity: ")
    ]
    assert lines == [
        "BRAF V600E: Oncogenic, 11 points, limits sop",
        "OS2 strong, met, +4: functional: gain of function, by civic [EID1]",
        "OM4 strong, weak, excluded (not counted with OS3), +0: established: V600K, by civic",
        "not assessed: OP4: no population",
    ]


def test_why_of_another_variant_tells_no_class(tmp_path: Path):
    builder = run().add("variants", sample_id="T1", **{**PLACE, "pos": 5}, **VARIANT)
    lines = why.explain(builder.write(tmp_path), "T1", "chr7:5:A:T")
    assert not any(line.startswith("classify_oncogenicity") for line in lines)


def test_another_class_is_a_clinical_change(tmp_path: Path):
    found = compare.compare(
        run().write(tmp_path / "a"), run("Likely Oncogenic", 9).write(tmp_path / "b")
    )
    (change,) = [one for one in found if "oncogenicity" in one.subject]
    assert change.weight == changes.ACTIONABILITY
    assert compare.clinical([change])
    assert change.line() == (
        "T1: BRAF V600E oncogenicity: Oncogenic, 11 points (OS2, OS3) → "
        "Likely Oncogenic, 9 points (OS2, OS3)"
    )


def test_other_points_of_one_class_are_no_change_and_a_class_may_come_or_go(tmp_path: Path):
    one = run().write(tmp_path / "a")
    found = compare.compare(one, run(points=12).write(tmp_path / "b"))
    assert not any("oncogenicity" in change.subject for change in found)
    without = run()
    without.rows["oncogenicity"] = []
    found = compare.compare(one, without.write(tmp_path / "c"))
    (change,) = [one for one in found if "oncogenicity" in one.subject]
    assert change.after == ""


def test_germline_samples_have_no_class_even_with_the_variant(tmp_path: Path):
    found = compare.compare(
        run(role="germline").write(tmp_path / "a"),
        run("VUS", 3, role="germline").write(tmp_path / "b"),
    )
    assert not any("oncogenicity" in change.subject for change in found)
