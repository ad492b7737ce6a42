from __future__ import annotations

import copy
from pathlib import Path

import pytest
from run_builder import RunBuilder

from apothecary import changes, compare
from apothecary.changes import Change
from apothecary.errors import WorkflowInputError

DIGEST = "0123456789abcdef" * 4


def base() -> RunBuilder:
    builder = RunBuilder()
    for name, batch in (("S1", "one"), ("S2", "two")):
        builder.sample(name, batch).consent(name, "pharmacogenes")
        builder.add("record_fates", sample_id=name, fate="kept", reason="passes", records=7)
        for position in ("p1", "p2", "p3", "p4"):
            builder.add(
                "sites",
                sample_id=name,
                gene="CYP2C19",
                position_id=position,
                state="called",
                allele_1="G",
                allele_2="A",
            )
        builder.add("diplotypes", sample_id=name, gene="CYP2C19", rank=1, diplotype="*1/*2")
        builder.add(
            "phenotypes",
            sample_id=name,
            gene="CYP2C19",
            rank=1,
            phenotype="Intermediate Metabolizer",
        )
        builder.add(
            "doses",
            sample_id=name,
            drug="clopidogrel",
            model="CPIC by CYP2C19: maintenance dose a day",
            refused="the guideline prefers another medicine",
            unit="mg/day",
        )
        builder.add(
            "interactions",
            sample_id=name,
            drug="clopidogrel",
            enzyme="CYP2C19",
            by="fluvoxamine",
            effect="inhibitor",
            strength="strong",
        )
        for drug, taken in (("clopidogrel", True), ("citalopram", False)):
            builder.add(
                "recommendations",
                sample_id=name,
                drug=drug,
                source="CPIC",
                rank=1,
                action="alternative",
                lookup="CYP2C19=Intermediate Metabolizer",
                guidance_id="G1",
                guideline_version="7",
                taken=taken,
            )
    builder.sample("T1", "two", role="tumor", tumor_type="COAD").consent("T1", "tumor")
    for evidence, tier in (("EID1", "I"), ("EID2", "II")):
        builder.add(
            "actionability",
            sample_id="T1",
            finding_id="chr7:140753336:A:T",
            evidence_id=evidence,
            alteration="BRAF V600E",
            therapies=["Encorafenib"],
            effect="sensitive",
            level="A",
            tier=tier,
        )
    builder.manifest = {
        "pipeline": {"name": "apothecary", "version": "1.0.0"},
        "config": {"batch_size": 25},
        "software": {"pyarrow": "26.0.0"},
        "knowledge": {"digest": DIGEST, "sources": [{"source_id": "civic", "version": "1"}]},
        "inputs": {"sheets": [], "samples": [{"sample_id": "S1", "sha256": DIGEST}]},
        "outputs": [{"path": "a.parquet", "sha256": DIGEST, "content_sha256": DIGEST}],
    }
    return builder


def compared(tmp_path: Path, change) -> list[Change]:
    """The changes between the base run and one that `change` has altered."""
    after = copy.deepcopy(base())
    change(after)
    return compare.compare(base().write(tmp_path / "a"), after.write(tmp_path / "b"))


def setting(table: str, index: int, **values):
    def change(builder: RunBuilder) -> None:
        builder.rows[table][index] |= values

    return change


