"""Variants that the knowledge pack names by their GRCh38 coordinate."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from apothecary.oncogenes import proteins
from apothecary.oncogenes.names import Named


class KnownVariants:
    """The table `known_variants` by coordinate."""

    def __init__(self, rows: Iterable[Mapping[str, Any]]) -> None:
        """Index.

        Args:
            rows: Rows of the knowledge table `known_variants` (GRCh38).
        """
        self._rows: dict[tuple[str, int, str, str], list[Mapping[str, Any]]] = {}
        for row in rows:
            key = (row["chrom"], *trimmed(row["pos"], row["ref"], row["alt"]))
            self._rows.setdefault(key, []).append(row)

    def at(self, chrom: str, pos: int, ref: str, alt: str) -> list[Mapping[str, Any]]:
        """Rows of a variant, GRCh38; those of hotspots first, then by gene and change."""
        found = self._rows.get((chrom, *trimmed(pos, ref, alt)), [])
        return sorted(
            found,
            key=lambda r: (
                not r["protein_change"],
                not r["hotspot"],
                r["gene"],
                r["protein_change"],
            ),
        )

    def named(self, chrom: str, pos: int, ref: str, alt: str) -> list[Named]:
        """The consequences of a variant, one a transcript; empty when the pack has none."""
        by_transcript: dict[str, Named] = {}
        for row in self.at(chrom, pos, ref, alt):
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
