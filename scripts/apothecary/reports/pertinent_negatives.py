"""Biomarkers and approvals of a tumor's type, and its variants without evidence."""

from __future__ import annotations

from collections import Counter
from typing import Any

from apothecary.reports.context import Context, Row, SampleTables
from apothecary.reports.text import rounded_up, web_link

_STATUSES = ("found", "not_found", "not_assessable")
_APPROVAL_STATUSES = ("meets", "does_not_meet", "not_assessable")


def pertinent_negatives(tables: SampleTables, shared: Context) -> dict[str, Any]:
    """The biomarkers with strong evidence in the tumor type: not found, not assessable, found.

    Args:
        tables: The rows of the sample.
        shared: What every report of the run shares.

    Returns:
        The section `pertinent_negatives` of the report model.
    """
    rows = sorted(
        tables.rows("pertinent_negatives"),
        key=lambda r: (_STATUSES.index(r["status"]), r["level"], r["molecular_profile"]),
    )
    counts = Counter(row["status"] for row in rows)
    return {
        "summary": [
            shared.words(f"pertinent_negatives.{status}", count=counts[status])
            for status in _STATUSES
            if counts[status]
        ],
        "biomarkers": [_biomarker(row, shared) for row in rows],
    }


def _biomarker(row: Row, shared: Context) -> dict[str, Any]:
    words = shared.words
    return {
        "finding": f"biomarker:{row['molecular_profile']}",
        "molecular_profile": row["molecular_profile"],
        "status": row["status"],
        "status_words": words.term("negative_status", row["status"]),
        "detection_limit": _limit(row),
        "reason": row["reason"],
        "level": row["level"],
        "tumor_match": row["tumor_match"],
        "tumor_match_words": words.term("tumor_match", row["tumor_match"]),
        "sensitive_to": list(row.get("sensitive_to") or []),
        "resistant_to": list(row.get("resistant_to") or []),
        "evidence_ids": list(row.get("evidence_ids") or []),
    }


def approvals(tables: SampleTables, shared: Context) -> list[dict[str, Any]]:
    """The approvals in the tumor type, those that are met first; none where none was imported."""
    rows = sorted(
        tables.rows("approvals"),
        key=lambda r: (_APPROVAL_STATUSES.index(r["status"]), r["agency"], r["approval_id"]),
    )
    return [_approval(row, shared) for row in rows]


def _approval(row: Row, shared: Context) -> dict[str, Any]:
    words = shared.words
    test = "approval.test" if row["test_required"] else "approval.no_test"
    return {
        "finding": f"approval:{row['approval_id']}",
        "findings": list(row.get("findings") or []),
        "agency": row["agency"],
        "therapies": list(row.get("therapies") or []),
        "molecular_profile": row["molecular_profile"],
        "disease": row.get("disease"),
        "tumor_match": row["tumor_match"],
        "tumor_match_words": words.term("tumor_match", row["tumor_match"]),
        "approved": row.get("approved"),
        "test_required": row["test_required"],
        "test_words": words(test),
        "status": row["status"],
        "status_words": words.term("approval_status", row["status"]),
        "reason": row["reason"],
        "detection_limit": _limit(row),
        "document": row.get("document"),
        "link": web_link(row.get("link")),
        "source_id": row["source_id"],
        "licence": row.get("licence"),
    }


def unknown_significance(findings: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Every variant that no evidence is for, none left out.

    Args:
        findings: The findings of the section `tumor` of the report model.
    """
    copied = (
        "finding_id", "gene", "alteration", "position", "ref", "alt", "vaf", "depth",
        "consequence", "hgvs_c", "hgvs_p", "oncogenicity",
    )  # fmt: skip
    return [
        {
            "finding": f"unknown:{finding['finding_id']}",
            **{name: finding[name] for name in copied},
            "reason": finding["tier_reason"],
        }
        for finding in findings
        if finding["tier"] == "III"
        and all(entry["evidence_id"] is None for entry in finding["evidence"])
    ]


def _limit(row: Row) -> float | None:
    limit = row.get("detection_limit")
    return None if limit is None else rounded_up(limit)
