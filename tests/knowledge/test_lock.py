"""The lock: any change of a table or of a built pack is told, with the file's name."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from knowledge_builders import small_tables, write_tables

from apothecary import tables as parquet
from apothecary.errors import ResourceError
from apothecary.knowledge import build, lock
from apothecary.knowledge.schemas import PACK


@pytest.fixture
def place(tmp_path: Path):
    source = write_tables(tmp_path / "tsv", small_tables())
    built = build.build(source, tmp_path / "pack")
    lock.write(source, built, tmp_path / "knowledge.lock")
    return tmp_path


def test_untouched_tables_and_pack_are_as_locked(place: Path):
    assert lock.verify_source(place / "tsv", place / "knowledge.lock").version == "2026-01-31"
    lock.verify_pack(place / "pack", place / "knowledge.lock")
    assert lock.is_current(place / "pack", place / "knowledge.lock")


def test_the_lock_is_the_same_for_the_same_tables(place: Path):
    before = (place / "knowledge.lock").read_bytes()
    lock.write(place / "tsv", build.build(place / "tsv", place / "again"), place / "knowledge.lock")
    assert (place / "knowledge.lock").read_bytes() == before


@pytest.mark.parametrize("name", sorted(set(PACK) - {"guidance_text"}))
def test_one_changed_byte_of_any_table_is_told(place: Path, name: str):
    path = place / "tsv" / f"{name}.tsv"
    body = bytearray(path.read_bytes())
    body[-2] ^= 1
    path.write_bytes(body)
    with pytest.raises(ResourceError) as caught:
        lock.verify_source(place / "tsv", place / "knowledge.lock")
    assert [problem.file for problem in caught.value.problems] == [str(path)]
    assert "differs from" in str(caught.value)


def test_an_absent_and_an_added_table_are_told(place: Path):
    (place / "tsv" / "oncotree.tsv").unlink()
    (place / "tsv" / "guidance_text.tsv").write_text("x")
    with pytest.raises(ResourceError) as caught:
        lock.verify_source(place / "tsv", place / "knowledge.lock")
    assert "oncotree.tsv: no such file" in str(caught.value)
    assert "guidance_text.tsv: is not in" in str(caught.value)


def test_a_changed_pack_is_told_even_when_its_contents_list_is_forged(place: Path):
    path = place / "pack" / "pgx_alleles.parquet"
    parquet.write(path, PACK["pgx_alleles"], [])
    assert not lock.is_current(place / "pack", place / "knowledge.lock")
    with pytest.raises(ResourceError, match=r"pgx_alleles\.parquet: differs from"):
        lock.verify_pack(place / "pack", place / "knowledge.lock")
    forged = small_tables()
    forged["pgx_alleles"][1]["function"] = "Normal function"
    build.build(write_tables(place / "forged", forged), place / "pack")
    with pytest.raises(ResourceError, match=r"pgx_alleles\.parquet: its rows differ from"):
        lock.verify_pack(place / "pack", place / "knowledge.lock")
    assert not lock.is_current(place / "pack", place / "knowledge.lock")


def test_an_older_pack_is_told(place: Path):
    older = small_tables()
    older["sources"][0]["released"] = "2025-06-30"
    build.build(write_tables(place / "older", older), place / "pack")
    with pytest.raises(
        ResourceError, match="the pack of 2025-06-30 is older than the lock of 2026-01-31"
    ):
        lock.verify_pack(place / "pack", place / "knowledge.lock")


def test_knowledge_past_its_review_is_told(place: Path):
    locked = lock.read(place / "knowledge.lock")
    assert locked.review_by == "2027-01-31"
    assert lock.notices(locked, date(2027, 1, 31)) == []
    (line,) = lock.notices(locked, date(2027, 2, 1))
    assert "the knowledge of 2026-01-31 was to be reviewed by 2027-01-31" in line


def test_a_leap_day_has_a_review_day(place: Path):
    leap = small_tables()
    leap["sources"][0]["released"] = "2028-02-29"
    built = build.build(write_tables(place / "leap", leap), place / "leap_pack")
    assert lock.write(place / "leap", built, place / "leap.lock").review_by == "2029-02-28"


def test_a_file_that_is_no_lock_is_told(place: Path):
    (place / "knowledge.lock").write_text('{"files": {"a": 1}}')
    with pytest.raises(ResourceError, match="not a knowledge lock"):
        lock.verify_source(place / "tsv", place / "knowledge.lock")
    assert not lock_exists(place / "absent.lock")


def lock_exists(path: Path) -> bool:
    try:
        lock.read(path)
    except ResourceError:
        return False
    return True
