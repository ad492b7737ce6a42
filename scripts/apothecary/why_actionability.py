"""What evidence was matched with the findings of a tumor, and the events that have no position."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from apothecary import schemas
from apothecary.story import PLACE, Row, Story

_STEP = "match_actionability"


def tell_events(story: Story, gene: str) -> None:
    """Tell the copy number and the fusions of a gene.

    Args:
        story: The sample.
        gene: A gene symbol.
    """
    for row in story.rows(schemas.COPY_NUMBER):
        if row["gene"] == gene:
            text = f"{gene} {row['state'].replace('_', ' ')}, {row['total']:g} copies"
            place = f"{row['chrom']}:{row['start']}-{row['end']}, row {row['row']}"
            story.tell(_STEP, f"copy number: {text} ({place})")
    for row in story.rows(schemas.FUSIONS):
        if gene in (row["gene_5prime"], row["gene_3prime"]):
            text = f"fusion: {row['gene_5prime']}::{row['gene_3prime']}"
            text += f", {row['reads']} reads" if row["reads"] is not None else ""
            story.tell(_STEP, f"{text} (row {row['row']})")


def tell_evidence(story: Story, places: Collection[tuple[Any, ...]], gene: str | None) -> None:
    """Tell the evidence of variants or of a gene.

    Args:
        story: The sample.
        places: Variants as chromosome, position and alleles.
        gene: A gene symbol; None for a variant alone.
    """
    for row in sorted(story.rows(schemas.ACTIONABILITY), key=_evidence_order):
        genes = (row["gene"], *row["finding_id"].removeprefix("fusion:").split("::"))
        if tuple(row[name] for name in PLACE) in places or gene in genes:
            _tell(story, row)


def _evidence_order(row: Row) -> tuple[str, str, str, str]:
    return row["finding_id"], row["tier"], row["level"] or "", row["evidence_id"]


def _tell(story: Story, row: Row) -> None:
    text = f"{row['alteration']}: tier {row['tier']} ({row['tier_reason']})"
    if row["evidence_id"]:
        therapies = ", ".join(row["therapies"] or []) or "no therapy"
        text += f"; {row['evidence_id']} {row['match']}, level {row['level']}, {row['effect']}"
        text += f" to {therapies}, {row['disease']} ({row['tumor_match']})"
    if row["vetoed_by"]:
        text += f"; vetoed by {', '.join(row['vetoed_by'])}"
    if row["escat_reason"]:
        text += f"; ESCAT {row['escat'] or 'none'} ({row['escat_reason']})"
    story.tell(_STEP, text)
