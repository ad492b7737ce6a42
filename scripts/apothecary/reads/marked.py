"""Alignments in the order of the reads to a sorted, duplicate-marked, indexed BAM or CRAM."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import pysam
from pysam.version import __samtools_version__

from apothecary import files
from apothecary.reads import processes
from apothecary.reads.lift import Lift
from apothecary.version import VERSION

CRAM_VERSION = "3.0"
"""Version of CRAM that is written; readers of the field know it longest."""


@dataclass(frozen=True)
class AlignmentFiles:
    """Where the alignments of a sample go.

    Attributes:
        alignments: BAM, or CRAM by the suffix .cram.
        index: Its index.
        shown: The path of the alignments as the tables tell it.
    """

    alignments: Path
    index: Path
    shown: str

    @property
    def format(self) -> str:
        """Either bam or cram."""
        return "cram" if self.alignments.suffix == ".cram" else "bam"


@dataclass
class Writing:
    """Alignments that are being written.

    Attributes:
        sink: Takes lines of SAM after its header; those of one read stand together.
        expected: Alignments that must stand in the file; set by the caller within the block.
        duplicates: Primary ones among them that are marked, after the block has ended; None where
            duplicates are not marked.
    """

    sink: IO[bytes]
    expected: int = 0
    duplicates: int | None = None


def header(
    sample_id: str,
    lanes: Sequence[Mapping[str, Any]],
    genome: Lift,
    programs: Sequence[tuple[str, str]],
) -> dict[str, Any]:
    """The header of a sample's alignments; neither path nor clock is in it.

    Args:
        sample_id: The sample.
        lanes: Its rows of the sheet of reads; each is a read group.
        genome: Its sequences become the @SQ lines.
        programs: Name and version of what made the alignments.

    Returns:
        The header as pysam takes it.
    """
    named = [*programs, ("samtools", __samtools_version__), ("apothecary", VERSION)]
    return {
        "HD": {"VN": "1.6", "SO": "unsorted", "GO": "query"},
        "SQ": [dict(line) for line in genome.sequences],
        "RG": [
            {
                "ID": read_group(lane),
                "SM": sample_id,
                "LB": lane["library"],
                "PL": lane["platform"],
            }
            for lane in lanes
        ],
        "PG": [{"ID": name, "PN": name, "VN": version} for name, version in named],
    }


def read_group(lane: Mapping[str, Any]) -> str:
    """The ID of a lane's read group."""
    return f"{lane['sample_id']}.{lane['lane']}"


@contextmanager
def writing(
    out: AlignmentFiles,
    head: Mapping[str, Any],
    genome_fasta: Path | None,
    work: Path,
    *,
    mark: bool = True,
) -> Iterator[Writing]:
    """Write alignments: mates completed, sorted by coordinate, duplicates marked, indexed.

    Args:
        out: The files, written whole or not at all.
        head: The header.
        genome_fasta: The genome that CRAM is written against; None to write CRAM without one.
        work: A folder for temporary files; the caller removes it.
        mark: Whether duplicates are marked; reads of amplicons all begin at the primers.

    Yields:
        What takes the alignments.

    Raises:
        RuntimeError: A program failed, with what it told, or alignments were lost.
    """
    stats = work / "markdup.json"
    with files.replacing(out.alignments) as final, files.replacing(out.index) as index:
        commands = _commands(
            _format(out.format, genome_fasta), final, work, stats if mark else None
        )
        with processes.feeding(commands, work) as sink:
            sink.write(str(pysam.AlignmentHeader.from_dict(dict(head))).encode())
            state = Writing(sink)
            yield state
        if out.format == "cram" and genome_fasta is not None:
            _forget_place(final, work)
        pysam.index("-o", str(index), str(final))
        records = _count(final, index, out.format)
        if records != state.expected:
            raise RuntimeError(
                f"{records} alignments stand in the file, but {state.expected} were written"
            )
        if mark:
            told = json.loads(stats.read_text(encoding="utf-8"))
            state.duplicates = int(told["DUPLICATE PRIMARY TOTAL"])


def _commands(form: list[str], final: Path, work: Path, stats: Path | None) -> list[list[str]]:
    """The commands from reads to the file; without a file for counts, no duplicate is marked."""
    fixmate = processes.samtools("fixmate", "-m", "-u", "--no-PG", "-", "-")
    sort = ["sort", "--no-PG", "-T", str(work / "sort")]
    if stats is None:
        return [fixmate, processes.samtools(*sort, *form, "-o", str(final), "-")]
    marking = ["markdup", "--no-PG", "--json", "-f", str(stats), "-T", str(work / "markdup")]
    return [
        fixmate,
        processes.samtools(*sort, "-u", "-o", "-", "-"),
        processes.samtools(*marking, *form, "-", str(final)),
    ]


def _format(form: str, genome_fasta: Path | None) -> list[str]:
    if form == "bam":
        return ["--output-fmt", "bam"]
    if genome_fasta is None:
        return ["--output-fmt", f"cram,version={CRAM_VERSION},no_ref=1"]
    return ["--output-fmt", f"cram,version={CRAM_VERSION}", "--reference", str(genome_fasta)]


def _forget_place(final: Path, work: Path) -> None:
    """Take the place of the genome, which samtools writes into a CRAM, out of its header."""
    with pysam.AlignmentFile(str(final), "rc", check_sq=False) as written:
        head = written.header.to_dict()
    for line in head["SQ"]:
        line.pop("UR", None)
    text, whole = work / "header.sam", work / "whole.cram"
    text.write_text(str(pysam.AlignmentHeader.from_dict(head)), encoding="utf-8")
    words = processes.samtools("reheader", "--no-PG", str(text), str(final))
    with processes.reading(words, work) as source, whole.open("wb") as copy:
        shutil.copyfileobj(source, copy)
    whole.replace(final)


def _count(final: Path, index: Path, form: str) -> int:
    """Alignments that stand in a file: by its index, which counts those of a BAM."""
    if form == "cram":
        return int(str(pysam.view("-c", str(final))))
    with pysam.AlignmentFile(str(final), "rb", index_filename=str(index)) as written:
        return int(written.mapped + written.unmapped)
