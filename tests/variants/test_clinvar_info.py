"""ClinVar's fields in the INFO of an input: kept where the gene is agreed to, and only there."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from variant_builders import POSITIONS, read_text, vcf

from apothecary.variants import clinvar_info
from apothecary.variants.regions import EVERYTHING, Regions

DECLARED = [
    f'##INFO=<ID={name},Number=.,Type=String,Description="{name}">' for name in clinvar_info.FIELDS
]
TOLD = "CLNSIG=Pathogenic;CLNREVSTAT=practice_guideline;CLNDN=Toy_disease"
AT = f"chr1 1000 . A G 50 PASS DP=9;{TOLD} GT 0/1"
TEXT = st.text(
    st.characters(codec="ascii", exclude_characters=";=\t\n", min_codepoint=33), min_size=1
)


def told(
    folder: Path, record: str, regions: Regions = EVERYTHING, role: str = "germline"
) -> list[str | None]:
    text = vcf([record], extra=DECLARED)
    read = read_text(folder, text, {"GRCh38": regions}, {"role": role})
    return [row["clinvar"] for row in read.variants]


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        (AT, [TOLD]),
        (AT.replace("Pathogenic", "."), [None]),
        (AT.replace(TOLD, "DP=9"), [None]),
        # Of two alternate alleles, nothing tells which one the fields are of.
        (AT.replace("A G", "A G,T").replace("0/1", "1/2"), [None, None]),
    ],
)
def test_the_fields_are_kept_as_they_are(tmp_path: Path, record: str, expected: list[str | None]):
    assert told(tmp_path, record) == expected


def test_consent_for_a_position_opens_no_condition(tmp_path: Path):
    assert told(tmp_path, AT, Regions(POSITIONS)) == [None]
    assert told(tmp_path, AT, role="normal") == [TOLD]
    assert told(tmp_path, AT, role="tumor") == [None]
    assert told(tmp_path, AT, Regions(POSITIONS, genes=(("chr1", 900, 1100),))) == [TOLD]
    assert told(tmp_path, AT, Regions(POSITIONS, genes=(("chr1", 1001, 1100),))) == [None]


@given(TEXT, TEXT)
def test_what_is_kept_is_read_again(significance: str, review: str):
    values = {"CLNSIG": significance, "CLNREVSTAT": review, "DP": "9"}
    kept = clinvar_info.given(values, clinvar_info.FIELDS, 1)
    if significance == ".":
        assert kept is None
    else:
        assert clinvar_info.parse(kept or "") == {"CLNSIG": significance, "CLNREVSTAT": review}


def test_a_header_without_the_significance_declares_nothing():
    assert clinvar_info.declared({"CLNREVSTAT": 1, "CLNDN": 1}) == ()
    assert clinvar_info.declared({"CLNSIG": 1, "CLNDN": 1}) == ("CLNSIG", "CLNDN")
