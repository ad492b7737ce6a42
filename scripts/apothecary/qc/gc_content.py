"""Coverage against the share of G and C of the reference around a base."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from apothecary.qc.depth import Depth
from apothecary.qc.metrics import Metric
from apothecary.qc.regions import Piece
from apothecary.variants.reference import Reference

# Bases on either side of a base whose share of G and C counts for it: about a fragment in all.
_FLANK = 75
_CLASS = 0.01


def around(
    reference: Reference, merged: Mapping[str, Sequence[Piece]]
) -> dict[str, npt.NDArray[np.float64]]:
    """The share of G and C around every base of stretches.

    Args:
        reference: The reference sequence.
        merged: Stretches by chromosome, 0-based half-open.

    Returns:
        By chromosome, a share a base, one stretch after the other; NaN where the reference is not
        known or has none of A, C, G and T.
    """
    return {
        chrom: np.concatenate([_around(reference, chrom, *piece) for piece in pieces])
        for chrom, pieces in merged.items()
    }


def _around(reference: Reference, chrom: str, start: int, end: int) -> npt.NDArray[np.float64]:
    flank = _FLANK
    bases = reference.bases(chrom, max(start - flank, 0) + 1, end + flank)
    if bases is None:
        # At an edge of a slice or chromosome what is known of the stretch itself has to do.
        flank, bases = 0, reference.bases(chrom, start + 1, end)
    if bases is None:
        return np.full(end - start, np.nan)
    letters = np.frombuffer(bases.upper().encode("ascii"), dtype=np.uint8)
    strong = np.concatenate(([0], np.cumsum(np.isin(letters, np.frombuffer(b"GC", np.uint8)))))
    known = np.concatenate(([0], np.cumsum(np.isin(letters, np.frombuffer(b"ACGT", np.uint8)))))
    offset = start - max(start - flank, 0)
    here = np.arange(end - start) + offset
    low = np.maximum(here - _FLANK, 0)
    high = np.minimum(here + _FLANK + 1, len(letters))
    size = known[high] - known[low]
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(np.where(size > 0, (strong[high] - strong[low]) / size, np.nan))


def metrics(
    depth: Depth, merged: Mapping[str, Sequence[Piece]], gc: Mapping[str, Any]
) -> list[Metric]:
    """How much coverage is lost where targets are poor or rich in G and C.

    The targets are cut into classes of equal GC. A class's share of the bases is held against its
    share of the depth; what the depth lacks is summed over the classes up to half G and C
    (at_dropout), and over those above (gc_dropout).

    Args:
        depth: Depth over the targets.
        merged: The targets by chromosome, sorted, without overlap.
        gc: By chromosome, the GC share around every base of `merged`, one after the other; NaN
            where the reference is not known.

    Returns:
        Both measures; not assessed without reference bases or without depth.
    """
    shares, depths = [], []
    for chrom, pieces in merged.items():
        if chrom in gc:
            shares.append(gc[chrom])
            depths.append(depth.over(chrom, pieces))
    every = np.concatenate(shares) if shares else np.zeros(0)
    reads = np.concatenate(depths) if depths else np.zeros(0, dtype=np.int32)
    known = ~np.isnan(every)
    if not known.any() or not reads[known].any():
        reason = "no reference sequence over the targets" if not known.any() else "no reads there"
        names = ("at_dropout", "gc_dropout")
        return [Metric(name, None, "fraction", reason) for name in names]
    classes = np.rint(every[known] / _CLASS).astype(int)
    size = round(1 / _CLASS) + 1
    bases = np.bincount(classes, minlength=size) / known.sum()
    covered = np.bincount(classes, weights=reads[known], minlength=size) / reads[known].sum()
    lost = np.maximum(bases - covered, 0.0)
    middle = size // 2 + 1
    return [
        Metric("at_dropout", float(lost[:middle].sum()), "fraction"),
        Metric("gc_dropout", float(lost[middle:].sum()), "fraction"),
    ]
