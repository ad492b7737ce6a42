"""Patients held against trials: what is met, what is not, and what nobody can tell."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from apothecary.oncogenes.matching import NO, UNKNOWN, YES
from apothecary.trials import clinical, genomic
from apothecary.trials.criteria import ALL, CLINICAL, TEXT, Criterion, Group, Tree, Trial, leaves
from apothecary.trials.diagnoses import Diagnoses
from apothecary.trials.genomic import Verdict
from apothecary.trials.patients import Patient
from apothecary.trials.terms import Terms

MET = "met"
UNMET = "unmet"
STATUSES = {YES: MET, NO: UNMET, UNKNOWN: "unknown"}

Row = dict[str, Any]


@dataclass(frozen=True)
class _Judged:
    """A tree with its answer.

    Attributes:
        value: yes, no or unknown.
        leaves: Each criterion with its verdict and whether the answer rests on it.
    """

    value: str
    leaves: tuple[tuple[Criterion, Verdict, bool], ...]


def match(
    trials: Sequence[Trial], patients: Iterable[Patient], diagnoses: Diagnoses, terms: Terms
) -> tuple[list[Row], list[Row]]:
    """Hold every patient against every trial.

    Args:
        trials: The trials.
        patients: The patients.
        diagnoses: Tumor types.
        terms: What the terms of CTML ask for.

    Returns:
        Rows of the tables trials and trial_criteria. A trial that is closed is judged too.
    """
    rows: list[Row] = []
    ledger: list[Row] = []
    for patient in patients:
        for trial in trials:
            for number, block in enumerate(trial.blocks, start=1):
                judged = _judge(block.criteria, patient, diagnoses, terms)
                key = {
                    "sample_id": patient.sample_id,
                    "trial_id": trial.trial_id,
                    "block": number,
                }
                rows.append(
                    {
                        **key,
                        "title": trial.title or None,
                        "phase": trial.phase or None,
                        "step": block.step or None,
                        "arm": block.arm or None,
                        "dose_level": block.dose_level or None,
                        "accrual": block.accrual,
                        "status": STATUSES[judged.value],
                        **_told(judged),
                        "form": trial.form,
                        "file": trial.file,
                    }
                )
                ledger += _ledger(key, block.criteria, judged)
    return rows, ledger


def _told(judged: _Judged) -> dict[str, list[str]]:
    """The criteria that the answer rests on, by how they are answered."""
    found: dict[str, list[str]] = {"met": [], "unmet": [], "unknown": []}
    by: list[str] = []
    for criterion, verdict, decisive in judged.leaves:
        if not decisive:
            continue
        text = f"{criterion.words}: {verdict.reason}"
        found[STATUSES[verdict.value]].append(text)
        if verdict.value == YES:
            by += verdict.by
    lists = {name: list(dict.fromkeys(texts)) for name, texts in found.items()}
    return {**lists, "matched_by": list(dict.fromkeys(by))}


def _ledger(key: Row, tree: Tree, judged: _Judged) -> list[Row]:
    return [
        {
            **key,
            "criterion": number,
            "path": " > ".join(path),
            "kind": criterion.kind,
            "text": criterion.words,
            "status": STATUSES[verdict.value],
            "reason": verdict.reason,
            "matched_by": list(verdict.by),
            "decisive": decisive,
        }
        for number, ((path, _), (criterion, verdict, decisive)) in enumerate(
            zip(leaves(tree), judged.leaves, strict=True), start=1
        )
    ]


def _judge(tree: Tree, patient: Patient, diagnoses: Diagnoses, terms: Terms) -> _Judged:
    if isinstance(tree, Criterion):
        verdict = _criterion(tree, patient, diagnoses, terms)
        return _Judged(verdict.value, ((tree, verdict, True),))
    parts = [_judge(operand, patient, diagnoses, terms) for operand in tree.operands]
    value = _joined(tree, [part.value for part in parts])
    # The answer rests on the parts that give it; an unknown one on all that do not rule it out.
    told = []
    for part in parts:
        bears = part.value == value or (value == UNKNOWN and part.value != NO)
        told += [(leaf, verdict, own and bears) for leaf, verdict, own in part.leaves]
    if tree.negated:
        value = {YES: NO, NO: YES}.get(value, UNKNOWN)
        told = [(leaf, verdict.negated(), own) for leaf, verdict, own in told]
    return _Judged(value, tuple(told))


def _joined(group: Group, values: Sequence[str]) -> str:
    """Kleene's and, or."""
    if group.operator == ALL:
        return NO if NO in values else UNKNOWN if UNKNOWN in values else YES
    return YES if YES in values else UNKNOWN if UNKNOWN in values else NO


def _criterion(
    criterion: Criterion, patient: Patient, diagnoses: Diagnoses, terms: Terms
) -> Verdict:
    if criterion.kind == TEXT:
        return Verdict(UNKNOWN, "words that a person must read")
    if criterion.kind == CLINICAL:
        ((field, asked),) = criterion.fields.items()
        return clinical.judge(field, asked, patient, diagnoses)
    return genomic.judge(criterion.fields, patient, terms)
