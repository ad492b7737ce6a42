"""How the biomarkers of a tumor came about: `why SAMPLE TMB`, MSI, HRD or signatures."""

from __future__ import annotations

from apothecary import schemas
from apothecary.queries import Query
from apothecary.story import Row, Story, because

_STEP = "assess_biomarkers"
_SIGNATURES = "SIGNATURES"
_MARKERS = ("TMB", "MSI", "HRD")


def asked(story: Story, query: Query) -> bool:
    """Whether a question is about biomarkers of a tumor."""
    words = (*_MARKERS, _SIGNATURES)
    named = query.change is None and (query.gene or "").upper() in words
    return named and story.sample["role"] == "tumor"


def tell(story: Story, query: Query) -> None:
    """Tell what was counted, against what it was held, and how it was judged.

    Args:
        story: The sample.
        query: One that `asked` takes.
    """
    word = (query.gene or "").upper()
    if word == _SIGNATURES:
        for row in story.rows(schemas.SIGNATURES):
            story.tell(_STEP, _signature(row) + because(row["reason"]))
        return
    for row in story.rows(schemas.BIOMARKERS):
        if row["biomarker"].upper().startswith(word):
            story.tell(_STEP, _marker(row) + because(row["reason"]))
    for row in story.rows(schemas.ACTIONABILITY):
        if row["finding_id"] == f"biomarker:{word.lower()}":
            therapies = ", ".join(row["therapies"] or []) or "no therapy"
            evidence = row["evidence_id"] or "no evidence"
            text = f"{row['alteration']}: {evidence}, {therapies}, tier {row['tier']}"
            story.tell("match_actionability", text + because(row["tier_reason"]))


def _marker(row: Row) -> str:
    text = f"{row['biomarker']}: {row['status'].replace('_', ' ')}"
    if row["value"] is not None:
        text += f", {row['value']:.3g} {row['unit']}"
    if row["low"] is not None:
        text += f" ({row['low']:.3g} to {row['high']:.3g})"
    if row["numerator"] is not None:
        text += f"; counted {row['numerator']}"
    if row["denominator"] is not None:
        text += f" in {row['denominator']:.6g} ({row['denominator_source']})"
    return f"{text}; {row['method']}"


def _signature(row: Row) -> str:
    text = f"{row['catalogue']} {row['signature'] or '(none)'}: {row['status'].replace('_', ' ')}"
    if row["fraction"] is not None:
        text += f", share {row['fraction']:.3g} ({row['low']:.3g} to {row['high']:.3g})"
    if row["group"]:
        text += f", {row['group'].replace('_', ' ')}"
    text += f"; {row['mutations']} mutations"
    return text
