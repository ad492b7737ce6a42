"""Where is called: positions of the definitions, coding exons of genes, or the targets of a BED."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from apothecary.errors import Problem, WorkflowInputError
from apothecary.knowledge.placement import Placement
from apothecary.variants import contigs
from apothecary.variants.regions import Regions, Spans

Span = tuple[str, int, int]


def read_bed(path: Path | str) -> list[Span]:
    """The targets of a BED file.

    Args:
        path: BED, 0-based half-open; lines of other contigs than chromosomes are left out.

    Returns:
        Chromosome with chr, 1-based first and last position; sorted.

    Raises:
        WorkflowInputError: A line is no target, or there is none at all.
    """
    problems: list[Problem] = []
    spans = []
    try:
        lines = Path(path).read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        problem = Problem(str(path), f"cannot be read ({error})", "give a BED file")
        raise WorkflowInputError(problem) from None
    for number, line in enumerate(lines, 1):
        if not line.strip() or line.startswith(("#", "track", "browser")):
            continue
        fields = line.split("\t")
        if len(fields) < 3 or not (fields[1].isdigit() and fields[2].isdigit()):
            right = "chromosome, start and end, tab-separated"
            problems.append(Problem(str(path), repr(line[:40]), right, number))
            continue
        chrom, start, end = contigs.canonical(fields[0]), int(fields[1]), int(fields[2])
        if start >= end:
            right = "a start below the end (0-based, half-open)"
            problems.append(Problem(str(path), f"{start} to {end}", right, number))
        elif chrom:
            spans.append((chrom, start + 1, end))
    if not spans and not problems:
        problems.append(Problem(str(path), "no target", "one line a target on a chromosome"))
    if problems:
        raise WorkflowInputError(problems)
    return sorted(spans)


def exons(rows: Iterable[Mapping[str, Any]]) -> list[Span]:
    """The coding parts of exons, from rows as `qc.regions.coding` gives them."""
    return sorted((row["chrom"], int(row["start"]), int(row["end"])) for row in rows)


def genes(
    gene_regions: Iterable[Mapping[str, Any]],
    gene_roles: Iterable[Mapping[str, Any]],
    known_variants: Iterable[Mapping[str, Any]],
    placement: Placement,
) -> list[Span]:
    """The genes with a role in cancer or a known variant, and the known variants.

    Args:
        gene_regions: Rows of the knowledge table.
        gene_roles: Rows of the knowledge table.
        known_variants: Rows of the knowledge table.
        placement: Where the knowledge lies in the build that the targets are asked for.
    """
    known = list(known_variants)
    wanted = {row["gene"] for row in (*gene_roles, *known)}
    of_genes = placement.spans(row for row in gene_regions if row["gene"] in wanted)
    spans = {(row["chrom"], int(row["start"]), int(row["end"])) for row in of_genes}
    spans |= {
        (row["chrom"], int(row["pos"]), int(row["pos"]) + len(row["ref"]) - 1)
        for row in placement.variants(known)
    }
    return sorted(spans)


def allowed(spans: Iterable[Span], regions: Regions) -> list[Span]:
    """The targets, or parts of targets, that a sample may be read for.

    Args:
        spans: Targets.
        regions: What the subject consented to, in the build of the targets.

    Returns:
        Targets cut to what is allowed; sorted.
    """
    if regions.everything:
        return sorted(set(spans))
    opened: dict[str, list[tuple[int, int]]] = {}
    every = [*regions.genes, *((p.chrom, p.pos, p.end) for p in regions.positions)]
    for chrom, low, high in Spans(every).items():
        opened.setdefault(chrom, []).append((low, high))
    found = set()
    for chrom, start, end in spans:
        of_chrom = opened.get(chrom, [])
        at = bisect_left(of_chrom, start, key=lambda span: span[1])
        while at < len(of_chrom) and of_chrom[at][0] <= end:
            low, high = of_chrom[at]
            found.add((chrom, max(start, low), min(end, high)))
            at += 1
    return sorted(found)


def windows(spans: Iterable[Span], pad: int, lengths: Mapping[str, int]) -> list[Span]:
    """Spans widened on both sides, merged, and cut to the contigs.

    Args:
        spans: Chromosome with chr, 1-based first and last position.
        pad: Bases on either side.
        lengths: Bases by chromosome; spans on others are left out.

    Returns:
        Windows in the order of the chromosomes.
    """
    widened = [
        (chrom, max(1, start - pad), min(lengths[chrom], end + pad))
        for chrom, start, end in spans
        if chrom in lengths and start <= lengths[chrom]
    ]
    return sorted(Spans(widened).items(), key=lambda s: (contigs.sort_key(s[0]), s[1]))


def write_regions(path: Path, spans: Sequence[Span], names: Mapping[str, str]) -> None:
    """Write windows as bcftools reads them: contig, 1-based first and last position."""
    path.write_text(
        "".join(f"{names[chrom]}\t{start}\t{end}\n" for chrom, start, end in spans),
        encoding="utf-8",
    )
