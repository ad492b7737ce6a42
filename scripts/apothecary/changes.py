"""A change between two runs, its clinical weight, and the walk over two tables."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from apothecary.runs import Run
from apothecary.tables import Table

Row = Mapping[str, Any]
Key = tuple[Any, ...]

SAMPLES = 0
TAKEN_ACTION = 1
DOSE = 2
INTERACTION = 3
RECOMMENDATION = 4
PHENOTYPE = 5
DECISION = 6
DIPLOTYPE = 7
KNOWN_VARIANT = 8
GERMLINE = 9
ACTIONABILITY = 10
TRIAL = 11
SCORE = 12
DATA = 13
TECHNICAL = 14

HEADINGS: Mapping[int, str] = {
    SAMPLES: "samples of only one run, or without results in one",
    TAKEN_ACTION: "another action for a medicine that is taken",
    DOSE: "another dose of a medicine that is taken, or another reason for none",
    INTERACTION: "another conflict among the medicines that are taken",
    RECOMMENDATION: "another recommendation",
    PHENOTYPE: "another phenotype",
    DECISION: "called in one run, indeterminate or not called in the other",
    DIPLOTYPE: "another diplotype",
    KNOWN_VARIANT: "a known variant found by the reads of one run only",
    GERMLINE: "another class or report of a germline variant",
    ACTIONABILITY: "another tier, evidence, class or status of what was found in a tumor",
    TRIAL: "another result of a trial",
    SCORE: "another polygenic score, which guides no treatment here",
    DATA: "other data: sites, records, consent, status",
    TECHNICAL: "bytes, software, knowledge",
}


@dataclass(frozen=True, order=True)
class Change:
    """One thing that differs between two runs.

    Attributes:
        weight: Clinical weight, 0 first; see `HEADINGS`.
        sample_id: The sample; empty for a change of the whole run.
        subject: What changed: a medicine and source, a gene, a finding, a file.
        before: What the first run says; empty when it says nothing.
        after: What the second run says; empty when it says nothing.
    """

    weight: int
    sample_id: str
    subject: str
    before: str
    after: str

    def line(self) -> str:
        """The change as one line."""
        where = f"{self.sample_id}: {self.subject}" if self.sample_id else self.subject
        return f"{where}: {self.before or 'nothing'} → {self.after or 'nothing'}"


def _grouped(
    run: Run, table: Table, both: frozenset[str], key: Sequence[str]
) -> dict[Key, list[Row]]:
    groups: dict[Key, list[Row]] = {}
    for row in run.rows(table):
        if row["sample_id"] in both:
            groups.setdefault(tuple(row[name] for name in key), []).append(row)
    return groups


def pairs(
    a: Run, b: Run, table: Table, both: frozenset[str], key: Sequence[str]
) -> Iterator[tuple[Key, list[Row], list[Row]]]:
    """Groups of rows that differ between two runs.

    Args:
        a: The first run.
        b: The second.
        table: The table, which has the column sample_id.
        both: The samples to look at.
        key: The columns to group by.

    Yields:
        The key, the rows of the first run and those of the second.
    """
    before = _grouped(a, table, both, key)
    after = _grouped(b, table, both, key)
    for name in sorted(before.keys() | after.keys()):
        old, new = before.get(name, []), after.get(name, [])
        if old != new:
            yield name, old, new


def worded(rows: Iterable[Row], words: Callable[[Row], str]) -> str:
    """What the rows say, each wording once, in their order."""
    return " or ".join(dict.fromkeys(words(row) for row in rows))
