"""Alignments to targets of a prepared reference, moved to genome coordinates."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from apothecary.errors import Problem, ResourceError
from apothecary.variants import contigs

_SLICED = "slice"
_RNAME, _POS, _RNEXT, _PNEXT, _TAGS = 2, 3, 6, 7, 11
"""Columns of a line of SAM."""


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


def mover(lift: Lift) -> Callable[[bytes], bytes]:
    """A function that moves one alignment to genome coordinates.

    Position, position of the mate, and the other alignments that the tags SA and XA name are
    moved; CIGAR, bases and all else stay. The distance of mates in two targets is not filled in.

    Args:
        lift: The lift.

    Returns:
        A function from a line of SAM to a line of SAM, both 1-based.
    """
    if not lift.moves:
        return lambda line: line
    places = {
        target.encode(): (str(lift.sequences[contig]["SN"]).encode(), before)
        for target, (contig, before) in zip(lift.targets, lift.places, strict=True)
    }

    def move(line: bytes) -> bytes:
        fields = line.split(b"\t")
        before = 0
        if fields[_RNAME] != b"*":
            fields[_RNAME], before = places[fields[_RNAME]]
            fields[_POS] = b"%d" % (int(fields[_POS]) + before)
        if fields[_RNEXT] not in (b"*", b"="):
            fields[_RNEXT], before = places[fields[_RNEXT]]
        if fields[_RNEXT] != b"*":
            fields[_PNEXT] = b"%d" % (int(fields[_PNEXT]) + before)
        if b"\tSA:Z:" in line or b"\tXA:Z:" in line:
            for at in range(_TAGS, len(fields)):
                if fields[at][:5] in (b"SA:Z:", b"XA:Z:"):
                    others = fields[at][5:].split(b";")
                    moved = b";".join(_moved(other, places) for other in others)
                    fields[at] = fields[at][:5] + moved
        return b"\t".join(fields)

    return move


def _moved(entry: bytes, places: Mapping[bytes, tuple[bytes, int]]) -> bytes:
    """An entry of SA or XA: name, 1-based position (signed in XA), and more; or a line's end."""
    if b"," not in entry:
        return entry
    name, position, rest = entry.split(b",", 2)
    contig, before = places[name]
    digits = position.lstrip(b"+-")
    sign = position[: len(position) - len(digits)]
    return b"%s,%s%d,%s" % (contig, sign, int(digits) + before, rest)
