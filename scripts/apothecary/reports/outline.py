"""The parts of a report and their sections, the same for every sample; an empty one says why."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from apothecary.reports.context import Context, SampleTables

Model = Mapping[str, Any]

PARTS: Mapping[str, tuple[str, ...]] = {
    "medicines": ("doses", "genes", "recommendations", "research_genes"),
    "germline": ("germline", "germline_uncertain", "germline_genes"),
    "tumor": (
        "tumor",
        "biomarkers",
        "oncogenicity",
        "unknown_significance",
        "pertinent_negatives",
        "approvals",
        "hotspots",
        "tumor_analyses",
        "trials",
    ),
    "risk": ("risk",),
    "quality": ("not_assessed", "quality", "fates", "trace"),
    "about": ("limitations", "methods", "provenance", "references"),
}
# Sections of which one of these entries alone tells that there is something to show.
_ENTRIES: Mapping[str, tuple[str, ...]] = {
    "biomarkers": ("markers",),
    "germline": ("lists",),
    "germline_genes": ("groups",),
    "oncogenicity": ("summary",),
    "pertinent_negatives": ("biomarkers",),
    "hotspots": ("note", "summary"),
    "trials": ("summary",),
    "tumor": ("findings", "copy_number", "fusions"),
    "quality": ("facts", "metrics", "checks", "genes"),
    "fates": ("counts", "failed"),
    "not_assessed": ("genes", "not_called", "steps", "withheld"),
}


def outline(model: Model, tables: SampleTables, shared: Context) -> list[dict[str, Any]]:
    """The parts of a report with their sections, in the order in which they are read.

    Args:
        model: The other sections of the report model.
        tables: The rows of the sample.
        shared: What every report of the run shares.

    Returns:
        An entry a part. `note` says of a part, or of a section, why nothing stands in it, and is
        None where something does; a part with a note has no sections.
    """
    parts = []
    for name, sections in PARTS.items():
        note = _not_applicable(name, model, tables, shared)
        entries = [] if note else [_section(one, model, shared) for one in sections]
        words = shared.words(f"part.{name}")
        parts.append({"part": name, "name": words, "note": note, "sections": entries})
    return parts


def _not_applicable(part: str, model: Model, tables: SampleTables, shared: Context) -> str | None:
    """Why a whole part is empty: the sample failed, is of another role, or consent is missing."""
    if part not in ("medicines", "germline", "tumor", "risk"):
        return None
    if model["failure"]:
        return shared.words("headline.failed")
    is_tumor = tables.sample["role"] == "tumor"
    if part == "risk":
        return shared.words("risk.not_applicable") if is_tumor else None
    if part == "medicines" and is_tumor:
        return shared.words("not_assessed.pharmacogenes_not_applicable")
    if part == "germline":
        key = "not_assessed.germline_not_applicable" if is_tumor else "headline.germline_withheld"
        return None if model["germline"]["lists"] else shared.words(key)
    if part == "tumor" and not is_tumor:
        return shared.words("not_assessed.tumor_not_applicable")
    scope = "tumor" if part == "tumor" else "pharmacogenes"
    withheld = tables.withheld(shared.run.get("consent_asked", True))
    return shared.words(f"headline.{scope}_withheld") if scope in withheld else None


def _section(name: str, model: Model, shared: Context) -> dict[str, Any]:
    drawn = any(figure["section"] == name for figure in model["figures"])
    held = drawn or _has(model[name], name)
    note = None if held else _why_empty(name, model, shared)
    return {"section": name, "name": shared.words(f"section.{name}"), "note": note}


def _has(section: Any, name: str) -> bool:
    if not isinstance(section, Mapping):
        return bool(section)
    return any(section[key] for key in _ENTRIES.get(name, tuple(section)))


def _why_empty(name: str, model: Model, shared: Context) -> str:
    told = {
        "genes": model["genes_note"],
        "recommendations": model["recommendations_note"],
        "tumor": model["tumor"]["note"],
    }
    return told.get(name) or shared.words(f"empty.{name}")
