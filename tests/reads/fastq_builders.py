"""Sequences, FASTA and FASTQ files, and simulated read pairs that tell where they are from."""

from __future__ import annotations

import gzip
import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pysam

from apothecary.hardening.bounded import Limits
from apothecary.reads import reference
from apothecary.reads.alignments import Aligned, align
from apothecary.reads.lane_alignment import AlignmentOptions
from apothecary.reads.marked import AlignmentFiles
from apothecary.reads.reference import KnownContig, ReferenceOptions

COMPLEMENT = str.maketrans("ACGT", "TGCA")
SLICES = {"chr7": (140_700_001, 6_000), "chr9": (21_960_001, 4_000)}


@dataclass(frozen=True)
class Read:
    """A record of FASTQ."""

    name: str
    bases: str
    quality: str = ""

    def lines(self) -> str:
        quality = self.quality or "F" * len(self.bases)
        return f"@{self.name}\n{self.bases}\n+\n{quality}\n"


def sequence(length: int, seed: int) -> str:
    chosen = random.Random(seed)
    return "".join(chosen.choices("ACGT", k=length))


def write_fasta(path: Path, records: dict[str, str]) -> Path:
    text = "".join(f">{name}\n{_wrapped(bases)}" for name, bases in records.items())
    path.write_text(text, encoding="ascii")
    return path


def _wrapped(bases: str) -> str:
    return "".join(bases[at : at + 60] + "\n" for at in range(0, len(bases), 60))


def write_fastq(path: Path, reads: Iterable[Read]) -> Path:
    """A FASTQ, packed as the name says (.gz gzip, .bgz BGZF, else plain)."""
    data = "".join(read.lines() for read in reads).encode()
    if path.suffix == ".gz":
        path.write_bytes(gzip.compress(data, mtime=0))
    elif path.suffix == ".bgz":
        with pysam.BGZFile(str(path), "w", None) as packed:
            packed.write(data)
    else:
        path.write_bytes(data)
    return path


def reversed_complement(bases: str) -> str:
    return bases.translate(COMPLEMENT)[::-1]


def pairs(
    chrom: str, start: int, bases: str, count: int, seed: int, length: int = 100
) -> tuple[list[Read], list[Read]]:
    """Pairs from random fragments; the name tells the 1-based places of both mates."""
    chosen = random.Random(seed)
    first, second = [], []
    for number in range(count):
        size = chosen.randint(250, 400)
        at = chosen.randrange(len(bases) - size)
        left, right = bases[at : at + length], bases[at + size - length : at + size]
        mates = [(start + at, left), (start + at + size - length, reversed_complement(right))]
        if chosen.random() < 0.5:
            mates.reverse()
        name = f"{chrom}:{mates[0][0]}:{mates[1][0]}:{seed}_{number}"
        first.append(Read(name, mates[0][1]))
        second.append(Read(name, mates[1][1]))
    return first, second


class Genome:
    """A sliced reference in a folder, and the sequences that it is made of."""

    def __init__(self, folder: Path, aligner: str = "minimap2") -> None:
        self.folder = folder
        self.bases = {
            chrom: sequence(length, seed)
            for seed, (chrom, (_, length)) in enumerate(SLICES.items())
        }
        self.fasta = write_fasta(
            folder / "slices.fa",
            {
                f"{chrom}:{start}-{start + length - 1} of {chrom}": self.bases[chrom]
                for chrom, (start, length) in SLICES.items()
            },
        )
        self.prepared = folder / "prepared"
        prepare(self.fasta, self.prepared, aligner=aligner)

    def lane(self, sample: str, lane: str, reads: tuple[Sequence[Read], ...], **cells: str) -> dict:
        names = [f"{sample}_{lane}_{mate}.fastq.gz" for mate in range(1, len(reads) + 1)]
        for name, of_mate in zip(names, reads, strict=True):
            write_fastq(self.folder / name, of_mate)
        row = {"sample_id": sample, "lane": lane, "library": sample, "platform": "ILLUMINA"}
        row |= {"protocol": "fragments", "fastq_1": names[0], "fastq_2": "".join(names[1:])}
        return {**row, **cells}

    def align(
        self,
        lanes: list[dict],
        out: str = "out",
        form: str = "bam",
        limits: Limits | None = None,
        **changed,
    ) -> Aligned:
        options = {"aligner": "minimap2", "trimming": "none", "umi": "none", "threads": 1}
        options |= {"read_structures": (), "umi_min_reads": 1, "max_quality": 45}
        return align(
            lanes,
            self.folder,
            self.prepared,
            self.files(lanes[0]["sample_id"], out, form),
            AlignmentOptions(**{**options, **changed}),
            limits,
        )

    def files(self, sample: str, out: str = "out", form: str = "bam") -> AlignmentFiles:
        path = self.folder / out / f"{sample}.{form}"
        index = path.with_name(path.name + (".crai" if form == "cram" else ".bai"))
        return AlignmentFiles(path, index, f"alignments/{path.name}")


def prepare(
    fasta: Path,
    folder: Path,
    known: Sequence[KnownContig] = (),
    build: str = "GRCh38",
    changed: tuple[str, ...] = (),
    aligner: str = "minimap2",
) -> list[dict]:
    return reference.prepare(fasta, known, folder, ReferenceOptions(build, changed, aligner))
