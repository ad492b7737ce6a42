"""Builders of alignments with reads, pairs and genotypes that a test knows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pysam

from apothecary import settings, sheets
from apothecary.qc.snps import Snp
from apothecary.variants import contigs

GRCH38 = {name: c.lengths["GRCh38"] for name, c in contigs.contigs().items()}
REPOSITORY = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Read:
    """A read as it shall be aligned; `start0` is 0-based."""

    chrom: str
    start0: int
    bases: str
    cigar: str | None = None
    flag: int = 0
    mate_start0: int | None = None
    name: str | None = None
    mapping_quality: int = 60
    base_quality: int = 35
    mismatches: int | None = 0


def write_bam(
    path: Path,
    reads: Iterable[Read],
    *,
    lengths: Mapping[str, int] = GRCH38,
    order: str = "coordinate",
    index: bool = True,
) -> Path:
    """Write a BAM, sorted by place unless its header says otherwise, with its index."""
    names = list(lengths)
    header = {
        "HD": {"VN": "1.6", "SO": order},
        "SQ": [{"SN": name, "LN": length} for name, length in lengths.items()],
    }
    ordered = sorted(reads, key=lambda r: (names.index(r.chrom), r.start0))
    with pysam.AlignmentFile(str(path), "wb", header=header) as file:
        for number, read in enumerate(ordered):
            file.write(_record(file.header, read, read.name or f"r{number}"))
    if index:
        pysam.index(str(path))
    return path


def _record(header: pysam.AlignmentHeader, read: Read, name: str) -> pysam.AlignedSegment:
    record = pysam.AlignedSegment(header)
    record.query_name = name
    record.flag = read.flag
    record.query_sequence = read.bases
    record.reference_name = read.chrom
    record.reference_start = read.start0
    record.mapping_quality = read.mapping_quality
    record.cigarstring = None if read.flag & 4 else read.cigar or f"{len(read.bases)}M"
    record.query_qualities = pysam.qualitystring_to_array(
        chr(read.base_quality + 33) * len(read.bases)
    )
    if read.mate_start0 is not None:
        record.next_reference_name = read.chrom
        record.next_reference_start = read.mate_start0
        span = read.mate_start0 + len(read.bases) - read.start0
        record.template_length = (
            span
            if read.mate_start0 >= read.start0
            else -(read.start0 + len(read.bases) - read.mate_start0)
        )
    if read.mismatches is not None:
        record.set_tag("NM", read.mismatches)
    return record


def pair(chrom: str, start0: int, mate_start0: int, bases: str, name: str) -> list[Read]:
    """Two reads of a proper pair."""
    return [
        Read(chrom, start0, bases, flag=0x63, mate_start0=mate_start0, name=name),
        Read(chrom, mate_start0, bases, flag=0x93, mate_start0=start0, name=name),
    ]


def reads_of(snp: Snp, alleles: Sequence[str], *, length: int = 41) -> list[Read]:
    """One read for each base, with that base at the SNP and A around it."""
    before = length // 2
    return [
        Read(snp.chrom, snp.pos - 1 - before, "A" * before + base + "A" * before)
        for base in alleles
    ]


def alleles_of(snp: Snp, genotype: int, depth: int) -> list[str]:
    """The bases of reads of a genotype, the alleles in equal parts where there are two."""
    first = depth * genotype // 2
    return [snp.allele_1] * first + [snp.allele_2] * (depth - first)


def qc_settings(**changes: Any) -> dict[str, Any]:
    """The section `qc` of a configuration, as the schema fills it in."""
    schema = sheets.load_schema(REPOSITORY / "workflow" / "schemas" / "config.schema.yaml")
    checked: dict[str, Any] = settings.check({"samples": "x", "qc": changes}, schema, "config")
    qc: dict[str, Any] = checked["qc"]
    return qc


def sample(sample_id: str = "S1", **changes: Any) -> dict[str, Any]:
    """A row of the table samples, of a genome given as BAM."""
    return {
        "sample_id": sample_id,
        "row": 2,
        "subject_id": sample_id,
        "role": "germline",
        "assay": "genome",
        "sex": "unknown",
        "tumor_type": "",
        "input": f"{sample_id}.bam",
        "index": "",
        "format": "bam",
        "build": "GRCh38",
        "batch": "batch0001",
        "sample_in_file": sample_id,
        "outside_calls": "",
        "copy_number": "",
        "fusions": "",
        **changes,
    }
