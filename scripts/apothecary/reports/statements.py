"""Limitations, methods and provenance in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from apothecary.reports import germline_lists
from apothecary.reports.context import Context, Row, SampleTables, calling
from apothecary.reports.not_assessed import STRUCTURAL_GENE
from apothecary.settings import thresholds


def limitations(tables: SampleTables, shared: Context) -> list[str]:
    """What the reader must keep in mind, by the kind of sample and mode of calling."""
    keys = ["small_variants"]
    if tables.sample["role"] == "tumor":
        keys += ["tumor_only", "tumor_evidence"]
    else:
        keys += ["reference_default", "phase", "guidance_scope", "sources_disagree", "medicines"]
        if calling(shared)["mode"] == "compatible":
            keys.append("compatible")
        keys += [
            name
            for name in ("absent_is_reference", "call_cyp2d6", "combinations")
            if calling(shared).get(name, False) and tables.rows("diplotypes")
        ]
    return [shared.words(f"limitations.{key}", gene=STRUCTURAL_GENE) for key in keys]


def methods(tables: SampleTables, build: str, shared: Context) -> list[str]:
    """How the results were made, by the kind of sample and mode of calling."""
    keys = []
    if tables.sample["role"] == "tumor":
        keys.append("tumor")
    else:
        keys += ["sites", str(calling(shared)["mode"]), "phenotypes", "guidance"]
    if germline_lists.agreed(tables, shared):
        keys.append("germline")
    keys.append("build_37" if build == "GRCh37" else "build_38")
    if shared.run.get("consent_asked", True):
        keys.append("consent")
    return [shared.words(f"methods.{key}") for key in keys]


def steps(tables: SampleTables, shared: Context) -> list[dict[str, Any]]:
    """The outcome of every step, by step."""
    return [
        {
            "step": row["step"],
            "status": row["status"],
            "status_words": shared.words.term("step_status", row["status"]),
            "reason": row["reason"] or None,
            "notes": list(row.get("notes") or []),
        }
        for row in sorted(tables.rows("outcomes"), key=_step)
    ]


def settings(tables: SampleTables, shared: Context) -> list[dict[str, Any]]:
    """Thresholds and switches that bear on the sample's result, by name."""
    sample = tables.sample
    values: dict[str, Any] = {}
    by_role = shared.run.get("thresholds", {})
    if sample["role"] in by_role:
        config = {"variants": {"thresholds": by_role}}
        for name, value in thresholds(config, sample["role"], sample["assay"]).items():
            values[f"variants.{name}"] = value
    part = "oncogenes" if sample["role"] == "tumor" else "pharmacogenes"
    chosen = shared.run.get("oncogenes", {}) if part == "oncogenes" else calling(shared)
    values.update(_flat(part, chosen))
    return [{"name": name, "value": _setting(values[name], shared)} for name in sorted(values)]


def _flat(prefix: str, chosen: Mapping[str, Any]) -> dict[str, Any]:
    """Settings by dotted name, however deep they stand in the configuration."""
    flat: dict[str, Any] = {}
    for name, value in chosen.items():
        if isinstance(value, Mapping):
            flat.update(_flat(f"{prefix}.{name}", value))
        else:
            flat[f"{prefix}.{name}"] = value
    return flat


def _setting(value: Any, shared: Context) -> str:
    if isinstance(value, bool):
        return shared.words("yes_no.yes" if value else "yes_no.no")
    return shared.words("ui.not_applied") if value is None else str(value)


def _step(row: Row) -> str:
    return str(row["step"])
