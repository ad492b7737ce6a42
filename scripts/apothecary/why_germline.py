"""What is told of a variant in a gene of hereditary risk: class, codes, and whether reported."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from apothecary import schemas
from apothecary.oncogenes import proteins
from apothecary.story import Row, Story, allele, because, place

STEP = "classify_germline"
_FINDINGS = schemas.TABLES["germline_findings"]


def alleles(story: Story, gene: str | None, change: str | None = None) -> set[tuple[Any, ...]]:
    """The alleles of a gene that are told: those reported, or those with a protein change.

    Args:
        story: The story of the sample.
        gene: Gene symbol, in any case.
        change: One-letter protein change; None for all that are reported.
    """
    return {
        allele(row)
        for row in _rows(story)
        if row["gene"].upper() == (gene or "").upper()
        and (_is(row, change) if change else row["reported_as"])
    }


def genes(story: Story) -> set[str]:
    """The genes that variants were classified in."""
    return {row["gene"] for row in _rows(story)}


def tell(story: Story, wanted: Collection[tuple[Any, ...]], gene: str | None) -> None:
    """Tell the classes of variants; of a gene those that are reported, and how many others.

    Args:
        story: The story of the sample.
        wanted: Alleles that were asked for (`story.allele`).
        gene: A gene that was asked for.
    """
    rest: list[Row] = []
    for row in _rows(story):
        if allele(row) in wanted:
            _tell(story, row)
        elif row["gene"] == gene:
            rest.append(row)
    if rest:
        reported = sum(row["reported_as"] is not None for row in rest)
        story.tell(STEP, f"{len(rest)} other variants of {gene}, {reported} of them reported")


def _is(row: Row, change: str) -> bool:
    own, asked = proteins.parse(row["hgvs_p"] or ""), proteins.parse(change)
    return own is not None and asked is not None and proteins.same(own, asked)


def _rows(story: Story) -> list[Row]:
    return [] if story.of_tumor else story.rows(_FINDINGS)


def _tell(story: Story, row: Row) -> None:
    name = row["hgvs_p"] or row["hgvs_c"] or place(row)
    text = f"{row['gene']} {name}: {row['class']}, {row['points']} points, {row['zygosity']}"
    story.tell(STEP, text)
    told = zip(row["codes"], row["code_points"], row["evidence"], row["code_sources"], strict=True)
    for code, points, evidence, source in told:
        story.tell(STEP, f"{code}, {points}: {evidence}, by {source}")
    for text in row["not_assessed"]:
        story.tell(STEP, f"not assessed: {text}")
    if row["clinvar_significance"]:
        review = because(row["clinvar_review"])
        story.tell(STEP, f"ClinVar: {row['clinvar_significance']}{review}, {row['clinvar_source']}")
    lists = ", ".join(row["lists"])
    version = f", ACMG list {row['list_version']}" if row["list_version"] else ""
    reported = row["reported_as"] or "not reported"
    story.tell(STEP, f"{reported}: {row['reason']} ({lists}{version})")
    for text in row["doubts"]:
        story.tell(STEP, f"to be confirmed: {text}")
