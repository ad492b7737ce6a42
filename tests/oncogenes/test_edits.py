from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apothecary.oncogenes import edits
from apothecary.oncogenes.edits import Edit
from apothecary.oncogenes.gene_models import Reference

BASES = "GATTACACACACAGGCATTTTTTTCAAGGTCCATGCAATCG"
START = 101


@pytest.fixture(scope="module")
def reference(tmp_path_factory: pytest.TempPathFactory) -> Reference:
    path: Path = tmp_path_factory.mktemp("edits") / "slice.fa"
    path.write_text(f">chr7:{START}-{START + len(BASES) - 1} toy\n{BASES}\n")
    return Reference(path)


def applied(edit: Edit) -> str:
    at = edit.start - START
    assert BASES[at : at + len(edit.removed)] == edit.removed
    return BASES[:at] + edit.added + BASES[at + len(edit.removed) :]


@pytest.mark.parametrize(
    ("pos", "ref", "alt", "expected"),
    [
        (10, "A", "T", Edit("chr7", 10, "A", "T")),
        (10, "CAG", "CTG", Edit("chr7", 11, "A", "T")),
        (10, "CA", "C", Edit("chr7", 11, "A", "")),
        (10, "C", "CAA", Edit("chr7", 11, "", "AA")),
        (10, "AT", "GC", Edit("chr7", 10, "AT", "GC")),
        (10, "CAG", "CTTG", Edit("chr7", 11, "A", "TT")),
    ],
)
def test_shared_bases_are_no_part_of_an_edit(pos: int, ref: str, alt: str, expected: Edit) -> None:
    assert edits.of("chr7", pos, ref, alt) == expected


def test_a_repeat_is_followed_to_either_end(reference: Reference) -> None:
    first = Edit("chr7", 105, "AC", "")
    up = edits.shifted(first, reference, up=True)
    assert (up.start, up.removed) == (112, "CA")
    assert edits.shifted(up, reference, up=False) == Edit("chr7", 105, "AC", "")
    delins = Edit("chr7", 105, "AC", "GGG")
    assert edits.shifted(delins, reference, up=True) == delins


def test_the_end_of_what_is_known_ends_the_way(reference: Reference) -> None:
    last = Edit("chr7", START + len(BASES), "", "G")
    assert edits.shifted(last, reference, up=True) == last


@given(data=st.data(), up=st.booleans())
def test_moved_edits_make_the_same_bases(
    reference: Reference, data: st.DataObject, up: bool
) -> None:
    at = data.draw(st.integers(1, len(BASES) - 2))
    length = data.draw(st.integers(0, 6))
    removed = BASES[at : at + length]
    added = "" if removed else data.draw(st.text("ACGT", min_size=1, max_size=6))
    edit = Edit("chr7", START + at, removed, added)
    moved = edits.shifted(edit, reference, up=up)
    assert applied(moved) == applied(edit)
    assert edits.shifted(moved, reference, up=up) == moved


@pytest.mark.parametrize(
    ("edit", "forward", "expected"),
    [
        (Edit("chr7", 103, "T", "C"), True, (">", 103, 103, "T>C")),
        (Edit("chr7", 103, "T", "C"), False, (">", 103, 103, "A>G")),
        (Edit("chr7", 103, "TT", ""), True, ("del", 103, 104, "")),
        (Edit("chr7", 103, "TT", "AA"), True, ("inv", 103, 104, "")),
        (Edit("chr7", 103, "TT", "AC"), False, ("delins", 103, 104, "GT")),
        (Edit("chr7", 104, "", "GC"), True, ("ins", 103, 104, "GC")),
        (Edit("chr7", 105, "", "TT"), True, ("dup", 103, 104, "")),
        (Edit("chr7", 103, "", "TT"), False, ("dup", 103, 104, "")),
        (Edit("chr7", 103, "", ""), True, ("=", 103, 103, "")),
    ],
)
def test_what_hgvs_calls_an_edit(
    reference: Reference, edit: Edit, forward: bool, expected: tuple[str, int, int, str]
) -> None:
    assert edits.described(edit, reference, forward=forward) == expected
