"""Gates of genes in the tables after."""

from __future__ import annotations

from alignment_builders import qc_settings
from hypothesis import given
from hypothesis import strategies as st

from apothecary.qc import withholding

SETTINGS = qc_settings()["callable"]
SAMPLE = {"sample_id": "T1", "role": "tumor", "assay": "panel"}


def gate(gene, level="pharmacogene", status="not_assessed"):
    return {"sample_id": "S1", "level": level, "name": gene, "status": status, "reason": "no reads"}


def diplotype(gene, method):
    return {"sample_id": "S1", "gene": gene, "method": method, "reason": "no position assessed"}


def test_a_gene_that_was_not_called_has_its_gate_as_the_reason():
    rows = [diplotype("AAA", "not_called"), diplotype("AAA", "outside"), diplotype("BBB", "x")]
    told = withholding.explain_diplotypes(rows, [gate("AAA"), gate("BBB")])
    assert told[0]["reason"] == "not assessed (quality control): no reads"
    assert told[1:] == rows[1:]


def test_gates_of_exons_and_of_other_samples_say_nothing_of_positions():
    rows = [diplotype("AAA", "not_called")]
    other = {**gate("AAA"), "sample_id": "S2"}
    for gates in ([gate("AAA", "gene")], [other], [gate("AAA", status="warn")]):
        assert withholding.explain_diplotypes(rows, gates) == rows


def evidence(status, pos, depth):
    limit = 0.05 if status == "not found" else None
    place = {"chrom": "chr7", "pos": pos, "input_pos": pos, "ref": "A", "alt": "T"}
    return {"sample_id": "T1", "status": status, "depth": depth, "reason": None,
            "detection_limit": limit, **place}  # fmt: skip


def part(start, end, callable_=False, kind="target", sample="T1"):
    return {"sample_id": sample, "kind": kind, "chrom": "chr7", "start": start, "end": end,
            "callable": callable_}  # fmt: skip


@given(
    st.sampled_from(["found", "not found", "not assessable"]),
    st.integers(1, 300),
    st.integers(0, 300),
)
def test_only_a_shallow_negative_in_a_lost_region_is_taken_back(status, pos, depth):
    rows = [evidence(status, pos, depth)]
    coverage = [part(100, 199), part(200, 300, True), part(1, 300, sample="T2")]
    (told,) = withholding.withhold_hotspots(rows, coverage, SAMPLE, SETTINGS)
    # A panel needs 100 reads over a base of a tumor by default.
    if status == "not found" and 100 <= pos <= 199 and depth < 100:
        assert (told["status"], told["detection_limit"]) == ("not assessable", None)
        assert told["reason"].startswith("fewer than 100 fragments")
    else:
        assert told == rows[0]


def test_without_coverage_nothing_is_taken_back():
    rows = [evidence("not found", 150, 30)]
    assert withholding.withhold_hotspots(rows, [], SAMPLE, SETTINGS) == rows
