"""How many rows of the list of bad input hold: `make bad-input`.

Runs the tests of this folder and reads their results by the number in their names. A row holds when
it has a test and every test of it passes; rows that are written off (`WRITTEN_OFF` of a test
module) are counted apart. Exit status 1 when a row neither holds nor is written off.
"""

from __future__ import annotations

import re
import sys
from collections import defaultdict
from pathlib import Path

import pytest

ROWS = range(1, 111)
_NUMBERED = re.compile(r"\btest_rows?_(\d+)(?:_and_(\d+))?_")


class Results:
    """What became of the tests of each row.

    Attributes:
        by_row: Outcomes (passed, failed, skipped) by row and by the test's name.
        written_off: Reason by row.
    """

    def __init__(self) -> None:
        self.by_row: dict[int, dict[str, str]] = defaultdict(dict)
        self.written_off: dict[int, str] = {}

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        for item in items:
            module = getattr(item, "module", None)
            self.written_off.update(getattr(module, "WRITTEN_OFF", {}))

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        # A test passes in its call; setup and teardown speak only when something is wrong.
        if report.when == "call" or report.outcome != "passed":
            for number in rows_of(report.nodeid):
                if self.by_row[number].get(report.nodeid) != "failed":
                    self.by_row[number][report.nodeid] = report.outcome


def rows_of(nodeid: str) -> list[int]:
    """The rows that a test is of, by its name."""
    found = _NUMBERED.search(nodeid.rpartition("::")[2])
    return [int(number) for number in found.groups() if number] if found else []


def state(results: Results, row: int) -> str:
    """What a row is: holds, written off, or what is wrong with it."""
    outcomes = results.by_row.get(row, {})
    failed = sorted(name for name, outcome in outcomes.items() if outcome == "failed")
    if failed:
        return f"FAILS: {', '.join(failed)}"
    if row in results.written_off:
        return f"written off: {results.written_off[row]}"
    if "passed" not in outcomes.values():
        return "NOT TESTED" + (" (skipped)" if outcomes else "")
    return "holds"


def main() -> int:
    results = Results()
    folder = Path(__file__).resolve().parent
    pytest.main(["-q", "-p", "no:cacheprovider", "--no-header", str(folder)], plugins=[results])
    states = {row: state(results, row) for row in ROWS}
    for row, words in states.items():
        tests = len(results.by_row.get(row, {}))
        print(f"{row:>3}  {tests:>2} test{'s' * (tests != 1):1}  {words}")
    holding = sum(words == "holds" for words in states.values())
    off = sum(words.startswith("written off") for words in states.values())
    print(f"{holding} of {len(ROWS)} hold, {off} written off, {len(ROWS) - holding - off} do not")
    return int(holding + off < len(ROWS))


if __name__ == "__main__":
    sys.exit(main())
