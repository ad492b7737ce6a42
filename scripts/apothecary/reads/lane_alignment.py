"""Lanes of FASTQ files to alignments in genome coordinates, in the order of the reads."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from apothecary import schemas, tables
from apothecary.hardening.programs import NO_BOUNDS, Bounds
from apothecary.reads import aligners, lift, marked, processes, reference, trimming
from apothecary.reads.lift import Lift
from apothecary.reads.sheet import FASTQ_COLUMNS

_UNMAPPED, _NOT_PRIMARY = 0x4, 0x900
"""Flags of SAM."""


@dataclass(frozen=True)
class AlignmentOptions:
    """How reads are aligned.

    Attributes:
        aligner: minimap2, bwa or bwa-mem2.
        trimming: none or fastp.
        umi: none or fgbio.
        read_structures: Of fastq_1 and fastq_2, as fgbio reads them; for umi only.
        umi_min_reads: Reads from which a consensus is called; for umi only.
        max_quality: See `fastq.check_lane`.
        threads: Threads of the aligner; they do not change a result.
        bounds: What each program may take.
    """

    aligner: str
    trimming: str
    umi: str
    read_structures: tuple[str, ...]
    umi_min_reads: int
    max_quality: int | None
    threads: int
    bounds: Bounds = NO_BOUNDS


@dataclass(frozen=True)
class Prepared:
    """A prepared reference.

    Attributes:
        folder: Its folder.
        build: GRCh38 or GRCh37.
        genome: From its targets to the genome.
        fasta: The genome that CRAM is written against; None for slices, which have none in genome
            coordinates.
    """

    folder: Path
    build: str
    genome: Lift
    fasta: Path | None


def opened(folder: Path) -> Prepared:
    """A reference that `reference.prepare` has written."""
    targets = tables.read_rows(folder / reference.TARGETS, schemas.REFERENCE_TARGETS)
    fasta = None
    if all(row["identity"] != "slice" for row in targets):
        packed = folder / "genome.fa.gz"
        fasta = packed if packed.exists() else folder / "genome.fa"
    return Prepared(folder, targets[0]["build"], lift.of_targets(targets), fasta)


def align(
    lanes: Sequence[Mapping[str, Any]],
    folder: Path,
    using: Prepared,
    sink: IO[bytes],
    work: Path,
    options: AlignmentOptions,
    *,
    tags: bool = False,
) -> Counter[str]:
    """Align the lanes of a sample.

    Args:
        lanes: Rows of the sheet of reads.
        folder: The folder that their paths are relative to.
        using: The reference.
        sink: Takes the alignments as lines of SAM, without a header.
        work: A folder for temporary files; the caller removes it.
        options: How reads are aligned.
        tags: Whether tags in the comments of reads are given to their alignments.

    Returns:
        Counts: removed (reads that trimming dropped), primary, mapped, supplementary.

    Raises:
        ResourceError: The index is of another reference, or fastp is absent.
        RuntimeError: A program failed, with what it told.
        WorkflowInputError: A program took more than its bounds.
    """
    counts: Counter[str] = Counter()
    for number, lane in enumerate(lanes, 1):
        reads = tuple(folder / lane[column] for column in FASTQ_COLUMNS if lane[column])
        if options.trimming == "fastp":
            folder_of_lane = work / f"trimmed_{number}"
            trimmed = trimming.trim(reads, folder_of_lane, options.threads, options.bounds)
            reads = trimmed.files
            counts["removed"] += trimmed.removed
        group = marked.read_group(lane)
        words = aligners.command(
            options.aligner, using.folder, group, reads, options.threads, tags=tags
        )
        with processes.reading(words, work, options.bounds) as stream:
            _move_all(stream, using, sink, counts)
    return counts


def _move_all(stream: IO[bytes], using: Prepared, sink: IO[bytes], counts: Counter[str]) -> None:
    """Alignments of one lane, as lines of SAM, to genome coordinates, counted on the way."""
    move = lift.mover(using.genome)
    targets: list[str] = []
    checked = False
    for line in stream:
        if line[:1] == b"@":
            if line.startswith(b"@SQ\tSN:"):
                targets.append(line.split(b"\t")[1][3:].decode("ascii"))
            continue
        if not checked:
            lift.check_targets(using.genome, targets, str(using.folder))
            checked = True
        flag = int(line.split(b"\t", 2)[1])
        if flag & _NOT_PRIMARY:
            counts["supplementary"] += 1
        else:
            counts["primary"] += 1
            counts["mapped"] += not flag & _UNMAPPED
        sink.write(move(line))
