"""Computational evidence of an effect: what predictors say, and a weak fallback without them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from apothecary.oncogenes.sop.rules import Code
from apothecary.oncogenes.sop.settings import Settings
from apothecary.oncogenes.sop.subject import Subject
from apothecary.pharmacogenes import facts

DAMAGING = "damaging"
BENIGN = "benign"
UNSURE = "unsure"
SPLICEAI = "SpliceAI"
_EMPTY = frozenset({"", ".", "-", "NA"})
_DELTAS = slice(2, 6)


@dataclass(frozen=True)
class Prediction:
    """What a predictor says of a change.

    Attributes:
        predictor: Its name.
        call: damaging, benign or unsure.
        text: The value that it gave.
        source_id: `input`, or `user` for a file of the configuration.
    """

    predictor: str
    call: str
    text: str
    source_id: str


@dataclass(frozen=True)
class Field:
    """A field of CSQ that holds a prediction.

    Attributes:
        predictor: Name of the predictor.
        kind: word, score, or spliceai for VEP's joined field.
        damaging: Words, or the name of the setting of the limit.
        benign: The same for no effect.
    """

    predictor: str
    kind: str
    damaging: str
    benign: str


def fields(path: Path | str) -> dict[str, Field]:
    """Read the table of the fields, by name.

    Raises:
        ResourceError: The table cannot be read.
    """
    rows = facts.read(path, ("predictor", "field", "kind", "damaging", "benign", "source"))
    return {
        row["field"]: Field(row["predictor"], row["kind"], row["damaging"], row["benign"])
        for row in rows
    }


def of_score(predictor: str, score: float, settings: Settings, source_id: str) -> Prediction:
    """A score under the limits of the settings; see `Settings` for the predictors."""
    damaging, benign = _limits(predictor.lower(), settings)
    call = DAMAGING if score >= damaging else BENIGN if score <= benign else UNSURE
    return Prediction(predictor, call, f"{score:g}", source_id)


def of_word(predictor: str, word: str, field: Field, source_id: str) -> Prediction:
    """A class that the predictor itself gives, such as deleterious(0.01) or likely_benign."""
    plain = word.partition("(")[0].removesuffix("_low_confidence")
    call = UNSURE
    if plain in field.damaging.split():
        call = DAMAGING
    elif plain in field.benign.split():
        call = BENIGN
    return Prediction(predictor, call, word, source_id)


def of_input(
    entries: Iterable[Mapping[str, str]], known: Mapping[str, Field], settings: Settings
) -> list[Prediction]:
    """The predictions in CSQ entries; the class of a predictor goes before its score.

    Args:
        entries: Fields by name.
        known: See `fields`.
        settings: Limits of scores.
    """
    found: dict[str, Prediction] = {}
    for entry in entries:
        deltas = []
        for name, field in known.items():
            text = entry.get(name, "")
            if text in _EMPTY:
                continue
            if field.predictor == SPLICEAI:
                parts = text.split("&")[0].split(":")
                deltas += _numbers(parts[_DELTAS] if field.kind == "spliceai" else [text])
            elif field.kind == "word":
                word = text.split("&")[0]
                found.setdefault(field.predictor, of_word(field.predictor, word, field, "input"))
            elif scores := _numbers(text.split("&")):
                score = of_score(field.predictor, max(scores), settings, "input")
                found.setdefault(field.predictor, score)
        if deltas:
            found.setdefault(SPLICEAI, of_score(SPLICEAI, max(deltas), settings, "input"))
    return list(found.values())


def _limits(name: str, settings: Settings) -> tuple[float, float]:
    return getattr(settings, f"{name}_damaging"), getattr(settings, f"{name}_benign")


def _numbers(texts: Iterable[str]) -> list[float]:
    found = []
    for text in texts:
        try:
            found.append(float(text))
        except ValueError:
            continue
    return found


def assess(found: Sequence[Prediction]) -> list[Code]:
    """OP1 or SBP1, where the predictors that are sure agree.

    That splicing is left alone says nothing of the protein, so SpliceAI speaks for an effect only.
    """
    damaging = [one for one in found if one.call == DAMAGING]
    benign = [one for one in found if one.call == BENIGN and one.predictor != SPLICEAI]
    sure = damaging or benign
    if not sure or (damaging and benign):
        return []
    words = ", ".join(f"{one.predictor} {one.text}" for one in sure)
    source_id = "input" if any(one.source_id == "input" for one in sure) else "user"
    return [Code("OP1" if damaging else "SBP1", "supporting", words, source_id)]


def may_splice(found: Iterable[Prediction]) -> bool:
    """Whether SpliceAI spoke, and not against a change of splicing."""
    return any(one.predictor == SPLICEAI and one.call != BENIGN for one in found)


def distances(path: Path | str) -> dict[tuple[str, str], int]:
    """Read the distances between residues, in both orders.

    Raises:
        ResourceError: The table cannot be read.
    """
    found = {}
    for row in facts.read(path, ("residue", "other", "distance", "source")):
        for pair in ((row["residue"], row["other"]), (row["other"], row["residue"])):
            found[pair] = int(row["distance"])
    return found


def fallback(
    subject: Subject,
    between: Mapping[tuple[str, str], int],
    settings: Settings,
    *,
    at_place: bool,
) -> list[Code]:
    """What the substitution itself and its place say, where no predictor spoke.

    Args:
        subject: The change.
        between: See `distances`.
        settings: Limits of the distance.
        at_place: Whether the residue is recurrent or, of a substitution, in a domain.

    Returns:
        OP1 for an unlike residue at such a place and for an in-frame change of recurrent residues,
        SBP1 for a like residue elsewhere; all weak.
    """
    change = subject.change
    if subject.in_frame and at_place:
        words = "residues that recur in tumors are gained or lost"
        return [Code("OP1", "supporting", words, "fallback", weak=True)]
    if not subject.substitution or change is None:
        return []
    distance = between.get((change.ref, change.alt))
    if distance is None:
        return []
    words = f"distance {distance} from {change.ref} to {change.alt}"
    if at_place and distance > settings.distance_damaging:
        return [
            Code("OP1", "supporting", f"{words}, in a domain or hotspot", "fallback", weak=True)
        ]
    if not at_place and distance < settings.distance_benign:
        return [
            Code("SBP1", "supporting", f"{words}, in no domain or hotspot", "fallback", weak=True)
        ]
    return []
