"""What the order of the test tells, and what of it was not given."""

from __future__ import annotations

from typing import Any

from apothecary import orders
from apothecary.reports.context import Context, SampleTables

_OF_ORDER = (
    "date_of_birth",
    "ordered_by",
    "indication",
    "phenotypes",
    "specimen",
    "specimen_remark",
    "collected",
    "received",
    "reported",
)


def order(tables: SampleTables, shared: Context) -> list[dict[str, Any]]:
    """The facts that a report states beside its findings, each told even when it was not given.

    Args:
        tables: The rows of the sample.
        shared: What every report of the run shares.

    Returns:
        The section `order` of the report model: name, words, value and whether it was given.
    """
    found = orders.of_sample(tables.rows("orders"), tables.sample["sample_id"])
    values = {name: found.get(name) for name in _OF_ORDER}
    values["phenotypes"] = ", ".join(values["phenotypes"] or []) or None
    values["indication"] = values["indication"] or _diagnoses(tables)
    values["laboratory"] = shared.run.get("laboratory") or None
    values["method"] = shared.run.get("method") or None
    if tables.sample["role"] == "tumor":
        values["purity"] = _purity(tables)
    return [
        {
            "field": name,
            "name": shared.words(f"order.{name}"),
            "given": value is not None,
            "text": shared.words("ui.not_given") if value is None else value,
        }
        for name, value in values.items()
    ]


def _diagnoses(tables: SampleTables) -> str | None:
    """The diagnosis among the clinical facts, which the order need not repeat."""
    found = sorted(row["value"] for row in tables.rows("clinical") if row["item"] == "diagnosis")
    return "; ".join(found) or None


def _purity(tables: SampleTables) -> str | None:
    purity = tables.sample.get("purity")
    return None if purity is None else f"{purity:g}"


def further(tables: SampleTables, shared: Context, *, hereditary: bool) -> list[str]:
    """What further tests and talks the result may ask for, by the kind of sample.

    Args:
        tables: The rows of the sample.
        shared: What every report of the run shares.
        hereditary: Whether there is a hereditary finding.
    """
    keys = ["counselling"]
    keys += ["germline_of_tumor"] if tables.sample["role"] == "tumor" else ["not_called", "family"]
    keys += ["germline"] if hereditary else []
    return [shared.words(f"further.{key}") for key in keys]
