"""Alignments to targets of a prepared reference, moved to genome coordinates."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from apothecary.errors import Problem, ResourceError
from apothecary.variants import contigs

_SLICED = "slice"
_SIGNED = re.compile(r"^([+-]?)(\d+)$")


@dataclass(frozen=True)
class Lift:
    """From the targets that an aligner knows to the contigs of the genome.

    Attributes:
        targets: Names of the targets in the order of the index.
        sequences: The @SQ lines of the genome, in order.
        places: Of each target, the number of its contig and the bases before it, 0-based.
    """

    targets: tuple[str, ...]
    sequences: tuple[dict[str, Any], ...]
    places: tuple[tuple[int, int], ...]

    @property
    def moves(self) -> bool:
        """Whether a coordinate changes at all."""
        return any(place != (at, 0) for at, place in enumerate(self.places))


def of_targets(rows: Sequence[Mapping[str, Any]]) -> Lift:
    """The lift of a prepared reference.

    Args:
        rows: Rows of the table reference_targets.

    Returns:
        The lift. The @SQ lines of slices are those of all chromosomes of the build in full
        length; those of whole records are the records, with their MD5.
    """
    ordered = sorted(rows, key=lambda row: row["rank"])
    if any(row["identity"] == _SLICED for row in ordered):
        build = ordered[0]["build"]
        sequences = [
            {"SN": name, "LN": contig.lengths[build], "AS": build}
            for name, contig in contigs.contigs().items()
        ]
    else:
        sequences = [
            {"SN": row["contig"], "LN": row["contig_length"], "M5": row["md5"]} for row in ordered
        ]
    number = {line["SN"]: at for at, line in enumerate(sequences)}
    return Lift(
        tuple(row["target"] for row in ordered),
        tuple(sequences),
        tuple((number[row["contig"]], row["start"] - 1) for row in ordered),
    )


def check_targets(lift: Lift, found: Sequence[str], reference: str) -> None:
    """Make sure that an aligner's index has the targets of the lift.

    Raises:
        ResourceError: The index is of another reference.
    """
    if tuple(found) != lift.targets:
        text = f"an index of {len(found)} sequences, not of its {len(lift.targets)} targets"
        raise ResourceError(Problem(reference, text, "prepare the reference again"))


def mover(lift: Lift) -> Callable[[Any], None]:
    """A function that moves one alignment to genome coordinates, in place.

    Position, position of the mate, and the other alignments that the tags SA and XA name are
    moved; CIGAR, bases and all else stay.

    Args:
        lift: The lift.

    Returns:
        A function of an alignment as pysam gives it.
    """
    places = lift.places
    number = {name: at for at, name in enumerate(lift.targets)}

    def moved_tag(value: str) -> str:
        return ";".join(_moved(entry, lift, number) for entry in value.split(";"))

    def move(record: Any) -> None:
        if record.reference_id >= 0:
            contig, before = places[record.reference_id]
            record.reference_id = contig
            record.reference_start += before
        if record.next_reference_id >= 0:
            contig, before = places[record.next_reference_id]
            record.next_reference_id = contig
            record.next_reference_start += before
        for tag in ("SA", "XA"):
            if record.has_tag(tag):
                record.set_tag(tag, moved_tag(record.get_tag(tag)), "Z")

    return move


def _moved(entry: str, lift: Lift, number: Mapping[str, int]) -> str:
    """An entry of SA or XA: name, 1-based position (signed in XA), and more."""
    if not entry:
        return entry
    name, position, rest = entry.split(",", 2)
    match = _SIGNED.match(position)
    if match is None:
        raise ValueError(f"no position in the tag of another alignment: {entry!r}")
    contig, before = lift.places[number[name]]
    return f"{lift.sequences[contig]['SN']},{match[1]}{int(match[2]) + before},{rest}"
