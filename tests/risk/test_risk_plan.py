"""Scores that the configuration names: what a plan asks for, and what is told before a run."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).resolve().parents[1]))
from risk_builders import at, write

from apothecary import plan
from apothecary.errors import WorkflowInputError

BATCH = {"batch": "batch0001"}


def planned(repository: Path, folder: Path, **risk) -> plan.Plan:
    (folder / "a.vcf").write_text("")
    sheet = folder / "samples.tsv"
    sheet.write_text(
        "sample_id\tsubject_id\trole\tassay\tformat\tinput\nS1\tP1\tgermline\tpanel\tvcf\ta.vcf\n"
    )
    return plan.load({"samples": str(sheet), "risk": risk}, repository, "config.yaml")


def test_without_scores_nothing_is_asked_for(repository, tmp_path):
    made = planned(repository, tmp_path)
    assert made.score_files(BATCH) == []
    assert made.risk_tables(BATCH) == {}
    assert "risk" not in made.batch_tables


def test_with_scores_every_batch_has_their_table(repository, tmp_path):
    path = write(tmp_path, [at(1000)])
    made = planned(repository, tmp_path, scores=[path])
    assert made.score_files(BATCH) == [path]
    assert made.risk_tables(BATCH) == {"risk": "<results>/tables/batch0001/risk.parquet"}
    assert made.batch_tables[-1] == "risk"
    assert made.risk_config["risk"]["min_coverage"] == 0.75


def test_a_score_that_cannot_be_taken_is_told_before_anything_runs(repository, tmp_path):
    unknown = write(tmp_path, [at(1000)], genome_build="NR")
    sheet = tmp_path / "references.tsv"
    sheet.write_text("model\tmean\n")
    with pytest.raises(WorkflowInputError) as caught:
        planned(repository, tmp_path, scores=[unknown, "absent.txt"], references=str(sheet))
    lines = str(caught.value).replace(f"{tmp_path}/", "").splitlines()
    assert lines[:2] == [
        "score.txt, genome_build: 'NR', and no harmonised positions (HmPOS_build); give the file "
        "that the Catalog harmonised to GRCh38 or GRCh37",
        "absent.txt: the file is not there; give a scoring file of the PGS Catalog, plain or "
        "gzipped",
    ]
    assert lines[2].startswith("references.tsv, row 1: columns ancestry, persons, ")


@pytest.mark.parametrize(
    ("key", "value"), [("min_coverage", 1.5), ("palindromic", "keep"), ("score", [])]
)
def test_a_setting_out_of_its_range_is_refused(repository, tmp_path, key, value):
    with pytest.raises(WorkflowInputError, match="risk"):
        planned(repository, tmp_path, **{key: value})
