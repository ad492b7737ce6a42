"""Fixtures that every test may use."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import settings

# The machines are shared: a slow moment of theirs is no failure of ours.
settings.register_profile("apothecary", deadline=None, derandomize=True)
settings.load_profile("apothecary")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Every test that asks for the regression data is marked so."""
    for item in items:
        if "shared" in getattr(item, "fixturenames", ()):
            item.add_marker("shared")


@pytest.fixture(scope="session")
def repository() -> Path:
    return Path(__file__).resolve().parents[1]


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of regression data that APOTHECARY_SHARED names."""
    value = os.environ.get("APOTHECARY_SHARED")
    if not value:
        pytest.skip("APOTHECARY_SHARED is not set: the regression data are not at hand")
    folder = Path(value).resolve()
    if not (folder / "cases").is_dir():
        pytest.fail(f"APOTHECARY_SHARED={value} holds no folder named cases")
    return folder
