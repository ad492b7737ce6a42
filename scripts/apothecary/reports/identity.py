"""The head of a report: sample, person, software and knowledge."""

from __future__ import annotations

from typing import Any

from apothecary.reports.context import Context, Row, SampleTables
from apothecary.reports.text import web_link
from apothecary.version import VERSION

_CLINICAL_ORDER = (
    "medicine",
    "diagnosis",
    "age_years",
    "weight_kg",
    "height_cm",
    "ancestry",
    "smoker",
)


def identity(tables: SampleTables, shared: Context) -> dict[str, Any]:
    """Who and what the report is about, and by what it was made.

    Args:
        tables: The rows of the sample.
        shared: What every report of the run shares.

    Returns:
        The section `identity` of the report model.
    """
    sample, words = tables.sample, shared.words
    outcomes = tables.rows("outcomes")
    build = _first(outcomes, "build") or sample["build"]
    tumor_type = sample.get("tumor_type") or None
    return {
        "sample_id": sample["sample_id"],
        "subject_id": sample["subject_id"],
        "role": sample["role"],
        "role_words": words.term("role", sample["role"]),
        "assay": sample["assay"],
        "sex": sample["sex"],
        "sex_words": words.term("sex", sample["sex"]),
        "tumor_type": tumor_type,
        "tumor_type_words": _tumor_type_words(tumor_type, shared),
        "build": build,
        "batch": sample["batch"],
        "input_format": sample["format"],
        "sample_in_file": sample["sample_in_file"],
        "input_records": _first(outcomes, "input_records"),
        "input_sha256": _first(outcomes, "input_sha256"),
        "software": f"Apothecary {VERSION}",
        "version": VERSION,
        "knowledge_digest": shared.digest,
        "knowledge_short": shared.digest[:12],
        "laboratory": shared.run.get("laboratory") or None,
        "clinical": _clinical(tables, shared),
    }


def sources(shared: Context) -> list[dict[str, Any]]:
    """The sources of knowledge with version, licence and attribution, by source_id."""
    return [
        {
            "source_id": row["source_id"],
            "name": row["name"],
            "version": row["version"],
            "released": row["released"] or None,
            "licence": row["licence"],
            "attribution": row["attribution"],
            "link": web_link(row["address"]),
        }
        for row in shared.sources
    ]


def _first(rows: list[Row], column: str) -> Any:
    """The first value of a column that is not null, by step."""
    for row in sorted(rows, key=lambda row: str(row["step"])):
        if row.get(column) is not None:
            return row[column]
    return None


def _tumor_type_words(code: str | None, shared: Context) -> str | None:
    if code is None:
        return None
    name = shared.tumor_types.get(code)
    return f"{name} ({code})" if name else code


def _clinical(tables: SampleTables, shared: Context) -> list[dict[str, Any]]:
    place = {item: index for index, item in enumerate(_CLINICAL_ORDER)}
    rows = sorted(
        tables.rows("clinical"),
        key=lambda row: (place.get(row["item"], len(place)), row["item"], row["value"]),
    )
    return [
        {
            "item": row["item"],
            "item_words": shared.words.term("clinical", row["item"]),
            "value": row["value"],
            "unit": row.get("unit") or None,
            "code": row.get("code") or None,
        }
        for row in rows
    ]
