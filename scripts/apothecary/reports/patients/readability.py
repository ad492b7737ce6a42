"""How hard a text is to read, by the published measure of its language and our own syllables.

English: grade of Flesch and Kincaid. German: first Wiener Sachtextformel, a grade as well.
Spanish: reading ease of Fernández Huerta, where more is easier. Coefficients are those of
`resources/patients/readability.tsv`, each with its source.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from apothecary.pharmacogenes import facts

MANY_SYLLABLES = 3
LONG_WORD = 7
"""Letters from which the Wiener Sachtextformel counts a word as long."""
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*|\d+")
_SENTENCE_END = re.compile(r"[.!?:]+(?=\s|$)")
_ENGLISH_VOWELS = re.compile(r"[aeiouy]+")
# What groups of vowels do not tell in English: an e that is not spoken, and vowels side by side
# that are.
_ENGLISH_SILENT = re.compile(
    r"(?<=[^aeiouyl])e$|(?<=[aeiouy]l)e$"
    r"|(?<=[^aeiouytd])ed$|(?<=[^aeiouysxzcgl])es$|(?<=[^aeiou]t)es$|(?<=[aeiouy]l)es$"
    r"|(?<=[^aeiouy])e(?=(?:ly|ful|less|ment|ness|where|thing|times?|body)$)"
)
_ENGLISH_APART = re.compile(
    r"(?<![tcsg])i(?=[aou])|(?<=[aeiouy])(?=ing$)|eo(?!p|u)|(?<=[rt])ie(?=t)|ui(?=d$)|ue(?=l$)|ua(?!r)"
)
_GERMAN_VOWELS = re.compile(r"aa|ai|au|äu|ee|ei|eu|ie|oo|ay|ey|oy|[aeiouyäöü]")
_SPANISH_SILENT = re.compile(r"(?<=q)u|(?<=g)u(?=[eiéí])")
_SPANISH_VOWELS = re.compile(
    r"[iuüy]?[aeoáéóíú][iuy]?(?![aeoáéóíú])|[iuüy]?[aeoáéóíú]|[iuü]+y$|[iuü]+|y$"
)


def _english(word: str) -> int:
    silent, apart = _ENGLISH_SILENT.findall(word), _ENGLISH_APART.findall(word)
    return len(_ENGLISH_VOWELS.findall(word)) - len(silent) + len(apart)


def _german(word: str) -> int:
    return len(_GERMAN_VOWELS.findall(word))


def _spanish(word: str) -> int:
    return len(_SPANISH_VOWELS.findall(_SPANISH_SILENT.sub("", word)))


_SYLLABLES: Mapping[str, Callable[[str], int]] = {"de": _german, "en": _english, "es": _spanish}


def syllables(word: str, language: str) -> int:
    """The syllables of a word, by the rules of a language's spelling; at least one.

    Args:
        word: A word; parts that a hyphen or an apostrophe joins are counted apart.
        language: en, de or es.
    """
    parts = [part for part in re.split(r"[-'’]", word.lower()) if part not in ("", "s", "t")]
    return sum(max(1, _SYLLABLES[language](part)) for part in parts) or 1


def words(text: str) -> list[str]:
    """The words of a text; a number is one word."""
    return _WORD.findall(text)


def sentences(text: str) -> list[str]:
    """The sentences of a text: what ends with a full stop, a colon, a question or exclamation mark.

    What holds no word is no sentence.
    """
    return [part.strip() for part in _SENTENCE_END.split(text) if words(part)]


@dataclass(frozen=True)
class Measure:
    """A measure of readability.

    Attributes:
        language: en, de or es.
        name: Name of the measure.
        weights: Weight of each term of the sum.
    """

    language: str
    name: str
    weights: Mapping[str, float]

    def of(self, text: str) -> float:
        """The measure of a text.

        Args:
            text: At least one word.
        """
        found = words(text)
        counts = [syllables(word, self.language) for word in found]
        share = 100 / len(found)
        terms = {
            "constant": 1.0,
            "words_per_sentence": len(found) / len(sentences(text)),
            "syllables_per_word": sum(counts) / len(found),
            "percent_of_three_syllables": share * sum(n >= MANY_SYLLABLES for n in counts),
            "percent_of_one_syllable": share * counts.count(1),
            "percent_of_long_words": share * sum(len(word) >= LONG_WORD for word in found),
        }
        return sum(weight * terms[name] for name, weight in self.weights.items())


def load(path: Path | str) -> dict[str, Measure]:
    """The measure of each language.

    Args:
        path: `resources/patients/readability.tsv`.

    Raises:
        ResourceError: The table is absent or not in its form.
    """
    weights: dict[tuple[str, str], dict[str, float]] = {}
    for row in facts.read(path, ("language", "measure", "term", "value", "source")):
        weights.setdefault((row["language"], row["measure"]), {})[row["term"]] = float(row["value"])
    return {language: Measure(language, name, found) for (language, name), found in weights.items()}
