"""The limits within which a file was read: a param that moves only where they stopped a reading."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from apothecary import schemas, tables
from apothecary.hardening.bounded import TOO_MUCH
from apothecary.planning import within

RULES = Path(__file__).resolve().parents[2] / "workflow" / "rules"
OLD, NEW = {"limit_cpu_seconds": 1}, {"limit_cpu_seconds": 2}


@pytest.fixture
def outcome(tmp_path):
    def write(reason):
        path = tmp_path / "results" / "tables" / "b1" / "outcomes.parquet"
        status = "failed" if reason else "ok"
        row = {"sample_id": "S1", "step": "read_variants", "status": status, "reason": reason}
        tables.write(path, schemas.OUTCOMES, [row])

    return write


@pytest.fixture
def param(tmp_path, monkeypatch):
    """The param of a job, as Snakemake asks for it and records it: as the text of a value."""
    monkeypatch.chdir(tmp_path)
    held = {}

    def ask(limits):
        asked = []

        def recorded(path):
            asked.append(path)
            return held.get(path)

        found = within.params(limits, "results", recorded)("tables/{batch}/outcomes.parquet")
        value = found({"batch": "b1"})
        return value, asked[0]

    def run(limits):
        value, path = ask(limits)
        held[path] = ["'digest'", repr(value)]

    ask.run = run
    ask.reruns = lambda limits: (
        [repr(ask(limits)[0])] != held["results/tables/b1/outcomes.parquet"][1:]
    )
    return ask


def test_a_reading_that_went_well_is_not_done_again(param, outcome):
    param.run(OLD)
    outcome("")
    assert not param.reruns(OLD)
    assert not param.reruns(NEW)


def test_a_reading_that_a_limit_stopped_is_done_again_within_others_alone(param, outcome):
    param.run(OLD)
    outcome(f"a.vcf: {TOO_MUCH} 1 s of CPU time; look at the file")
    assert not param.reruns(OLD)
    assert param.reruns(NEW)
    param.run(NEW)
    assert not param.reruns(NEW)
    outcome("")
    assert not param.reruns(NEW)
    assert not param.reruns(OLD)


def test_another_failure_is_none_of_a_limit(param, outcome):
    param.run(OLD)
    outcome("a.vcf: the file is empty; a VCF has a header and records")
    assert not param.reruns(NEW)


def test_an_outcome_that_is_gone_is_made_within_the_limits_of_now(param, outcome):
    param.run(OLD)
    assert "2}" in param(NEW)[0]


def test_every_rule_whose_outcome_may_tell_of_a_limit_has_the_param():
    text = "\n".join(path.read_text(encoding="utf-8") for path in sorted(RULES.glob("*.smk")))
    rules = re.split(r"^rule ", text, flags=re.MULTILINE)[1:]
    outcome = re.compile(
        r'"<results>/((?:tables|qc|calls|alignments)/[^"]*(?:outcomes|alignment)\.parquet)"'
    )
    bound = {}
    for rule in rules:
        written = rule.partition("output:")[2].partition("log:")[0]
        if "**PLAN.limits" in rule and (found := outcome.search(written)):
            bound[rule.partition(":")[0]] = f'within=READ_WITHIN("{found[1]}")' in rule
    assert sorted(bound) == [
        "align_reads", "call_germline", "call_somatic", "measure_alignments", "read_variants",
    ]  # fmt: skip
    assert all(bound.values()), bound
