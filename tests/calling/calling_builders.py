"""Builders of alignments: reads that are made up, and real reads aligned to slices."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pysam

from apothecary.calling import simulation
from apothecary.calling.simulation import Change, ReadModel
from apothecary.variants import contigs

GRCH38 = {name: c.lengths["GRCh38"] for name, c in contigs.contigs().items()}
GRCH37 = {name: c.lengths["GRCh37"] for name, c in contigs.contigs().items()}

Slices = Mapping[tuple[str, int], str]
"""Bases by chromosome and 1-based first position."""


def bases(length: int, seed: int = 1) -> str:
    """A stretch of bases without long runs."""
    dice = random.Random(seed)
    text = ""
    while len(text) < length:
        base = dice.choice("ACGT")
        if not text.endswith(base * 2):
            text += base
    return text


def fasta(path: Path, slices: Slices) -> Path:
    """A sliced FASTA."""
    path.write_text(
        "".join(
            f">{chrom}:{start}-{start + len(text) - 1} slice\n{text}\n"
            for (chrom, start), text in slices.items()
        )
    )
    return path


class Reads:
    """Reads, written as a sorted and indexed BAM."""

    def __init__(self, lengths: Mapping[str, int] | None = None, sample: str = "S1") -> None:
        names = GRCH38 if lengths is None else lengths
        self.header = pysam.AlignmentHeader.from_dict(
            {
                "HD": {"VN": "1.6", "SO": "coordinate"},
                "SQ": [{"SN": name, "LN": length} for name, length in names.items()],
                "RG": [{"ID": "1", "SM": sample}],
            }
        )
        self.reads: list[pysam.AlignedSegment] = []

    def add(
        self,
        chrom: str,
        pos: int,
        sequence: str,
        cigar: str | None = None,
        *,
        reverse: bool = False,
        name: str | None = None,
        quality: int | Sequence[int] = 35,
        mapping_quality: int = 60,
        flag: int = 0,
    ) -> Reads:
        """Add a read whose first aligned base is at a 1-based position."""
        read = pysam.AlignedSegment(self.header)
        read.query_name = name or f"r{len(self.reads)}"
        read.flag = flag | (16 if reverse else 0)
        read.reference_id = self.header.get_tid(chrom)
        read.reference_start = pos - 1
        read.mapping_quality = mapping_quality
        read.cigarstring = cigar or f"{len(sequence)}M"
        read.query_sequence = sequence
        values = [quality] * len(sequence) if isinstance(quality, int) else list(quality)
        read.query_qualities = pysam.qualitystring_to_array("".join(chr(v + 33) for v in values))
        read.set_tag("RG", "1")
        self.reads.append(read)
        return self

    def tile(
        self, chrom: str, pos: int, haplotype: str, depth: int, *, length: int = 100, **options: Any
    ) -> Reads:
        """Reads of a haplotype without indels, at even steps and on both strands."""
        starts = max(1, len(haplotype) - length + 1)
        number = max(1, round(depth * len(haplotype) / length))
        for at in range(number):
            start = at * (starts - 1) // max(1, number - 1)
            text = haplotype[start : start + length]
            self.add(chrom, pos + start, text, reverse=at % 2 == 1, **options)
        return self

    def write(self, path: Path) -> Path:
        with pysam.AlignmentFile(str(path), "wb", header=self.header) as out:
            for read in sorted(self.reads, key=lambda r: (r.reference_id, r.reference_start)):
                out.write(read)
        pysam.index(str(path))
        return path


def read_slices(path: Path, names: Iterable[str]) -> dict[tuple[str, int], str]:
    """Slices of a FASTA, by the genes that their records name."""
    found = {}
    with pysam.FastxFile(str(path)) as records:
        for record in records:
            if record.comment and record.comment.split()[0] in set(names):
                chrom, _, span = record.name.partition(":")
                found[chrom, int(span.split("-")[0])] = record.sequence.upper()
    return found


def joined(slices: Slices) -> dict[tuple[str, int], str]:
    """Slices, those that overlap put together, so that a read fits one of them only."""
    found: dict[tuple[str, int], str] = {}
    last = ("", 0)
    for (chrom, start), text in sorted(slices.items()):
        end = last[1] + len(found.get(last, "")) - 1
        if chrom == last[0] and start <= end + 1:
            found[last] += text[max(0, end + 1 - start) :]
        else:
            last = (chrom, start)
            found[last] = text
    return found


def align(
    pairs: Sequence[tuple[Path, Path]], slices: Slices, folder: Path, name: str, preset: str = "sr"
) -> Path:
    """Align read pairs to slices; the BAM is in genome coordinates."""
    import pyminimap2

    folder.mkdir(parents=True, exist_ok=True)
    slices = joined(slices)
    target = folder / f"{name}.slices.fa"
    target.write_text("".join(f">{c}:{s}\n{text}\n" for (c, s), text in slices.items()))
    reads = Reads(sample=name)
    order = [slice_ for slice_ in slices]
    for lane, (first, second) in enumerate(pairs):
        sam = folder / f"{name}.{lane}.sam"
        pyminimap2.main(
            ["-ax", preset, "-t", "2", "-o", str(sam), str(target), str(first), str(second)]
        )
        with pysam.AlignmentFile(str(sam)) as aligned:
            for read in aligned:
                if read.is_unmapped:
                    continue
                chrom, start = order[read.reference_id]
                fields = read.to_dict()
                fields["ref_name"] = chrom
                fields["ref_pos"] = str(read.reference_start + start)
                fields["next_ref_name"], fields["next_ref_pos"] = "*", "0"
                fields["tags"] = [t for t in fields["tags"] if not t.startswith("SA:")]
                reads.reads.append(pysam.AlignedSegment.from_dict(fields, reads.header))
    return reads.write(folder / f"{name}.bam")


def simulate(
    haplotypes: Sequence[Mapping[tuple[str, int], Sequence[Change]]],
    slices: Slices,
    folder: Path,
    name: str,
    depth: float = 30,
    seed: int = 7,
    model: ReadModel | None = None,
) -> Path:
    """Reads of haplotypes, each given as its changes by slice, aligned to the slices."""
    folder.mkdir(parents=True, exist_ok=True)
    found = []
    for number, changes in enumerate(haplotypes):
        for at, ((chrom, start), text) in enumerate(sorted(slices.items())):
            bases_of_it = simulation.haplotype(text, start, changes.get((chrom, start), ()))
            found += simulation.pairs(
                bases_of_it,
                depth / len(haplotypes),
                seed * 1000 + number * 100 + at,
                f"{chrom}.{start}.{number}",
                model,
            )
    files = (folder / f"{name}.1.fastq", folder / f"{name}.2.fastq")
    for path, text in zip(files, simulation.fastq(found), strict=True):
        path.write_text(text)
    return align([files], slices, folder, name)
