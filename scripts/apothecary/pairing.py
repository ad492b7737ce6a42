"""Tumors and normals of a sheet that stand alone, told in one line before a run."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from apothecary.story import listed


def note(samples: Iterable[Mapping[str, Any]], sheet: str) -> str | None:
    """What a reader must know of tumors without a normal, and of normals without a tumor.

    Args:
        samples: Rows of the table samples.
        sheet: The sheet, as messages name it.

    Returns:
        One line; None where every tumor and every normal has its other.
    """
    rows = list(samples)
    subjects = {
        role: {row["subject_id"] for row in rows if row["role"] == role}
        for role in ("tumor", "normal")
    }
    alone = {
        role: [
            f"{row['sample_id']} of {row['subject_id']}"
            for row in rows
            if row["role"] == role and row["subject_id"] not in subjects[other]
        ]
        for role, other in (("tumor", "normal"), ("normal", "tumor"))
    }
    parts = []
    if alone["tumor"]:
        parts.append(
            f"tumors without a normal of the same subject_id: {listed(alone['tumor'])}, taken "
            "alone, so that what is germline is told by probability only"
        )
    if alone["normal"]:
        parts.append(f"normals without a tumor of the same subject_id: {listed(alone['normal'])}")
    if len(parts) == 2:
        parts.append("if two of them are of one person, give both the same subject_id")
    return f"{sheet}: {'; '.join(parts)}" if parts else None
