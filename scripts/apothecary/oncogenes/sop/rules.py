"""The codes of the procedure, what they exclude, and how points make a class."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from apothecary.errors import Problem, ResourceError
from apothecary.pharmacogenes import facts

MET = "met"
EXCLUDED = "excluded"
CONFLICTING = "conflicting"
MASKED = "masked"
WEAK_ALONE = "weak_alone"

_CONTRADICTION = ("OS2", "SBS2")


@dataclass(frozen=True)
class Code:
    """A code that evidence is for, as a line of the ledger.

    Attributes:
        code: Such as OVS1.
        strength: very_strong, strong, moderate or supporting.
        evidence: What was found, in words.
        source_id: Where it was found: a source of the knowledge, or `input`, `user` or `fallback`.
        references: Identifiers or citations of the evidence.
        weak: The evidence is the fallback of substitution and place.
        status: met, excluded, conflicting, masked or weak_alone.
        reason: Why the code does not count; empty when it does.
        points: Its points; 0 when it does not count.
    """

    code: str
    strength: str
    evidence: str
    source_id: str
    references: tuple[str, ...] = ()
    weak: bool = False
    status: str = MET
    reason: str = ""
    points: int = 0


@dataclass(frozen=True)
class Rules:
    """The procedure as data.

    Attributes:
        points: Points by code and strength.
        exclusions: Codes that switch a code off when they are met.
        classes: Class with its least and greatest points, None for open, of each scheme.
    """

    points: Mapping[tuple[str, str], int]
    exclusions: Mapping[str, frozenset[str]]
    classes: Mapping[str, Sequence[tuple[str, int | None, int | None]]]

    def greatest_strength(self, code: str) -> str:
        """The strength of a code that has the most points."""
        of = {key: abs(points) for key, points in self.points.items() if key[0] == code}
        return max(of, key=lambda key: of[key])[1]


@dataclass(frozen=True)
class Verdict:
    """The class of a variant with its ledger."""

    classification: str
    points: int
    codes: tuple[Code, ...]


def load(paths: Mapping[str, Path | str]) -> Rules:
    """Read the tables of the procedure.

    Args:
        paths: Files of `resources/oncogenicity` by stem: criteria, exclusions and classes.

    Raises:
        ResourceError: A table is absent or faulty.
    """
    criteria = facts.read(
        paths["criteria"], ("code", "pole", "strength", "points", "meaning", "source")
    )
    exclusions = facts.read(paths["exclusions"], ("code", "if_met", "source"))
    classes = facts.read(paths["classes"], ("scheme", "class", "minimum", "maximum", "source"))
    excluded: dict[str, set[str]] = {}
    for row in exclusions:
        excluded.setdefault(row["code"], set()).add(row["if_met"])
    schemes: dict[str, list[tuple[str, int | None, int | None]]] = {}
    try:
        points = {(row["code"], row["strength"]): int(row["points"]) for row in criteria}
        for row in classes:
            limits = [int(row[name]) if row[name] else None for name in ("minimum", "maximum")]
            schemes.setdefault(row["scheme"], []).append((row["class"], limits[0], limits[1]))
    except ValueError as error:
        raise ResourceError(
            Problem(str(paths["criteria"]), f"not a number ({error})", "whole points are needed")
        ) from error
    return Rules(points, {code: frozenset(others) for code, others in excluded.items()}, schemes)


def combine(found: Sequence[Code], rules: Rules, scheme: str) -> Verdict:
    """The class of a variant from the codes that evidence is for.

    A code counts once, at its greatest strength. Functional studies that contradict each other
    count for nothing. What the fallback says never decides a class alone.

    Args:
        found: Codes with status met or masked, in any order.
        rules: The procedure.
        scheme: Which limits of classes are used.

    Returns:
        Class, points and ledger, sorted by code.
    """
    best = _strongest([code for code in found if code.status == MET], rules)
    ledger = [code for code in found if code.status != MET]
    if all(name in best for name in _CONTRADICTION):
        for name in _CONTRADICTION:
            ledger.append(
                replace(best.pop(name), status=CONFLICTING, reason="functional studies disagree")
            )
    counted = []
    for name, code in best.items():
        off = sorted(
            other
            for other in rules.exclusions.get(name, ())
            if other in best and not _is_off(other, best, rules)
        )
        if off:
            reason = f"not counted with {', '.join(off)}"
            ledger.append(replace(code, status=EXCLUDED, reason=reason))
        else:
            counted.append(code)
    if all(code.weak for code in counted):
        reason = "the fallback does not decide a class alone"
        ledger += [replace(code, status=WEAK_ALONE, reason=reason) for code in counted]
        counted = []
    ledger += [replace(code, points=rules.points[code.code, code.strength]) for code in counted]
    total = sum(code.points for code in ledger)
    ordered = sorted(ledger, key=lambda c: (c.code, c.status, c.source_id, c.evidence))
    return Verdict(classify(total, rules, scheme), total, tuple(ordered))


def _strongest(met: Sequence[Code], rules: Rules) -> dict[str, Code]:
    """Each code at its greatest strength, with the words and references of all evidence of it."""
    grouped: dict[str, list[Code]] = {}
    for code in sorted(met, key=lambda c: _rank(c, rules)):
        grouped.setdefault(code.code, []).append(code)
    best = {}
    for name, of_code in grouped.items():
        texts = Counter(code.evidence for code in of_code)
        words = (text if count == 1 else f"{text} ({count})" for text, count in texts.items())
        references = dict.fromkeys(ref for code in of_code for ref in code.references)
        best[name] = replace(of_code[0], evidence="; ".join(words), references=tuple(references))
    return best


def _rank(code: Code, rules: Rules) -> tuple[Any, ...]:
    """The order of evidence for a code, the strongest first."""
    size = abs(rules.points[code.code, code.strength])
    return code.weak, -size, code.source_id, code.evidence, code.references


def _is_off(name: str, best: Mapping[str, Code], rules: Rules) -> bool:
    return any(
        other in best and not _is_off(other, best, rules)
        for other in rules.exclusions.get(name, ())
    )


def classify(points: int, rules: Rules, scheme: str) -> str:
    """The class of a sum of points.

    Raises:
        ValueError: The scheme is unknown or leaves the sum without a class.
    """
    for name, least, greatest in rules.classes.get(scheme, ()):
        if (least is None or points >= least) and (greatest is None or points <= greatest):
            return name
    raise ValueError(f"no class of {scheme} for {points} points")
