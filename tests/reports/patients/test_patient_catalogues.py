"""The catalogues of the pages for patients: complete, of one form, in plain words."""

from __future__ import annotations

import re
import string

import pytest
import yaml
from patient_builders import FACTS, LANGUAGES, WORDS

from apothecary.reports.patients import catalogues, readability

# Words that tell a reader that something is wrong with them.
FORBIDDEN = {
    "de": r"mutation|mutiert|abnorm|anomal|defekt|krankhaft",
    "en": r"mutation|mutant|abnormal|defect|normal",
    "es": r"mutaci|mutante|anormal|anomal|defect|normal",
}
# Words that are the same in two languages, or names.
SAME = {"label.person", "term.marker", "term.tumor", "label.or", "label.genes", "label.gene"}
MEASURES = readability.load(FACTS / "readability.tsv")
LIMITS = {"en": (10.0, 8.0), "de": (10.0, 8.0)}
LEAST_EASE = {"es": (45.0, 70.0)}


def prose(language: str) -> dict[str, str]:
    """Texts of whole sentences by key, with something short in the place of each placeholder."""
    return {
        key: re.sub(r"\{\w+\}", "7", text)
        for key, text in WORDS[language].texts.items()
        if text.endswith((".", "?", ":")) and not key.startswith("language.")
    }


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_there_are_three_languages_and_the_configuration_offers_them(repository):
    schema = yaml.safe_load(
        (repository / "workflow" / "schemas" / "config.schema.yaml").read_text(encoding="utf-8")
    )
    offered = schema["properties"]["reports"]["properties"]["languages"]["items"]["enum"]
    assert tuple(offered) == LANGUAGES == ("de", "en", "es")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_catalogue_has_every_key_and_placeholder(language):
    own, english = WORDS[language].texts, WORDS["en"].texts
    assert own.keys() == english.keys()
    for key, text in own.items():
        assert text.strip() == text != "", key
        assert placeholders(text) == placeholders(english[key]), key
    assert own["language.code"] == language
    assert len(own["language.months"].split("|")) == 12


@pytest.mark.parametrize("language", [name for name in LANGUAGES if name != "en"])
def test_no_english_is_left_over(language):
    own, english = WORDS[language].texts, WORDS["en"].texts
    same = {key for key, text in own.items() if text == english[key]}
    assert {key for key in same if not key.startswith("language.")} <= SAME
    english_only = {"the", "your", "you", "with", "of", "this", "that", "what", "may", "medicine"}
    for key, text in own.items():
        assert not english_only & {word.lower() for word in readability.words(text)}, key


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_word_says_that_something_is_wrong_with_the_reader(language):
    for key, text in WORDS[language].texts.items():
        assert not re.search(FORBIDDEN[language], text, re.IGNORECASE), key


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_is_short(language):
    for key, text in prose(language).items():
        for sentence in readability.sentences(text):
            assert len(readability.words(sentence)) <= 25, (key, sentence)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_paragraph_can_be_read(language):
    measure = MEASURES[language]
    for key, text in prose(language).items():
        if len(readability.words(text)) < 6:
            continue
        if language in LIMITS:
            assert measure.of(text) <= LIMITS[language][0], (key, measure.of(text))
        else:
            assert measure.of(text) >= LEAST_EASE[language][0], (key, measure.of(text))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_whole_catalogue_can_be_read(language):
    found = MEASURES[language].of("\n".join(prose(language).values()))
    if language in LIMITS:
        assert found <= LIMITS[language][1]
    else:
        assert found >= LEAST_EASE[language][1]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_advice_leads_to_a_doctor_or_pharmacist(language):
    words = {"de": ("Arzt", "Apotheke"), "en": ("doctor", "pharmacist")}
    words["es"] = ("médico", "farmacéutico")
    keys = [key for key in WORDS[language].texts if key.startswith("advice.")]
    assert len(keys) == 7
    for key in [*keys, "notice.stop"]:
        assert all(word in WORDS[language].texts[key] for word in words[language]), key


def test_the_line_that_no_page_may_lack():
    assert WORDS["en"].texts["notice.stop"] == (
        "Do not stop or change a medicine before you talk to your doctor or pharmacist."
    )


@pytest.mark.parametrize(
    ("language", "day"),
    [("de", "5. März 2026"), ("en", "March 5, 2026"), ("es", "5 de marzo de 2026")],
)
def test_days_are_written_as_the_language_does(language, day):
    assert WORDS[language].day("2026-03-05") == day
    assert WORDS[language].day("in spring") == "in spring"


@pytest.mark.parametrize(("language", "number"), [("de", "1.234"), ("en", "1,234")])
def test_numbers_are_grouped_as_the_language_does(language, number):
    assert WORDS[language].number(1234) == number
    assert catalogues.load(language).number(87) == "87"
