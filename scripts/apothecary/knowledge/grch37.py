"""GRCh37 coordinates and reference bases of the positions of the allele definitions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from apothecary.errors import Problem, ResourceError
from apothecary.knowledge.importers.pypgx import Locus
from apothecary.knowledge.importers.upstream import Row, read_text
from apothecary.knowledge.lift import Lift

_BUILDS_DIFFER = "is given otherwise by the chain"


def with_grch37(
    positions: Iterable[Mapping[str, Any]],
    tabulated: Mapping[Locus, tuple[int, str]],
    lift: Lift,
    records: Sequence[Path],
    *,
    table_source: str,
    lift_source: str,
    record_source: str,
) -> list[Row]:
    """Add GRCh37 coordinates to rows of the table pgx_positions.

    A position and its reference bases are taken from the table where it has them. Else the
    position is lifted; its reference bases are those of public GRCh37 records that cover it, else
    the GRCh38 ones, since the stretch lies in an ungapped block. Which of these it was stands in
    `grch37_source_id`: with the lift's source the bases are inferred, not seen.

    Args:
        positions: Rows of pgx_positions.
        tabulated: GRCh38 locus to GRCh37 position and reference bases.
        lift: The way back from GRCh38.
        records: GRCh37 VCF files whose REF is taken.
        table_source: Source of tabulated coordinates.
        lift_source: Source of lifted coordinates with inferred reference bases.
        record_source: Source of lifted coordinates with reference bases of records.

    Returns:
        The rows with pos_grch37, ref_grch37 and grch37_source_id, null where nothing is known.

    Raises:
        ResourceError: The table and the chain contradict each other on a position.
    """
    rows = [dict(row) for row in positions]
    lifted = {
        row["position_id"]: lift.to_grch37(row["chrom"], row["pos"], len(row["ref"]))
        for row in rows
    }
    wanted = {
        (row["chrom"], pos + offset)
        for row in rows
        if (pos := lifted[row["position_id"]]) is not None
        for offset in range(len(row["ref"]))
    }
    bases = reference_bases(records, wanted)
    problems = []
    for row in rows:
        pos = lifted[row["position_id"]]
        place = tabulated.get((row["chrom"], row["pos"], row["ref"]))
        if place is not None:
            if pos is not None and pos != place[0]:
                problems.append(
                    Problem(
                        table_source,
                        f"{row['gene']} {row['position_id']} at {place[0]} {_BUILDS_DIFFER}: {pos}",
                        "the two sources must agree",
                    )
                )
            row |= _place(*place, table_source)
        elif pos is not None:
            seen = [bases.get((row["chrom"], pos + offset)) for offset in range(len(row["ref"]))]
            if all(seen):
                row |= _place(pos, "".join(base or "" for base in seen), record_source)
            else:
                row |= _place(pos, row["ref"], lift_source)
        else:
            row |= _place(None, None, None)
    if problems:
        raise ResourceError(problems)
    return rows


def _place(pos: int | None, ref: str | None, source: str | None) -> Row:
    return {"pos_grch37": pos, "ref_grch37": ref, "grch37_source_id": source}


def reference_bases(
    files: Sequence[Path], wanted: set[tuple[str, int]]
) -> dict[tuple[str, int], str]:
    """Reference bases at positions, as the REF of records gives them.

    Args:
        files: VCF files, gzipped or not.
        wanted: Chromosomes with chr and 1-based positions, in the build of the files.

    Raises:
        ResourceError: Two records contradict each other.
    """
    found: dict[tuple[str, int], set[str]] = defaultdict(set)
    for file in files:
        for line in read_text(file).splitlines():
            if line.startswith("#"):
                continue
            contig, start, _, ref, _ = line.split("\t", 5)[:5]
            for offset, base in enumerate(ref):
                locus = (f"chr{contig.removeprefix('chr')}", int(start) + offset)
                if locus in wanted:
                    found[locus].add(base.upper())
    contradicted = [locus for locus, seen in sorted(found.items()) if len(seen) > 1]
    if contradicted:
        chrom, pos = contradicted[0]
        raise ResourceError(
            Problem(f"{chrom}:{pos}", "records give different reference bases", "check the files")
        )
    return {locus: next(iter(seen)) for locus, seen in found.items()}
