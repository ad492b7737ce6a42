"""Thresholds by role and assay, and what becomes of samples and genes that do not reach them."""

from __future__ import annotations

import pytest
from alignment_builders import qc_settings, sample
from hypothesis import given
from hypothesis import strategies as st

from apothecary import schemas, tables
from apothecary.errors import WorkflowInputError
from apothecary.qc import gates, metrics, withholding
from apothecary.qc.metrics import Metric

SETTINGS = qc_settings(targets="panel.bed")


def measured(name="S1", **values):
    given_values = {"total_reads": 1000.0, "mean_target_depth": 35.0, **values}
    return metrics.rows(
        name,
        [Metric(m, v, "x", None if v is not None else "why") for m, v in given_values.items()],
    )


def part(kind, name, callable_=True, gene="AAA", sample_id="S1"):
    number = name if kind == "exon" else None
    return {
        "sample_id": sample_id,
        "kind": kind,
        "gene": gene,
        "exon": number,
        "position_id": name if kind == "position" else None,
        "start": 1,
        "callable": callable_,
    }


def itself(name="S1", **values):
    given_values = {"status": "pass", "reason": None, "contamination": 0.001, **values}
    return {
        "sample_id": name,
        "other_id": name,
        "other_from": "self",
        "contamination_note": None,
        "expected_relation": None,
        **given_values,
    }


def gate(sample_rows=None, values=(), coverage=(), identity=(), failures=None, settings=SETTINGS):
    found = gates.gate(
        sample_rows or [sample()], values, coverage, identity, failures or {}, settings
    )
    for name, rows in found.items():
        tables.to_arrow(schemas.TABLES[name], rows)
    return found


def status(found, level="sample", name="S1"):
    (row,) = (r for r in found["qc_gates"] if (r["level"], r["name"]) == (level, name))
    return row["status"], row["reason"]


def test_a_good_sample_passes():
    found = gate(values=measured(), identity=[itself()])
    assert status(found) == ("pass", None)
    (outcome,) = found["qc_outcomes"]
    assert (outcome["status"], outcome["reason"]) == ("ok", "")


def test_a_sample_below_a_bound_fails_and_says_which():
    found = gate(values=measured(mean_target_depth=3.0), identity=[itself()])
    assert status(found)[0] == "fail"
    (outcome,) = found["qc_outcomes"]
    assert outcome["status"] == "failed"
    assert outcome["reason"] == (
        "quality control: mean_target_depth 3 (fail below 10, warn below 20)"
    )


def test_a_warning_is_no_failure():
    found = gate(values=measured(mean_target_depth=15.0), identity=[itself()])
    assert status(found)[0] == "warn"
    assert found["qc_outcomes"][0]["status"] == "warn"


def test_contamination_above_a_tenth_fails():
    found = gate(values=measured(), identity=[itself(contamination=0.11)])
    assert "contamination 0.11 (fail above 0.1" in status(found)[1]
    assert status(gate(values=measured(), identity=[itself(contamination=0.1)]))[0] == "warn"


def test_what_is_not_assessed_does_not_pass_and_does_not_fail():
    found = gate(values=measured(q30_fraction=None), identity=[itself(contamination=None)])
    by_metric = {row["metric"]: row for row in found["qc_metrics"]}
    assert by_metric["q30_fraction"]["status"] == "not_assessed"
    assert by_metric["contamination"]["status"] == "not_assessed"
    assert status(found)[0] == "pass"


def test_a_metric_without_a_bound_has_no_status():
    found = gate(values=measured(gc_fraction=0.4))
    (row,) = (row for row in found["qc_metrics"] if row["metric"] == "gc_fraction")
    assert (row["status"], row["threshold"]) == (None, None)


def test_bounds_follow_role_and_assay():
    assert gates.thresholds(SETTINGS["thresholds"], "tumor", "panel")["mean_target_depth"] == {
        "warn_below": 250,
        "fail_below": 100,
    }
    assert "duplicate_fraction" in gates.thresholds(SETTINGS["thresholds"], "tumor", "genome")
    assert gates.thresholds(SETTINGS["thresholds"], "tumor", "panel")["duplicate_fraction"] == {}


def test_targets_that_are_not_known_are_not_judged():
    settings = qc_settings()
    values = measured(mean_target_depth=0.1, target_callable_fraction=0.0)
    found = gate([sample(assay="panel")], values, settings=settings)
    assert status(found)[0] == "pass"
    (row,) = (r for r in found["qc_metrics"] if r["metric"] == "mean_target_depth")
    assert row["status"] is None
    assert "qc.targets" in row["reason"]
    assert status(gate([sample(assay="genome")], values, settings=settings))[0] == "fail"


def test_a_file_without_reads_fails_whatever_the_targets():
    values = measured(total_reads=0.0, mean_target_depth=None)
    found = gate([sample(assay="panel")], values, settings=qc_settings())
    assert "total_reads 0 (fail below 1)" in status(found)[1]


def test_a_sample_that_could_not_be_measured_fails_and_the_others_go_on():
    found = gate(
        [sample("S1"), sample("S2")],
        measured("S2"),
        failures={"S1": "reads.bam: cut"},
        identity=[itself("S2")],
    )
    assert status(found) == ("fail", "reads.bam: cut")
    assert status(found, name="S2")[0] == "pass"
    assert {r["sample_id"]: r["status"] for r in found["qc_outcomes"]} == {
        "S1": "failed",
        "S2": "ok",
    }


