from __future__ import annotations

from apothecary import selection

SAMPLES = [
    {"sample_id": "A", "subject_id": "P1", "role": "germline"},
    {"sample_id": "B", "subject_id": "P2", "role": "germline"},
    {"sample_id": "T", "subject_id": "P1", "role": "tumor"},
    {"sample_id": "X", "subject_id": "P3", "role": "tumor"},
]
OUTCOMES = [
    {"sample_id": "A", "status": "ok"},
    {"sample_id": "B", "status": "warn"},
    {"sample_id": "T", "status": "ok"},
    {"sample_id": "T", "status": "failed"},
]
CONSENT = [
    {"subject_id": "P1", "scope": "pharmacogenes", "decision": "yes"},
    {"subject_id": "P2", "scope": "pharmacogenes", "decision": "unknown"},
]


def names(rows):
    return [row["sample_id"] for row in rows]


def test_a_sample_that_failed_or_has_no_outcome_is_not_worked_on():
    assert names(selection.read_samples(SAMPLES, OUTCOMES)) == ["A", "B"]
    assert selection.tumors_read(SAMPLES, OUTCOMES) == []
    assert names(selection.tumors_read(SAMPLES, OUTCOMES[:3])) == ["T"]


def test_a_scope_takes_a_yes():
    chosen = selection.samples_of_scope(SAMPLES, CONSENT, OUTCOMES, "pharmacogenes")
    assert names(chosen) == ["A"]


def test_rows_go_by_the_role_of_their_sample():
    rows = [{"sample_id": "A", "pos": 1}, {"sample_id": "T", "pos": 2}]
    assert selection.rows_of_role(rows, SAMPLES, "tumor") == [{"sample_id": "T", "pos": 2}]


def test_rows_stand_by_their_sample_in_their_order():
    rows = [{"sample_id": name, "pos": pos} for pos, name in enumerate("ABA")]
    assert selection.by_sample(rows) == {"A": [rows[0], rows[2]], "B": [rows[1]]}
    assert selection.by_sample([]) == {}
