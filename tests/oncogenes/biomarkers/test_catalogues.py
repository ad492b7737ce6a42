"""Mutations by their kind and reference context."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from oncogene_builders import reverse_complement, variant

from apothecary.oncogenes.biomarkers import catalogues, resources
from apothecary.oncogenes.biomarkers.resources import Resources


class Text:
    """A reference of one stretch of bases that begins at 1."""

    def __init__(self, text: str) -> None:
        self.text = text

    def bases(self, chrom: str, start: int, end: int) -> str | None:
        inside = chrom == "chr7" and start >= 1 and end <= len(self.text)
        return self.text[start - 1 : end] if inside else None


@pytest.fixture(scope="module")
def tables(repository) -> Resources:
    return resources.load((repository / "resources" / "biomarkers").glob("*.tsv"))


@pytest.mark.parametrize(
    ("text", "alt", "kind"),
    [("ACA", "A", "A[C>A]A"), ("TGT", "T", "A[C>A]A"), ("GTC", "C", "G[T>C]C")],
)
def test_a_substitution_is_told_on_the_strand_of_its_pyrimidine(text, alt, kind):
    assert catalogues.substitution(text[1], alt, text) == kind


def test_a_reference_that_is_not_known_or_contradicts_gives_no_kind():
    assert catalogues.substitution("C", "A", None) is None
    assert catalogues.substitution("C", "A", "ACN") is None
    assert catalogues.substitution("G", "A", "ACA") is None
    assert catalogues.indel("chr7", 30, "G", "GA", Text("C" * 60)) is None


FLANK = "GCATGCATGCATGCATGCATGCATGCATGC"


@pytest.mark.parametrize(
    ("middle", "deleted", "inserted", "kind"),
    [
        ("GTTTTTA", "T", "", "1:Del:T:4"),
        ("GTA", "T", "", "1:Del:T:0"),
        ("GAAAAAAAAC", "A", "", "1:Del:T:5"),
        ("GTTTA", "", "T", "1:Ins:T:3"),
        ("GATTA", "", "C", "1:Ins:C:0"),
        ("TCACACAG", "CA", "", "2:Del:R:2"),
        ("TCACAG", "", "CA", "2:Ins:R:2"),
        ("TAGCAGTT", "AGC", "", "3:Del:M:2"),
        ("TAGCTTTT", "AGC", "", "3:Del:R:0"),
        ("TACGTAGGG", "ACGTAG", "", "5:Del:R:0"),
    ],
)
def test_the_kind_of_an_indel(middle, deleted, inserted, kind):
    text = FLANK + middle + FLANK
    pos = len(FLANK) + 1
    anchor = middle[0]
    found = catalogues.indel("chr7", pos, anchor + deleted, anchor + inserted, Text(text))
    assert found == kind


@given(st.text("ACGT", min_size=60, max_size=60), st.integers(1, 8), st.booleans())
def test_an_indel_has_the_same_kind_on_both_strands(text, size, deletes):
    # Every kind is one of the table, and turning the strand changes none.
    pos = 28
    anchor, rest = text[pos - 1], text[pos : pos + size]
    ref, alt = (anchor + rest, anchor) if deletes else (anchor, anchor + rest)
    padded = "ACGTTGCA" * 6 + text + "ACGTTGCA" * 6
    offset = 48
    forward = catalogues.indel("chr7", pos + offset, ref, alt, Text(padded))
    turned = reverse_complement(padded)
    end = pos + offset + (size if deletes else 0)
    before = len(padded) - end
    base = turned[before - 1]
    other = reverse_complement(rest)
    ref, alt = (base + other, base) if deletes else (base, base + other)
    assert forward == catalogues.indel("chr7", before, ref, alt, Text(turned))


def test_every_kind_that_is_told_is_one_of_the_tables(tables):
    dice = random.Random(1)
    text = "".join(dice.choice("ACGT") * dice.choice((1, 1, 2, 6)) for _ in range(3000))
    reference = Text(text)
    rows = []
    for pos in range(60, len(text) - 60, 3):
        ref = text[pos - 1]
        if pos % 2:
            alt = dice.choice([base for base in "ACGT" if base != ref])
            rows.append(variant(pos=pos, ref=ref, alt=alt))
        else:
            size = dice.randint(1, 7)
            rows.append(variant(pos=pos, ref=text[pos - 1 : pos + size], alt=ref))
            new = "".join(dice.choice("ACGT") for _ in range(size))
            rows.append(variant(pos=pos, ref=ref, alt=ref + new))
    doublets = frozenset(tables.matrices[catalogues.DBS, "exome"].types)
    found = catalogues.of_tumor(rows, reference, doublets)
    assert sum(found[kind].mutations for kind in catalogues.KINDS) == len(rows)
    for kind in (catalogues.SBS, catalogues.ID):
        assert set(found[kind].counts) <= set(tables.matrices[kind, "exome"].types)
        assert found[kind].mutations > 500


def test_two_neighbours_are_a_doublet_and_three_are_not(tables):
    doublets = frozenset(tables.matrices[catalogues.DBS, "exome"].types)
    pair = [variant(pos=2, ref="C", alt="T"), variant(pos=3, ref="C", alt="T")]
    found = catalogues.of_tumor(pair, Text("ACCCA"), doublets)
    assert (found[catalogues.DBS].counts, found[catalogues.SBS].mutations) == ({"CC>TT": 1}, 0)
    triple = [*pair, variant(pos=4, ref="C", alt="T")]
    found = catalogues.of_tumor(triple, Text("ACCCA"), doublets)
    assert (found[catalogues.DBS].mutations, found[catalogues.SBS].mutations) == (0, 3)
    spelled = [variant(pos=2, ref="GG", alt="AA")]
    assert catalogues.of_tumor(spelled, None, doublets)[catalogues.DBS].counts == {"CC>TT": 1}


def test_the_bases_that_the_input_gives_stand_in_for_a_reference_and_do_not_overrule_it(tables):
    doublets = frozenset(tables.matrices[catalogues.DBS, "exome"].types)
    given_bases = variant(pos=2, ref="C", alt="T", flanks="GCG")

    def counts(reference):
        return dict(catalogues.of_tumor([given_bases], reference, doublets)[catalogues.SBS].counts)

    assert counts(None) == {"G[C>T]G": 1}
    assert counts(Text("A")) == {"G[C>T]G": 1}  # the reference does not reach
    assert counts(Text("ACA")) == {"A[C>T]A": 1}


def test_mutations_without_context_are_counted_apart(tables):
    doublets = frozenset(tables.matrices[catalogues.DBS, "exome"].types)
    rows = [variant(pos=2, ref="C", alt="T"), variant(pos=9, ref="N", alt="NA")]
    found = catalogues.of_tumor(rows, None, doublets)
    assert [found[kind].without_context for kind in catalogues.KINDS] == [1, 0, 1]
    assert sum(found[kind].mutations for kind in catalogues.KINDS) == 0
