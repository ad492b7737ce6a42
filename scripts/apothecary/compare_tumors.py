"""Changes of what is told of a tumor beside its findings, between two runs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from apothecary import tables
from apothecary.changes import ACTIONABILITY, DATA, Change, Key, Row, pairs, worded
from apothecary.oncogenes import tumor_schemas
from apothecary.runs import Run
from apothecary.story import place
from apothecary.tables import Table
from apothecary.trials.schemas import TRIAL_COUNTS

_SAMPLE_AND_GENE = ("sample_id", "gene")
_SAMPLE_AND_PLACE = ("sample_id", "chrom", "pos", "ref", "alt")


@dataclass(frozen=True)
class _Told:
    """How a table is compared.

    Attributes:
        table: The table.
        key: Columns that its rows are paired by.
        judgement: What a row concludes; another one has clinical weight.
        words: The row in words; another wording of the same conclusion is data.
    """

    table: Table
    key: tuple[str, ...]
    judgement: Callable[[Row], str]
    words: Callable[[Row], str]


def tumor_changes(a: Run, b: Run, both: frozenset[str]) -> list[Change]:
    """Changes of copy number by depth, clonality, origin, hits and expression.

    Args:
        a: The first run.
        b: The second.
        both: The samples to look at.

    Returns:
        Another conclusion has clinical weight; another value behind the same one is data.
    """
    changes = []
    for told in _TABLES:
        for key, old, new in pairs(a, b, told.table, both, told.key):
            before, after = worded(old, told.words), worded(new, told.words)
            if before == after:
                continue
            other = worded(old, told.judgement) != worded(new, told.judgement)
            subject = f"{_subject((new or old)[0])} {told.table.name.replace('_', ' ')}"
            weight = ACTIONABILITY if other else DATA
            changes.append(Change(weight, key[0], subject, before, after))
    return changes


def trial_count_changes(a: Run, b: Run) -> list[Change]:
    """Changes of the persons that batches count by answer to a part of a trial.

    A batch of one run only is not looked at. The answers of each person are compared by
    themselves, so that the counts have no weight beyond them.

    Args:
        a: The first run.
        b: The second.
    """
    batches = [name for name in a.batches if name in b.batches]
    before, after = dict(_counts(a, batches)), dict(_counts(b, batches))
    changes = []
    for key in sorted(before.keys() | after.keys()):
        old, new = before.get(key, ""), after.get(key, "")
        if old != new:
            batch, trial, block, status = key
            subject = f"batch {batch}, trial {trial} part {block}, {status}"
            changes.append(Change(DATA, "", subject, old, new))
    return changes


def _counts(run: Run, batches: list[str]) -> Iterator[tuple[Key, str]]:
    for batch in batches:
        for row in tables.read_rows(run.path(TRIAL_COUNTS, batch), TRIAL_COUNTS):
            told = "suppressed" if row["persons"] is None else f"{row['persons']} persons"
            yield (batch, row["trial_id"], row["block"], row["status"]), told


def _subject(row: Row) -> str:
    return f"{row['alteration']} {place(row)}" if "alteration" in row else str(row["gene"])


def _plain(row: Row, column: str) -> str:
    return str(row[column]).replace("_", " ")


def _interval(row: Row, name: str, words: str) -> str:
    """A value with its bounds, or nothing where it is not told."""
    if row[name] is None:
        return ""
    text = f", {words} {row[name]:.3g}"
    low, high = row[f"{name}_low"], row[f"{name}_high"]
    return text if low is None or high is None else f"{text} ({low:.3g} to {high:.3g})"


def _state(row: Row) -> str:
    return _plain(row, "state")


def _status(row: Row) -> str:
    return _plain(row, "status")


def _expressed(row: Row) -> str:
    outlier = f", outlier {_plain(row, 'outlier')}" if row["outlier"] else ""
    return f"expressed {row['expressed']}{outlier}"


def _copies(row: Row) -> str:
    return _state(row) + _interval(row, "log2", "log2") + _interval(row, "total", "copies")


def _share(row: Row) -> str:
    return _status(row) + _interval(row, "ccf", "cancer cell fraction")


def _origin(row: Row) -> str:
    return f"{_status(row)}, germline with probability {row['germline_probability']:.3g}"


def _hits(row: Row) -> str:
    parts = ("truncating", "altering", "germline", "lost")
    found = "; ".join(f"{name} {', '.join(row[name])}" for name in parts if row[name])
    return f"{_status(row)}, {found}" if found else _status(row)


def _outlier(row: Row) -> str:
    return f"{_status(row)}, robust z {row['robust_z']:.3g}"


def _omic(row: Row) -> str:
    value = "" if row["expression"] is None else f", {row['expression']:.3g}"
    return f"{', '.join(row['dna'])}: {_expressed(row)}{value}"


_TABLES = (
    _Told(tumor_schemas.DEPTH_COPY_NUMBER, _SAMPLE_AND_GENE, _state, _copies),
    _Told(tumor_schemas.CLONALITY, _SAMPLE_AND_PLACE, _status, _share),
    _Told(tumor_schemas.VARIANT_ORIGINS, _SAMPLE_AND_PLACE, _status, _origin),
    _Told(tumor_schemas.TWO_HITS, _SAMPLE_AND_GENE, _status, _hits),
    _Told(tumor_schemas.EXPRESSION_OUTLIERS, _SAMPLE_AND_GENE, _status, _outlier),
    _Told(tumor_schemas.MULTI_OMIC, _SAMPLE_AND_GENE, _expressed, _omic),
)
