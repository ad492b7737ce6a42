"""Files of trials: both forms, every level, and what is refused in one line."""

from __future__ import annotations

import json

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from trial_builders import ctml, study

from apothecary.errors import Problem, WorkflowInputError
from apothecary.trials import ctml as ctml_form
from apothecary.trials import documents
from apothecary.trials.criteria import Criterion, Group, leaves

BRAF = {"genomic": {"hugo_symbol": "BRAF", "wildcard_protein_change": "p.V600"}}
ADULT = {"clinical": {"age_numerical": ">=18", "gender": "Female"}}


def write(path, document):
    as_text = yaml.safe_dump if path.suffix == ".yaml" else json.dumps
    path.write_text(as_text(document), encoding="utf-8")
    return str(path)


def test_yaml_and_json_give_the_same_trial(tmp_path):
    (one,) = documents.read([write(tmp_path / "a.yaml", ctml(BRAF, ADULT))])
    (two,) = documents.read([write(tmp_path / "a.json", ctml(BRAF, ADULT))])
    assert one.blocks == two.blocks
    assert (one.trial_id, one.blocks[0].arm, one.blocks[0].accrual) == ("T-1", "A", "open")
    kinds = [criterion.kind for _, criterion in leaves(one.blocks[0].criteria)]
    assert kinds == ["genomic", "clinical", "clinical"]


def test_trials_one_after_the_other_in_a_list_or_as_an_answer_are_all_read(tmp_path):
    two = {**ctml(BRAF), "protocol_no": "T-2"}
    (tmp_path / "a.json").write_text(json.dumps(ctml(BRAF)) + "\n" + json.dumps(two))
    (tmp_path / "b.json").write_text(json.dumps([{**two, "protocol_no": "T-3"}]))
    (tmp_path / "c.json").write_text(json.dumps({"studies": [study()]}))
    files = documents.files([str(tmp_path)])
    assert [t.trial_id for t in documents.read(files)] == ["NCT00000001", "T-1", "T-2", "T-3"]


def test_each_level_with_a_match_is_a_block_with_its_own_accrual(tmp_path):
    document = ctml(BRAF)
    step = document["treatment_list"]["step"][0]
    step["match"] = [ADULT]
    step["arm"][0]["dose_level"] = [
        {"level_code": "1", "level_suspended": "Y", "match": [BRAF]},
        {"level_code": "2", "level_suspended": "N", "match": [BRAF]},
    ]
    step["arm"].append({"arm_code": "B", "arm_suspended": "Y", "match": [BRAF]})
    (trial,) = documents.read([write(tmp_path / "a.yaml", document)])
    assert [(b.arm, b.dose_level, b.accrual) for b in trial.blocks] == [
        ("", "", "open"),
        ("A", "", "open"),
        ("A", "1", "closed"),
        ("A", "2", "open"),
        ("B", "", "closed"),
    ]


def test_a_level_of_which_all_is_suspended_is_closed(tmp_path):
    document = ctml(BRAF)
    arm = document["treatment_list"]["step"][0]["arm"][0]
    arm["dose_level"] = [{"level_code": "1", "level_suspended": "Y"}]
    (trial,) = documents.read([write(tmp_path / "a.yaml", document)])
    assert trial.blocks[0].accrual == "closed"
    (trial,) = documents.read([write(tmp_path / "b.yaml", {**ctml(BRAF), "status": "Closed"})])
    assert trial.blocks[0].accrual == "closed"


def test_a_study_asks_for_its_fields_and_for_words(tmp_path):
    document = study(minimumAge="18 Years", maximumAge="75 Years", sex="MALE", countries=["Italy"])
    (trial,) = documents.read([write(tmp_path / "a.json", document)])
    asked = [(c.kind, dict(c.fields)) for _, c in leaves(trial.blocks[0].criteria)]
    assert asked == [
        ("clinical", {"age_numerical": ">=18"}),
        ("clinical", {"age_numerical": "<76"}),
        ("clinical", {"gender": "Male"}),
        ("clinical", {"condition": "Non-Small Cell Lung Cancer"}),
        ("clinical", {"country": "Italy"}),
        ("text", {}),
    ]
    assert (trial.phase, trial.countries) == ("PHASE2", ("Italy",))


