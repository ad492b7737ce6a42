"""What pyarrow imports on its own."""

from __future__ import annotations

import subprocess
import sys

import pyarrow as pa
import pytest

TABLES = """
import sys
import pyarrow as pa
from apothecary import tables
pa.array([["a"], None], pa.list_(pa.string()))
pa.array([1, None])
assert "pandas" not in sys.modules
assert len(pa.table({"a": [1]}).to_pandas()) == 1
"""
AFTER_PANDAS = """
import sys
import pandas
import pyarrow as pa
from apothecary import tables
assert "pandas" in sys.modules
assert pa.array(pandas.Series([1.5, None])).null_count == 1
"""


def _run(code: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)


def test_arrays_of_rows_import_no_pandas_and_data_frames_still_do() -> None:
    done = _run(TABLES)
    assert done.returncode == 0, done.stderr


def test_a_process_that_uses_pandas_is_left_as_it_is() -> None:
    done = _run(AFTER_PANDAS)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("chosen", [None, "system"])
def test_a_memory_pool_that_the_user_chose_stays(
    chosen: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("ARROW_DEFAULT_MEMORY_POOL", raising=False)
    if chosen:
        monkeypatch.setenv("ARROW_DEFAULT_MEMORY_POOL", chosen)
    wanted = chosen or ("jemalloc" if "jemalloc" in pa.supported_memory_backends() else "")
    code = "import pyarrow as pa; from apothecary import tables; print("
    done = _run(code + "pa.default_memory_pool().backend_name)")
    assert wanted in done.stdout, done.stderr
