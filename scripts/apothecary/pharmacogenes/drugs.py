"""The dictionary of medicines: what a person takes, by name, synonym, salt form or RxNorm code."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from apothecary.errors import Problem, ResourceError
from apothecary.pharmacogenes import facts

Row = dict[str, Any]

DRUG_COLUMNS = ("name", "synonyms", "class", "rxnorm", "source")
SALT_COLUMNS = ("word", "meaning", "source")

# A strength and all behind it, which is the form: 10 mg oral tablet.
_STRENGTH = re.compile(r"\b\d+(?:[.,]\d+)?\s*(?:mg|mcg|ug|µg|μg|g|ml|iu|units?|%).*$")
_PER = re.compile(r"(mg|mcg|ug|µg|μg|g|iu|units?)\s*/\s*[\d.,]*\s*(?:ml|mg|g|l|hr?|dose|day)\b")
_BRACKETS = re.compile(r"\s*[(\[]([^()\[\]]*)[)\]]")
_PARTS = re.compile(r"\s*(?:/|\+|;|,(?!\d)|(?<!\d),|\band\b|\bwith\b)\s*")
_RXNORM = re.compile(r"^(?:rxnorm\s*:\s*|rxcui\s*:\s*)?(\d+)$", re.IGNORECASE)


@dataclass(frozen=True)
class Drug:
    """A medicine of the dictionary.

    Attributes:
        name: Its name, as guidance uses it.
        synonyms: Other names.
        classes: ATC classes (first five characters of the code).
        rxnorm: RxNorm code of the ingredient; empty when no source at hand gives it.
    """

    name: str
    synonyms: tuple[str, ...]
    classes: tuple[str, ...]
    rxnorm: str


@dataclass(frozen=True)
class Resolved:
    """A medicine as given, and what it is.

    Attributes:
        drug: Name in the dictionary; None when the dictionary does not have it.
        matched_by: name, synonym, salt form, part of a combination, RxNorm code or not found.
        note: What a reader must know; None when nothing.
    """

    drug: str | None
    matched_by: str
    note: str | None = None


class DrugDictionary:
    """Names, synonyms and codes of medicines.

    Args:
        drugs: The medicines.
        salts: Words that name a salt, in lower case.

    Raises:
        ResourceError: A name, synonym or code stands for two medicines.
    """

    def __init__(self, drugs: Iterable[Drug], salts: Iterable[str]) -> None:
        self._names: dict[str, tuple[str, str]] = {}
        self._codes: dict[str, str] = {}
        self._salts = frozenset(salts)
        for drug in drugs:
            self._add(drug.name, drug.name, "name")
            for synonym in drug.synonyms:
                self._add(synonym, drug.name, "synonym")
            if drug.rxnorm and self._codes.setdefault(drug.rxnorm, drug.name) != drug.name:
                raise _twice(drug.rxnorm)

    def _add(self, text: str, name: str, matched_by: str) -> None:
        if self._names.setdefault(normalised(text), (name, matched_by))[0] != name:
            raise _twice(text)

    def resolve(self, value: str, code: str | None = None) -> list[Resolved]:
        """Find a medicine.

        Args:
            value: The medicine as the user gave it; strength, salt and brackets may follow.
            code: Its code, such as RxNorm:32968; None or empty when there is none.

        Returns:
            One entry, or one for each part of a combination. A medicine that is not found has an
            entry with a note, so that no medicine is lost.
        """
        by_code, note = self._by_code(code)
        found = self._by_name(value)
        named = [entry for entry in found if entry.drug]
        if not named:
            return [Resolved(by_code, "RxNorm code")] if by_code else [_with(found[0], note)]
        if by_code and by_code not in {entry.drug for entry in named}:
            note = f"the code {code} is of {by_code}; the name was taken"
        return [_with(entry, note) for entry in found]

    def _by_code(self, code: str | None) -> tuple[str | None, str | None]:
        if not code:
            return None, None
        found = _RXNORM.match(code.strip())
        if not found:
            return None, f"the code {code} is no RxNorm code"
        name = self._codes.get(found[1])
        return name, None if name else f"the code {code} is not in the dictionary"

    def _by_name(self, value: str) -> list[Resolved]:
        whole = self._known(normalised(value))
        if whole:
            return [whole]
        text = _PER.sub(r"\1", normalised(value))
        cut = (_STRENGTH.sub("", part).strip() for part in _PARTS.split(_BRACKETS.sub(" ", text)))
        parts = [part for part in cut if part]
        known = [self._known(part) for part in parts]
        if len(parts) > 1 and any(known):
            return [
                Resolved(entry.drug, "part of a combination")
                if entry
                else _not_found(f"{part}, a part of the combination,")
                for part, entry in zip(parts, known, strict=True)
            ]
        inside = [self._known(part) for part in _BRACKETS.findall(text)]
        found = next((entry for entry in (*known, *inside) if entry), None)
        return [found or _not_found("the medicine")]

    def _known(self, text: str) -> Resolved | None:
        found = self._names.get(text)
        if found:
            return Resolved(*found)
        words = text.split()
        while len(words) > 1 and words[-1] in self._salts:
            words.pop()
            found = self._names.get(" ".join(words))
            if found:
                return Resolved(found[0], "salt form")
        return None


def _twice(text: str) -> ResourceError:
    return ResourceError(Problem("drugs.tsv", f"{text!r} is two medicines", "one medicine a name"))


def _not_found(what: str) -> Resolved:
    return Resolved(
        None,
        "not found",
        f"{what} is not in the dictionary: neither its guidance nor its interactions were looked "
        "up; this says nothing about its safety",
    )


def _with(entry: Resolved, note: str | None) -> Resolved:
    notes = "; ".join(text for text in (entry.note, note) if text)
    return Resolved(entry.drug, entry.matched_by, notes or None)


def normalised(text: str) -> str:
    """A name for comparison: lower case, one spelling of accents, quotes and blanks."""
    plain = unicodedata.normalize("NFKC", text).replace("’", "'").casefold()
    return " ".join(plain.split())


def load(drugs: Path | str, salts: Path | str) -> DrugDictionary:
    """The dictionary from its tables.

    Args:
        drugs: The table of medicines.
        salts: The table of words that name a salt.

    Raises:
        ResourceError: A table cannot be taken.
    """
    return DrugDictionary(
        [
            Drug(
                row["name"],
                tuple(filter(None, row["synonyms"].split("|"))),
                tuple(filter(None, row["class"].split("|"))),
                row["rxnorm"],
            )
            for row in facts.read(drugs, DRUG_COLUMNS)
        ],
        [row["word"] for row in facts.read(salts, SALT_COLUMNS)],
    )


def resolve(clinical: Iterable[Mapping[str, Any]], dictionary: DrugDictionary) -> list[Row]:
    """The medicines of the clinical sheet, found in the dictionary.

    Args:
        clinical: Rows of the table clinical.
        dictionary: The medicines that are known.

    Returns:
        Rows of the table medicines.
    """
    rows: list[Row] = []
    for row in clinical:
        if row["item"] != "medicine":
            continue
        for part, entry in enumerate(dictionary.resolve(row["value"], row["code"]), start=1):
            rows.append(
                {
                    "subject_id": row["subject_id"],
                    "medicine": row["value"],
                    "part": part,
                    "code": row["code"] or None,
                    "drug": entry.drug,
                    "matched_by": entry.matched_by,
                    "note": entry.note,
                }
            )
    return rows


def taken(
    samples: Iterable[Mapping[str, Any]], medicines: Iterable[Mapping[str, Any]]
) -> dict[str, list[str]]:
    """The medicines of the dictionary that the person of a sample takes.

    Args:
        samples: Rows of the table samples.
        medicines: Rows of the table medicines.

    Returns:
        Sample id to names in the dictionary, sorted.
    """
    by_subject: dict[str, set[str]] = defaultdict(set)
    for row in medicines:
        if row["drug"]:
            by_subject[row["subject_id"]].add(row["drug"])
    return {row["sample_id"]: sorted(by_subject[row["subject_id"]]) for row in samples}


def named(names: Sequence[str]) -> str:
    """Medicines in a sentence."""
    return ", ".join(names[:-1]) + " and " + names[-1] if len(names) > 1 else "".join(names)
