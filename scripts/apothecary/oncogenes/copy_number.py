"""Copy-number segments of a user's TSV, brought to genes."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from apothecary.errors import Problem, WorkflowInputError
from apothecary.oncogenes import segment_formats
from apothecary.oncogenes.segment_formats import Layout
from apothecary.oncogenes.settings import Settings
from apothecary.oncogenes.sheets import chromosome, read_sheet
from apothecary.variants import records

COLUMNS = ("Chromosome", "Start", "End")
TOTAL = "nTotal"
_CHROMOSOMES = frozenset({f"chr{name}" for name in (*range(1, 23), "X", "Y", "M")})


@dataclass(frozen=True)
class Segment:
    """A segment of the genome with one copy number; positions 1-based inclusive."""

    row: int
    chrom: str
    start: int
    end: int
    major: float | None
    minor: float | None
    total: float


def read(
    path: Path | str, purity: float | None = None, ploidy: float | None = None
) -> list[Segment]:
    """Read copy-number segments.

    Args:
        path: A TSV with the columns Chromosome, Start, End, and either nMajor and nMinor or
            nTotal, positions 1-based inclusive; or a segment file of a caller in
            `segment_formats.tsv`. Lines that begin with # are left out.
        purity: Share of tumor cells; needed where the file has log2 ratios only.
        ploidy: Mean copies of the tumor cells, 2 when it is not given.

    Returns:
        The segments in the order of the file. A segment whose total is not given (NA) is left
        out, since nothing is known of it.

    Raises:
        WorkflowInputError: Columns are absent, or a field is no number, or segments overlap; all
            problems of the file in one.
    """
    file = str(path)
    header, rows = read_sheet(path)
    layout = segment_formats.of_header(header)
    problems = [
        Problem(file, f"column {name} is absent", f"the columns are {', '.join(COLUMNS)}", 1)
        for name in (layout.chromosome, layout.start, layout.end)
        if name not in header
    ]
    counted = layout.both(header) or layout.total in header
    if not counted and layout.log2 not in header:
        problems.append(
            Problem(file, "no copy-number column", f"nMajor and nMinor, or {TOTAL}, are needed", 1)
        )
    elif not counted and purity is None:
        problems.append(
            Problem(file, "log2 ratios only", "give the purity in the sheet", 1, layout.log2)
        )
    if problems:
        raise WorkflowInputError(problems)
    ratio = (purity, ploidy or 2.0) if purity is not None and not counted else None
    segments = [
        segment for row in rows if (segment := _segment(file, row, layout, ratio, problems))
    ]
    problems += _overlaps(file, segments)
    if problems:
        raise WorkflowInputError(problems)
    return segments


def _segment(
    file: str,
    row: tuple[int, Mapping[str, str]],
    layout: Layout,
    ratio: tuple[float, float] | None,
    problems: list[Problem],
) -> Segment | None:
    number, fields = row
    before = len(problems)
    given = fields[layout.chromosome]
    if layout.name != segment_formats.OWN:
        given = segment_formats.CHROMOSOME_NUMBERS.get(given, given)
    chrom = chromosome(given)
    if chrom not in _CHROMOSOMES:
        problems.append(
            Problem(
                file,
                f"found {fields[layout.chromosome]!r}",
                "a chromosome from 1 to 22, X, Y or M is needed",
                number,
                layout.chromosome,
            )
        )
    first = layout.first_base
    start = _whole(file, number, layout.start, fields[layout.start], first, problems)
    end = _whole(file, number, layout.end, fields[layout.end], 1, problems)
    start = start + 1 - first if start is not None else None
    if start is not None and end is not None and end < start:
        problems.append(
            Problem(file, f"End {end} is before Start {start}", "swap them", number, layout.end)
        )
    alleles: tuple[float | None, float | None, float | None]
    if ratio is not None:
        log2 = records.number(fields[layout.log2])
        if log2 is None:
            right = "a number is needed"
            found = f"found {fields[layout.log2]!r}"
            problems.append(Problem(file, found, right, number, layout.log2))
            return None
        alleles = (None, None, segment_formats.copies_of_ratio(log2, *ratio))
    else:
        alleles = _alleles(file, number, fields, layout, problems)
    major, minor, total = alleles
    if len(problems) > before or start is None or end is None or total is None:
        return None
    return Segment(number, chrom, start, end, major, minor, total)


def _alleles(
    file: str,
    number: int,
    fields: Mapping[str, str],
    layout: Layout,
    problems: list[Problem],
) -> tuple[float | None, float | None, float | None]:
    """Copies of the major and the minor allele, and of both."""
    of = {
        name: _copies(file, number, column, fields[column], layout, problems)
        for name, column in (
            ("major", layout.major),
            ("minor", layout.minor),
            ("total", layout.total),
        )
        if column in fields
    }
    major, minor, total = of.get("major"), of.get("minor"), of.get("total")
    if layout.major not in fields and total is not None and minor is not None:
        major = max(total - minor, 0.0)
    if major is not None and minor is not None:
        if layout.name != segment_formats.OWN:
            major, minor = max(major, minor), min(major, minor)
        total = major + minor if total is None else total
    return (major, minor, total) if major is not None and minor is not None else (None, None, total)


def _whole(
    file: str, number: int, field: str, text: str, least: int, problems: list[Problem]
) -> int | None:
    if text.isascii() and text.isdigit() and int(text) >= least:
        return int(text)
    problems.append(
        Problem(file, f"found {text!r}", f"a whole number from {least} is needed", number, field)
    )
    return None


def _copies(
    file: str, number: int, field: str, text: str, layout: Layout, problems: list[Problem]
) -> float | None:
    """Copies of a segment; none where a caller says that it does not know them."""
    if layout.name != segment_formats.OWN and text in ("", "NA", "."):
        return None
    value = records.number(text)
    if value is not None and layout.fitted:
        value = max(value, 0.0)
    if value is not None and value >= 0:
        return value
    problems.append(Problem(file, f"found {text!r}", "a number from 0 is needed", number, field))
    return None


def _overlaps(file: str, segments: Sequence[Segment]) -> list[Problem]:
    problems = []
    ordered = sorted(segments, key=lambda s: (s.chrom, s.start, s.end, s.row))
    for before, after in pairwise(ordered):
        if before.chrom == after.chrom and after.start <= before.end:
            problems.append(
                Problem(
                    file,
                    f"the segment overlaps the one of row {before.row}",
                    "segments must not overlap: correct Start or End",
                    after.row,
                    "Start",
                )
            )
    return problems


def state(segment: Segment, settings: Settings) -> str:
    """What a copy number means for a gene that the segment covers.

    Returns:
        `amplification`, `gain`, `neutral`, `loss`, `loss_of_heterozygosity` (two or more copies
        of one parent's allele) or `homozygous_deletion`; see `Settings` for the thresholds.
    """
    if segment.total < settings.copy_tolerance:
        return "homozygous_deletion"
    if segment.total >= settings.amplification_min_copies:
        return "amplification"
    if segment.total < 2 - settings.copy_tolerance:
        return "loss"
    if segment.minor is not None and segment.minor < settings.copy_tolerance:
        return "loss_of_heterozygosity"
    return "gain" if segment.total >= settings.gain_copies else "neutral"


def of_genes(
    sample_id: str,
    segments: Iterable[Segment],
    gene_regions: Iterable[Mapping[str, Any]],
    genes: frozenset[str],
    settings: Settings,
) -> list[dict[str, Any]]:
    """Bring segments to genes.

    A gene takes the segment that holds the larger part of it; a gene that no segment touches
    gets no row, since nothing is known of it.

    Args:
        sample_id: The sample.
        segments: See `read`.
        gene_regions: Rows of the knowledge table `gene_regions` (GRCh38).
        genes: Genes to report on.
        settings: Thresholds.

    Returns:
        Rows of the table `copy_number`, sorted by gene.
    """
    by_chrom: dict[str, list[Segment]] = {}
    for segment in sorted(segments, key=lambda s: (s.chrom, s.start)):
        by_chrom.setdefault(segment.chrom, []).append(segment)
    starts = {chrom: [s.start for s in found] for chrom, found in by_chrom.items()}
    rows = []
    for region in sorted(gene_regions, key=lambda r: str(r["gene"])):
        if region["gene"] not in genes or region["chrom"] not in by_chrom:
            continue
        chrom, start, end = region["chrom"], region["start"], region["end"]
        first = max(bisect_right(starts[chrom], start) - 1, 0)
        last = bisect_right(starts[chrom], end)
        overlaps = [
            (min(s.end, end) - max(s.start, start) + 1, -s.start, s)
            for s in by_chrom[chrom][first:last]
            if s.start <= end and s.end >= start
        ]
        if not overlaps:
            continue
        segment = max(overlaps, key=lambda found: found[:2])[2]
        rows.append(
            {
                "sample_id": sample_id,
                "gene": region["gene"],
                "chrom": chrom,
                "start": segment.start,
                "end": segment.end,
                "major": segment.major,
                "minor": segment.minor,
                "total": segment.total,
                "state": state(segment, settings),
                "row": segment.row,
            }
        )
    return rows
