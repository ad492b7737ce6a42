"""Genes of a tumor that quality control could not assess, among what can be acted on.

Such a gene may hold a change that nobody saw. What was found in the part of it that is covered
stays a finding and says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from apothecary.oncogenes import finding_match, tiers
from apothecary.schemas import ACTIONABILITY

_EMPTY: Mapping[str, Any] = {column.name: None for column in ACTIONABILITY.columns}
_ALTERATION = "not assessed"


def tell(
    rows: Iterable[Mapping[str, Any]],
    samples: Iterable[Mapping[str, Any]],
    reasons: Mapping[str, Mapping[str, str]],
) -> list[dict[str, Any]]:
    """The actionable findings of tumors, and the genes that were not assessed.

    Args:
        rows: Rows of the table actionability.
        samples: Rows of the table samples, of the tumors that were matched.
        reasons: Why a gene cannot be assessed, by gene, by sample; the caller keeps to genes whose
            exons were measured.

    Returns:
        The rows, those of findings in such a gene with a remark, and a row without evidence for
        every such gene, of the tier not_assessed.
    """
    told = [_with_remark(row, reasons.get(row["sample_id"], {})) for row in rows]
    for sample in samples:
        for gene, reason in sorted(reasons.get(sample["sample_id"], {}).items()):
            told.append(_row(sample["sample_id"], gene, reason))
    return sorted(told, key=lambda r: (r["sample_id"], r["finding_id"], r["evidence_id"]))


def _with_remark(row: Mapping[str, Any], reasons: Mapping[str, str]) -> dict[str, Any]:
    genes: Sequence[str] = row["gene"].split("::")
    if not any(gene in reasons for gene in genes):
        return dict(row)
    said = "the rest of the gene is not assessed (quality control)"
    return {**row, "tier_reason": f"{row['tier_reason']}; {said}"}


def _row(sample_id: str, gene: str, reason: str) -> dict[str, Any]:
    return {
        **_EMPTY,
        "sample_id": sample_id,
        "finding_id": f"not_assessed:{gene}",
        "evidence_id": "",
        "gene": gene,
        "alteration": f"{gene} {_ALTERATION}",
        "match": finding_match.NONE,
        "therapies": [],
        "tier": tiers.NOT_ASSESSED,
        "tier_reason": f"quality control: {reason}",
        "vetoed_by": [],
    }
