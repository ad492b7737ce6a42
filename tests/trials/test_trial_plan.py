"""Trials and expression that the configuration names, but that are not there."""

from __future__ import annotations

from pathlib import Path

import pytest

from apothecary import plan
from apothecary.errors import WorkflowInputError


def test_what_is_not_there_is_told_before_anything_runs(repository: Path, tmp_path: Path):
    (tmp_path / "empty").mkdir()
    (tmp_path / "a.vcf").write_text("")
    sheet = tmp_path / "samples.tsv"
    sheet.write_text(
        "sample_id\tsubject_id\trole\tassay\tformat\tinput\nS1\tP1\tgermline\tpanel\tvcf\ta.vcf\n"
    )
    config = {
        "samples": str(sheet),
        "trials": {"files": ["absent.yaml", str(tmp_path / "empty")]},
        "tumors": {"expression": "absent.tsv"},
    }
    with pytest.raises(WorkflowInputError) as caught:
        plan.load(config, repository, "config.yaml")
    assert str(caught.value).replace(str(tmp_path), "").splitlines() == [
        "config.yaml, trials.files: 'absent.yaml' is no file; give the path of a file",
        "config.yaml, tumors.expression: 'absent.tsv' is no file; give the path of a file",
        "config.yaml, trials.files: no JSON or YAML file in '/empty'; name trials",
    ]
