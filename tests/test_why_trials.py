"""Trials and analyses of a tumor in `why` and `compare`."""

from __future__ import annotations

import copy

from run_builder import RunBuilder

from apothecary import changes, compare, why

PLACE = {"chrom": "chr7", "pos": 140_753_336, "ref": "A", "alt": "T"}
TRIAL = {"sample_id": "T1", "trial_id": "NCT1", "block": 1}


def run(status: str = "met") -> RunBuilder:
    builder = RunBuilder().sample("T1", role="tumor", assay="panel", tumor_type="COAD")
    builder.consent("T1", "tumor")
    builder.add("copy_number", sample_id="T1", gene="BRAF", chrom="chr7", total=2.0)
    builder.add("copy_number", sample_id="T1", gene="TP53", chrom="chr17", total=2.0)
    builder.add("trials", **TRIAL, accrual="open", status=status, unmet=["why not"], form="ctml")
    for number, (text, by) in enumerate(
        (("hugo symbol BRAF, variant category Mutation", ["chr7:140753336:A:T"]), ("age >=18", [])),
        start=1,
    ):
        builder.add(
            "trial_criteria", **TRIAL, criterion=number, text=text, status="met", reason="found",
            matched_by=by, decisive=True,
        )  # fmt: skip
    named = {"genes": ["BRAF"], "alteration": "BRAF V600E", "copies_given": False, "total": 2.0}
    builder.add(
        "variant_origins", sample_id="T1", **PLACE, **named, known_somatic=True, prior=0.5,
        germline_probability=0.0123, status="likely_somatic", reason="purity 0.6",
    )  # fmt: skip
    builder.add(
        "clonality", sample_id="T1", **PLACE, **named, ccf=0.9, ccf_low=0.8, ccf_high=1.0,
        status="clonal", reason="1 of 2 copies",
    )  # fmt: skip
    builder.add(
        "two_hits", sample_id="T1", gene="TP53", truncating=["TP53 R213*"], lost=["loss"],
        status="two_hits", reason="both", germline_looked_at=False,
    )  # fmt: skip
    return builder


def test_why_tells_the_criteria_of_a_gene_and_no_others(tmp_path):
    text = "\n".join(why.explain(run().write(tmp_path), "T1", "BRAF"))
    assert (
        "match_trials: NCT1 part 1, hugo symbol BRAF, variant category Mutation: met (found)"
        in text
    )
    assert "age >=18" not in text
    assert "BRAF V600E: likely somatic, germline with probability 0.0123 (purity 0.6)" in text
    assert "clonality clonal, cancer cell fraction 0.90 (0.80 to 1.00)" in text


def test_why_tells_the_hits_of_a_gene(tmp_path):
    text = "\n".join(why.explain(run().write(tmp_path), "T1", "TP53"))
    assert "TP53: two hits, truncating TP53 R213*; lost loss (both)" in text
    assert "match_trials" not in text


def test_another_result_of_a_trial_is_a_clinical_change(tmp_path):
    before = run()
    after = copy.deepcopy(run("unmet"))
    found = compare.compare(before.write(tmp_path / "a"), after.write(tmp_path / "b"))
    assert [(c.weight, c.subject) for c in found] == [(changes.TRIAL, "trial NCT1 part 1")]
    assert found[0].after == "unmet, accrual open (why not)"
    assert compare.clinical(found)
