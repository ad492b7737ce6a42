"""The sets that others checked: every row agrees, is explained, or is not covered."""

from __future__ import annotations

import importlib.util
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.shared


@pytest.fixture(scope="module")
def truth(repository: Path) -> Any:
    path = repository / "benchmarks" / "consequence_truth.py"
    spec = importlib.util.spec_from_file_location("consequence_truth", path)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def test_no_row_differs_without_a_reason(truth: Any, shared: Path, tmp_path: Path) -> None:
    found = list(truth.verdicts(shared, truth.load(shared, tmp_path)))
    assert [one for one in found if one.verdict == truth.DIFFERS] == []
    agree = Counter(one.truth for one in found if one.verdict == truth.AGREES)
    assert agree["hgvs_handchecked"] >= 1
    assert agree["pave"] >= 30
