"""What is told of the oncogenicity of a tumor's variant: class, points and the ledger."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from apothecary import schemas
from apothecary.story import Row, Story, allele, because, place

STEP = "classify_oncogenicity"


def tell(story: Story, wanted: Collection[tuple[Any, ...]], gene: str | None) -> None:
    """Tell the classes of variants.

    Args:
        story: The story of the sample.
        wanted: Alleles that were asked for (`story.allele`).
        gene: A gene that was asked for.
    """
    ledger: dict[tuple[Any, ...], list[Row]] = {}
    for line in story.of_variants(schemas.ONCOGENICITY_CODES):
        ledger.setdefault((*allele(line), line["gene"]), []).append(line)
    for row in story.of_variants(schemas.ONCOGENICITY):
        if allele(row) not in wanted and row["gene"] != gene:
            continue
        name = f"{row['gene']} {row['protein_change'] or place(row)}"
        limits = f"limits {row['criteria']}{', masked' if row['masked'] else ''}"
        story.tell(STEP, f"{name}: {row['class']}, {row['points']} points, {limits}")
        for line in ledger.get((*allele(row), row["gene"]), ()):
            weak = ", weak" if line["weak"] else ""
            references = f" [{', '.join(line['references'])}]" if line["references"] else ""
            counts = f"{line['status']}{because(line['reason'])}"
            story.tell(
                STEP,
                f"{line['code']} {line['strength']}{weak}, {counts}, {line['points']:+d}: "
                f"{line['evidence']}, by {line['source_id']}{references}",
            )
        for text in row["not_assessed"]:
            story.tell(STEP, f"not assessed: {text}")
