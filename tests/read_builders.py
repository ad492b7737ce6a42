"""Builders of alignments: reads that are cut from haplotypes made up in the test."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pysam

from apothecary.alignments.files import Alignment, Expected, admit
from apothecary.variants import contigs

Edits = Mapping[int, tuple[str, str]]
"""Reference and other bases by 1-based position, VCF style."""

LENGTHS = {b: {n: c.lengths[b] for n, c in contigs.contigs().items()} for b in contigs.BUILDS}


def sequence(length: int, fixed: Mapping[int, str] | None = None, seed: int = 1) -> str:
    """Bases of a made-up contig, with those that are given from 1-based positions on."""
    made = random.Random(seed).choices("ACGT", k=length)
    for pos, text in (fixed or {}).items():
        made[pos - 1 : pos - 1 + len(text)] = text
    return "".join(made)


@dataclass(frozen=True)
class Read:
    """A read: where its haplotype is cut, and what is remarkable of it.

    `start` and `end` are 1-based, both included; `bases` starts at `offset` of the contig.
    """

    name: str
    start: int
    end: int
    edits: Edits = field(default_factory=dict)
    chrom: str = "chr1"
    flag: int = 0
    mapping_quality: int = 60
    base_quality: int = 35


def pair(name: str, start: int, end: int, length: int = 100, **fields: Any) -> list[Read]:
    """Two reads of a fragment, one from each end."""
    return [
        Read(name, start, start + length - 1, flag=0x63, **fields),
        Read(name, end - length + 1, end, flag=0x93, **fields),
    ]


def tiled(edits: Edits, spans: Iterable[tuple[int, int]], prefix: str, **fields: Any) -> list[Read]:
    """One read of a haplotype for each span."""
    return [
        Read(f"{prefix}{n}", start, end, edits, **fields) for n, (start, end) in enumerate(spans)
    ]


def _aligned(bases: str, first: int, read: Read) -> tuple[str, list[tuple[int, int]]]:
    """Bases and CIGAR of a read (0 match, 1 insertion, 2 deletion)."""
    text, cigar, pos = "", [], read.start

    def add(operation: int, count: int) -> None:
        if cigar and cigar[-1][0] == operation:
            count += cigar.pop()[1]
        cigar.append((operation, count))

    while pos <= read.end:
        ref, alt = read.edits.get(pos, (bases[pos - first], bases[pos - first]))
        text += alt
        add(0, min(len(ref), len(alt)))
        if len(ref) != len(alt):
            add(1 if len(alt) > len(ref) else 2, abs(len(alt) - len(ref)))
        pos += len(ref)
    return text, cigar


def write_reads(
    path: Path,
    reads: Sequence[Read],
    bases: Mapping[str, tuple[int, str]],
    *,
    samples: Sequence[str | None] = ("S1",),
    lengths: Mapping[str, int] | None = None,
    m5: Mapping[str, str] | None = None,
    order: str | None = "coordinate",
    fasta: Path | None = None,
    index: bool = True,
) -> str:
    """A BAM, or a CRAM where a FASTA is given.

    Args:
        path: Where to.
        reads: The reads; they are sorted where the order is coordinate.
        bases: First position and bases of the contigs, by chromosome.
        samples: SM of the read groups; the reads are of the first. None for a group without SM.
        lengths: Contigs of the header; those of GRCh38 when not given.
        m5: Checksums of contigs.
        order: SO of the header.
        fasta: The reference of a CRAM.
        index: Whether an index is made.
    """
    names = dict(LENGTHS["GRCh38"] if lengths is None else lengths)
    header: dict[str, Any] = {
        "HD": {"VN": "1.6", **({"SO": order} if order else {})},
        "SQ": [
            {"SN": n, "LN": length, **({"M5": m5[n]} if m5 and n in m5 else {})}
            for n, length in names.items()
        ],
        "RG": [{"ID": f"g{i}", **({"SM": s} if s else {})} for i, s in enumerate(samples)],
    }
    if order == "coordinate":
        reads = sorted(reads, key=lambda read: (list(names).index(read.chrom), read.start))
    mode = {"mode": "wc", "reference_filename": str(fasta)} if fasta else {"mode": "wb"}
    with pysam.AlignmentFile(str(path), header=header, **mode) as file:
        for read in reads:
            first, known = bases[read.chrom]
            text, cigar = _aligned(known, first, read)
            made = pysam.AlignedSegment(file.header)
            made.query_name, made.flag = read.name, read.flag
            made.reference_id, made.reference_start = file.get_tid(read.chrom), read.start - 1
            made.query_sequence, made.cigartuples = text, cigar
            made.mapping_quality = read.mapping_quality
            made.query_qualities = pysam.qualitystring_to_array(
                chr(33 + read.base_quality) * len(text)
            )
            if samples:
                made.set_tag("RG", "g0")
            file.write(made)
    if index:
        pysam.index(str(path))
    return str(path)


def write_fasta(path: Path, contigs_: Mapping[str, str]) -> Path:
    path.write_text("".join(f">{name}\n{bases}\n" for name, bases in contigs_.items()))
    return path


def admitted(path: str, folder: Path, fasta: str = "", **fields: Any) -> Alignment:
    """The file, when it is fit for sample S1 in GRCh38."""
    given = {"names": ("S1",), "build": "GRCh38", "chroms": frozenset({"chr1", "chrM"}), **fields}
    return admit(path, Expected(**given), fasta, folder)
