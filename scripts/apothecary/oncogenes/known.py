"""Variants that the knowledge pack names by their coordinate."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from apothecary.knowledge.placement import KNOWN_BUILD, Placement
from apothecary.oncogenes import proteins
from apothecary.oncogenes.names import Named

_Place = tuple[str, int, str, str]


class KnownVariants:
    """The table `known_variants` by coordinate."""

    def __init__(self, rows: Iterable[Mapping[str, Any]], chain: str = "") -> None:
        """Index.

        Args:
            rows: Rows of the knowledge table `known_variants` (GRCh38).
            chain: Chain file from GRCh37 to GRCh38, by which variants of GRCh37 are known too.
        """
        self._known = list(rows)
        self._chain = chain
        self._by_build: dict[str, dict[_Place, list[Mapping[str, Any]]]] = {}

    def reads(self, build: str) -> bool:
        """Whether variants of a build can be looked up."""
        return Placement(build, self._chain).complete

    def _of(self, build: str) -> dict[_Place, list[Mapping[str, Any]]]:
        """Rows by coordinate in a build; a variant of GRCh37 has the REF of GRCh37 to agree on."""
        if build not in self._by_build:
            placement, found = Placement(build, self._chain), self._by_build.setdefault(build, {})
            for row in self._known:
                pos = placement.first(row["chrom"], row["pos"], len(row["ref"]))
                if pos is not None:
                    key = (row["chrom"], *trimmed(pos, row["ref"], row["alt"]))
                    found.setdefault(key, []).append(row)
        return self._by_build[build]

    def at(
        self, chrom: str, pos: int, ref: str, alt: str, build: str = KNOWN_BUILD
    ) -> list[Mapping[str, Any]]:
        """Rows of a variant, as the pack has them (GRCh38).

        Args:
            chrom: Chromosome with chr.
            pos: 1-based position, VCF style.
            ref: Reference bases.
            alt: Alternate bases.
            build: The build of the variant.

        Returns:
            Rows of hotspots first, then by gene and change.
        """
        found = self._of(build).get((chrom, *trimmed(pos, ref, alt)), [])
        return sorted(
            found,
            key=lambda r: (
                not r["protein_change"],
                not r["hotspot"],
                r["gene"],
                r["protein_change"],
            ),
        )

    def named(
        self, chrom: str, pos: int, ref: str, alt: str, build: str = KNOWN_BUILD
    ) -> list[Named]:
        """The consequences of a variant, one a transcript; empty when the pack has none."""
        by_transcript: dict[str, Named] = {}
        for row in self.at(chrom, pos, ref, alt, build):
            transcript = row["transcript"] or ""
            by_transcript.setdefault(
                transcript,
                Named(
                    transcript=transcript,
                    gene=row["gene"],
                    consequence=row["consequence"],
                    hgvs_c=row["hgvs_c"],
                    change=proteins.parse(row["protein_change"]),
                    source_id=row["source_id"],
                ),
            )
        return list(by_transcript.values())


def trimmed(pos: int, ref: str, alt: str) -> tuple[int, str, str]:
    """A variant without bases that both alleles share, but for one before an indel.

    Args:
        pos: 1-based position, VCF style.
        ref: Reference bases.
        alt: Alternate bases.
    """
    while len(ref) > 1 and len(alt) > 1 and ref[-1] == alt[-1]:
        ref, alt = ref[:-1], alt[:-1]
    while len(ref) > 1 and len(alt) > 1 and ref[0] == alt[0]:
        ref, alt, pos = ref[1:], alt[1:], pos + 1
    return pos, ref, alt
