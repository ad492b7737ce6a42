"""The reads of a CRAM over what is called, as a BAM that needs no reference to be read."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from apothecary.alignments.files import Alignment
from apothecary.calling import targets, tools
from apothecary.calling.targets import Span

REFERENCE_PAD = 1000
"""Bases of the reference on either side of what is called."""


def unpacked(alignment: Alignment, wanted: Sequence[Span], work_folder: Path | str) -> Alignment:
    """The alignment as a BAM: a CRAM is unpacked over what is wanted and around it.

    Args:
        alignment: The alignment.
        wanted: Chromosome with chr, 1-based first and last position.
        work_folder: A folder for the BAM.
    """
    if not alignment.is_cram:
        return alignment
    windows = targets.windows(wanted, REFERENCE_PAD, alignment.lengths)
    return extract(alignment, windows, work_folder)


def extract(alignment: Alignment, spans: Iterable[Span], work_folder: Path | str) -> Alignment:
    """The reads of a CRAM over spans, as a BAM.

    Args:
        alignment: A CRAM.
        spans: Chromosome with chr, 1-based first and last position.
        work_folder: A folder for the BAM.
    """
    folder = Path(work_folder)
    bed = folder / "extract.bed"
    bed.write_text(
        "".join(
            f"{alignment.names[chrom]}\t{max(0, start - 1)}\t{end}\n"
            for chrom, start, end in spans
            if chrom in alignment.names
        ),
        encoding="utf-8",
    )
    bam = folder / f"{Path(alignment.path).stem}.extract.bam"
    arguments = ["-b", "--no-PG", "-M", "-L", str(bed), "-o", str(bam), "-X"]
    reference = alignment.reference_words("-T")
    tools.run("samtools", "view", [*reference, *arguments, alignment.path, alignment.index])
    tools.run("samtools", "index", ["-o", f"{bam}.bai", str(bam)])
    return replace(alignment, path=str(bam), index=f"{bam}.bai", reference=None)
