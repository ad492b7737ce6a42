"""Phenoconversion: what medicines taken make of the phenotype that the genes give.

CYP2D6 is converted by the activity-score method: the score of the genes times 0 with a strong
inhibitor, times 0.5 with a moderate one (Cicali et al. 2020, 10.1002/cpt.1768), and the phenotype
by the classes of Caudle et al. 2020 (10.1111/cts.12692). For other enzymes no source at hand gives
factors; their inhibitors and inducers are told, and nothing is converted.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from apothecary.errors import Problem, ResourceError
from apothecary.pharmacogenes import facts
from apothecary.pharmacogenes.definitions import Definitions
from apothecary.pharmacogenes.drugs import named

Row = dict[str, Any]

EFFECT_COLUMNS = ("enzyme", "drug", "effect", "strength", "factor", "note", "source")
CLASS_COLUMNS = ("gene", "minimum", "open", "phenotype", "note", "source")
EFFECTS = ("inhibitor", "inducer", "substrate")
STRENGTHS = ("strong", "moderate", "weak", "")
AT_LEAST = "≥"
TOBACCO = "tobacco smoke"


@dataclass(frozen=True)
class Effect:
    """What a medicine does to an enzyme.

    Attributes:
        enzyme: Such as CYP2D6, or CYP3A for CYP3A4 and CYP3A5 together.
        drug: Name in the dictionary, or tobacco smoke.
        effect: inhibitor, inducer or substrate.
        strength: strong, moderate or weak; empty when the source gives none.
        factor: What the activity score is multiplied with; None when no source gives it.
        note: Where sources differ.
        source: Where the fact is from.
    """

    enzyme: str
    drug: str
    effect: str
    strength: str
    factor: float | None
    note: str
    source: str


@dataclass(frozen=True)
class ScoreClass:
    """A phenotype by its lowest activity score.

    Attributes:
        minimum: The lowest score of the class.
        exclusive: The minimum itself belongs to the class before.
        phenotype: Phenotype in CPIC terms.
    """

    minimum: float
    exclusive: bool
    phenotype: str


@dataclass(frozen=True)
class Effects:
    """The effects of medicines on enzymes, and the classes of activity scores."""

    effects: tuple[Effect, ...]
    classes: Mapping[str, tuple[ScoreClass, ...]] = field(default_factory=dict)

    def changing(self, drug: str) -> list[Effect]:
        """The inhibition and induction by a medicine."""
        return [e for e in self.effects if e.drug == drug and e.effect != "substrate"]

    def substrates(self, enzyme: str) -> frozenset[str]:
        """The medicines that the sources call substrates of an enzyme."""
        return frozenset(
            e.drug for e in self.effects if e.enzyme == enzyme and e.effect == "substrate"
        )

    def phenotype(self, gene: str, score: float) -> str:
        """The phenotype of an activity score.

        Args:
            gene: A gene that has classes.
            score: The activity score, 0 or more.
        """
        found = [
            one.phenotype
            for one in self.classes[gene]
            if score > one.minimum or (score == one.minimum and not one.exclusive)
        ]
        return found[-1]


@dataclass(frozen=True)
class Conversion:
    """A phenotype as the medicines leave it.

    Attributes:
        phenotype: The clinical phenotype; None when it cannot be told.
        score: The clinical activity score as text; None when it cannot be told.
        by: The medicines that decide, sorted.
        reason: How it was converted, or why not, in words.
    """

    phenotype: str | None
    score: str | None
    by: tuple[str, ...]
    reason: str


def load(effects: Path | str, classes: Path | str) -> Effects:
    """The effects and classes from their tables.

    Args:
        effects: The table of effects of medicines on enzymes.
        classes: The table of classes of activity scores.

    Raises:
        ResourceError: A table cannot be taken.
    """
    found = []
    for number, row in enumerate(facts.read(effects, EFFECT_COLUMNS), start=2):
        if row["effect"] not in EFFECTS or row["strength"] not in STRENGTHS:
            seen = f"{row['effect']!r}, {row['strength']!r}"
            right = f"one of {', '.join(EFFECTS)}; strong, moderate, weak or nothing"
            raise ResourceError(Problem(str(effects), seen, right, row=number))
        factor = float(row["factor"]) if row["factor"] else None
        found.append(Effect(**{**row, "factor": factor}))  # type: ignore[arg-type]
    by_gene: dict[str, list[ScoreClass]] = defaultdict(list)
    for row in facts.read(classes, CLASS_COLUMNS):
        by_gene[row["gene"]].append(
            ScoreClass(float(row["minimum"]), row["open"] == "yes", row["phenotype"])
        )
    ordered = {
        gene: tuple(sorted(rows, key=lambda one: (one.minimum, one.exclusive)))
        for gene, rows in by_gene.items()
    }
    return Effects(tuple(found), ordered)


def convert(
    gene: str,
    score: str | None,
    phenotype: str | None,
    drugs: Iterable[str],
    effects: Effects,
) -> Conversion | None:
    """Convert the phenotype of a gene by the medicines taken.

    A strong inhibitor decides alone; several moderate ones count once, since no source tells how
    they add up.

    Args:
        gene: The gene; only one with classes of activity scores is converted.
        score: Activity score of the genes as text, such as 2.0 or ≥3.0; None when not known.
        phenotype: Phenotype of the genes; None when not known.
        drugs: Medicines taken, by their names in the dictionary.
        effects: What medicines do to enzymes.

    Returns:
        None when no medicine taken changes the score.
    """
    if gene not in effects.classes:
        return None
    acting = [
        e
        for drug in sorted(set(drugs))
        for e in effects.changing(drug)
        if e.enzyme == gene and e.factor is not None and e.factor < 1
    ]
    if not acting:
        return None
    factor = min(float(e.factor or 0) for e in acting)
    by = tuple(e.drug for e in acting if e.factor == factor)
    strength = next(e.strength for e in acting if e.factor == factor)
    verb = "inhibits" if len(by) == 1 else "inhibit"
    told = f"{named(by)} {verb} {gene} ({strength}): the activity score is multiplied by {factor:g}"
    if factor and len(by) > 1:
        told += (
            "; WARNING: several moderate inhibitors were counted once, no source tells their sum"
        )
    others = [e.drug for e in acting if e.factor != factor]
    if others:
        told += f"; {named(others)} beside it adds nothing"
    low = _lowest(score)
    if factor == 0:
        return Conversion(effects.phenotype(gene, 0), "0.0", by, told)
    if low is None:
        return _by_phenotype(gene, phenotype, by, told, factor, effects)
    converted = low * factor
    found = effects.phenotype(gene, converted)
    if str(score).startswith(AT_LEAST):
        if found != effects.classes[gene][-1].phenotype:
            told += f"; from a score of {score} on, the phenotype cannot be told"
            return Conversion(None, f"{AT_LEAST}{_text(converted)}", by, told)
        return Conversion(found, f"{AT_LEAST}{_text(converted)}", by, told)
    return Conversion(found, _text(converted), by, told)


def _by_phenotype(
    gene: str,
    phenotype: str | None,
    by: tuple[str, ...],
    told: str,
    factor: float,
    effects: Effects,
) -> Conversion:
    """A phenotype without a score: what all scores of its class would become."""
    classes = effects.classes[gene]
    names = [one.phenotype for one in classes]
    if phenotype not in names:
        return Conversion(None, None, by, f"{told}; the score of the genes is not known")
    place = names.index(phenotype)
    if classes[place].minimum == 0 and not classes[place].exclusive:
        return Conversion(phenotype, "0.0", by, told)
    top = classes[place + 1].minimum * factor if place + 1 < len(classes) else None
    lowest = classes[place].minimum * factor
    step = effects.phenotype(gene, lowest) if lowest else names[place]
    highest = effects.phenotype(gene, top) if top is not None else names[-1]
    if step == highest:
        return Conversion(step, None, by, f"{told}; by the phenotype, since no score was given")
    return Conversion(None, None, by, f"{told}; the phenotype alone does not tell the score")


def _lowest(score: str | None) -> float | None:
    try:
        return float(str(score).removeprefix(AT_LEAST)) if score else None
    except ValueError:
        return None


def _text(score: float) -> str:
    """A score as the sources write it: 1.0, 0.25, 0.625."""
    return f"{score:.1f}" if round(score, 1) == score else f"{score:g}"


def apply(
    phenotypes: Iterable[Mapping[str, Any]],
    taken: Mapping[str, Sequence[str]],
    effects: Effects,
    scores: Mapping[str, Mapping[str, str]],
) -> list[Row]:
    """Rows of the table phenotypes with the clinical phenotype filled in.

    Args:
        phenotypes: Rows of the table phenotypes.
        taken: Names in the dictionary of the medicines taken, by sample_id.
        effects: What medicines do to enzymes.
        scores: The activity scores that guidance may be looked up by with their phenotypes, by
            gene.

    Returns:
        The rows, in their order; both the phenotype of the genes and the clinical one are kept.
    """
    rows: list[Row] = []
    for row in phenotypes:
        made = dict(row)
        rows.append(made)
        gene = str(row["gene"])
        found = convert(
            gene, row["activity_score"], row["phenotype"], taken.get(row["sample_id"], ()), effects
        )
        if found is None:
            continue
        made["conversion_reason"] = found.reason
        if _lowest(row["activity_score"]) == 0:
            made["conversion_reason"] += "; it is 0 by the genes already"
            continue
        if found.phenotype is None:
            continue
        key, note = _key(found, scores.get(gene, {}))
        made["conversion_reason"] += f"; {note}" if note else ""
        made["converted_phenotype"] = found.phenotype
        made["converted_activity_score"] = found.score
        made["converted_lookup_key"] = key
        made["converted_by"] = list(found.by)
    return rows


def _key(found: Conversion, scores: Mapping[str, str]) -> tuple[str, str | None]:
    """The key that guidance is looked up by: the score, or the nearest below that guidance has."""
    if found.score is None or found.score in scores or not scores:
        return found.score or str(found.phenotype), None
    own = [score for score, phenotype in scores.items() if phenotype == found.phenotype]
    wanted = _lowest(found.score)
    exact = {score: value for score in own if (value := _lowest(score)) is not None}
    if wanted is None or not exact:
        return found.score, None
    below = [score for score, value in exact.items() if value <= wanted and AT_LEAST not in score]
    nearest = max(below, key=lambda s: exact[s]) if below else min(own, key=lambda s: exact[s])
    return nearest, f"guidance has no entry for {found.score}: it is looked up by {nearest}"


def guided_scores(definitions: Definitions) -> dict[str, dict[str, str]]:
    """The activity scores of each gene that guidance looks up by score, with their phenotypes.

    Args:
        definitions: The pharmacogenes.

    Returns:
        Phenotype by activity score, by gene.
    """
    return {
        name: {
            answer.activity_score: answer.phenotype
            for answer in (*gene.rules.values(), *gene.exceptions.values())
            if _lowest(answer.activity_score) is not None
        }
        for name, gene in definitions.genes.items()
        if gene.by_activity_score
    }
