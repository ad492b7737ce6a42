"""Alleles of VRS: published identifiers, repeats in full, and none where bases are not known."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apothecary.statements import alleles
from apothecary.statements.alleles import Variant

# A stretch with a repeat of three, one of one, and a plain part.
STRETCH = "GATTACAGCTCCTCCTAGGAAAAAACGT"
START = 40_819_438 - STRETCH.index("CTCCTCCT") + 1


class Bases:
    """The bases of one stretch of chr1."""

    def __init__(self, text: str = STRETCH, start: int = START) -> None:
        self.text, self.start = text, start

    def bases(self, chrom: str, start: int, end: int) -> str | None:
        low, high = start - self.start, end - self.start + 1
        return (
            self.text[low:high] if chrom == "chr1" and 0 <= low < high <= len(self.text) else None
        )


@pytest.fixture(scope="module")
def accessions(repository):
    return alleles.read_accessions(
        repository / "resources" / "statements" / "refget_accessions.tsv"
    )


# Identifiers that the VRS specification and its tools publish.
@pytest.mark.parametrize(
    ("variant", "identifier"),
    [
        (
            Variant("GRCh38", "chr7", 140_753_336, "A", "T"),
            "ga4gh:VA.Otc5ovrw906Ack087o1fhegB4jDRqCAe",
        ),
        (
            Variant("GRCh37", "chr7", 140_453_136, "A", "T"),
            "ga4gh:VA.nmp-bzYpO00NYIqr3CaVF0ZH2ZpSj1ly",
        ),
        (
            Variant("GRCh38", "chr9", 128_325_835, "C", "T"),
            "ga4gh:VA.SZIS2ua7AL-0YgUTAqyBsFPYK3vE8h_d",
        ),
        (
            Variant("GRCh38", "chr1", 40_819_439, "CTCCTCCT", "CTCCTCCTCCT"),
            "ga4gh:VA.Oop4kjdTtKcg1kiZjIJAAR3bp7qi4aNT",
        ),
    ],
)
def test_published_identifiers(variant, identifier, accessions):
    assert alleles.make(variant, accessions, Bases()).identifier == identifier


def variant(at: int, ref: str, alt: str) -> Variant:
    return Variant("GRCh38", "chr1", START + at, ref, alt)


def place(made: alleles.Made) -> tuple[int, int]:
    location = made.allele["location"]
    return location["start"] - START + 1, location["end"] - START + 1


def test_an_insertion_in_a_repeat_is_the_same_wherever_it_stands(accessions):
    at = STRETCH.index("CTCCTCCT")
    one = alleles.make(variant(at - 1, "G", "GCTC"), accessions, Bases())
    other = alleles.make(variant(at + 7, "T", "TCCT"), accessions, Bases())
    assert one.allele == other.allele
    assert place(one) == (at, at + 8)
    assert one.allele["state"]["type"] == "ReferenceLengthExpression"
    assert one.allele["state"]["repeatSubunitLength"] == 3


def test_a_deletion_in_a_run_spans_the_run(accessions):
    at = STRETCH.index("AAAAAA")
    made = [alleles.make(variant(at + shift, "AA", "A"), accessions, Bases()) for shift in range(5)]
    assert len({one.identifier for one in made}) == 1
    assert place(made[0]) == (at, at + 6)
    assert made[0].allele["state"]["length"] == 5


def test_without_the_bases_around_it_an_indel_has_no_identifier(accessions):
    at = STRETCH.index("AAAAAA")
    for bases in (None, Bases(STRETCH[: at + 4]), Bases(STRETCH[at:], START + at)):
        made = alleles.make(variant(at, "AA", "A"), accessions, bases)
        assert made.allele is None
        assert made.reason == "not normalised: the bases around it are not at hand"
    known = Bases(STRETCH[at - 1 : at + 7], START + at - 1)
    assert alleles.make(variant(at, "AA", "A"), accessions, known).identifier


def test_a_substitution_needs_no_bases(accessions):
    alone = alleles.make(variant(3, "TA", "GC"), accessions, None)
    assert alone == alleles.make(variant(2, "TTA", "TGC"), accessions, Bases())


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        (Variant("GRCh38", "chr1", START, "C", "T"), "the reference sequence has other bases"),
        (Variant("GRCh38", "chr1", START, "G", "G"), "the alleles are the same"),
        (Variant("GRCh38", "chr1", START, "G", "<DEL>"), "the alleles are not spelled in bases"),
        (Variant("auto", "chr1", START, "G", "T"), "no accession of the chromosome in this build"),
        (
            Variant("GRCh38", "chrM", 16_569, "GA", "G"),
            "the position is beyond the end of the chromosome",
        ),
    ],
)
def test_why_there_is_none(given, reason, accessions):
    assert alleles.make(given, accessions, Bases()) == alleles.Made(None, reason)


def test_every_chromosome_has_an_accession_of_its_own(accessions):
    assert len(accessions) == 50
    assert len(set(accessions.values())) == 49
    assert accessions["GRCh38", "chrM"] == accessions["GRCh37", "chrM"]


@given(
    text=st.text("AC", min_size=8, max_size=14),
    at=st.integers(1, 6),
    size=st.integers(0, 3),
    inserted=st.text("AC", max_size=3),
)
def test_spellings_of_one_change_have_one_identifier(text, at, size, inserted, accessions):
    whole = f"G{text}G"
    changed = whole[:at] + inserted + whole[at + size :]
    if changed == whole or at + size > len(text):
        return
    bases = Bases(whole, START)
    found = set()
    for low in range(1, len(whole) - 1):
        for high in range(low + 1, len(whole)):
            left, right = whole[:low], whole[high:]
            kept = len(changed) - len(left) - len(right)
            if kept > 0 and changed.startswith(left) and changed.endswith(right):
                spelled = variant(low, whole[low:high], changed[low : low + kept])
                found.add(alleles.make(spelled, accessions, bases).identifier)
    assert len(found) <= 1
    assert None not in found
