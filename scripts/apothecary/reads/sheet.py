"""The sheet of reads: which FASTQ files are of which sample and lane."""

from __future__ import annotations

import filecmp
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from apothecary import sheets
from apothecary.errors import Problem
from apothecary.input_files import RIGHT_PATH, InputPolicy, path_problem
from apothecary.sheets import Sheet

FASTQ_COLUMNS = ("fastq_1", "fastq_2")


def problems(reads: Sheet | None, samples: Sheet, policy: InputPolicy) -> list[Problem]:
    """Hold the sheet of reads against the sample sheet, and its files against each other.

    Args:
        reads: The sheet of reads, or None when there is none.
        samples: The sample sheet.
        policy: What an input path may be.

    Returns:
        One problem for each row or cell that cannot be taken.
    """
    formats = {row["sample_id"]: row["format"] for _, row in samples.rows}
    listed = {row["sample_id"] for _, row in reads.rows} if reads else set()
    found = []
    for line, row in samples.rows:
        if row["format"] == "fastq" and row["sample_id"] not in listed:
            right = "list its FASTQ files in the sheet that reads.sheet of the config names"
            found.append(Problem(samples.path, "no reads", right, line, "sample_id"))
    if reads is None:
        return found
    for line, row in reads.rows:
        if formats.get(row["sample_id"]) != "fastq":
            right = "a sample of the sample sheet whose format is fastq"
            found.append(Problem(reads.path, repr(row["sample_id"]), right, line, "sample_id"))
    lanes = [(line, f"{row['sample_id']} {row['lane']}") for line, row in reads.rows]
    found += sheets.check_unique(reads, "lane", lanes)
    found += _protocol_problems(reads)
    if policy.check_files:
        found += _file_problems(reads, policy)
    return found


def _protocol_problems(reads: Sheet) -> list[Problem]:
    first: dict[str, tuple[int, str]] = {}
    found = []
    for line, row in reads.rows:
        protocol = row["protocol"] or "fragments"
        other_line, other = first.setdefault(row["sample_id"], (line, protocol))
        if protocol != other:
            text = f"{protocol!r}, but row {other_line} gives {other!r} for the same sample"
            right = "one protocol a sample"
            found.append(Problem(reads.path, text, right, line, "protocol"))
    return found


def _file_problems(reads: Sheet, policy: InputPolicy) -> list[Problem]:
    folder = Path(reads.path).parent
    found = []
    by_size: dict[int, list[tuple[int, str, str, Path]]] = {}
    for line, row in reads.rows:
        for column in FASTQ_COLUMNS:
            if not row[column]:
                continue
            wrong = path_problem(folder, row[column], policy)
            if wrong:
                text = f"{row[column]!r} {wrong}"
                found.append(Problem(reads.path, text, RIGHT_PATH, line, column))
                continue
            path = folder / row[column]
            others = by_size.setdefault(path.stat().st_size, [])
            found += _repeated(reads, (line, row["sample_id"], column, path), others, policy)
            others.append((line, row["sample_id"], column, path))
    return found


def _repeated(
    reads: Sheet,
    one: tuple[int, str, str, Path],
    others: Sequence[tuple[int, str, str, Path]],
    policy: InputPolicy,
) -> list[Problem]:
    """The problem of a file whose bytes stand in the sheet already; only equal sizes are read."""
    line, sample, column, path = one
    if path.stat().st_size == 0:
        return []
    for other_line, other_sample, other_column, other in others:
        if sample != other_sample and policy.shared_reads:
            continue
        if path.samefile(other) or filecmp.cmp(path, other, shallow=False):
            of = "" if sample == other_sample else f" of sample {other_sample!r}"
            found = f"the same reads as {other_column} of row {other_line}{of}"
            right = "give each file once"
            if sample != other_sample:
                right += " (reads.allow_shared in the config allows one in two samples)"
            return [Problem(reads.path, found, right, line, column)]
    return []


def rows(reads: Sheet | None) -> tuple[dict[str, Any], ...]:
    """The rows of the sheet with what it leaves out, in the order of the sheet."""
    if reads is None:
        return ()
    return tuple(
        {
            **row,
            "row": line,
            "library": row["library"] or row["sample_id"],
            "platform": row["platform"] or "ILLUMINA",
            "protocol": row["protocol"] or "fragments",
        }
        for line, row in reads.rows
    )
