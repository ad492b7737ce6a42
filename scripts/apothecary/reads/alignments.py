"""FASTQ files of a sample to one duplicate-marked, coordinate-sorted, indexed BAM or CRAM."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from apothecary import files
from apothecary.errors import Problem, ResourceError, WorkflowInputError
from apothecary.hardening import bounded, programs
from apothecary.hardening.bounded import Limits
from apothecary.hardening.programs import Bounds
from apothecary.reads import aligners, consensus, fastq, lane_alignment, marked
from apothecary.reads.fastq import FileCount
from apothecary.reads.lane_alignment import AlignmentOptions
from apothecary.reads.marked import AlignmentFiles
from apothecary.reads.sheet import FASTQ_COLUMNS

_OFFSET = 33


@dataclass(frozen=True)
class Aligned:
    """The rows of a sample.

    Attributes:
        alignment: Row of the table alignments.
        read_files: Rows of the table read_files.
    """

    alignment: dict[str, Any]
    read_files: list[dict[str, Any]]


def align(
    lanes: Sequence[Mapping[str, Any]],
    folder: Path,
    prepared: Path,
    out: AlignmentFiles,
    options: AlignmentOptions,
    limits: Limits | None = None,
) -> Aligned:
    """Align a sample; reads that cannot be taken become a row that says why.

    Args:
        lanes: The rows of the sheet of reads that are of one sample.
        folder: The folder that their paths are relative to.
        prepared: The folder of the prepared reference.
        out: Where the alignments go.
        options: How reads are aligned.
        limits: What the check of the reads, and each program, may take; none when not given.

    Returns:
        The rows of the sample. Where its status is failed, the alignments hold no record.

    Raises:
        ResourceError: The aligner or its index is absent.
        RuntimeError: A program failed, with what it told.
    """
    using = lane_alignment.opened(prepared)
    limits = limits or Limits()
    options = replace(options, bounds=_bounds(lanes, folder, limits))
    sample_id = str(lanes[0]["sample_id"])
    aligners.require(options.aligner)
    version = aligners.version(options.aligner)
    groups = [consensus.lane(lanes)] if options.umi == "fgbio" else list(lanes)
    head = marked.header(sample_id, groups, using.genome, [(options.aligner, version)])
    row: dict[str, Any] = {
        "sample_id": sample_id,
        "path": out.shown,
        "format": out.format,
        "build": using.build,
        "aligner": options.aligner,
        "aligner_version": version,
        "lanes": len(lanes),
    }
    read_files: list[dict[str, Any]] = []
    out.alignments.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".align-", dir=out.alignments.parent) as name:
        work = Path(name)
        try:
            read_files = check_apart(lanes, folder, options.max_quality, limits)
            reads = sum(entry["reads"] for entry in read_files)
            kept, mark, source = reads, lanes[0]["protocol"] == "fragments", folder
            if options.umi == "fgbio":
                kept = consensus.call(lanes, folder, using, work, options)
                mark, source = False, work
            with marked.writing(out, head, using.fasta, work, mark=mark) as written:
                counts = lane_alignment.align(groups, source, using, written.sink, work, options)
                counts["removed"] += reads - kept
                _hold_counts(reads, counts)
                written.expected = counts["primary"] + counts["supplementary"]
            row |= {name: counts[name] for name in _COUNTS}
            row |= {"reads": reads, "duplicates": written.duplicates}
            row |= {"status": "ok", "reason": ""}
        except ResourceError:
            raise
        except WorkflowInputError as error:
            with marked.writing(out, head, using.fasta, work):
                read_files = []
            row |= failure(error)
    row["sha256"] = files.sha256(out.alignments)
    return Aligned(row, [{"sample_id": sample_id, **entry} for entry in read_files])


def _bounds(lanes: Sequence[Mapping[str, Any]], folder: Path, limits: Limits) -> Bounds:
    shown = [lane[column] for lane in lanes for column in FASTQ_COLUMNS if lane[column]]
    return programs.bounds_of(", ".join(shown), limits, [folder / name for name in shown])


_COUNTS = ("removed", "primary", "mapped", "supplementary")


def failure(error: WorkflowInputError) -> dict[str, str]:
    """Status and reason, in one line, of a sample whose reads cannot be taken."""
    return {"status": "failed", "reason": str(error).replace("\n", " | ")}


def check_apart(
    lanes: Sequence[Mapping[str, Any]], folder: Path, max_quality: int | None, limits: Limits
) -> list[dict[str, Any]]:
    """What `check_reads` finds, in a process of its own within limits.

    Raises:
        WorkflowInputError: As `check_reads`, or the files take more than the limits.
    """
    shown = [lane[column] for lane in lanes for column in FASTQ_COLUMNS if lane[column]]
    bounds = limits.for_reads([folder / name for name in shown])
    return bounded.read(", ".join(shown), bounds, lambda: check_reads(lanes, folder, max_quality))


def check_reads(
    lanes: Sequence[Mapping[str, Any]], folder: Path, max_quality: int | None
) -> list[dict[str, Any]]:
    """Read all FASTQ files of a sample and check every record.

    Args:
        lanes: The rows of the sheet of reads that are of one sample.
        folder: The folder that their paths are relative to.
        max_quality: See `fastq.check_lane`.

    Returns:
        Rows of the table read_files, but for the sample.

    Raises:
        WorkflowInputError: As `fastq.check_lane`, or two lanes have the same reads.
    """
    rows = []
    seen: dict[str, str] = {}
    for lane in lanes:
        shown = [lane[column] for column in FASTQ_COLUMNS if lane[column]]
        counts = fastq.check_lane([folder / name for name in shown], shown, max_quality)
        for mate, count in enumerate(counts, 1):
            digest = count.digest.hexdigest()
            if count.reads and digest in seen:
                found = f"the same reads as {seen[digest]}"
                raise WorkflowInputError(Problem(count.path, found, "give each lane once"))
            seen[digest] = count.path
            rows.append(_file_row(lane, mate, count, digest))
    return rows


def _file_row(lane: Mapping[str, Any], mate: int, count: FileCount, digest: str) -> dict[str, Any]:
    return {
        "lane": lane["lane"],
        "mate": mate,
        "path": count.path,
        "reads": count.reads,
        "bases": count.bases,
        "lowest_quality": count.lowest - _OFFSET if count.bases else None,
        "highest_quality": count.highest - _OFFSET if count.bases else None,
        "sha256": digest,
    }


def _hold_counts(reads: int, counts: Mapping[str, int]) -> None:
    """Make sure that no read was lost between the FASTQ files and the alignments."""
    if counts["primary"] != reads - counts["removed"]:
        raise RuntimeError(
            f"{reads} reads, {counts['removed']} removed before alignment, but "
            f"{counts['primary']} primary alignments: the aligner has lost reads"
        )


def collect(
    rows: Sequence[dict[str, Any]], read_files: Sequence[Mapping[str, Any]], allow_shared: bool
) -> list[dict[str, Any]]:
    """The alignments of a batch; samples of the same reads fail, however the files are packed.

    Args:
        rows: Rows of the table alignments.
        read_files: Rows of the table read_files.
        allow_shared: Whether reads may be those of more than one sample.

    Returns:
        Rows of the table alignments.
    """
    owners: dict[str, list[tuple[str, str]]] = {}
    for entry in read_files:
        if entry["reads"]:
            owners.setdefault(entry["sha256"], []).append((entry["sample_id"], entry["path"]))
    reasons: dict[str, str] = {}
    for shared in owners.values():
        for sample_id, path in shared:
            others = [f"{p} of {s}" for s, p in shared if s != sample_id]
            if others and not allow_shared:
                right = "give each sample its own reads"
                problem = Problem(path, f"the same reads as {others[0]}", right)
                reasons.setdefault(sample_id, problem.line())
    return [
        {**row, "status": "failed", "reason": reasons[row["sample_id"]]}
        if row["sample_id"] in reasons and row["status"] == "ok"
        else row
        for row in rows
    ]
