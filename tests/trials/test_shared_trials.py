"""The trials of MatchMiner are read, and answered as it answers them."""

from __future__ import annotations

from pathlib import Path

import pytest
from trial_builders import patient, terms, variant

from apothecary.knowledge import build
from apothecary.trials import diagnoses, documents, match

pytestmark = pytest.mark.shared
NO_TRIALS = {"all_cases", "get_match_paths_expected", "oncotree_mapping"}


@pytest.fixture(scope="module")
def tree(repository: Path, tmp_path_factory):
    pack = build.build(repository / "resources" / "knowledge", tmp_path_factory.mktemp("p") / "p")
    return diagnoses.load(pack)


def test_every_trial_is_read(shared: Path):
    folder = shared / "knowledge" / "onco" / "matchminer_ctml"
    logic = {f"{a}_{b}_{c}" for a in ("and", "or") for b in ("and", "or") for c in ("and", "or")}
    skipped = NO_TRIALS | logic | {"test_patient_1", "test_patient_2"}
    files = [p for p in documents.files([str(folder)]) if Path(p).stem not in skipped]
    assert len(files) >= 20
    for file in files:
        assert documents.read([file]), file


@pytest.mark.parametrize(
    ("change", "code", "age", "first", "second"),
    [
        ("V600E", "MEL", "40", "met", "unmet"),
        ("V600K", "SKCM", "40", "met", "unmet"),
        ("G469A", "MEL", "40", "unknown", "unknown"),
        ("V600E", "MEL", "17", "unmet", "unmet"),
        ("V600E", "COAD", "40", "unmet", "unmet"),
    ],
)
def test_the_two_arms_of_a_melanoma_trial(shared, tree, change, code, age, first, second):
    file = shared / "knowledge" / "onco" / "matchminer_ctml" / "11-112.yaml"
    who = patient(variant("BRAF", change), tumor_type=code, clinical={"age_years": age})
    rows, _ = match.match(documents.read([str(file)]), [who], tree, terms())
    assert [row["status"] for row in rows] == [first, second]


def test_the_descent_of_tumor_types_is_that_of_the_mapping(shared, tree):
    assert tree.covers("Melanoma", "SKCM")[0] == "yes"
    assert tree.covers("Melanoma", "UM")[0] == "no"
    assert tree.covers("Invasive Breast Carcinoma", "IDC")[0] == "yes"
    assert tree.covers("Breast", "IDC")[0] == "yes"
    assert tree.covers("Non-Small Cell Lung Cancer", "SCLC")[0] == "no"