def test_the_same_run_has_no_change(tmp_path):
    found = compared(tmp_path, lambda builder: None)
    assert found == []
    assert compare.render(found) == ["no change"]
    assert not compare.clinical(found)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (
            setting("recommendations", 0, action="avoid"),
            Change(
                changes.TAKEN_ACTION,
                "S1",
                "clopidogrel, CPIC",
                "alternative (taken)",
                "avoid (taken)",
            ),
        ),
        (
            setting("recommendations", 1, taken=True),
            Change(
                changes.TAKEN_ACTION, "S1", "citalopram, CPIC", "alternative", "alternative (taken)"
            ),
        ),
        (
            setting("recommendations", 1, dose_change="0.5"),
            Change(
                changes.RECOMMENDATION,
                "S1",
                "citalopram, CPIC",
                "alternative, by CYP2C19=Intermediate Metabolizer, G1 version 7",
                "alternative, 0.5, by CYP2C19=Intermediate Metabolizer, G1 version 7",
            ),
        ),
        (
            setting("doses", 0, refused=None, value=75.0),
            Change(
                changes.DOSE,
                "S1",
                "clopidogrel, CPIC by CYP2C19: maintenance dose a day",
                "no dose: the guideline prefers another medicine",
                "75 mg/day",
            ),
        ),
        (
            setting("interactions", 1, strength="moderate"),
            Change(
                changes.INTERACTION,
                "S2",
                "fluvoxamine with clopidogrel, CYP2C19",
                "strong inhibitor",
                "moderate inhibitor",
            ),
        ),
        (
            setting("diplotypes", 0, method="posterior", decision="indeterminate"),
            Change(changes.DECISION, "S1", "CYP2C19", "called: *1/*2", "indeterminate: *1/*2"),
        ),
        (
            setting("phenotypes", 0, phenotype="Poor Metabolizer", activity_score="0"),
            Change(
                changes.PHENOTYPE,
                "S1",
                "CYP2C19",
                "Intermediate Metabolizer",
                "Poor Metabolizer (activity score 0)",
            ),
        ),
        (
            setting("diplotypes", 1, diplotype=None, reason="no position assessed"),
            Change(
                changes.DECISION,
                "S2",
                "CYP2C19",
                "called: *1/*2",
                "not called (no position assessed)",
            ),
        ),
        (
            setting("diplotypes", 0, not_excludable=["*3", "*4"]),
            Change(changes.DIPLOTYPE, "S1", "CYP2C19", "*1/*2", "*1/*2, not excludable: *3 *4"),
        ),
        (
            setting("actionability", 0, tier="III"),
            Change(
                changes.ACTIONABILITY,
                "T1",
                "BRAF V600E chr7:140753336:A:T",
                "tier I; EID1 tier I level A sensitive Encorafenib",
                "tier II; EID1 tier III level A sensitive Encorafenib",
            ),
        ),
        (
            setting("outcomes", 1, status="failed", reason="BGZF file is cut"),
            Change(changes.SAMPLES, "S2", "status", "ok", "failed: BGZF file is cut"),
        ),
    ],
)
def test_a_clinical_change_is_told_with_its_weight(tmp_path, change, expected):
    found = compared(tmp_path, change)
    assert found == [expected]
    assert compare.clinical(found)
    lines = compare.render(found)
    assert lines[0] == "1 clinical change"
    assert lines[-1] == f"  {expected.line()}"
    assert f"{changes.HEADINGS[expected.weight]} (1)" in lines


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (
            setting("outcomes", 0, status="warn", reason="no index"),
            Change(changes.DATA, "S1", "status", "ok", "warn: no index"),
        ),
        (
            setting("outcomes", 0, notes=["REF not checked"]),
            Change(changes.DATA, "S1", "input notes", "", "REF not checked"),
        ),
        (
            setting("record_fates", 0, records=6),
            Change(changes.DATA, "S1", "record fates kept passes", "7 records", "6 records"),
        ),
        (
            setting("samples", 0, sex="M"),
            Change(changes.DATA, "S1", "sex", "F", "M"),
        ),
        (
            setting("consent", 0, decision="no"),
            Change(changes.DATA, "", "consent S1 pharmacogenes", "yes", "no"),
        ),
    ],
)
def test_a_change_of_the_data_is_told_but_is_not_clinical(tmp_path, change, expected):
    found = compared(tmp_path, change)
    assert found == [expected]
    assert not compare.clinical(found)
    assert compare.render(found)[0] == "no clinical change"


def test_sites_of_a_gene_are_one_change_with_counts(tmp_path):
    def change(builder: RunBuilder) -> None:
        for row in builder.rows["sites"][:4]:
            row |= {"state": "not_assessed", "allele_1": None, "allele_2": None, "reason": "gone"}

    assert compared(tmp_path, change) == [
        Change(
            changes.DATA,
            "S1",
            "CYP2C19, 4 sites (p1, p2, p3 and 1 more)",
            "4 called G/A",
            "4 not assessed (gone)",
        )
    ]


