"""What a report cites: guidelines, evidence and approvals, each once, with its address."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

Model = Mapping[str, Any]


def references(model: Model) -> list[dict[str, Any]]:
    """The references of a report.

    Args:
        model: The other sections of the report model.

    Returns:
        An entry a document: its name as the report cites it, what it is, and its address, sorted
        by kind and name.
    """
    found: dict[tuple[str, str, str], dict[str, Any]] = {}
    for kind, name, detail, link in (*_guidelines(model), *_evidence(model), *_approvals(model)):
        entry = {"kind": kind, "name": name, "detail": detail or None, "link": link or None}
        found.setdefault((kind, name, link or ""), entry)
    return [found[key] for key in sorted(found)]


def _guidelines(model: Model) -> Iterator[tuple[str, str, str | None, str | None]]:
    for medicine in model["recommendations"]:
        for source in medicine["sources"]:
            for row in source["rows"]:
                parts = (row["source"], row["guideline_version"])
                name = row["guideline_id"] or row["guidance_id"]
                yield "guideline", name, ", ".join(filter(None, parts)), row["link"]


def _evidence(model: Model) -> Iterator[tuple[str, str, str | None, str | None]]:
    for finding in model["tumor"]["findings"]:
        for row in finding["evidence"]:
            if row["evidence_id"]:
                yield "evidence", row["evidence_id"], row["citation"], row["link"]


def _approvals(model: Model) -> Iterator[tuple[str, str, str | None, str | None]]:
    for row in model["approvals"]:
        if row["document"] or row["link"]:
            yield "approval", row["document"] or row["link"], row["agency"], row["link"]
