"""The page of `apothecary pgx`, made from its tables."""

from __future__ import annotations

import subprocess
import sys

from apothecary.reports import pgx_tables

PAGE_ALONE = """
import sys
from apothecary.reports import pgx_tables
assert not {"pandas", "scipy"} & set(sys.modules)
"""


def test_the_page_brings_no_library_into_memory_that_it_makes_no_use_of() -> None:
    done = subprocess.run([sys.executable, "-c", PAGE_ALONE], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_equal_entries_of_summaries_are_one_object() -> None:
    entries = pgx_tables._Shared()
    first = entries.summary({"sample_id": "A", "genes": [{"gene": "G", "call": "*1/*2"}]})
    second = entries.summary({"sample_id": "B", "genes": [{"gene": "G", "call": "*1/*2"}]})
    other = entries.summary({"sample_id": "C", "genes": [{"gene": "G", "call": "*1/*1"}]})
    assert second == {"sample_id": "B", "genes": [{"gene": "G", "call": "*1/*2"}]}
    assert second["genes"][0] is first["genes"][0]
    assert other["genes"][0] is not first["genes"][0]
