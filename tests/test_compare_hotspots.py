"""Known variants between two runs: what is found in one only weighs more than a limit."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from run_builder import RunBuilder

from apothecary import changes, compare
from apothecary.changes import Change

BRAF = {"chrom": "chr7", "pos": 140753336, "ref": "A", "alt": "T", "gene": "BRAF"}


def base() -> RunBuilder:
    builder = RunBuilder().sample("T1", role="tumor", format="bam").consent("T1", "tumor")
    facts = {"sample_id": "T1", "build": "GRCh38"}
    builder.add("hotspot_evidence", **facts, **BRAF, protein_changes=["V600E"], status="found",
                depth=400, alt_depth=40, detection_limit=0.02)  # fmt: skip
    for pos in (1, 2, 3):
        nras = {"chrom": "chr1", "pos": pos, "ref": "A", "alt": "C", "gene": "NRAS"}
        builder.add("hotspot_evidence", **facts, **nras, status="not found", depth=300,
                    detection_limit=0.01 * pos)  # fmt: skip
    return builder


def compared(folder: Path, change: Callable[[RunBuilder], None]) -> list[Change]:
    other = base()
    change(other)
    return compare.compare(base().write(folder / "a"), other.write(folder / "b"))


def setting(index: int, **values) -> Callable[[RunBuilder], None]:
    return lambda builder: builder.rows["hotspot_evidence"][index].update(values)


@pytest.mark.parametrize(
    ("values", "now"),
    [
        ({"status": "not found", "alt_depth": 2}, "not found, detection limit 0.02"),
        (
            {"status": "not assessable", "detection_limit": None, "reason": "depth 3 is below 20"},
            "not assessable (depth 3 is below 20)",
        ),
    ],
)
def test_a_variant_that_is_no_longer_found_is_a_clinical_change(tmp_path, values, now):
    found = compared(tmp_path, setting(0, **values))
    subject = "BRAF V600E chr7:140753336:A:T"
    was = "found, 40 of 400 fragments"
    assert found == [Change(changes.KNOWN_VARIANT, "T1", subject, was, now)]
    assert compare.clinical(found)


def test_a_variant_that_the_second_run_does_not_look_at_is_told(tmp_path):
    (change,) = compared(tmp_path, lambda builder: builder.rows["hotspot_evidence"].pop(0))
    assert (change.weight, change.after) == (changes.KNOWN_VARIANT, "not looked at")


def test_a_run_without_reads_has_no_evidence_and_is_compared(tmp_path):
    found = compared(tmp_path, lambda builder: builder.rows.pop("hotspot_evidence"))
    assert [change.weight for change in found] == [changes.KNOWN_VARIANT, changes.DATA]
    assert found[1].line() == "T1: 3 known variants of NRAS: not found → not looked at"


def test_a_negative_that_can_no_longer_be_told_is_counted_by_gene(tmp_path):
    def change(builder: RunBuilder) -> None:
        for row in builder.rows["hotspot_evidence"][1:3]:
            row |= {"status": "not assessable", "detection_limit": None, "reason": "too low"}

    found = compared(tmp_path, change)
    subject = "2 known variants of NRAS"
    assert found == [Change(changes.DATA, "T1", subject, "not found", "not assessable")]
    assert not compare.clinical(found)


def test_another_detection_limit_is_technical(tmp_path):
    (change,) = compared(tmp_path, setting(2, detection_limit=0.05))
    assert (change.weight, change.before, change.after) == (changes.TECHNICAL, "0.02", "0.05")
