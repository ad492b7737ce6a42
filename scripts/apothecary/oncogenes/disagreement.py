"""Where the names that the input brings and those of the gene models differ."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from apothecary.oncogenes import profiles, proteins


def told(
    brought: Sequence[dict[str, Any]],
    modelled: Iterable[Mapping[str, Any]],
    select: Mapping[str, str],
) -> list[dict[str, Any]]:
    """Rows of the input, each with what the gene models say otherwise.

    Args:
        brought: Rows of the table `consequences` that the input gave for a variant.
        modelled: Rows of the same variant by the gene models.
        select: Gene of each MANE Select transcript, Ensembl's and RefSeq's, without version.

    Returns:
        The rows of the input. One in a MANE Select transcript that is named otherwise by the
        models in the MANE Select transcript of the same gene has words in `conflict`. What one of
        both leaves unsaid is no conflict.
    """
    ours = {
        row["gene"]: row
        for row in modelled
        if row["transcript"].split(".")[0] in select and row["hgvs_c"]
    }
    rows = []
    for row in brought:
        gene = select.get(row["transcript"].split(".")[0])
        other = ours.get(gene) if gene else None
        conflict = _difference(row, other) if other else None
        rows.append({**row, "conflict": conflict} if conflict else row)
    return rows


def _difference(row: Mapping[str, Any], other: Mapping[str, Any]) -> str | None:
    given, found = row["protein_change"], other["protein_change"]
    if given and found:
        one, two = proteins.parse(given), proteins.parse(found)
        if one is None or two is None or proteins.same(one, two):
            return None
        return f"the gene models give {found} ({other['hgvs_c']})"
    if row["hgvs_c"] and not given and not found:
        if profiles.normal_coding(row["hgvs_c"]) == profiles.normal_coding(other["hgvs_c"]):
            return None
        return f"the gene models give {other['hgvs_c']}"
    return None
