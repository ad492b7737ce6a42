"""The page of `apothecary pgx` out of the tables that the command has written."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from apothecary import schemas, tables
from apothecary.files import write_text
from apothecary.reports.context import Knowledge, Row, RunFacts, SampleTables, context
from apothecary.reports.model import sample_model, sample_summary
from apothecary.reports.pgx_page import DETAILED_SAMPLES, render_file
from apothecary.reports.recommendations import STANDARD
from apothecary.reports.summary import summary

PAGE = "report.html"
CALLS = ("diplotypes", "phenotypes", "recommendations")


@dataclass(frozen=True)
class PgxInput:
    """What the page tells of the input, beside the tables.

    Attributes:
        samples: Names of the samples in the file.
        build: GRCh38 or GRCh37, as it was told from the reference bases.
        format: vcf, gvcf or bcf.
        sex: F, M or None when it was not given.
        settings: Settings of the calling by name, such as mode and absent_is_reference.
        notes: Remarks on the input.
    """

    samples: Sequence[str]
    build: str
    format: str
    sex: str | None = None
    settings: Mapping[str, Any] = field(default_factory=dict)
    notes: Sequence[str] = ()


def write_page(folder: Path | str, facts: PgxInput, pack: Knowledge) -> Path:
    """Write `report.html` beside the tables of `apothecary pgx`.

    The tables are read one sample at a time. Beyond the samples that the page gives in full, rows
    of sites and of standard dosing are passed over, since an overview does not show them.

    Args:
        folder: The folder that holds sites, diplotypes, phenotypes and recommendations.
        facts: What the page tells of the input.
        pack: The knowledge pack of the tables.

    Returns:
        The path of the page.

    Raises:
        ResourceError: A table is absent or cannot be taken.
    """
    page = Path(folder) / PAGE
    summaries, detailed = _read(Path(folder), facts, pack)
    write_text(page, render_file(summaries, detailed))
    return page


class _Stream:
    """The rows of a table by sample, asked for in the order of the table."""

    def __init__(self, groups: Iterator[tuple[str, list[dict[str, Any]]]]) -> None:
        self._groups = groups
        self._next = next(groups, None)

    def take(self, sample_id: str) -> list[Row]:
        """The rows of a sample; those of samples before it are passed over."""
        while self._next is not None and self._next[0] < sample_id:
            self._next = next(self._groups, None)
        if self._next is None or self._next[0] != sample_id:
            return []
        return list(self._next[1])


class _Shared:
    """One object for all entries that are equal: samples have most genes and medicines alike."""

    def __init__(self) -> None:
        self._known: dict[str, Any] = {}

    def summary(self, summary: Mapping[str, Any]) -> dict[str, Any]:
        """A summary whose lists hold entries shared with the summaries before it."""
        return {
            name: [self._known.setdefault(json.dumps(entry), entry) for entry in value]
            if isinstance(value, list)
            else value
            for name, value in summary.items()
        }


def _read(
    folder: Path, facts: PgxInput, pack: Knowledge
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Summaries of all samples, and the models of those that the page gives in full."""
    run: RunFacts = {"pharmacogenes": facts.settings, "consent_asked": False}
    shared = context(pack, run)
    streams = {
        name: _Stream(
            tables.read_groups(folder / f"{name}.parquet", schemas.TABLES[name], "sample_id")
        )
        for name in ("sites", *CALLS)
    }
    entries = _Shared()
    summaries: list[dict[str, Any]] = []
    detailed: list[dict[str, Any]] = []
    for sample_id in sorted(facts.samples):
        rows = {name: streams[name].take(sample_id) for name in CALLS}
        rows["outcomes"] = [_outcome(sample_id, facts)]
        if len(detailed) < DETAILED_SAMPLES:
            rows["sites"] = streams["sites"].take(sample_id)
            model = sample_model(SampleTables(_sample(sample_id, facts), rows), shared)
            detailed.append(model)
            summaries.append(summary(model))
        else:
            # No further sample is given in full; the open table holds a row group in memory.
            streams.pop("sites", None)
            short = SampleTables(_sample(sample_id, facts), _short(rows))
            summaries.append(entries.summary(sample_summary(short, shared)))
    return summaries, detailed


def _short(rows: Mapping[str, list[Row]]) -> dict[str, list[Row]]:
    """The rows that a summary needs."""
    guidance = [row for row in rows["recommendations"] if row["action"] not in STANDARD]
    # Which genes have missing positions is told; which positions and alleles, is not.
    diplotypes: list[Row] = [
        {**row, "missing_sites": (row["missing_sites"] or [])[:1], "not_excludable": []}
        for row in rows["diplotypes"]
    ]
    return {**rows, "recommendations": guidance, "diplotypes": diplotypes}


def _sample(sample_id: str, facts: PgxInput) -> dict[str, Any]:
    return {
        "sample_id": sample_id,
        "subject_id": sample_id,
        "role": "germline",
        "assay": "",
        "sex": facts.sex or "unknown",
        "tumor_type": None,
        "format": facts.format,
        "build": facts.build,
        "batch": "",
        "sample_in_file": sample_id,
    }


def _outcome(sample_id: str, facts: PgxInput) -> dict[str, Any]:
    return {
        "sample_id": sample_id,
        "step": "read_variants",
        "status": "ok",
        "reason": "",
        "build": facts.build,
        "input_sha256": None,
        "input_records": None,
        "notes": list(facts.notes),
    }
