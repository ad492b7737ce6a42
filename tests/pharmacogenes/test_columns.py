"""Tables of many samples from groups of rows that samples share."""

from __future__ import annotations

import pytest

from apothecary import schemas, tables
from apothecary.pharmacogenes import columns
from apothecary.pharmacogenes.columns import Catalog, batches


def _row(position: str, **more: object) -> dict[str, object]:
    row: dict[str, object] = {
        column.name: {"str": "", "int": 1, "float": 0.0, "bool": False, "list": []}[column.kind]
        for column in schemas.SITES.columns
        if column.required and column.name != "sample_id"
    }
    return {**row, "gene": "GENE", "position_id": position, **more}


def test_a_group_is_made_once_and_its_rows_are_given_for_every_sample() -> None:
    catalog = Catalog(schemas.SITES)
    made = []

    def make() -> list[dict[str, object]]:
        made.append(1)
        return [_row("p1"), _row("p2")]

    samples = [(name, [catalog.group("key", make)]) for name in ("A", "B")]
    taken = catalog.take(samples)
    assert len(made) == 1
    assert taken.column_names == schemas.SITES.schema.names
    assert taken.column("sample_id").to_pylist() == ["A", "A", "B", "B"]
    assert taken.column("position_id").to_pylist() == ["p1", "p2", "p1", "p2"]


def test_joined_groups_share_their_rows() -> None:
    catalog = Catalog(schemas.SITES)

    def parts(*names: str) -> list[tuple[str, columns.Make]]:
        return [(f"row {name}", lambda name=name: [_row(name)]) for name in names]

    first = catalog.joined("first", lambda: parts("p1", "p2"))
    second = catalog.joined("second", lambda: parts("p1", "p3"))
    assert first.tolist() == [0, 1]
    assert second.tolist() == [0, 2]
    assert catalog.joined("none", list).tolist() == []


def test_rows_that_were_moved_to_columns_keep_their_numbers(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(columns, "_MOST_PENDING", 2)
    monkeypatch.setattr(columns, "_MOST_CHUNKS", 3)
    catalog = Catalog(schemas.SITES)
    names = [f"p{number:02}" for number in range(25)]
    groups = [catalog.group(name, lambda name=name: [_row(name)]) for name in names]
    taken = catalog.take([("A", groups[::-1])])
    assert taken.column("position_id").to_pylist() == names[::-1]


def test_a_batch_ends_at_a_row_group_or_at_its_most_samples(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(columns, "ROW_GROUP_ROWS", 5)
    catalog = Catalog(schemas.SITES)
    two = catalog.group("two", lambda: [_row("p1"), _row("p2")])
    samples = [(f"S{number}", [two]) for number in range(5)]
    sizes = [len(batch) for batch in batches(catalog, samples)]
    assert sizes == [4, 4, 2]
    assert [len(batch) for batch in batches(catalog, samples, 1)] == [2] * 5
    assert sum(tables.to_arrow(schemas.SITES, b).num_rows for b in batches(catalog, samples)) == 10
