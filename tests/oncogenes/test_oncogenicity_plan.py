"""The files of oncogenicity in the plan of a run."""

from __future__ import annotations

from pathlib import Path

import pytest

from apothecary import plan
from apothecary.errors import WorkflowInputError
from apothecary.oncogenes.sop.names import ONCOGENICITY_FILES, ONCOGENICITY_TABLES

REPOSITORY = Path(__file__).resolve().parents[2]
HEAD = "sample_id\tsubject_id\trole\tassay\ttumor_type\tinput\tformat\n"
SHEET = f"{HEAD}T\tP\ttumor\tpanel\tCOAD\tv.vcf\tvcf\n"


def load(folder: Path, **files: str) -> plan.Plan:
    (folder / "samples.tsv").write_text(SHEET)
    (folder / "v.vcf").write_text("##fileformat=VCFv4.2\n")
    return plan.load(
        {"samples": str(folder / "samples.tsv"), "oncogenicity": files}, REPOSITORY, "config.yaml"
    )


def test_the_tables_of_the_procedure_are_there(tmp_path):
    tables = load(tmp_path).oncogenicity_tables
    assert tuple(tables) == ONCOGENICITY_TABLES
    assert all(Path(path).is_file() for path in tables.values())


def test_files_that_are_given_are_inputs(tmp_path):
    assert load(tmp_path).oncogenicity_files({}) == []
    given = {key: str(tmp_path / f"{key}.tsv") for key in ONCOGENICITY_FILES}
    for path in given.values():
        Path(path).write_text("x\n")
    assert load(tmp_path, **given).oncogenicity_files({}) == list(given.values())


def test_every_file_that_is_not_there_is_told(tmp_path):
    with pytest.raises(WorkflowInputError) as caught:
        load(tmp_path, revel="no.csv", evidence="none.tsv")
    assert str(caught.value).split("\n") == [
        "config.yaml, oncogenicity.revel: no file 'no.csv'; the path of a file, or empty",
        "config.yaml, oncogenicity.evidence: no file 'none.tsv'; the path of a file, or empty",
    ]


def test_an_unknown_key_or_scheme_is_told(tmp_path):
    with pytest.raises(WorkflowInputError, match=r"did you mean 'evidence'"):
        load(tmp_path, evidenc="x")
    with pytest.raises(
        WorkflowInputError, match=r"oncogenicity\.criteria: 'acmg'; one of sop, pcgr"
    ):
        load(tmp_path, criteria="acmg")
