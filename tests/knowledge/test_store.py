"""Packs that were in use are kept, and found by digest and by day."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from knowledge_builders import small_tables, write_tables

from apothecary.errors import ResourceError
from apothecary.knowledge import build, pack, store


@pytest.fixture
def packs(tmp_path: Path) -> list[Path]:
    """Two packs that differ in one activity value."""
    tables = small_tables()
    build.build(write_tables(tmp_path / "1", tables), tmp_path / "p1")
    tables["pgx_alleles"][0]["activity_value"] = "0.5"
    build.build(write_tables(tmp_path / "2", tables), tmp_path / "p2")
    return [tmp_path / "p1", tmp_path / "p2"]


@pytest.fixture
def kept(tmp_path: Path, packs: list[Path]) -> Path:
    folder = tmp_path / "store"
    store.keep(packs[0], folder, date(2026, 3, 1))
    store.keep(packs[1], folder, date(2026, 6, 1))
    return folder


def test_a_kept_pack_is_whole_and_keeps_its_first_day(kept, packs):
    again = store.keep(packs[0], kept, date(2026, 9, 9))
    assert again.since == "2026-03-01"
    assert pack.load(again.folder).digest == pack.load(packs[0]).digest
    assert pack.load(again.folder).rows("pgx_alleles") == pack.load(packs[0]).rows("pgx_alleles")
    assert [found.since for found in store.kept(kept)] == ["2026-03-01", "2026-06-01"]


@pytest.mark.parametrize(
    ("day", "which"),
    [("2026-03-01", 0), ("2026-05-31", 0), ("2026-06-01", 1), ("2030-01-01", 1)],
)
def test_the_pack_of_a_day_is_the_last_one_begun(kept, packs, day, which):
    assert store.of_day(kept, day).digest == pack.load(packs[which]).digest


def test_a_day_before_all_and_a_day_that_is_none_are_told(kept):
    with pytest.raises(ResourceError, match="was in use on 2026-02-28"):
        store.of_day(kept, "2026-02-28")
    with pytest.raises(ResourceError, match="'last May' is no date; write it as"):
        store.of_day(kept, "last May")


def test_a_digest_that_is_not_kept_is_told(kept, packs):
    digest = pack.load(packs[1]).digest
    assert store.of_digest(kept, digest).since == "2026-06-01"
    with pytest.raises(ResourceError, match="no knowledge pack of digest 000000000000"):
        store.of_digest(kept, "0" * 64)
    with pytest.raises(ResourceError, match="no knowledge pack"):
        store.of_digest(kept / "nowhere", digest)
