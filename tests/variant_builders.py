"""Builders of variant files and sheet rows, and a reading of them with sites that are made up."""

from __future__ import annotations

import gzip
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pysam

from apothecary.variants import contigs, read
from apothecary.variants.builds import KnownSite
from apothecary.variants.regions import EVERYTHING, Position, Regions

GRCH38 = {name: c.lengths["GRCh38"] for name, c in contigs.contigs().items()}
GRCH37 = {name: c.lengths["GRCh37"] for name, c in contigs.contigs().items()}

SITES = [
    KnownSite("chr1", {"GRCh38": (1000, "A"), "GRCh37": (900, "A")}, frozenset({"G"})),
    KnownSite("chr1", {"GRCh38": (2000, "C"), "GRCh37": (1900, "C")}, frozenset({"T"})),
    KnownSite("chr1", {"GRCh38": (3000, "GAG"), "GRCh37": (2900, "GAG")}, frozenset({"G"})),
    KnownSite("chr2", {"GRCh38": (500, "CAT"), "GRCh37": (450, "CAT")}, frozenset({"C"})),
    KnownSite("chrX", {"GRCh38": (700, "T"), "GRCh37": (650, "T")}, frozenset({"C"})),
]
POSITIONS = tuple(
    Position(
        s.chrom, *s.places["GRCh38"], any(len(a) != len(s.places["GRCh38"][1]) for a in s.alts)
    )
    for s in SITES
)
POSITIONS_37 = tuple(
    Position(
        s.chrom, *s.places["GRCh37"], any(len(a) != len(s.places["GRCh37"][1]) for a in s.alts)
    )
    for s in SITES
)
AT_POSITIONS = {"GRCh38": Regions(POSITIONS), "GRCh37": Regions(POSITIONS_37)}
ALL = {"GRCh38": EVERYTHING, "GRCh37": EVERYTHING}

FORMATS = {
    "GT": ("1", "String"),
    "DP": ("1", "Integer"),
    "GQ": ("1", "Integer"),
    "AD": ("R", "Integer"),
    "AF": ("A", "Float"),
    "PL": ("G", "Integer"),
    "PS": ("1", "Integer"),
    "MIN_DP": ("1", "Integer"),
}


def header(
    samples: Sequence[str] = ("S1",),
    lengths: Mapping[str, int | None] | None = None,
    extra: Sequence[str] = (),
) -> list[str]:
    """The lines of a header; GRCh38 contigs when no lengths are given."""
    lines = ["##fileformat=VCFv4.2", '##FILTER=<ID=lowq,Description="Low quality">', *extra]
    for name, length in (GRCH38 if lengths is None else lengths).items():
        lines.append(f"##contig=<ID={name}" + (f",length={length}>" if length else ">"))
    lines += [
        f'##FORMAT=<ID={name},Number={number},Type={kind},Description="{name}">'
        for name, (number, kind) in FORMATS.items()
    ]
    columns = ["#CHROM", "POS", "ID", "REF", "ALT", "QUAL", "FILTER", "INFO"]
    return [*lines, "\t".join([*columns, *(["FORMAT", *samples] if samples else [])])]


def vcf(records: Sequence[str], **options: Any) -> str:
    """A VCF; records are written with spaces, which become tabs."""
    return "\n".join([*header(**options), *("\t".join(r.split(" ")) for r in records)]) + "\n"


def first_record(text: str) -> int:
    """1-based line of the first record of a VCF."""
    return next(i for i, line in enumerate(text.splitlines(), 1) if not line.startswith("#"))


def write(folder: Path, text: str | bytes, name: str = "input.vcf") -> str:
    """Write a file and give its path."""
    path = folder / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return str(path)


def bgzip(folder: Path, text: str, name: str = "input.vcf.gz") -> str:
    """Write a bgzipped file and give its path."""
    path = str(folder / name)
    with pysam.BGZFile(path, "wb", None) as packed:
        packed.write(text.encode())
    return path


def gzipped(folder: Path, text: str, name: str = "input.vcf.gz") -> str:
    """Write a plain gzip file and give its path."""
    return write(folder, gzip.compress(text.encode(), mtime=0), name)


def sample(path: str, sample_id: str = "S1", **fields: Any) -> dict[str, Any]:
    """A row of the table samples."""
    return {
        "sample_id": sample_id,
        "row": 2,
        "subject_id": sample_id,
        "role": "germline",
        "assay": "genome",
        "sex": "unknown",
        "tumor_type": None,
        "input": path,
        "index": "",
        "format": "vcf",
        "build": "auto",
        "batch": "b1",
        "sample_in_file": sample_id,
        **fields,
    }


def config(fasta: str = "", **thresholds: Any) -> dict[str, Any]:
    """The sections of a configuration that reading looks at."""
    of_role = {"default": thresholds}
    return {
        "reference": {"fasta": fasta, "build": "GRCh38"},
        "variants": {
            "thresholds": {"germline": of_role, "normal": of_role, "tumor": of_role},
        },
    }


def read_samples(
    samples: Sequence[Mapping[str, Any]],
    folder: Path,
    regions: Mapping[str, Regions] = ALL,
    fasta: str = "",
    **thresholds: Any,
) -> read.ReadResult:
    """Read samples that may all be read for the same regions."""
    work = folder / "work"
    work.mkdir(exist_ok=True)
    by_sample = {row["sample_id"]: regions for row in samples}
    return read.read_variants(samples, by_sample, SITES, config(fasta, **thresholds), work)


def read_text(
    folder: Path,
    text: str | bytes,
    regions: Mapping[str, Regions] = ALL,
    fields: Mapping[str, Any] | None = None,
    fasta: str = "",
    **thresholds: Any,
) -> read.ReadResult:
    """Read the sample S1 of a text."""
    row = sample(write(folder, text), **(fields or {}))
    return read_samples([row], folder, regions, fasta, **thresholds)


def fates(result: read.ReadResult) -> list[tuple[int, str, str]]:
    """Position, alternate allele and fate of every row, by position."""
    return sorted((row["pos"], row["alt"], row["fate"]) for row in result.variants)


def counts(result: read.ReadResult) -> dict[str, int]:
    """Records by fate."""
    found: dict[str, int] = {}
    for row in result.record_fates:
        found[row["fate"]] = found.get(row["fate"], 0) + row["records"]
    return found


def reason(result: read.ReadResult) -> str:
    """The reason of the only outcome, which failed."""
    (outcome,) = result.outcomes
    assert outcome["status"] == "failed", outcome
    assert not result.variants
    assert not result.record_fates
    return str(outcome["reason"])
