"""What coverage is measured of: targets, coding exons, genes and positions of allele definitions.

Coordinates are those of the alignments, 0-based and half-open, as in BED; the tables give them
1-based.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from apothecary.errors import Problem, WorkflowInputError
from apothecary.knowledge.placement import KNOWN_BUILD, Placement
from apothecary.variants import contigs
from apothecary.variants.regions import Regions, Spans

KINDS = ("target", "gene", "exon", "position")

Piece = tuple[int, int]
Rows = Iterable[Mapping[str, Any]]


@dataclass(frozen=True)
class Region:
    """A part of the genome whose coverage is told.

    Attributes:
        region_id: Unique name: its kind, and what it is of.
        kind: One of `KINDS`.
        chrom: Chromosome with chr.
        pieces: Its stretches, 0-based half-open, sorted, without overlap.
        gene: Gene that it belongs to, if any.
        exon: Number of the exon whose coding part it is, as in the table exons.
        position_id: Position of the allele definitions.
    """

    region_id: str
    kind: str
    chrom: str
    pieces: tuple[Piece, ...]
    gene: str | None = None
    exon: int | None = None
    position_id: str | None = None

    @property
    def start0(self) -> int:
        """0-based first base."""
        return self.pieces[0][0]

    @property
    def end0(self) -> int:
        """Base after the last, 0-based."""
        return self.pieces[-1][1]

    @property
    def bases(self) -> int:
        """Number of bases of all pieces."""
        return sum(end - start for start, end in self.pieces)


@dataclass(frozen=True)
class Target:
    """A row of a BED file of targets; coordinates as there."""

    chrom: str
    start0: int
    end0: int


def read_targets(path: Path | str, build: str = KNOWN_BUILD) -> tuple[Target, ...]:
    """Read the targets of an assay.

    Args:
        path: BED: chromosome, start and end, tab-separated; further columns are not read.
        build: The build of its coordinates.

    Returns:
        The targets, each once, sorted.

    Raises:
        WorkflowInputError: With every line that is no interval of a chromosome.
    """
    name = str(path)
    try:
        lines = Path(path).read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        right = "give a plain BED file of targets"
        raise WorkflowInputError(Problem(name, f"cannot be read ({error})", right)) from None
    found: set[Target] = set()
    problems = []
    for number, line in enumerate(lines, start=1):
        if not line.strip() or line.startswith(("#", "track", "browser")):
            continue
        try:
            found.add(_target(line, build))
        except ValueError as error:
            right = f"chromosome, start and end in {build}, tab-separated, start before end"
            problems.append(Problem(name, str(error), right, row=number))
    if not problems and not found:
        problems.append(Problem(name, "no target", "one interval a line"))
    if problems:
        raise WorkflowInputError(problems)
    order = list(contigs.contigs())
    return tuple(sorted(found, key=lambda t: (order.index(t.chrom), t.start0, t.end0)))


def _target(line: str, build: str) -> Target:
    cells = line.split("\t")
    if len(cells) < 3:
        raise ValueError(f"{len(cells)} tab-separated cells")
    chrom = contigs.canonical(cells[0])
    if chrom is None:
        raise ValueError(f"{cells[0]!r} is no chromosome")
    if not (
        cells[1].isascii() and cells[1].isdigit() and cells[2].isascii() and cells[2].isdigit()
    ):
        raise ValueError(f"{cells[1]!r} to {cells[2]!r}")
    start, end = int(cells[1]), int(cells[2])
    length = contigs.contigs()[chrom].lengths[build]
    if not start < end <= length:
        raise ValueError(f"{start} to {end} of {chrom}, which has {length} bases")
    return Target(chrom, start, end)


def merged(pieces: Iterable[Piece]) -> tuple[Piece, ...]:
    """Stretches of one chromosome, sorted, those that touch or overlap joined."""
    joined: list[list[int]] = []
    for start, end in sorted(set(pieces)):
        if joined and start <= joined[-1][1]:
            joined[-1][1] = max(joined[-1][1], end)
        else:
            joined.append([start, end])
    return tuple((start, end) for start, end in joined)


def of_knowledge(
    exons: Rows,
    positions: Rows,
    gene_regions: Rows,
    targets: Sequence[Target] = (),
    placement: Placement | None = None,
    genes: Collection[str] | None = None,
) -> list[Region]:
    """The regions of an assay.

    A gene is the coding parts of its exons and the positions of its allele definitions; without
    exons it is the positions and the targets within the gene.

    Args:
        exons: Rows of the knowledge table exons.
        positions: Rows of the knowledge table pgx_positions.
        gene_regions: Rows of the knowledge table gene_regions.
        targets: Targets of the assay; without any, the exons and positions stand for them.
        placement: Where the knowledge lies in the build of targets and alignments; None where
            that is GRCh38. What has no place there is no region.
        genes: The genes whose exons are taken; None for those of all.

    Returns:
        Regions, in the order target, gene, exon, position, each by name.
    """
    where = placement or Placement()
    asked = (row for row in exons if genes is None or row["gene"] in genes)
    parts = [_exon(row) for row in where.spans(coding(asked))]
    parts += _positions(where.positions(positions))
    named = {part.gene for part in parts}
    spans = where.spans(row for row in gene_regions if row["gene"] in named)
    found = [
        Region(
            f"target:{t.chrom}:{t.start0 + 1}-{t.end0}", "target", t.chrom, ((t.start0, t.end0),)
        )
        for t in targets
    ]
    found += _genes(parts, spans, targets)
    return sorted([*found, *parts], key=lambda r: (KINDS.index(r.kind), r.region_id))


def coding(exons: Rows) -> list[dict[str, Any]]:
    """The coding parts of exons.

    Args:
        exons: Rows of the knowledge table exons.

    Returns:
        Copies of the rows of which a part codes, with `start` and `end` of that part in either
        build.
    """
    return [
        {
            **row,
            "start": row["coding_start"],
            "end": row["coding_end"],
            "start_grch37": row.get("coding_start_grch37"),
            "end_grch37": row.get("coding_end_grch37"),
        }
        for row in exons
        if row["coding_start"] is not None
    ]


def touched(regions: Iterable[Region], targets: Iterable[Target]) -> set[str]:
    """The genes of which a target holds a coding base.

    Args:
        regions: Regions of an assay.
        targets: Its targets, in the build of the regions.
    """
    spans = Spans((t.chrom, t.start0 + 1, t.end0) for t in targets)
    return {
        str(region.gene)
        for region in regions
        if region.kind == "exon" and spans.overlaps(region.chrom, region.start0 + 1, region.end0)
    }


def _exon(row: Mapping[str, Any]) -> Region:
    pieces = ((row["start"] - 1, row["end"]),)
    name = f"exon:{row['gene']}:{row['exon']}"
    return Region(name, "exon", row["chrom"], pieces, row["gene"], row["exon"])


def _positions(rows: Rows) -> Iterator[Region]:
    for row in rows:
        pieces = ((row["pos"] - 1, row["pos"] - 1 + len(row["ref"])),)
        name = f"position:{row['gene']}:{row['position_id']}"
        yield Region(
            name, "position", row["chrom"], pieces, row["gene"], position_id=row["position_id"]
        )


def _genes(
    parts: Sequence[Region], gene_regions: Rows, targets: Sequence[Target]
) -> Iterator[Region]:
    of_gene: dict[str, list[Region]] = {}
    for part in parts:
        if part.gene:
            of_gene.setdefault(part.gene, []).append(part)
    spans = {row["gene"]: row for row in gene_regions}
    for gene, found in sorted(of_gene.items()):
        pieces = [piece for part in found for piece in part.pieces]
        span = spans.get(gene)
        if span is not None and not any(part.kind == "exon" for part in found):
            pieces += _within(targets, span["chrom"], span["start"] - 1, span["end"])
        yield Region(f"gene:{gene}", "gene", found[0].chrom, merged(pieces), gene)


def _within(targets: Iterable[Target], chrom: str, start0: int, end0: int) -> list[Piece]:
    return [
        (max(t.start0, start0), min(t.end0, end0))
        for t in targets
        if t.chrom == chrom and t.start0 < end0 and start0 < t.end0
    ]


def consented(regions: Iterable[Region], allowed: Regions, gene_regions: Rows) -> list[Region]:
    """The regions that a sample's subject lets be looked at.

    A gene of which anything is withheld is left out whole, with its exons and positions, so that
    no table names it; a target goes where it touches what is withheld and nothing that is allowed.

    Args:
        regions: The regions of the assay.
        allowed: What the sample may be read for, GRCh38 (see `variants.scopes.regions`).
        gene_regions: Rows of the knowledge table gene_regions.

    Returns:
        The regions that remain, in their order.
    """
    spans = {row["gene"]: row for row in gene_regions}
    kept = []
    for region in regions:
        stretches = [(start + 1, end) for start, end in region.pieces]
        if region.gene in spans and region.kind != "position":
            stretches.append((spans[region.gene]["start"], spans[region.gene]["end"]))
        hidden = any(allowed.is_withheld(region.chrom, *stretch) for stretch in stretches)
        opened = any(allowed.overlaps(region.chrom, start + 1, end) for start, end in region.pieces)
        if opened or not hidden:
            kept.append(region)
    return kept


def opened(regions: Iterable[Region], allowed: Regions) -> list[Region]:
    """The regions that lie where a sample may be read, whatever is not known to be withheld.

    Args:
        regions: Regions in the build of `allowed`.
        allowed: What the sample may be read for.
    """
    return [
        region
        for region in regions
        if any(allowed.overlaps(region.chrom, start + 1, end) for start, end in region.pieces)
    ]


def assayed(regions: Iterable[Region]) -> list[Region]:
    """The regions that stand for what the assay is meant to cover.

    Args:
        regions: All regions of a sample.

    Returns:
        The targets where there are any; otherwise the exons and positions.
    """
    every = list(regions)
    targets = [region for region in every if region.kind == "target"]
    return targets or [region for region in every if region.kind in ("exon", "position")]


def stretches(regions: Iterable[Region]) -> dict[str, tuple[Piece, ...]]:
    """The bases of regions by chromosome, in their usual order: sorted and without overlap."""
    spans = Spans((r.chrom, start + 1, end) for r in regions for start, end in r.pieces)
    by_chrom: dict[str, list[Piece]] = {}
    for chrom, start, end in spans.items():
        by_chrom.setdefault(chrom, []).append((start - 1, end))
    return {chrom: tuple(by_chrom[chrom]) for chrom in contigs.contigs() if chrom in by_chrom}
