"""Consent to regions: what of a genome a sample may be read for, before anything is read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from apothecary.variants import contigs
from apothecary.variants.regions import EVERYTHING, Position, Regions

GENE_LISTS: Mapping[str, str] = {
    "germline": "predisposition",
    "secondary_findings": "acmg_sf",
}
"""The list of the knowledge table germline_genes that a scope opens."""

CHROMOSOMES: Mapping[str, tuple[str, ...]] = {"germline": ("chrM",)}
"""Chromosomes that a scope opens as a whole: no list of genes tells of the mitochondrion."""

Rows = Iterable[Mapping[str, Any]]
Span = tuple[str, int, int]


def positions(pgx_positions: Rows, build: str) -> tuple[Position, ...]:
    """The positions of the allele definitions in one build.

    Args:
        pgx_positions: Rows of the knowledge table.
        build: GRCh38 or GRCh37; a position without a GRCh37 coordinate is left out there.

    Returns:
        Positions, sorted, each once.
    """
    found: dict[tuple[str, int, str], bool] = {}
    for row in pgx_positions:
        pos, ref = row["pos"], row["ref"]
        if build == "GRCh37" and row["chrom"] != "chrM":
            pos, ref = row.get("pos_grch37"), row.get("ref_grch37")
        if pos and ref:
            key = (row["chrom"], int(pos), str(ref))
            indel = any(len(alt) != len(row["ref"]) for alt in row["alts"] or ())
            found[key] = found.get(key, False) or indel
    return tuple(Position(*key, indel) for key, indel in sorted(found.items()))


def regions(
    granted: Sequence[str],
    withheld: Sequence[str],
    pgx_positions: Rows,
    gene_regions: Rows,
    germline_genes: Rows,
) -> dict[str, Regions]:
    """What a sample may be read for, by build.

    Consent for pharmacogenes opens the positions of the definitions and nothing else of their
    genes, even where such a gene is on a list of another scope. Consent to germline findings opens
    the mitochondrion beside the genes of its list. A gene without a coordinate in
    GRCh37 is not read there.

    Args:
        granted: Scopes that the subject said yes to (see `apothecary.consent`).
        withheld: Scopes of the sample's role that are not granted.
        pgx_positions: Rows of the knowledge table.
        gene_regions: Rows of the knowledge table.
        germline_genes: Rows of the knowledge table.

    Returns:
        Regions by build.
    """
    pgx_rows, places, lists = list(pgx_positions), list(gene_regions), list(germline_genes)
    return {
        build: _of_build(
            granted, withheld, positions(pgx_rows, build), _gene_spans(places, lists, build)
        )
        for build in contigs.BUILDS
    }


def _of_build(
    granted: Sequence[str],
    withheld: Sequence[str],
    defined: tuple[Position, ...],
    genes: Mapping[str, list[Span]],
) -> Regions:
    if "tumor" in granted:
        return EVERYTHING
    closed: set[Span] = set()
    if "tumor" in withheld:
        closed |= {(name, 1, c.longest) for name, c in contigs.contigs().items()}
    if "pharmacogenes" in withheld:
        closed |= {(p.chrom, p.pos, p.end) for p in defined}
    closed |= set(whole_chromosomes(withheld))
    opened = set(whole_chromosomes(granted))
    closed |= {span for s in withheld for span in genes.get(s, ())}
    opened |= {span for s in granted for span in genes.get(s, ())}
    return Regions(
        positions=defined if "pharmacogenes" in granted else (),
        genes=tuple(sorted(opened)),
        withheld=tuple(sorted(closed)),
    )


def whole_chromosomes(named: Iterable[str]) -> list[Span]:
    """The chromosomes that scopes open as a whole, as 1-based spans."""
    lengths = contigs.contigs()
    return [(c, 1, lengths[c].longest) for scope in named for c in CHROMOSOMES.get(scope, ())]


def _gene_spans(
    gene_regions: Sequence[Mapping[str, Any]], lists: Sequence[Mapping[str, Any]], build: str
) -> dict[str, list[Span]]:
    ends = ("start", "end") if build == "GRCh38" else ("start_grch37", "end_grch37")
    where = {
        row["gene"]: (row["chrom"], row[ends[0]], row[ends[1]])
        for row in gene_regions
        if row.get(ends[0]) is not None
    }
    spans: dict[str, list[Span]] = {}
    for scope, list_id in GENE_LISTS.items():
        genes = sorted({row["gene"] for row in lists if row["list_id"] == list_id})
        spans[scope] = [where[gene] for gene in genes if gene in where]
    return spans
