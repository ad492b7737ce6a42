"""Reads of one molecule, known by its UMI, to one consensus read, with fgbio.

fgbio takes the UMIs from the reads, groups alignments by molecule and calls the consensus; the
alignment between is that of any other read, with the UMI carried in a tag.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pysam

from apothecary.errors import Problem, WorkflowInputError
from apothecary.reads import aligners, fastq, lane_alignment, marked, processes
from apothecary.reads.lane_alignment import AlignmentOptions, Prepared
from apothecary.reads.sheet import FASTQ_COLUMNS

FGBIO = aligners.Program("fgbio", "reads.umi", "none")
UMI_TAG = "RX"
_FILES = ("consensus_1.fastq.gz", "consensus_2.fastq.gz")


def lane(lanes: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The lane of a sample's consensus reads, as a row of the sheet of reads."""
    paired = bool(lanes[0]["fastq_2"])
    files = {"fastq_1": _FILES[0], "fastq_2": _FILES[1] if paired else ""}
    return {**lanes[0], "lane": "consensus", **files}


def call(
    lanes: Sequence[Mapping[str, Any]],
    folder: Path,
    using: Prepared,
    work: Path,
    options: AlignmentOptions,
) -> int:
    """Write the consensus reads of a sample.

    Args:
        lanes: The rows of the sheet of reads that are of one sample, and of one library.
        folder: The folder that their paths are relative to.
        using: The reference.
        work: Where the files that `lane` names go, and temporary files.
        options: How reads are aligned and consensus is called.

    Returns:
        The number of consensus reads, both mates counted.

    Raises:
        ResourceError: fgbio is not on the search path.
        WorkflowInputError: The lanes are of several libraries, single and paired, or have not as
            many files as there are read structures; or a program took more than its bounds.
        RuntimeError: A program failed, with what it told.
    """
    aligners.require_program(FGBIO)
    _check_lanes(lanes, options)
    tagged = [_with_umis(row, folder, work, options) for row in lanes]
    head = marked.header(str(lanes[0]["sample_id"]), tagged, using.genome, [])
    aligned = work / "umi_sorted.bam"
    commands = [
        processes.samtools("fixmate", "-m", "-u", "--no-PG", "-", "-"),
        processes.samtools(
            *("sort", "--no-PG", "--template-coordinate", "-T", str(work / "umi_sort")),
            *("-o", str(aligned), "-"),
        ),
    ]
    with processes.feeding(commands, work) as sink:
        sink.write(str(pysam.AlignmentHeader.from_dict(head)).encode())
        lane_alignment.align(tagged, work, using, sink, work, options, tags=True)
    molecules = _consensus(aligned, work, options)
    wanted = lane(lanes)
    names = [wanted[column] for column in FASTQ_COLUMNS if wanted[column]]
    outputs = ["-0", str(work / names[0])]
    if len(names) == 2:
        outputs = ["-1", str(work / names[0]), "-2", str(work / names[1]), "-0", "/dev/null"]
        outputs += ["-s", "/dev/null"]
    processes.run(processes.samtools("fastq", "-n", *outputs, str(molecules)), work)
    counts = fastq.check_lane([work / name for name in names], names, None)
    return sum(count.reads for count in counts)


def _check_lanes(lanes: Sequence[Mapping[str, Any]], options: AlignmentOptions) -> None:
    problems = []
    for row in lanes:
        shown, number = row["fastq_1"], 2 if row["fastq_2"] else 1
        if number != len(options.read_structures):
            found = f"{number} files a lane for {len(options.read_structures)} read structures"
            right = "one of reads.read_structures in the config for each of fastq_1 and fastq_2"
            problems.append(Problem(shown, found, right))
        if row["library"] != lanes[0]["library"]:
            found = f"library {row['library']!r}, but {lanes[0]['library']!r} before"
            problems.append(Problem(shown, found, "one library a sample: UMIs are told by it"))
    if problems:
        raise WorkflowInputError(problems)


def _with_umis(
    row: Mapping[str, Any], folder: Path, work: Path, options: AlignmentOptions
) -> dict[str, Any]:
    """A lane whose reads have lost their UMIs to tags in their comments."""
    group = marked.read_group(row)
    unmapped = work / f"{group}.unmapped.bam"
    reads = [folder / row[column] for column in FASTQ_COLUMNS if row[column]]
    words = extraction(row, reads, unmapped, options.read_structures)
    processes.run(words, work, options.bounds)
    names = [f"{group}.umi_{mate}.fastq.gz" for mate in range(1, len(reads) + 1)]
    outputs = ["-0", str(work / names[0])]
    if len(names) == 2:
        outputs = ["-1", str(work / names[0]), "-2", str(work / names[1])]
    fastq_words = ["fastq", "-n", "-T", UMI_TAG, *outputs, str(unmapped)]
    processes.run(processes.samtools(*fastq_words), work)
    return {**row, **dict(zip(FASTQ_COLUMNS, [*names, ""], strict=False))}


def extraction(
    row: Mapping[str, Any], reads: Sequence[Path], out: Path, structures: Sequence[str]
) -> list[str]:
    """The words of fgbio that take the UMIs from the reads of a lane."""
    return [
        *("fgbio", "--compression", "1", "FastqToBam"),
        *("--input", *(str(path.resolve()) for path in reads)),
        *("--read-structures", *structures),
        *("--sample", str(row["sample_id"]), "--library", str(row["library"])),
        *("--read-group-id", marked.read_group(row), "--output", str(out)),
    ]


def _consensus(aligned: Path, work: Path, options: AlignmentOptions) -> Path:
    grouped, called = work / "umi_grouped.bam", work / "umi_consensus.bam"
    processes.run(
        [
            *("fgbio", "--compression", "1", "GroupReadsByUmi", "--input", str(aligned)),
            *("--strategy", "Adjacency", "--edits", "1", "--output", str(grouped)),
        ],
        work,
        options.bounds,
    )
    processes.run(
        [
            *("fgbio", "--compression", "1", "CallMolecularConsensusReads"),
            *("--input", str(grouped), "--min-reads", str(options.umi_min_reads)),
            *("--threads", str(options.threads), "--output", str(called)),
        ],
        work,
        options.bounds,
    )
    return called
