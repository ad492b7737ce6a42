"""Keeps pyarrow from importing pandas where no data frame is in play.

The first Python sequence that pyarrow makes an array of has it look for pandas, to tell whether
the sequence is a Series or holds pandas' own missing values: 40 MB and half a second in every
process, for an answer that is always no here. It looks once, and a failed look is not repeated.
A process that has imported pandas before is left as it is; tables are still turned into data
frames afterwards, but a list that holds pandas.NA is then no longer understood.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from types import ModuleType

import pyarrow as pa


class _Absent(MetaPathFinder):
    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> None:
        if fullname == "pandas":
            raise ModuleNotFoundError("pandas is not needed", name=fullname)


def settle() -> None:
    """Have pyarrow look for pandas now and not find it, unless pandas is imported already."""
    if "pandas" in sys.modules:
        return
    finder = _Absent()
    sys.meta_path.insert(0, finder)
    try:
        pa.array([0])
    finally:
        sys.meta_path.remove(finder)
