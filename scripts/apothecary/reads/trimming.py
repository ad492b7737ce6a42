"""Adapters and bases of low quality trimmed with fastp, before reads are aligned."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from apothecary.hardening.programs import NO_BOUNDS, Bounds
from apothecary.reads import aligners, processes

FASTP = aligners.Program("fastp", "reads.trimming", "none")


@dataclass(frozen=True)
class Trimmed:
    """What trimming left.

    Attributes:
        files: The FASTQ files of the lane.
        removed: Reads that were dropped, of all files together.
    """

    files: tuple[Path, ...]
    removed: int


def command(files: Sequence[Path], out: Sequence[Path], report: Path, threads: int) -> list[str]:
    """The words of fastp for one lane.

    Args:
        files: One FASTQ, or those of the first and second mates.
        out: Where what is left of each goes.
        report: Where the counts go, as JSON.
        threads: Threads; fastp takes at most 16.
    """
    words = ["fastp", "--in1", str(files[0].resolve()), "--out1", str(out[0])]
    if len(files) == 2:
        words += ["--in2", str(files[1].resolve()), "--out2", str(out[1])]
        words += ["--detect_adapter_for_pe"]
    page = str(report.with_suffix(".html"))
    return [*words, "--json", str(report), "--html", page, "--thread", str(min(threads, 16))]


def trim(files: Sequence[Path], folder: Path, threads: int, bounds: Bounds = NO_BOUNDS) -> Trimmed:
    """Trim the reads of a lane.

    Args:
        files: One FASTQ, or those of the first and second mates.
        folder: A folder for what is left; the caller removes it.
        threads: Threads of fastp.
        bounds: What fastp may take.

    Returns:
        The trimmed files, and how many reads fastp dropped.

    Raises:
        ResourceError: fastp is not on the search path.
        RuntimeError: fastp failed, with what it told.
        WorkflowInputError: fastp took more than the bounds.
    """
    aligners.require_program(FASTP)
    folder.mkdir()
    out = tuple(folder / f"trimmed_{mate}.fastq.gz" for mate in range(1, len(files) + 1))
    report = folder / "fastp.json"
    processes.run(command(files, out, report, threads), folder, bounds)
    told = json.loads(report.read_text(encoding="utf-8"))["summary"]
    removed = told["before_filtering"]["total_reads"] - told["after_filtering"]["total_reads"]
    return Trimmed(out, int(removed))