@pytest.mark.parametrize(
    ("status", "accrual"),
    [("RECRUITING", "open"), ("COMPLETED", "closed"), ("UNKNOWN", "unknown"), ("", "unknown")],
)
def test_the_accrual_of_a_study(tmp_path, status, accrual):
    (trial,) = documents.read([write(tmp_path / "a.json", study(status=status))])
    assert trial.blocks[0].accrual == accrual


@pytest.mark.parametrize(
    ("document", "told"),
    [
        ({"a": 1}, "a.json: no trial; a trial in CTML"),
        (
            ctml({"xor": [BRAF]}),
            "a.json, treatment_list.step.0.arm.0.match.0: unknown key 'xor'; one of and, or",
        ),
        (ctml({"and": []}), "treatment_list.step.0.arm.0.match.0.and: found []; a list of crit"),
        (ctml({"genomic": "BRAF"}), "match.0.genomic: found 'BRAF'; a mapping of fields"),
        (ctml(BRAF, protocol_no=["x"]), "protocol_no: found ['x']; the number of the protocol"),
        (ctml(), "trial T-1 asks for nothing; a match at some level"),
        (study(minimumAge="grown up"), "minimumAge: found 'grown up'; a number and a unit"),
    ],
)
def test_what_cannot_be_read_is_told_in_one_line(tmp_path, document, told):
    with pytest.raises(WorkflowInputError) as caught:
        documents.read([write(tmp_path / "a.json", document)])
    assert told in str(caught.value)
    assert "\n" not in str(caught.value)


def test_broken_files_and_a_number_given_twice_are_told_together(tmp_path):
    (tmp_path / "a.json").write_text("{\n oops")
    (tmp_path / "b.yaml").write_text("a: [")
    paths = [str(tmp_path / name) for name in ("a.json", "b.yaml", "absent.json")]
    paths += [write(tmp_path / name, ctml(BRAF)) for name in ("c.json", "d.json")]
    with pytest.raises(WorkflowInputError) as caught:
        documents.read(paths)
    lines = str(caught.value).splitlines()
    assert len(lines) == 4
    assert "a.json, row 2: no JSON" in lines[0]
    assert "'T-1' stands in" in lines[3]


_CRITERION = st.sampled_from([BRAF, {"clinical": {"gender": "Male"}}])
_TREES = st.recursive(
    _CRITERION,
    lambda inner: st.builds(
        lambda key, nodes: {key: nodes},
        st.sampled_from(["and", "or"]),
        st.lists(inner, min_size=1, max_size=3),
    ),
    max_leaves=12,
)


@given(_TREES)
def test_every_criterion_of_a_tree_is_kept(node):
    def asked(part):
        ((key, value),) = part.items()
        return [key] if key in ("genomic", "clinical") else [k for v in value for k in asked(v)]

    problems: list[Problem] = []
    trial = ctml_form.read(ctml(node), "a.yaml", problems)
    assert trial is not None
    assert not problems
    kept = [criterion.kind for _, criterion in leaves(trial.blocks[0].criteria)]
    assert kept == asked(node)


_ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["and", "or", "not", "genomic", "clinical", "match", "arm", "step"]),
            inner,
            max_size=3,
        )
    ),
    max_leaves=10,
)


@given(_ANYTHING)
def test_a_match_of_any_shape_is_read_or_told(node):
    problems: list[Problem] = []
    trial = ctml_form.read(ctml(node), "a.yaml", problems)
    assert (trial is None) == bool(problems)


def test_an_and_within_an_or_stays_where_it_is():
    problems: list[Problem] = []
    trial = ctml_form.read(ctml({"or": [BRAF, {"and": [BRAF, ADULT]}]}), "a", problems)
    assert trial is not None
    tree = trial.blocks[0].criteria
    assert isinstance(tree, Group)
    assert isinstance(tree.operands[0], Criterion)
    assert [path for path, _ in leaves(tree)] == [
        ("or",),
        ("or", "and"),
        ("or", "and", "and"),
        ("or", "and", "and"),
    ]
