"""The flat tables of what was not assessed, of quality and of records that were not used."""

from __future__ import annotations

from apothecary.reports.section import Section

_LISTED_VARIANT = (
    "finding",
    "gene",
    "position",
    "rsid",
    "ref",
    "alt",
    "genotype",
    "depth",
    "vaf",
    "gq",
    "filters",
    "fate",
    "reason",
    "record",
)

QUALITY_SECTIONS: tuple[Section, ...] = (
    Section(
        "flags",
        ("finding", "flag", "status", "value", "reason"),
        lambda model: list(model["flags"]),
    ),
    Section(
        "not_assessed",
        ("finding", "gene", "positions", "missing", "missing_positions", "not_excludable"),
        lambda model: list(model["not_assessed"]["genes"]),
    ),
    Section(
        "not_called",
        ("finding", "gene", "reason"),
        lambda model: list(model["not_assessed"]["not_called"]),
    ),
    Section(
        "quality_metrics",
        ("finding", "metric", "value", "unit", "threshold", "status", "reason"),
        lambda model: list(model["quality"]["metrics"]),
    ),
    Section(
        "quality_checks",
        ("finding", "level", "name", "status", "reason"),
        lambda model: [*model["quality"]["checks"], *model["quality"]["genes"]],
    ),
    Section("failed_variants", _LISTED_VARIANT, lambda model: list(model["fates"]["failed"])),
    Section("marked_variants", _LISTED_VARIANT, lambda model: list(model["fates"]["marked"])),
)