def test_a_swap_fails_the_sample():
    pair = {
        **itself(),
        "other_id": "S2",
        "other_from": "run",
        "status": "fail",
        "reason": "may be swapped",
        "expected_relation": "same",
    }
    found = gate(values=measured(), identity=[itself(), pair])
    assert status(found) == ("fail", "may be swapped")
    assert status(found, "identity", "S2 (run)")[0] == "fail"


def test_strangers_that_are_strangers_are_not_listed():
    pair = {**itself(), "other_id": "S2", "other_from": "run"}
    found = gate(values=measured(), identity=[itself(), pair])
    assert [r["name"] for r in found["qc_gates"] if r["level"] == "identity"] == ["sex"]


def test_genes_are_gated_by_exons_and_by_positions():
    coverage = [
        part("gene", "AAA"),
        part("exon", 1),
        part("exon", 2, False),
        part("position", "p1"),
        part("exon", 1, False, gene="BBB"),
        part("position", "p2", False, gene="CCC"),
        part("position", "p3", False, gene="DDD"),
        part("position", "p4", gene="DDD"),
    ]
    found = gate(values=measured(), coverage=coverage)
    assert status(found, "gene", "AAA") == ("warn", "1 of 2 exons cannot be called: 2")
    assert status(found, "pharmacogene", "AAA") == ("pass", None)
    assert status(found, "gene", "BBB")[0] == "not_assessed"
    assert status(found, "pharmacogene", "CCC")[0] == "not_assessed"
    assert status(found, "pharmacogene", "DDD")[0] == "warn"
    assert gates.not_assessed_genes(found["qc_gates"], "gene") == {
        "S1": {"BBB": "1 of 1 exons cannot be called: 1"}
    }


@pytest.mark.parametrize(
    ("lost", "words"),
    [((3,), "3"), ((2, 3), "2, 3"), ((1, 2, 3, 5), "1-3, 5"), ((5, 4, 3, 1), "1, 3-5")],
)
def test_exons_that_follow_each_other_are_told_as_a_range(lost, words):
    coverage = [part("exon", number, number not in lost) for number in range(1, 7)]
    reason = f"{len(lost)} of 6 exons cannot be called: {words}"
    assert status(gate(coverage=coverage), "gene", "AAA") == ("warn", reason)


def test_a_pharmacogene_is_not_lost_because_of_its_exons():
    """Its positions decide; the gate of its exons stands beside."""
    coverage = [part("exon", 1, False), part("position", "p1"), part("exon", 2, False, gene="BBB")]
    found = gate(coverage=coverage)
    assert status(found, "gene", "AAA")[0] == "not_assessed"
    assert status(found, "pharmacogene", "AAA") == ("pass", None)
    assert set(gates.not_assessed_genes(found["qc_gates"], "gene")["S1"]) == {"BBB"}
    assert gates.not_assessed_genes(found["qc_gates"], "pharmacogene") == {}


def test_a_gene_with_too_few_bases_is_not_assessed_though_an_exon_is_covered():
    coverage = [part("gene", "AAA", False), part("exon", 1), part("exon", 2, False)]
    assert status(gate(coverage=coverage), "gene", "AAA")[0] == "not_assessed"


def site(position, **values):
    return {
        "sample_id": "S1",
        "gene": "AAA",
        "position_id": position,
        "state": "reference",
        "allele_1": "C",
        "allele_2": "C",
        "likelihoods": "0,9,99",
        "reason": None,
        **values,
    }


def test_a_site_without_reads_is_not_assessed_whatever_was_called():
    sites = [site("p1"), site("p2", state="called"), site("p2", sample_id="S2")]
    coverage = [part("position", "p1"), part("position", "p2", False)]
    kept, lost, other = withholding.withhold_sites(sites, coverage)
    assert kept == sites[0]
    assert other == sites[2]
    assert (lost["state"], lost["allele_1"], lost["likelihoods"]) == ("not_assessed", None, None)
    assert "too few reads" in lost["reason"]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"thresholds": {"germline": {"default": {"eror_rate": {}}}}}, "did you mean"),
        ({"thresholds": {"tumor": {"default": {"error_rate": {"above": 1}}}}}, "unknown key"),
        ({"callable": {"tumor": {"default": {"depth": 0, "fraction": 0.9}}}}, "minimum"),
        ({"identity": {"sex_mismatch": {"tumor": "pass"}}}, "one of warn, fail"),
    ],
)
def test_a_config_that_means_nothing_is_refused(changes, words):
    with pytest.raises(WorkflowInputError, match=words):
        qc_settings(**changes)


@given(
    st.floats(-5, 5),
    st.dictionaries(
        st.sampled_from(["warn_below", "fail_below", "warn_above", "fail_above"]),
        st.floats(-5, 5),
        min_size=1,
    ),
)
def test_a_value_fails_only_beyond_a_bound_that_fails(value, bounds):
    state, words = gates.judge(value, bounds)
    beyond = {
        name: value < bound if name.endswith("below") else value > bound
        for name, bound in bounds.items()
    }
    assert (state == "fail") == any(b for n, b in beyond.items() if n.startswith("fail"))
    assert (state == "pass") == (not any(beyond.values()))
    assert words
