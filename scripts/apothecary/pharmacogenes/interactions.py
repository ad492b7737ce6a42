"""Drug–drug–gene conflicts among the medicines that a person takes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from apothecary.pharmacogenes.definitions import TableSource
from apothecary.pharmacogenes.phenoconversion import TOBACCO, Effect, Effects
from apothecary.pharmacogenes.phenotypes import NOT_GIVEN

Row = dict[str, Any]

# The enzymes of the sources that are more than one gene.
ENZYME_GENES: Mapping[str, tuple[str, ...]] = {"CYP3A": ("CYP3A4", "CYP3A5")}


def guided_by(pack: TableSource) -> dict[str, frozenset[str]]:
    """The genes that guidance for a medicine looks at.

    Args:
        pack: The knowledge pack (table guidance_keys).

    Returns:
        Medicine to genes.
    """
    genes: dict[str, set[str]] = defaultdict(set)
    for row in pack.rows("guidance_keys"):
        genes[row["drug"]].add(row["gene"])
    return {drug: frozenset(found) for drug, found in genes.items()}


def smokers(
    samples: Iterable[Mapping[str, Any]], clinical: Iterable[Mapping[str, Any]]
) -> frozenset[str]:
    """The samples whose person smokes.

    Args:
        samples: Rows of the table samples.
        clinical: Rows of the table clinical.
    """
    subjects = {
        row["subject_id"] for row in clinical if (row["item"], row["value"]) == ("smoker", "yes")
    }
    return frozenset(row["sample_id"] for row in samples if row["subject_id"] in subjects)


def find(
    phenotypes: Iterable[Mapping[str, Any]],
    taken: Mapping[str, Sequence[str]],
    smoking: frozenset[str],
    effects: Effects,
    guided: Mapping[str, frozenset[str]],
) -> list[Row]:
    """Find each medicine taken that changes the enzyme of another medicine taken.

    A medicine depends on an enzyme when guidance for it looks at a gene of the enzyme, or when a
    source calls it a substrate. A sample whose genes were not looked at at all is left out.

    Args:
        phenotypes: Rows of the table phenotypes, converted.
        taken: Names in the dictionary of the medicines taken, by sample_id.
        smoking: Samples whose person smokes.
        effects: What medicines do to enzymes.
        guided: Genes that guidance for a medicine looks at.

    Returns:
        Rows of the table interactions.
    """
    by_sample: dict[str, dict[str, list[Mapping[str, Any]]]] = defaultdict(dict)
    for row in phenotypes:
        by_sample[row["sample_id"]].setdefault(row["gene"], []).append(row)
    rows: list[Row] = []
    for sample_id in sorted(by_sample):
        drugs = taken.get(sample_id, ())
        acting = [*drugs, *([TOBACCO] if sample_id in smoking else [])]
        for effect in (e for by in acting for e in effects.changing(by)):
            for drug in drugs:
                if drug != effect.drug and _depends(drug, effect.enzyme, effects, guided):
                    rows.append(
                        {"sample_id": sample_id, **_row(drug, effect, by_sample[sample_id])}
                    )
    return rows


def _genes(enzyme: str) -> tuple[str, ...]:
    return ENZYME_GENES.get(enzyme, (enzyme,))


def _depends(
    drug: str, enzyme: str, effects: Effects, guided: Mapping[str, frozenset[str]]
) -> bool:
    by_guidance = not guided.get(drug, frozenset()).isdisjoint(_genes(enzyme))
    return by_guidance or drug in effects.substrates(enzyme)


def _row(drug: str, effect: Effect, genes: Mapping[str, Sequence[Mapping[str, Any]]]) -> Row:
    found = [row for gene in _genes(effect.enzyme) for row in genes.get(gene, ())]
    converted = [
        row
        for row in found
        if row.get("converted_phenotype") and effect.drug in (row.get("converted_by") or ())
    ]
    named = (str(row["phenotype"]) for row in found if row["phenotype"] not in (None, NOT_GIVEN))
    genetic = " or ".join(dict.fromkeys(named))
    clinical = " or ".join(dict.fromkeys(str(r["converted_phenotype"]) for r in converted))
    return {
        "drug": drug,
        "enzyme": effect.enzyme,
        "by": effect.drug,
        "effect": effect.effect,
        "strength": effect.strength or None,
        "genes": [gene for gene in _genes(effect.enzyme) if gene in genes],
        "genetic_phenotype": genetic or None,
        "clinical_phenotype": clinical or None,
        "reason": _reason(drug, effect, found, clinical),
        "source": effect.source,
    }


def _reason(drug: str, effect: Effect, found: Sequence[Mapping[str, Any]], clinical: str) -> str:
    strength = f"{effect.strength} " if effect.strength else ""
    text = f"{effect.drug} is a {strength}{effect.effect} of {effect.enzyme}, which {drug} needs"
    told = dict.fromkeys(
        str(row["conversion_reason"]) for row in found if row.get("conversion_reason")
    )
    if clinical:
        text += f"; with it the person counts as {clinical}; {'; '.join(told)}"
    elif effect.factor == 1:
        text += "; a weak inhibitor changes no phenotype"
    elif effect.factor is not None and told:
        text += f"; {'; '.join(told)}"
    else:
        way = "lower" if effect.effect == "inhibitor" else "higher"
        text += f"; its activity may be {way} than the genes say; no source at hand gives a factor"
    return f"{text}; {effect.note}" if effect.note else text
