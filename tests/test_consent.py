from __future__ import annotations

import pytest

from apothecary import consent

ROWS = [
    {"subject_id": "P1", "scope": "pharmacogenes", "decision": "yes"},
    {"subject_id": "P1", "scope": "germline", "decision": "no"},
    {"subject_id": "P1", "scope": "secondary_findings", "decision": "unknown"},
    {"subject_id": "P2", "scope": "tumor", "decision": "yes"},
]


@pytest.mark.parametrize(
    ("subject", "role", "granted", "withheld"),
    [
        ("P1", "germline", ("pharmacogenes",), ("germline", "secondary_findings")),
        ("P1", "tumor", (), ("tumor",)),
        ("P2", "tumor", ("tumor",), ()),
        ("P2", "normal", (), ("pharmacogenes", "germline", "secondary_findings")),
        ("P3", "germline", (), ("pharmacogenes", "germline", "secondary_findings")),
    ],
)
def test_only_a_yes_of_the_same_subject_grants(subject, role, granted, withheld):
    sample = {"subject_id": subject, "role": role}
    assert consent.granted_scopes(sample, ROWS) == granted
    assert consent.withheld_scopes(sample, ROWS) == withheld
