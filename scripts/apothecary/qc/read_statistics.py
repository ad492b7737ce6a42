"""What `samtools stats` tells of a file: reads, bases, pairs and qualities."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from apothecary.qc.metrics import Metric, share


@dataclass(frozen=True)
class Stats:
    """What `samtools stats` told.

    Attributes:
        summary: The numbers of the section SN by name.
        sections: Numbers of the other sections by name, a tuple a line.
    """

    summary: Mapping[str, float]
    sections: Mapping[str, list[tuple[float, ...]]]


def read(path: Path | str) -> Stats:
    """Read the output of `samtools stats`.

    Args:
        path: The output.

    Returns:
        Its sections; lines whose cells are no numbers are left out.
    """
    summary: dict[str, float] = {}
    sections: dict[str, list[tuple[float, ...]]] = {}
    with Path(path).open(encoding="utf-8") as stream:
        for line in stream:
            if line.startswith("#"):
                continue
            section, *cells = line.rstrip("\n").split("\t")
            if section == "SN":
                summary[cells[0].rstrip(":")] = float(cells[1])
            elif section in ("FFQ", "LFQ", "IS", "FTC", "LTC"):
                sections.setdefault(section, []).append(tuple(float(cell) for cell in cells))
    return Stats(summary, sections)


def metrics(stats: Stats, *, has_mismatches: bool) -> list[Metric]:
    """The measures that `samtools stats` gives, of the records that it was let read.

    Args:
        stats: What it told.
        has_mismatches: Whether the reads carry NM.

    Returns:
        The measures; one whose denominator is 0 is not assessed.
    """
    summary = stats.summary
    total, mapped = summary["sequences"], summary["reads mapped"]
    cigar_bases, mapped_bases = summary["bases mapped (cigar)"], summary["bases mapped"]
    paired = summary["reads paired"]
    error = share("error_rate", summary["mismatches"], cigar_bases)
    if not has_mismatches:
        error = Metric("error_rate", None, "fraction", "the reads carry no NM")
    return [
        Metric("total_reads", total, "reads"),
        share("mapped_fraction", mapped, total),
        share("properly_paired_fraction", summary["reads properly paired"], paired),
        share("duplicate_fraction", summary["reads duplicated"], total),
        share("mapping_quality_0_fraction", summary["reads MQ0"], mapped),
        _of_reads("mean_read_length", summary["average length"], "bases", total),
        _of_reads("mean_base_quality", summary["average quality"], "Phred", total),
        _q30(stats),
        _gc(stats),
        error,
        # Of the bases of mapped reads, those that the alignment leaves unused at an end.
        share("soft_clipped_fraction", mapped_bases - cigar_bases, mapped_bases),
        *_insert_sizes(stats),
    ]


def _of_reads(name: str, value: float, unit: str, reads: float) -> Metric:
    return Metric(name, value, unit) if reads else Metric(name, None, unit, "no reads")


def _q30(stats: Stats) -> Metric:
    """Share of bases of quality 30 or more."""
    cycles = [row[1:] for name in ("FFQ", "LFQ") for row in stats.sections.get(name, [])]
    return share(
        "q30_fraction", sum(sum(row[30:]) for row in cycles), sum(sum(row) for row in cycles)
    )


def _gc(stats: Stats) -> Metric:
    """Share of G and C among the bases of the reads that are known."""
    counts = np.zeros(4)
    for name in ("FTC", "LTC"):
        for row in stats.sections.get(name, []):
            counts += row[:4]
    return share("gc_fraction", float(counts[1] + counts[2]), float(counts.sum()))


def _insert_sizes(stats: Stats) -> list[Metric]:
    """Mean, spread and median of the insert size, of the bulk that `samtools stats` keeps."""
    rows = stats.sections.get("IS", [])
    pairs = sum(row[1] for row in rows)
    names = ("mean_insert_size", "insert_size_sd", "median_insert_size")
    if not pairs:
        return [Metric(name, None, "bases", "no pair on one chromosome") for name in names]
    sizes = np.array([row[0] for row in rows])
    seen = np.cumsum([row[1] for row in rows])
    median = float(sizes[int(np.searchsorted(seen, pairs / 2))])
    values = (
        stats.summary["insert size average"],
        stats.summary["insert size standard deviation"],
        median,
    )
    return [Metric(name, value, "bases") for name, value in zip(names, values, strict=True)]
