"""The terms of CTML are facts, and a faulty table of them is told by row."""

from __future__ import annotations

from pathlib import Path

import pytest
from trial_builders import CTML_TERMS, terms

from apothecary.errors import ResourceError
from apothecary.oncogenes.findings import COPY_NUMBER, FUSION, VARIANT
from apothecary.trials import terms as trial_terms


def test_the_embedded_terms_are_read() -> None:
    found = terms()
    assert set(found.categories["any variation"]) == {VARIANT, COPY_NUMBER, FUSION}
    assert found.calls["low amplification"] == {"gain"}
    assert "neutral" not in found.altered


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ("cnv\tgain\tgain\tmade up", "row 15: field 'cnv'"),
        ("variant_category\tmutation\tmutation\tmade up", "row 15: meaning 'mutation'"),
    ],
)
def test_a_faulty_row_is_told(tmp_path: Path, row: str, told: str) -> None:
    path = tmp_path / "terms.tsv"
    path.write_text(CTML_TERMS.read_text(encoding="utf-8") + row + "\n", encoding="utf-8")
    with pytest.raises(ResourceError, match=told):
        trial_terms.load(path)
