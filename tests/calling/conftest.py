"""Fixtures of the tests of calling."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from apothecary import settings, sheets


@pytest.fixture(scope="session")
def calling_config(repository: Path) -> dict[str, Any]:
    """The section `calling` of a configuration that sets nothing."""
    schema = sheets.load_schema(repository / "workflow" / "schemas" / "config.schema.yaml")
    config: dict[str, Any] = settings.check({"samples": "x"}, schema, "config")["calling"]
    return config