def test_a_sample_of_one_run_comes_first_and_is_not_told_item_by_item(tmp_path):
    def change(builder: RunBuilder) -> None:
        for table, rows in builder.rows.items():
            if table not in ("consent", "clinical"):
                builder.rows[table] = [row for row in rows if row.get("sample_id") != "S1"]
        builder.rows["phenotypes"][0]["phenotype"] = "Poor Metabolizer"

    found = compared(tmp_path, change)
    assert found[0] == Change(changes.SAMPLES, "S1", "sample", "in the run", "")
    assert [change.sample_id for change in found] == ["S1", "S2"]


def test_another_batch_of_a_sample_is_no_change(tmp_path):
    def change(builder: RunBuilder) -> None:
        for sample in builder.rows["samples"]:
            sample["batch"] = "all"

    assert compared(tmp_path, change) == []


def test_software_knowledge_and_bytes_are_no_clinical_change(tmp_path):
    other = "f" * 64

    def change(builder: RunBuilder) -> None:
        manifest = builder.manifest
        assert manifest is not None
        manifest["software"]["pyarrow"] = "27.0.0"
        manifest["knowledge"]["digest"] = other
        manifest["knowledge"]["sources"][0]["version"] = "2"
        manifest["outputs"][0]["sha256"] = other
        manifest["outputs"].append({"path": "index.html", "sha256": other})

    found = compared(tmp_path, change)
    assert {change.weight for change in found} == {changes.TECHNICAL}
    assert [change.line() for change in found] == [
        "knowledge digest: 0123456789ab → ffffffffffff",
        "knowledge source civic: 1 → 2",
        "outputs: 1 files → 1 of one run only: index.html",
        "outputs: 1 files → 1 with the same rows in other bytes: a.parquet",
        "software pyarrow: 26.0.0 → 27.0.0",
    ]
    assert compare.render(found)[0] == "no clinical change"


def test_changes_are_ordered_by_weight(tmp_path):
    def change(builder: RunBuilder) -> None:
        builder.rows["record_fates"][0]["records"] = 1
        builder.rows["actionability"] = []
        builder.rows["diplotypes"][0]["diplotype"] = "*2/*2"
        builder.rows["recommendations"][0]["action"] = "avoid"

    found = compared(tmp_path, change)
    assert [change.weight for change in found] == [
        changes.TAKEN_ACTION,
        changes.DIPLOTYPE,
        changes.ACTIONABILITY,
        changes.DATA,
    ]
    assert compare.render(found)[0] == "3 clinical changes"


def test_ambiguous_calls_are_all_told(tmp_path):
    def change(builder: RunBuilder) -> None:
        builder.add("diplotypes", sample_id="S1", gene="CYP2C19", rank=2, diplotype="*3/*4")

    assert compared(tmp_path, change) == [
        Change(changes.DIPLOTYPE, "S1", "CYP2C19", "*1/*2", "*1/*2 or *3/*4")
    ]


def test_a_folder_without_a_run_is_told(tmp_path):
    with pytest.raises(WorkflowInputError, match="no results of a run"):
        compare.compare(base().write(tmp_path / "a"), tmp_path / "b")


def test_a_run_that_has_not_ended_is_told(tmp_path):
    a, b = base().write(tmp_path / "a"), base().write(tmp_path / "b")
    (b / "tables" / "two" / "diplotypes.parquet").unlink()
    with pytest.raises(WorkflowInputError, match="no table diplotypes of batch two; give the"):
        compare.compare(a, b)


def test_a_dose_that_is_gone_is_a_clinical_change(tmp_path):
    def change(builder: RunBuilder) -> None:
        del builder.rows["doses"][0]

    (found,) = compared(tmp_path, change)
    assert (found.weight, found.after) == (changes.DOSE, "")
    assert compare.clinical([found])


def test_a_decision_made_in_another_way_is_no_change_of_the_decision(tmp_path):
    found = compared(tmp_path, setting("diplotypes", 0, decision="called", method="posterior"))
    assert found == []
