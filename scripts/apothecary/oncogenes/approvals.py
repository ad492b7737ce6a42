"""Whether a tumor has what approvals in its tumor type ask for.

Approvals are facts that a user imports (`knowledge.imports`): none is embedded. Only the molecular
part of an indication is looked at; a call that could not be made is never taken as absent.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from apothecary.oncogenes import profiles
from apothecary.oncogenes.cases import Case
from apothecary.oncogenes.evidence import Evidence
from apothecary.oncogenes.pertinent_negatives import HERE
from apothecary.oncogenes.settings import Settings
from apothecary.oncogenes.verdicts import FOUND, NOT_ASSESSABLE, NOT_FOUND, Judge

STATUSES = {FOUND: "meets", NOT_FOUND: "does_not_meet", NOT_ASSESSABLE: "not_assessable"}
_COPIED = (
    "approval_id",
    "agency",
    "molecular_profile",
    "disease",
    "approved",
    "test_required",
    "document",
    "link",
    "source_id",
)


def match(cases: Iterable[Case], evidence: Evidence, settings: Settings) -> list[dict[str, Any]]:
    """Hold tumors against the approvals in their tumor types.

    Args:
        cases: The tumors; see `cases.of_batch`.
        evidence: The evidence of the knowledge pack, with the approvals that were imported.
        settings: Thresholds.

    Returns:
        Rows of the table `approvals`, sorted by its key.
    """
    names = {row["molecular_profile"] for row in evidence.approvals}
    asked = {name: profiles.parse(name) for name in sorted(names)}
    rows = []
    for case in cases:
        judge = Judge(case, evidence, settings)
        for approval in evidence.approvals:
            near = evidence.distance(case.sample["tumor_type"], approval)
            if near not in HERE:
                continue
            verdict = judge.of(asked[approval["molecular_profile"]])
            rows.append(
                {
                    **{name: approval[name] for name in _COPIED},
                    "sample_id": case.sample["sample_id"],
                    "therapies": list(approval["therapies"] or ()),
                    "tumor_match": near,
                    "status": STATUSES[verdict.status],
                    "reason": verdict.reason,
                    "detection_limit": verdict.limit,
                    "findings": list(verdict.findings),
                    "licence": evidence.licences.get(approval["source_id"]),
                }
            )
    return sorted(rows, key=lambda row: (row["sample_id"], row["approval_id"]))
