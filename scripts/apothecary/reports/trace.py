"""The way of each gene of a report through the steps, as `apothecary why` tells it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Any

from apothecary.reports.context import Context, SampleTables
from apothecary.reports.text import unique
from apothecary.story import Row, Story
from apothecary.tables import Table

Model = Mapping[str, Any]
# Genes of a report, and lines of one step of a gene; our own choices, of layout only.
GENES_SHOWN = 60
LINES_SHOWN = 12


@dataclass(frozen=True)
class _Given:
    """The rows that a report is made of, as a source of a story."""

    tables: SampleTables
    folder: Path = Path()

    def whole_run(self, table: Table) -> Sequence[Row]:
        rows = [dict(row) for row in self.tables.rows(table.name)]
        return sorted(rows, key=lambda row: [(row[k] is None, row[k]) for k in table.key])

    def batch_rows(self, table: Table, batch: str) -> Sequence[Row]:
        return self.whole_run(table)

    def sample_rows(self, table: Table, sample_id: str) -> Sequence[Row]:
        rows = self.whole_run(table)
        if table.name == "outside_calls":
            # Where a file lies is no business of a report.
            return [{**row, "file": PurePath(row["file"]).name} for row in rows]
        return rows


def trace(model: Model, tables: SampleTables, shared: Context) -> list[dict[str, Any]]:
    """What became of every pharmacogene, and of every gene of a tumor with a tier, step by step.

    Args:
        model: The other sections of the report model.
        tables: The rows of the sample.
        shared: What every report of the run shares.

    Returns:
        An entry a gene: its name and its lines, each with its step. Of many lines of one step the
        first are given and the rest is counted; of a tumor with very many genes, those of the best
        tiers.
    """
    if model["failure"]:
        return []
    from apothecary.why import tell_gene

    told = []
    source = _Given(tables)
    read: dict[str, list[Row]] = {}
    for gene in _genes(model)[:GENES_SHOWN]:
        story = Story(source, tables.sample, read)
        tell_gene(story, gene)
        told.append({"gene": gene, "lines": _short(story.lines, shared)})
    return told


def _genes(model: Model) -> list[str]:
    called = [gene["gene"] for gene in model["genes"]]
    altered = [finding["gene"] for finding in model["tumor"]["findings"]]
    # A fusion has two genes; what is told of it stands with the first.
    return unique((*called, *((name or "").split("::")[0] for name in altered)))


def _short(lines: Sequence[str], shared: Context) -> list[dict[str, str]]:
    """The lines by step; of a step with many, the first and how many more there are."""
    seen: Counter[str] = Counter()
    told = []
    for line in lines:
        step, text = line.split(": ", 1)
        seen[step] += 1
        if seen[step] <= LINES_SHOWN:
            told.append({"step": step, "text": text})
    rest = ((step, count - LINES_SHOWN) for step, count in seen.items() if count > LINES_SHOWN)
    more = [{"step": step, "text": shared.words("genes.more", count=count)} for step, count in rest]
    return told + more
