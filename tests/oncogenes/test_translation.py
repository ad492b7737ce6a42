from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from oncogene_builders import CODING

from apothecary.oncogenes import proteins, translation

UNTRANSLATED = "TGATCCTAGCAAGGTTAA"
MESSENGER = CODING + UNTRANSLATED  # MACEGHKLNPQRSTVWYIDFAGC*


@pytest.mark.parametrize(
    ("start", "end", "new", "expected"),
    [
        (4, 5, "A", "p.Ala2Asp"),
        (5, 6, "A", "p.Ala2="),
        (3, 5, "AA", "p.Ala2Asn"),
        (47, 48, "A", "p.Trp16Ter"),  # TGG, of codon 16
        (0, 1, "C", "p.Met1?"),
        (1, 2, "", "p.Met1?"),
        (-2, 1, "", "p.Met1?"),
        (9, 10, "", "p.Glu4LysfsTer5"),
        (9, 9, "T", "p.Glu4Ter"),  # TGA is read at once
        (12, 15, "", "p.Gly5del"),
        (12, 21, "", "p.Gly5_Lys7del"),
        (13, 16, "", "p.Gly5_His6delinsAsp"),
        (12, 12, "GGT", "p.Gly5dup"),
        (15, 15, "GGT", "p.Gly5dup"),
        (15, 15, "TTT", "p.Gly5_His6insPhe"),
        (13, 13, "CTG", "p.Glu4_Gly5insAla"),
        (12, 18, "TTTCCC", "p.Gly5_His6delinsPhePro"),
        (12, 12, "TTTTAA", "p.Glu4_Gly5insPheTer"),
        (12, 12, "TAATTT", "p.Gly5Ter"),
        (13, 13, "TTTAAC", "p.Gly5delinsValTer"),
        (69, 70, "C", "p.Ter24GlnextTer1"),
        (69, 72, "", "p.Ter24="),
        (68, 68, "A", "p.Cys23Ter"),
        (66, 69, "", "p.Cys23del"),
        (66, 72, "", "p.Cys23Ter"),
        (72, 75, "", None),
        (72, 72, "GGG", None),
        (-5, -3, "", None),
        (0, 0, "GGG", None),
    ],
)
def test_protein_changes(start: int, end: int, new: str, expected: str | None) -> None:
    change = translation.change(MESSENGER, len(CODING), start, end, new)
    assert (change.three_letter() if change else None) == expected


def test_a_lost_stop_is_read_on_to_the_next_and_a_missing_one_is_not_counted() -> None:
    one = translation.change(CODING + "GGTTGA", len(CODING), 69, 70, "C")
    assert one is not None
    assert one.three_letter() == "p.Ter24GlnextTer2"
    other = translation.change(CODING + "GGTGGT", len(CODING), 69, 70, "C")
    assert other is not None
    assert other.three_letter() == "p.Ter24GlnextTer?"


def test_unknown_bases_are_not_read_as_residues() -> None:
    half = CODING[:31] + "N" * 41
    assert translation.change(half, 72, 40, 41, "A") is None
    shift = translation.change(half, 72, 27, 28, "")
    assert shift is not None
    assert (shift.kind, shift.stop_in) == (proteins.FRAMESHIFT, None)


@given(
    start=st.integers(3, 66),
    length=st.integers(0, 9),
    new=st.text("ACGT", max_size=9),
)
def test_the_named_residue_is_the_first_that_changes(start: int, length: int, new: str) -> None:
    end = min(start + length, 69)
    altered = MESSENGER[:start] + new + MESSENGER[end:]
    change = translation.change(MESSENGER, len(CODING), start, end, new)
    before = translation.translate(CODING)
    after = translation.translate(altered)
    after = after[: after.find("*") + 1] if "*" in after else after
    if start == end and not new:
        return
    assert change is not None
    if change.kind == proteins.SYNONYMOUS:
        assert after == before
        return
    first = next(i for i in range(len(before)) if i >= len(after) or before[i] != after[i])
    if change.kind in (proteins.FRAMESHIFT, proteins.NONSENSE, proteins.STOP_LOST):
        assert change.start == first + 1
        assert before[first] == change.ref
    if change.kind == proteins.FRAMESHIFT and change.stop_in:
        assert len(after) == first + change.stop_in
    if change.kind in (proteins.DELETION, proteins.DUPLICATION, proteins.INSERTION):
        assert change.end - 1 <= first + len(new) + length
