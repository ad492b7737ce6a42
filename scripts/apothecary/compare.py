"""What changed between two runs, by clinical weight.

A change of what a person is advised comes before a change of the call behind it, and that before a
change of the data or of the software.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from apothecary import runs, schemas, selection
from apothecary.changes import (
    ACTIONABILITY,
    DATA,
    DECISION,
    DIPLOTYPE,
    DOSE,
    HEADINGS,
    INTERACTION,
    PHENOTYPE,
    RECOMMENDATION,
    SAMPLES,
    TAKEN_ACTION,
    TRIAL,
    Change,
    Row,
    pairs,
    worded,
)
from apothecary.compare_biomarkers import biomarker_changes
from apothecary.compare_data import (
    record_changes,
    sheet_changes,
    site_changes,
    technical_changes,
)
from apothecary.compare_germline import germline_changes
from apothecary.compare_hotspots import hotspot_changes
from apothecary.compare_oncogenicity import class_changes
from apothecary.compare_pertinent_negatives import pertinent_negative_changes
from apothecary.compare_risk import risk_changes
from apothecary.compare_trials import trial_changes
from apothecary.compare_tumors import trial_count_changes, tumor_changes
from apothecary.runs import Run
from apothecary.why_medicines import dose_text


def compare(run_a: Path | str, run_b: Path | str) -> list[Change]:
    """Compare two runs.

    Args:
        run_a: Results folder of the first run.
        run_b: Results folder of the second.

    Returns:
        The changes, the weightiest first, then by sample and subject. What follows from a sample
        that is in one run only, or failed in one only, is not told again item by item.

    Raises:
        WorkflowInputError: A folder holds no run, or one that has not ended.
        ResourceError: A table is of another schema version.
    """
    a, b = runs.load(run_a), runs.load(run_b)
    changes, both = _samples(a, b)
    changes += finding_changes(a, b, both)
    changes += trial_count_changes(a, b)
    changes += site_changes(a, b, both)
    changes += record_changes(a, b, both)
    changes += sheet_changes(a, b)
    changes += technical_changes(a.manifest(), b.manifest())
    return sorted(changes)


def finding_changes(a: Run, b: Run, both: frozenset[str]) -> list[Change]:
    """What changed of what the reports of samples find.

    Args:
        a: The first run.
        b: The second.
        both: The samples to look at, which are reported in both.

    Returns:
        Changes of advice, calls, tiers, biomarkers, trials and scores, in the order of these.
    """
    changes = advice_changes(a, b, both)
    changes += _diplotypes(a, b, both)
    changes += hotspot_changes(a, b, both)
    changes += germline_changes(a, b, both)
    changes += class_changes(a, b, both)
    changes += pertinent_negative_changes(a, b, both)
    changes += biomarker_changes(a, b, both)
    changes += tumor_changes(a, b, both)
    changes += trial_changes(a, b, both)
    changes += risk_changes(a, b, both)
    return changes


def advice_changes(a: Run, b: Run, both: frozenset[str]) -> list[Change]:
    """Changes of what is advised, of the phenotypes behind it, and of evidence of findings.

    Args:
        a: The first run.
        b: The second.
        both: The samples to look at.
    """
    changes = _recommendations(a, b, both)
    changes += _doses(a, b, both)
    changes += _interactions(a, b, both)
    changes += _phenotypes(a, b, both)
    changes += _actionability(a, b, both)
    return changes


def clinical(changes: Iterable[Change]) -> bool:
    """Whether any change may alter what is done for a person."""
    return any(change.weight <= TRIAL for change in changes)


def render(changes: Sequence[Change]) -> list[str]:
    """The changes as text, under a heading for each weight.

    Args:
        changes: As `compare` gives them.

    Returns:
        Lines; the first says whether there is a clinical change.
    """
    if not changes:
        return ["no change"]
    lines = []
    weighty = sum(change.weight <= TRIAL for change in changes)
    ending = "" if weighty == 1 else "s"
    lines.append(f"{weighty} clinical change{ending}" if weighty else "no clinical change")
    for weight, heading in HEADINGS.items():
        here = [change for change in changes if change.weight == weight]
        if here:
            lines += ["", f"{heading} ({len(here)})", *(f"  {c.line()}" for c in here)]
    return lines


def _samples(a: Run, b: Run) -> tuple[list[Change], frozenset[str]]:
    status_a, status_b = _status(a), _status(b)
    facts_a, facts_b = _facts(a), _facts(b)
    changes = [
        Change(SAMPLES, name, "sample", _present(a, name), _present(b, name))
        for name in sorted(a.samples.keys() ^ b.samples.keys())
    ]
    both = a.samples.keys() & b.samples.keys()
    for name in sorted(both):
        before, after = status_a.get(name, "absent"), status_b.get(name, "absent")
        if before != after:
            lost = {before.split(":")[0], after.split(":")[0]} & {"failed", "absent"}
            changes.append(Change(SAMPLES if lost else DATA, name, "status", before, after))
        for fact in ("build", "notes"):
            old, new = facts_a.get((name, fact), ""), facts_b.get((name, fact), "")
            if old != new:
                changes.append(Change(DATA, name, f"input {fact}", old, new))
        for column in ("subject_id", "role", "assay", "sex", "tumor_type", "format", "build"):
            old, new = a.samples[name][column], b.samples[name][column]
            if old != new:
                changes.append(Change(DATA, name, column, str(old or ""), str(new or "")))
    told = {change.sample_id for change in changes if change.weight == SAMPLES}
    return changes, frozenset(both - told)


def _present(run: Run, name: str) -> str:
    return "in the run" if name in run.samples else ""


def _status(run: Run) -> dict[str, str]:
    """Status and reason of each sample; several steps joined."""
    rank = {"ok": 0, "warn": 1, "failed": 2}
    found = {}
    for name, rows in selection.by_sample(run.rows(schemas.OUTCOMES)).items():
        worst = max(rows, key=lambda row: rank[row["status"]])["status"]
        reasons = "; ".join(row["reason"] for row in rows if row["reason"])
        found[name] = f"{worst}: {reasons}" if reasons else worst
    return found


def _facts(run: Run) -> dict[tuple[str, str], str]:
    """Build and notes of the input of each sample."""
    found: dict[tuple[str, str], list[str]] = {}
    for row in run.rows(schemas.OUTCOMES):
        found.setdefault((row["sample_id"], "build"), []).extend(
            [row["build"]] * bool(row["build"])
        )
        found.setdefault((row["sample_id"], "notes"), []).extend(row["notes"] or [])
    return {key: "; ".join(values) for key, values in found.items()}


def _action(row: Row) -> str:
    return str(row["action"]).replace("_", " ") + (" (taken)" if row["taken"] else "")


def _advice(row: Row) -> str:
    parts = (
        _action(row),
        row["dose_change"],
        row["strength"],
        row["population"] and f"for {row['population']}",
        f"by {row['lookup']}",
        f"{row['guidance_id']} version {row['guideline_version']}",
        row["text"],
    )
    return ", ".join(str(part) for part in parts if part)


def _recommendations(a: Run, b: Run, both: frozenset[str]) -> list[Change]:
    changes = []
    key = ("sample_id", "drug", "source")
    for (name, drug, source), old, new in pairs(a, b, schemas.RECOMMENDATIONS, both, key):
        subject = f"{drug}, {source}"
        taken = any(row["taken"] for row in (*old, *new))
        before, after = worded(old, _action), worded(new, _action)
        if taken and before != after:
            changes.append(Change(TAKEN_ACTION, name, subject, before, after))
            continue
        before, after = worded(old, _advice), worded(new, _advice)
        if before != after:
            changes.append(Change(RECOMMENDATION, name, subject, before, after))
    return changes


def _phenotype(row: Row) -> str:
    text = row["phenotype"] or "none"
    if row["activity_score"]:
        text += f" (activity score {row['activity_score']})"
    if row["converted_phenotype"]:
        text += f", converted to {row['converted_phenotype']}"
    return str(text)


def _phenotypes(a: Run, b: Run, both: frozenset[str]) -> list[Change]:
    changes = []
    for (name, gene), old, new in pairs(a, b, schemas.PHENOTYPES, both, ("sample_id", "gene")):
        before, after = worded(old, _phenotype), worded(new, _phenotype)
        if before != after:
            changes.append(Change(PHENOTYPE, name, gene, before, after))
    return changes


def _doses(a: Run, b: Run, both: frozenset[str]) -> list[Change]:
    changes = []
    key = ("sample_id", "drug", "model")
    for (name, drug, model), old, new in pairs(a, b, schemas.DOSES, both, key):
        before, after = worded(old, dose_text), worded(new, dose_text)
        if before != after:
            changes.append(Change(DOSE, name, f"{drug}, {model}", before, after))
    return changes


def _interactions(a: Run, b: Run, both: frozenset[str]) -> list[Change]:
    changes = []
    key = ("sample_id", "drug", "enzyme", "by")
    for (name, drug, enzyme, by), old, new in pairs(a, b, schemas.INTERACTIONS, both, key):
        before, after = worded(old, _interaction), worded(new, _interaction)
        if before != after:
            changes.append(Change(INTERACTION, name, f"{by} with {drug}, {enzyme}", before, after))
    return changes


def _interaction(row: Row) -> str:
    text = f"{row['strength']} {row['effect']}" if row["strength"] else str(row["effect"])
    return f"{text}, {row['clinical_phenotype']}" if row["clinical_phenotype"] else text


def _diplotype(row: Row) -> str:
    text = row["diplotype"] or f"not called ({row['reason']})"
    if row["not_excludable"]:
        text += f", not excludable: {' '.join(row['not_excludable'])}"
    return str(text)


def _decision(row: Row) -> str:
    """The decision of the posterior; other methods call what they give a diplotype for."""
    decision = row["decision"] or ("called" if row["diplotype"] else "not_called")
    return str(decision).replace("_", " ")


def _diplotypes(a: Run, b: Run, both: frozenset[str]) -> list[Change]:
    changes = []
    for (name, gene), old, new in pairs(a, b, schemas.DIPLOTYPES, both, ("sample_id", "gene")):
        before, after = worded(old, _diplotype), worded(new, _diplotype)
        decided = worded(old, _decision), worded(new, _decision)
        if old and new and decided[0] != decided[1]:
            told = (
                text if text.startswith(word) else f"{word}: {text}"
                for word, text in zip(decided, (before, after), strict=True)
            )
            changes.append(Change(DECISION, name, gene, *told))
        elif before != after:
            changes.append(Change(DIPLOTYPE, name, gene, before, after))
    return changes


def _evidence(row: Row) -> str:
    if not row["evidence_id"]:
        return f"tier {row['tier']}"
    therapies = ", ".join(row["therapies"] or [])
    text = (
        f"{row['evidence_id']} tier {row['tier']} level {row['level']} {row['effect']} {therapies}"
    )
    if row["vetoed_by"]:
        text += f", vetoed by {', '.join(row['vetoed_by'])}"
    if row["escat"]:
        text += f", ESCAT {row['escat']}"
    return text


def _actionability(a: Run, b: Run, both: frozenset[str]) -> list[Change]:
    changes = []
    key = ("sample_id", "finding_id")
    for (name, finding), old, new in pairs(a, b, schemas.ACTIONABILITY, both, key):
        gone = {_evidence(row) for row in old}
        come = {_evidence(row) for row in new}
        if gone == come:
            continue
        subject = str((new or old)[0]["alteration"])
        if subject != finding:
            subject += f" {finding}"
        before = _tiers(old, sorted(gone - come))
        after = _tiers(new, sorted(come - gone))
        changes.append(Change(ACTIONABILITY, name, subject, before, after))
    return changes


def _tiers(rows: Sequence[Row], differing: Sequence[str]) -> str:
    if not rows:
        return ""
    best = min(str(row["tier"]) for row in rows)
    return "; ".join((f"tier {best}", *(text for text in differing if text != f"tier {best}")))
