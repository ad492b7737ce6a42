"""What the reads of a tumor said at a known variant, found or not."""

from __future__ import annotations

from collections import Counter

from apothecary import schemas
from apothecary.calling.verdicts import FOUND, NOT_ASSESSABLE, NOT_FOUND
from apothecary.queries import Query
from apothecary.reads.formats import READ_FORMATS
from apothecary.story import Row, Story, because, place

_STEP = "genotype_hotspots"


def evidence(story: Story) -> list[Row]:
    """The sample's rows of the table hotspot_evidence; none unless it is a tumor given as reads."""
    if not story.of_tumor or story.sample["format"] not in READ_FORMATS:
        return []
    return story.rows(schemas.HOTSPOT_EVIDENCE)


def genes(story: Story) -> set[str]:
    """The genes that have a known variant among the evidence."""
    return {gene for row in evidence(story) for gene in _genes(row)}


def tell_variant(story: Story, asked: Query) -> None:
    """Tell what the reads say at the known variants that a question names.

    Args:
        story: The sample.
        asked: A protein change of a gene, or a place with or without bases.
    """
    named = [row for row in evidence(story) if _is_named(row, asked)]
    exact = [row for row in named if asked.alt and asked.alt == row["alt"]]
    for row in exact or named:
        _tell(story, row)


def tell_gene(story: Story, gene: str) -> None:
    """Tell what the reads say at the known variants of a gene: those found, the rest counted.

    Args:
        story: The sample.
        gene: The gene, as the tables spell it.
    """
    rows = [row for row in evidence(story) if gene in _genes(row)]
    if not rows:
        return
    counts = Counter(row["status"] for row in rows)
    limits = [row["detection_limit"] for row in rows if row["status"] == NOT_FOUND]
    text = f"{len(rows)} known variants of {gene}: {counts[FOUND]} found"
    if limits:
        text += f", {len(limits)} not found at detection limits of {max(limits):.3g} or better"
    text += f", {counts[NOT_ASSESSABLE]} not assessable"
    story.tell(_STEP, text)
    for row in rows:
        if row["status"] == FOUND:
            _tell(story, row)
    _tell_not_assessable(story, [row for row in rows if row["status"] == NOT_ASSESSABLE])


def _tell_not_assessable(story: Story, rows: list[Row]) -> None:
    depths = [row["depth"] for row in rows if row["depth"] is not None]
    if depths:
        text = f"depth from {min(depths)} to {max(depths)} is too low: {len(depths)}"
        story.tell(_STEP, f"not assessable, {text}")
    reasons = Counter(row["reason"] for row in rows if row["depth"] is None)
    for reason, count in sorted(reasons.items(), key=lambda item: (-item[1], str(item[0]))):
        story.tell(_STEP, f"not assessable, {reason}: {count}")


def _genes(row: Row) -> list[str]:
    return str(row["gene"]).split(", ")


def _is_named(row: Row, asked: Query) -> bool:
    if asked.change:
        genes = {gene.upper() for gene in _genes(row)}
        changes = {change.upper() for change in row["protein_changes"] or []}
        return (asked.gene or "").upper() in genes and asked.change.upper() in changes
    if asked.pos is None or row["chrom"] != asked.chrom:
        return False
    return asked.pos in (row["pos"], row["input_pos"])


def _tell(story: Story, row: Row) -> None:
    names = ", ".join(row["protein_changes"] or [])
    text = " ".join(word for word in (row["gene"], names) if word)
    text += f", {place(row)} (GRCh38)"
    if row["build"] != "GRCh38" and row["input_pos"] is not None:
        text += f", at {row['input_pos']} in {row['build']}"
    text += f": {row['status']}"
    if row["status"] == NOT_FOUND:
        text += f" at a detection limit of {row['detection_limit']:.3g} (it may be there below it)"
    if row["depth"] is not None:
        text += f"; {row['alt_depth'] or 0} of {row['depth']} fragments"
    if row["status"] == FOUND:
        text += (
            f", allele fraction {row['vaf']:.3g} ({row['vaf_low']:.3g} to {row['vaf_high']:.3g})"
            f", {row['alt_forward']} reads forward and {row['alt_reverse']} reverse"
            f", probability of errors alone {row['p_value']:.2g}"
        )
    story.tell(_STEP, text + because(row["reason"]))
