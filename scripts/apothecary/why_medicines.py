"""The fate of a medicine: found, phenotype, conversion, conflict, guidance and dose."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from apothecary import schemas
from apothecary.story import Row, Story, because


def find(story: Story, text: str) -> str | None:
    """The medicine that a user asks about.

    Args:
        story: The sample.
        text: Name of the medicine in the dictionary, or as the clinical sheet gives it.

    Returns:
        Its name in the tables of the sample; None when they have no such medicine.
    """
    wanted = text.strip().casefold()
    for row in _medicines(story):
        if wanted in {row["medicine"].casefold(), (row["drug"] or "").casefold()}:
            return str(row["drug"] or row["medicine"])
    named = {row["drug"] for t in (schemas.RECOMMENDATIONS, schemas.DOSES) for row in story.rows(t)}
    return next((name for name in sorted(named) if name.casefold() == wanted), None)


def tell(story: Story, drug: str) -> None:
    """Tell what became of a medicine, step by step.

    Args:
        story: The sample.
        drug: The medicine, as `find` gives it.
    """
    given = [row for row in _medicines(story) if drug in (row["drug"], row["medicine"])]
    for row in given:
        how = f"{row['drug']} by {row['matched_by']}" if row["drug"] else row["matched_by"]
        story.tell("resolve_medicines", f"{row['medicine']}: {how}" + because(row["note"]))
    if not given:
        story.tell("resolve_medicines", f"the clinical sheet has no {drug}: no dose is calculated")
    advice = [row for row in story.rows(schemas.RECOMMENDATIONS) if row["drug"] == drug]
    doses = [row for row in story.rows(schemas.DOSES) if row["drug"] == drug]
    for gene in _genes(story, advice, doses):
        tell_call(story, gene)
        tell_phenotypes(story, gene)
    for row in story.rows(schemas.INTERACTIONS):
        if drug in (row["drug"], row["by"]):
            tell_interaction(story, row)
    for row in advice:
        tell_recommendation(story, row)
    if not advice:
        story.tell("match_recommendations", f"no guidance for {drug} matched the results")
    for row in doses:
        tell_dose(story, row)


def tell_call(story: Story, gene: str) -> None:
    """Tell how a gene was decided, with its diplotypes."""
    for row in story.rows(schemas.DIPLOTYPES):
        if row["gene"] == gene:
            story.tell("call_diplotypes", call_text(row) + because(row["reason"]))


def call_text(row: Row) -> str:
    """A diplotype with method, decision and posterior in words."""
    text = f"{row['gene']} rank {row['rank']}: {row['diplotype'] or 'not called'}, {row['method']}"
    text += ", phased" if row["phased"] else ", unphased"
    if row["decision"]:
        text += f", {row['decision'].replace('_', ' ')}"
    if row["posterior"] is not None:
        text += f", posterior {row['posterior']:.3f}"
    return text


def tell_phenotypes(story: Story, gene: str) -> None:
    """Tell the phenotypes of a gene, by the genes and with the medicines taken."""
    for row in story.rows(schemas.PHENOTYPES):
        if row["gene"] != gene:
            continue
        functions = [name for name in (row["function_1"], row["function_2"]) if name]
        text = f"{row['lookup_diplotype'] or 'no diplotype'}: {row['phenotype'] or 'none'}"
        if functions:
            text += f" from {' and '.join(functions)}"
        if row["activity_score"]:
            text += f", activity score {row['activity_score']}"
        if row["posterior"] is not None:
            text += f", posterior {row['posterior']:.3f}"
        if row["converted_phenotype"]:
            by = ", ".join(row["converted_by"] or [])
            text += f"; converted to {row['converted_phenotype']} by {by}"
        story.tell("assign_phenotypes", f"{gene} {text}" + because(row["reason"]))
        if row["conversion_reason"]:
            story.tell("assign_phenotypes", f"{gene}: {row['conversion_reason']}")


def tell_interaction(story: Story, row: Row) -> None:
    """Tell a conflict among the medicines taken."""
    story.tell("match_recommendations", f"conflict: {row['reason']} ({row['source']})")


def tell_recommendation(story: Story, row: Row) -> None:
    """Tell a recommendation by its key."""
    text = f"{row['drug']}, {row['source']}: {row['action'].replace('_', ' ')}"
    text += f", {row['dose_change']}" if row["dose_change"] else ""
    text += f", {row['strength']}" if row["strength"] else ""
    text += f", for {row['population']}" if row["population"] else ""
    text += f"; by {row['lookup']}; {row['guideline_id']}"
    text += f"; posterior {row['posterior']:.3f}" if row["posterior"] is not None else ""
    text += "; by the clinical phenotype" if row["by_clinical_phenotype"] else ""
    text += "; the person takes it" if row["taken"] else ""
    story.tell("match_recommendations", text)


def tell_dose(story: Story, row: Row) -> None:
    """Tell a dose with its inputs, or why there is none."""
    text = f"{row['drug']}, {row['model']}: {dose_text(row)}"
    text += f"; from {', '.join(row['inputs'])}" if row["inputs"] else ""
    text += f"; valid: {row['validity']}; {row['source']}"
    story.tell("calculate_doses", text)
    for note in row["notes"] or []:
        story.tell("calculate_doses", f"note: {note}")


def dose_text(row: Mapping[str, Any]) -> str:
    """A dose in words, or why there is none.

    Args:
        row: A row of the table doses.
    """
    if row["refused"]:
        return f"no dose: {row['refused']}"
    if row["value"] is not None:
        return f"{row['value']:g} {row['unit']}"
    if row["low"] is None:
        return f"at most {row['high']:g} {row['unit']}"
    return f"{row['low']:g} to {row['high']:g} {row['unit']}"


def doses_by(story: Story, gene: str) -> list[Row]:
    """The doses of a sample that rest on a gene."""
    return [
        row
        for row in story.rows(schemas.DOSES)
        if any(_rests_on(text, gene) for text in row["inputs"] or ())
    ]


def _rests_on(text: str, gene: str) -> bool:
    """Whether an input such as CYP2C9=*1/*3 or lookup=TPMT=x;NUDT15=y names a gene."""
    return any(part.startswith(f"{gene}=") for part in text.removeprefix("lookup=").split(";"))


def _medicines(story: Story) -> list[Row]:
    subject = story.sample["subject_id"]
    return [r for r in story.run.whole_run(schemas.MEDICINES) if r["subject_id"] == subject]


def _genes(story: Story, advice: Sequence[Row], doses: Sequence[Row]) -> list[str]:
    """The genes that guidance or a dose of the medicine looks at."""
    known = {row["gene"] for row in story.rows(schemas.DIPLOTYPES)}
    genes = {gene for row in advice for gene in row["genes"]}
    genes |= {g for g in known for row in doses for text in row["inputs"] if _rests_on(text, g)}
    return sorted(genes)
