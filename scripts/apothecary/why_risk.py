"""How a polygenic score of a sample came about, or why there is none."""

from __future__ import annotations

from apothecary.reports import words
from apothecary.story import Row, Story, because
from apothecary.tracing import links

STEP = "score_risk"


def line(story: Story, text: str) -> str:
    """The line of the report that a text asks for: that of a score, where it names one.

    Args:
        story: The sample.
        text: What was asked.
    """
    named = text.strip()
    models = {row["model"] for row in links.rows(story, "risk")}
    return f"risk:{named}" if named in models else named


def tell(story: Story, asked: str) -> None:
    """Tell what was summed and what was not; nothing where the line is of no score.

    Args:
        story: The sample.
        asked: Identifier of the line.
    """
    for row in links.rows(story, "risk"):
        if asked == f"risk:{row['model']}":
            _tell(story, row)


def _tell(story: Story, row: Row) -> None:
    told = row["status"] if row["score"] is None else f"score {row['score']:.6g}"
    story.tell(STEP, f"{row['model']} in {row['build']}: {told}{because(row['reason'])}")
    if row["matched"] is None:
        return
    shares = f"coverage {row['coverage']:.4f}, of the weights {row['weight_coverage']:.4f}"
    counts = f"{row['matched']} of {row['variants']} variants matched, {row['imputed']} imputed"
    story.tell(STEP, f"{counts}; {shares}")
    texts = words.load()
    for entry in row["excluded"]:
        reason, _, count = entry.partition("=")
        story.tell(STEP, f"{count} not summed: {texts.term('risk_excluded', reason)}")
    if row["percentile"] is not None:
        story.tell(STEP, f"percentile {row['percentile']:.1f} of {row['reference']}")
    elif row["percentile_reason"]:
        story.tell(STEP, f"no percentile: {row['percentile_reason']}")
