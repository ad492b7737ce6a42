"""Pieces of a text, many at a time, say what each says by itself."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from variant_builders import POSITIONS

from apothecary.variants import plain_evidence, reference, slices
from apothecary.variants.reference import Either, KnownBases
from apothecary.variants.regions import Position, Spans
from apothecary.variants.slices import Slices

WORDS = st.lists(st.text(alphabet="0123456789.,eE-xAC", max_size=12), max_size=20)


def pieces_of(words):
    ends = np.cumsum([len(word) + 1 for word in words], dtype=np.int64) - 1
    starts = ends - np.array([len(word) for word in words], dtype=np.int64)
    text = "\t".join([*words, ""])
    return Slices(np.frombuffer(text.encode(), dtype=np.uint8), starts, ends)


@given(WORDS)
def test_whole_numbers_are_those_of_python(words):
    values, plain = slices.whole_numbers(pieces_of(words))
    for word, value, is_plain in zip(words, values.tolist(), plain.tolist(), strict=True):
        assert is_plain == (word.isdigit() and len(word) <= slices.MOST_DIGITS)
        assert not is_plain or value == int(word)


@given(WORDS)
def test_decimals_are_those_of_python(words):
    values, plain = plain_evidence.decimals(pieces_of(words))
    for word, value, is_plain in zip(words, values.tolist(), plain.tolist(), strict=True):
        assert not is_plain or value == float(word)
    assert plain_evidence.decimals(pieces_of(["0.125", "12", "1e-2"]))[1].all()


@given(WORDS, st.integers(1, 12))
def test_pieces_made_of_letters(words, longest):
    letters = slices.table_of("0123456789")
    found = slices.made_of(pieces_of(words), letters, longest)
    assert found.tolist() == [0 < len(w) <= longest and w.isdigit() for w in words]


@given(WORDS, st.sampled_from(["", "x", "12", "A.C"]))
def test_words_and_texts(words, word):
    pieces = pieces_of(words)
    assert pieces.are(word).tolist() == [w == word for w in words]
    assert pieces.begin_with(word).tolist() == [w.startswith(word) for w in words]
    assert slices.texts(pieces).to_pylist() == words
    null = pieces.are(word)
    expected = [None if w == word else w for w in words]
    assert slices.texts(pieces, null).to_pylist() == expected


@given(st.lists(st.tuples(st.integers(1, 60), st.integers(0, 5)), max_size=8), st.integers(0, 4))
def test_intervals_that_touch_no_span(spans, length):
    of_chrom = Spans(("chr1", start, start + more) for start, more in spans)
    starts = np.arange(1, 70)
    found = of_chrom.untouched("chr1", starts, starts + length)
    asked = [not of_chrom.overlaps("chr1", at, at + length) for at in starts.tolist()]
    assert found.tolist() == asked
    assert of_chrom.untouched("chr2", starts, starts).all()


class OneByOne:
    """A reference that knows nothing of many bases at once."""

    def bases(self, chrom, start, end):
        return "G" if (chrom, start, end) == ("chr1", 5000, 5000) else None


def test_letters_are_the_bases(tmp_path):
    bases = "ACGTNacgt" * 3000
    path = tmp_path / "genome.fa"
    path.write_text(f">chr1:2001-9000\n{bases[:7000]}\n>chr2\n{bases}\n", encoding="utf-8")
    fasta = reference.Fasta(path, tmp_path / "work")
    known = KnownBases([*POSITIONS, Position("chr1", 100, "T")])
    asked = np.array([1, 100, 5000, 1000, 3002, 2001, 8999, 9000, 9001, 2000, 27_000, 27_001, 700])
    for source in (fasta, known, OneByOne(), Either(OneByOne(), fasta, known)):
        for chrom in ("chr1", "chr2", "chrX"):
            found = reference.letters(source, chrom, asked)
            singly = [source.bases(chrom, pos, pos) for pos in asked.tolist()]
            assert [chr(letter) if letter else None for letter in found.tolist()] == singly
