"""What speaks against the place of a variant that a table gives in both builds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from apothecary.knowledge.grch37 import reference_bases
from apothecary.knowledge.importers.pypgx import Locus
from apothecary.knowledge.importers.research_genes import Doubt, Place
from apothecary.knowledge.lift import Lift
from apothecary.variants.reference import Reference

Seen = Mapping[tuple[str, int], str]
"""Reference bases of GRCh37 by chromosome and 1-based position."""


def seen_in_grch37(files: Sequence[Path], places: Mapping[Locus, tuple[int, str]]) -> Seen:
    """The reference bases that records of GRCh37 give at the places of a table.

    Args:
        files: VCF files in GRCh37 coordinates.
        places: GRCh38 locus to GRCh37 position and reference bases.
    """
    return reference_bases(
        files,
        {(chrom, at) for (chrom, _, _), (pos, ref) in places.items() for at in _stretch(pos, ref)},
    )


def against(lift: Lift, reference: Reference, seen: Seen) -> Doubt:
    """What speaks against a place: the sequence of either build, or the chain between them.

    Args:
        lift: The way from GRCh38 back to GRCh37.
        reference: GRCh38, where it is known.
        seen: See `seen_in_grch37`.

    Returns:
        A function of a place that gives the reason, None where nothing at hand contradicts it.
    """

    def doubt(place: Place) -> str | None:
        where = f"{place.chrom}:{place.pos}"
        bases = reference.bases(place.chrom, place.pos, place.pos + len(place.ref) - 1)
        if bases is not None and bases != place.ref:
            return f"GRCh38 has {bases} at {where}, not {place.ref}"
        lifted = lift.to_grch37(place.chrom, place.pos, len(place.ref))
        if lifted is not None and lifted != place.pos_grch37:
            return f"{where} is {lifted} in GRCh37 by the chain, not {place.pos_grch37}"
        own = _bases(seen, place)
        if own is not None and own != place.ref_grch37:
            return f"GRCh37 has {own} at {place.chrom}:{place.pos_grch37}, not {place.ref_grch37}"
        return None

    return doubt


def _bases(seen: Seen, place: Place) -> str | None:
    found = [seen.get((place.chrom, at)) for at in _stretch(place.pos_grch37, place.ref_grch37)]
    return None if None in found else "".join(base or "" for base in found)


def _stretch(pos: int, ref: str) -> Iterable[int]:
    return range(pos, pos + len(ref))
