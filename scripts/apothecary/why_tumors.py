"""What was told of a finding beside its evidence: origin, clonality, hits, expression."""

from __future__ import annotations

from collections.abc import Iterable

from apothecary.oncogenes import tumor_schemas
from apothecary.story import Row, Story, because, place

_STEP = "assess_tumors"


def tell(story: Story, gene: str | None, places: Iterable[str]) -> None:
    """Tell what the tables of the tumor say of a gene or of variants.

    Args:
        story: A tumor sample.
        gene: A gene symbol; None for a variant alone.
        places: Variants as chrom:pos:ref:alt.
    """
    wanted = set(places)
    for row in story.rows(tumor_schemas.VARIANT_ORIGINS):
        if _is_asked(row, gene, wanted):
            story.tell(
                _STEP,
                f"{row['alteration']}: {row['status'].replace('_', ' ')}, germline with "
                f"probability {row['germline_probability']:.3g}{because(row['reason'])}",
            )
    for row in story.rows(tumor_schemas.CLONALITY):
        if _is_asked(row, gene, wanted):
            story.tell(_STEP, f"{row['alteration']}: {_share(row)}{because(row['reason'])}")
    if gene:
        _tell_gene(story, gene)


def _is_asked(row: Row, gene: str | None, wanted: set[str]) -> bool:
    return place(row) in wanted or (gene is not None and gene in (row["genes"] or []))


def _share(row: Row) -> str:
    text = f"clonality {row['status']}"
    if row["ccf"] is None:
        return text
    bounds = f"{row['ccf_low']:.2f} to {row['ccf_high']:.2f}"
    return f"{text}, cancer cell fraction {row['ccf']:.2f} ({bounds})"


def _tell_gene(story: Story, gene: str) -> None:
    for row in story.rows(tumor_schemas.DEPTH_COPY_NUMBER):
        if row["gene"] == gene:
            text = f"{gene} {row['state'].replace('_', ' ')}"
            if row["log2"] is not None:
                text += f", log2 {row['log2']:.2f} of {row['targets']} targets"
            story.tell("estimate_copy_number", text + because(row["reason"]))
    for row in story.rows(tumor_schemas.TWO_HITS):
        if row["gene"] == gene:
            parts = ("truncating", "altering", "germline", "lost")
            found = "; ".join(f"{name} {', '.join(row[name])}" for name in parts if row[name])
            words = row["status"].replace("_", " ")
            story.tell(_STEP, f"{gene}: {words}, {found}{because(row['reason'])}")
    for row in story.rows(tumor_schemas.MULTI_OMIC):
        if row["gene"] == gene:
            text = f"{gene}: changed in the DNA, expressed: {row['expressed']}"
            if row["outlier"]:
                text += f", outlier: {row['outlier'].replace('_', ' ')}"
            story.tell(_STEP, text + because(row["reason"]))
