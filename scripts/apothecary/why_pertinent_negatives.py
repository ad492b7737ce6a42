"""What became of the biomarkers and approvals of a gene in a tumor."""

from __future__ import annotations

from apothecary import schemas
from apothecary.story import Story

_NEGATIVES = schemas.TABLES["pertinent_negatives"]
_APPROVALS = schemas.TABLES["approvals"]


def genes(story: Story) -> set[str]:
    """The genes that a biomarker of the sample's tumor type is of; none unless it is a tumor."""
    if not story.of_tumor:
        return set()
    return {gene for row in story.rows(_NEGATIVES) for gene in row["genes"] or []}


def tell_gene(story: Story, gene: str) -> None:
    """Tell which biomarkers of a gene were looked for, and which approvals ask for one.

    Args:
        story: The sample.
        gene: The gene, as the tables spell it.
    """
    if not story.of_tumor:
        return
    for row in story.rows(_NEGATIVES):
        if gene in (row["genes"] or []):
            text = f"{row['molecular_profile']}: {row['status'].replace('_', ' ')}"
            if row["detection_limit"] is not None:
                text += f" at a detection limit of {row['detection_limit']:.3g}"
            for key, words in (("sensitive_to", "response"), ("resistant_to", "resistance")):
                if row[key]:
                    text += f"; predicts {words} to {', '.join(row[key])}"
            story.tell("list_pertinent_negatives", f"{text}; {row['reason']}")
    for row in story.rows(_APPROVALS):
        named = row["molecular_profile"].replace("::", " ").split()
        if gene in named:
            text = f"{row['agency']} {' + '.join(row['therapies'])} for {row['molecular_profile']}"
            status = row["status"].replace("_", " ")
            story.tell("match_actionability", f"{text}: {status}; {row['reason']}")
