"""One browser for the tests of pages, and what npm installed for them."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent))

import devtools


def _missing(what: str) -> None:
    if os.environ.get("CI") == "true" and os.environ.get("APOTHECARY_BROWSER") == "1":
        pytest.fail(f"{what}, although this job is for the tests in a browser")
    pytest.skip(what)


@pytest.fixture(scope="session")
def browser(tmp_path_factory):
    program = devtools.find()
    if program is None:
        _missing("no Chromium on this machine: pages were not opened in a browser")
    made = devtools.Browser(str(program), tmp_path_factory.mktemp("profile"))
    yield made
    made.close()


@pytest.fixture(scope="session")
def npm(repository: Path) -> Callable[[str], Path]:
    """The file of an npm package below build/npm; .ci/run installs what the tests use."""
    folder = repository / "build" / "npm"

    def find(name: str) -> Path:
        path = folder / "node_modules" / name
        if not path.is_file():
            package = name.split("/")[0]
            _missing(f"{package} is not installed (npm install --prefix build/npm {package})")
        return path

    return find


@pytest.fixture(scope="session")
def axe(npm) -> str:
    return npm("axe-core/axe.min.js").read_text(encoding="utf-8")
