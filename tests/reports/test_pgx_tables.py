"""The page of `apothecary pgx`, made from its tables."""

from __future__ import annotations

from apothecary.reports import pgx_tables


def test_equal_entries_of_summaries_are_one_object() -> None:
    entries = pgx_tables._Shared()
    first = entries.summary({"sample_id": "A", "genes": [{"gene": "G", "call": "*1/*2"}]})
    second = entries.summary({"sample_id": "B", "genes": [{"gene": "G", "call": "*1/*2"}]})
    other = entries.summary({"sample_id": "C", "genes": [{"gene": "G", "call": "*1/*1"}]})
    assert second == {"sample_id": "B", "genes": [{"gene": "G", "call": "*1/*2"}]}
    assert second["genes"][0] is first["genes"][0]
    assert other["genes"][0] is not first["genes"][0]
