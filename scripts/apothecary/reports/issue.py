"""The issue of a report: its id, whether it is signed, and what it amends."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from apothecary.reports.amendment import amended
from apothecary.reports.context import Context, SampleTables

_DIGITS = 16


def issue(model: Mapping[str, Any], tables: SampleTables, shared: Context) -> dict[str, Any]:
    """What a report says of itself.

    Args:
        model: All the rest of the report model, but for the catalogue of words.
        tables: The rows of the sample.
        shared: What every report of the run shares.

    Returns:
        The section `issue` of the report model. A report is signed when the configuration names
        its id, and a draft otherwise, so that no content is signed that nobody saw.
    """
    words = shared.words
    research = bool(shared.run.get("research", False))
    sign_off = shared.run.get("sign_off", {})
    report_id = _report_id(model, research)
    signed = report_id in sign_off.get("reports", ())
    state = "signed" if signed else "draft"
    return {
        "report_id": report_id,
        "state": state,
        "state_words": words(f"issue.{state}"),
        "watermark": _watermark(model["status"], state, research, shared),
        "research": research,
        "sign_off": [
            {
                "field": name,
                "name": words(f"sign_off.{name}"),
                "text": (sign_off.get(name) or None) if name != "date" or signed else None,
            }
            for name in ("name", "role", "date")
        ],
        "amends": amended(report_id, model["status"], tables, shared),
    }


def _watermark(status: str, state: str, research: bool, shared: Context) -> str | None:
    """The mark across every page: the gravest of what forbids to act on the report."""
    if status == "failed":
        return shared.words("watermark.failed")
    if research:
        return shared.words("watermark.research")
    return shared.words("watermark.draft") if state == "draft" else None


def _report_id(model: Mapping[str, Any], research: bool) -> str:
    """A digest of the content; the same content has the same id, signed or not."""
    content = json.dumps([model, research], sort_keys=True, ensure_ascii=False)
    return f"R-{hashlib.sha256(content.encode()).hexdigest()[:_DIGITS]}"
