"""One spelling for one change."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from variant_builders import POSITIONS, write

from apothecary.errors import ResourceError
from apothecary.variants.normalise import normalise, ref_agrees
from apothecary.variants.reference import Either, Fasta, KnownBases

START = 101


class Sequence:
    """A chromosome of which one stretch is known."""

    def __init__(self, text: str) -> None:
        self.text = text

    def bases(self, chrom: str, start: int, end: int) -> str | None:
        low, high = start - START, end - START + 1
        return self.text[low:high] if low >= 0 and high <= len(self.text) else None


def applied(text: str, pos: int, ref: str, alt: str) -> str:
    at = pos - START
    assert text[at : at + len(ref)] == ref
    return text[:at] + alt + text[at + len(ref) :]


@st.composite
def changes(draw: st.DrawFn) -> tuple[str, int, str, str]:
    text = draw(st.text("AC", min_size=6, max_size=30))
    at = draw(st.integers(1, len(text) - 2))
    length = draw(st.integers(1, min(6, len(text) - at)))
    ref = text[at : at + length]
    alt = draw(st.text("AC", min_size=1, max_size=8).filter(lambda a: a != ref))
    return text, START + at, ref, alt


@given(changes())
def test_normalised_change_is_the_same_change_and_parsimonious(change):
    text, pos, ref, alt = change
    found = normalise("chr1", pos, ref, alt, Sequence(text))
    assert applied(text, found.pos, found.ref, found.alt) == applied(text, pos, ref, alt)
    assert found.pos <= pos + len(ref)
    both_long = len(found.ref) > 1 and len(found.alt) > 1
    assert not (both_long and found.ref[0] == found.alt[0])
    assert not (found.left_aligned and found.pos > START and found.ref[-1] == found.alt[-1])


@given(changes(), st.integers(0, 3), st.integers(0, 3))
def test_padded_spellings_become_one(change, left, right):
    text, pos, ref, alt = change
    first = normalise("chr1", pos, ref, alt, Sequence(text))
    at = pos - START
    left = min(left, at)
    before, after = text[at - left : at], text[at + len(ref) : at + len(ref) + right]
    second = normalise(
        "chr1", pos - left, before + ref + after, before + alt + after, Sequence(text)
    )
    if first.left_aligned and second.left_aligned:
        assert first == second


@given(changes())
def test_normalising_twice_changes_nothing(change):
    text, pos, ref, alt = change
    once = normalise("chr1", pos, ref, alt, Sequence(text))
    assert normalise("chr1", once.pos, once.ref, once.alt, Sequence(text)) == once


def test_without_reference_an_indel_is_trimmed_and_says_so():
    assert normalise("chr1", 10, "CAGAG", "CAG") == (10, "CAG", "C", True)
    assert normalise("chr1", 10, "AGA", "A") == (10, "AGA", "A", False)


def test_symbolic_alleles_stay():
    for alt in ("<DEL>", "*", "A[chr2:100[", "<NON_REF>"):
        assert normalise("chr1", 10, "A", alt, Sequence("A" * 50)) == (10, "A", alt, True)


def test_start_of_the_chromosome_ends_the_shift():
    class First:
        def bases(self, chrom: str, start: int, end: int) -> str | None:
            return "A" * (end - start + 1)

    assert normalise("chr1", 5, "AA", "A", First()) == (1, "AA", "A", True)


def test_known_bases_of_the_definitions():
    known = KnownBases(POSITIONS)
    assert known.bases("chr1", 3000, 3002) == "GAG"
    assert known.bases("chr1", 3001, 3003) is None
    assert ref_agrees("chr1", 3000, "GA", known) is True
    assert ref_agrees("chr1", 3000, "GT", known) is False
    assert ref_agrees("chr1", 3000, "GW", known) is True
    assert ref_agrees("chr1", 9, "G", known) is None
    assert Either(Sequence("ACGT"), known).bases("chr1", START, START + 3) == "ACGT"


@pytest.mark.parametrize("name", ["chr1:101-110 GENE", "1:101-110", "GENE|chr1:101-110|GRCh38"])
def test_sliced_fasta(tmp_path, name):
    path = write(tmp_path, f">{name}\nACGTACGTAC\n>other\nGG\n", "slices.fa")
    fasta = Fasta(path, tmp_path / "work")
    assert fasta.bases("chr1", 101, 104) == "ACGT"
    assert fasta.bases("chr1", 110, 110) == "C"
    assert fasta.bases("chr1", 110, 111) is None
    assert fasta.bases("chr2", 101, 104) is None
    assert sorted(p.name for p in tmp_path.iterdir()) == ["slices.fa", "work"]


def test_fasta_without_a_chromosome_is_refused(tmp_path):
    path = write(tmp_path, ">contig7\nACGT\n", "x.fa")
    with pytest.raises(ResourceError, match="no record is a chromosome"):
        Fasta(path, tmp_path / "work")
    with pytest.raises(ResourceError, match="the file is not there"):
        Fasta(tmp_path / "absent.fa", tmp_path / "work")
