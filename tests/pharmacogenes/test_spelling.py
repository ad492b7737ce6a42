from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apothecary.pharmacogenes.spelling import changes, windows

REPEAT = (100, "CAT", ("C", "CATAT", "CATATAT"))


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        ((100, "CAT", ("C", "CATAT")), ("CAT", "C", "CATAT")),
        ((100, "C", ("CAT",)), ("CAT", "CATAT")),
        ((101, "A", ("ATA",)), ("CAT", "CATAT")),
        ((100, "CATG", ("CATATG", "CG")), ("CAT", "CATAT", "C")),
        ((99, "GCAT", ("GC",)), ("CAT", "C")),
        ((100, "CAT", ("<DEL>",)), ("CAT", None)),
        ((100, "C", ("G",)), None),
        ((100, "GAT", ("G",)), None),
        ((90, "A", ("G",)), None),
    ],
)
def test_indel_in_any_spelling(record, expected) -> None:
    assert windows(*REPEAT, *record) == expected


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        ((50, "G", ("A", "T")), ("G", "A", "T")),
        ((49, "CG", ("CA",)), ("G", "A")),
        ((49, "CGT", ("TAT",)), ("G", "A")),
        ((49, "CG", ("TG",)), None),
        ((49, "CGT", ("C",)), ("G", None)),
        ((50, "GTT", ("ATT", "G")), ("G", "A", "G")),
        ((50, "G", ("*",)), ("G", None)),
        ((50, "C", ("A",)), None),
    ],
)
def test_substitution_in_any_spelling(record, expected) -> None:
    assert windows(50, "G", ("A",), *record) == expected


BASES = st.text("ACGT", min_size=1, max_size=8)


def _apply(sequence: str, change: tuple[int, str, str]) -> str:
    start, deleted, inserted = change
    at = start - 1
    assert sequence[at : at + len(deleted)] == deleted
    return sequence[:at] + inserted + sequence[at + len(deleted) :]


@given(ref=BASES, alt=BASES)
def test_every_change_gives_the_alternate(ref: str, alt: str) -> None:
    found = changes(1, ref, alt)
    assert bool(found) == (ref != alt)
    assert {_apply(ref, change) for change in found} <= {alt}


@given(left=st.text("ACGT", max_size=5), ref=BASES, alt=BASES, right=st.text("ACGT", max_size=5))
def test_shared_bases_around_an_allele_do_not_matter(
    left: str, ref: str, alt: str, right: str
) -> None:
    if ref == alt:
        return
    longer = windows(20, ref, (alt,), 20 - len(left), left + ref + right, (left + alt + right,))
    assert longer == (ref, alt)
