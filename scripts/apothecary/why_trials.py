"""Which trials a finding of a tumor was held against, and how."""

from __future__ import annotations

from collections.abc import Iterable

from apothecary.story import Row, Story
from apothecary.trials.schemas import TRIAL_CRITERIA

_STEP = "match_trials"


def tell(story: Story, gene: str | None, places: Iterable[str]) -> None:
    """Tell the criteria that name a gene or rest on a finding.

    Args:
        story: A tumor sample.
        gene: A gene symbol; None for a variant alone.
        places: Variants as chrom:pos:ref:alt.
    """
    wanted = set(places)
    for row in story.rows(TRIAL_CRITERIA):
        words = f" {row['text']} ".replace(",", " ")
        if (gene and f" {gene} " in words) or wanted & set(row["matched_by"] or []):
            _tell(story, row)


def _tell(story: Story, row: Row) -> None:
    weight = "" if row["decisive"] else ", not decisive"
    story.tell(
        _STEP,
        f"{row['trial_id']} part {row['block']}, {row['text']}: {row['status']} "
        f"({row['reason']}{weight})",
    )
