"""The places of the knowledge in the build of alignments.

The pack has GRCh37 coordinates of the positions of the allele definitions; all else is known in
GRCh38 and is placed in GRCh37 by a chain file of the user, or not at all.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from apothecary.knowledge import lift
from apothecary.knowledge.lift import Lift
from apothecary.variants import contigs

KNOWN_BUILD = contigs.BUILDS[0]
"""The build that the coordinates of the pack are of."""

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Placement:
    """Where the knowledge lies in a build.

    Attributes:
        build: GRCh38 or GRCh37.
        chain: Chain file from GRCh37 to GRCh38, or an empty string.
    """

    build: str = KNOWN_BUILD
    chain: str | Path = ""

    @property
    def same(self) -> bool:
        """Whether coordinates of the pack are those of the build."""
        return self.build == KNOWN_BUILD

    @property
    def complete(self) -> bool:
        """Whether more than the positions of the allele definitions can be placed."""
        return self.same or bool(self.chain)

    @cached_property
    def _lift(self) -> Lift:
        return lift.read_chain(self.chain, frozenset(contigs.contigs()))

    def first(self, chrom: str, pos: int, length: int = 1) -> int | None:
        """The first position of a stretch.

        Args:
            chrom: Chromosome with chr.
            pos: 1-based first position, GRCh38.
            length: Bases.

        Returns:
            The 1-based first position in the build; None where the stretch is not found whole on
            the same chromosome and strand.
        """
        # The rCRS is the mitochondrion of both builds, and no chain is about it.
        if self.same or chrom == "chrM":
            return pos
        return self._lift.to_grch37(chrom, pos, length) if self.chain else None

    def spans(self, rows: Iterable[Row]) -> list[dict[str, Any]]:
        """Rows with `chrom`, `start` and `end` (1-based), placed by their ends.

        Coordinates of the build that a row has itself come before the chain.

        Args:
            rows: Rows of a knowledge table, GRCh38.

        Returns:
            Copies of the rows in the build, without those of which an end is not found.
        """
        found = []
        for row in rows:
            start, end = self._own(row) or (
                self.first(row["chrom"], int(row["start"])),
                self.first(row["chrom"], int(row["end"])),
            )
            if start is not None and end is not None and start <= end:
                found.append({**row, "start": start, "end": end})
        return found

    def _own(self, row: Row) -> tuple[int, int] | None:
        """The coordinates that a row has of the build itself, where they are known."""
        if self.same or row.get("start_grch37") is None:
            return None
        return int(row["start_grch37"]), int(row["end_grch37"])

    def positions(self, rows: Iterable[Row]) -> list[dict[str, Any]]:
        """Rows of the table pgx_positions, by the GRCh37 coordinates that they have.

        Args:
            rows: Rows of the knowledge table.

        Returns:
            Copies of the rows in the build, without those whose coordinate there is not known.
        """
        found = []
        for row in rows:
            if self.same or row["chrom"] == "chrM":
                found.append(dict(row))
            elif row["pos_grch37"] and row["ref_grch37"]:
                found.append({**row, "pos": row["pos_grch37"], "ref": row["ref_grch37"]})
        return found

    def variants(self, rows: Iterable[Row]) -> list[dict[str, Any]]:
        """Rows with `chrom`, `pos` and `ref`, placed by all of their reference bases.

        Args:
            rows: Rows of the knowledge table known_variants.

        Returns:
            Copies of the rows in the build, without those that are not found there.
        """
        found = []
        for row in rows:
            pos = self.first(row["chrom"], int(row["pos"]), len(row["ref"]))
            if pos is not None:
                found.append({**row, "pos": pos})
        return found
