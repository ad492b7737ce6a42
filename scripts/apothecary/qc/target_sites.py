"""A person's genotypes over all bases of the targets, for assays that miss the SNPs of identity.

Only what differs from the reference is a row of its own; bases that are seen as reference are
joined into stretches, so that a panel takes some hundred rows.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from apothecary import selection, tables
from apothecary.alignments.files import Alignment, opened
from apothecary.calling.error_rates import ErrorRates, NoiseSettings
from apothecary.calling.linkage import Linkage, LinkageSettings
from apothecary.calling.pileup import BASES, Ints, ReadLimits, Window, read_window
from apothecary.calling.support import Changes
from apothecary.qc import schemas
from apothecary.qc.fingerprints import Counting, log_likelihoods
from apothecary.qc.regions import Piece
from apothecary.variants.reference import Fasta

_COPIES = LinkageSettings(reach=100, share=0.8, fragments=4, differences=2)
"""A heterozygote whose fragments look like those of a copy of the region tells nothing of its
person; the limits are those of the calling of tumors by default, our choice."""
_PAD = 150


def told(
    alignment: Alignment,
    stretches: Mapping[str, Sequence[Piece]],
    reference: Fasta,
    counting: Counting,
) -> list[dict[str, Any]]:
    """Genotypes over targets.

    Args:
        alignment: The alignment file.
        stretches: Targets by chromosome, 0-based and half-open; autosomes only are looked at.
        reference: Reference bases of the build of the alignments.
        counting: Which reads count, and when a genotype is told.

    Returns:
        Columns of the table target_genotypes but for the sample.
    """
    limits = ReadLimits(counting.min_mapping_quality, counting.min_base_quality)
    rows: list[dict[str, Any]] = []
    with opened(alignment) as file:
        for chrom, pieces in stretches.items():
            if chrom in ("chrX", "chrY", "chrM") or chrom not in alignment.names:
                continue
            for start0, end0 in pieces:
                for first, last in reference.known(chrom, start0 + 1, end0):
                    low = max(1, first - _PAD)
                    window = read_window(
                        file, alignment.names[chrom], chrom, low, last + _PAD, limits
                    )
                    rows += _of_stretch(window, first, last, reference, counting)
    return rows


def _of_stretch(
    window: Window, first: int, last: int, reference: Fasta, counting: Counting
) -> Iterator[dict[str, Any]]:
    text = reference.bases(window.chrom, first, last) or ""
    counts = window.counts[first - window.start : last - window.start + 1]
    at_reference = np.array([BASES.find(base) for base in text], dtype=np.int64)
    known = at_reference >= 0
    places = np.arange(len(text))
    seen = np.where(known, counts[places, np.maximum(at_reference, 0)], 0)
    beside = counts.copy()
    beside[places[known], at_reference[known]] = -1
    other = beside.argmax(axis=1)
    most = np.maximum(beside[places, other], 0)
    copies = np.where(known, _genotypes(seen, most, counting), -1)
    linkage: Linkage | None = None
    changes = Changes(window, ErrorRates(NoiseSettings()), reference)
    begun: int | None = None
    for at, number in enumerate([*copies.tolist(), -1]):
        if number == 2 and begun is None:
            begun = first + at
        if number != 2 and begun is not None:
            yield _row(window.chrom, begun, first + at - 1, None, None, 2)
            begun = None
        if number in (0, 1):
            pos, ref, alt = first + at, text[at], BASES[int(other[at])]
            if number == 1:
                linkage = linkage or Linkage(window, _COPIES)
                support = changes.of(pos, ref, alt)
                if support and linkage.marks(pos, ref, support):
                    continue
            yield _row(window.chrom, pos, pos, ref, alt, number)


def _genotypes(reference: Ints, other: Ints, counting: Counting) -> npt.NDArray[np.int64]:
    """Copies of the reference base, -1 where the reads are too few or do not agree."""
    values = np.stack(
        [
            np.asarray(part, dtype=np.float64)
            for part in log_likelihoods(1.0, 0.0, counting.read_error)
        ]
    )[:, None] * reference + (
        np.array(log_likelihoods(0.0, 1.0, counting.read_error))[:, None] * other
    )
    weights = np.exp(values - values.max(axis=0))
    best = weights.max(axis=0) / weights.sum(axis=0)
    clear = (reference + other >= counting.min_depth) & (best >= counting.min_posterior)
    return np.where(clear, values.argmax(axis=0), -1)


def _row(
    chrom: str, start: int, end: int, ref: str | None, alt: str | None, copies: int
) -> dict[str, Any]:
    return {
        "chrom": chrom,
        "start": start,
        "end": end,
        "ref": ref,
        "alt": alt,
        "reference_copies": copies,
    }


@dataclass(frozen=True)
class Genotypes:
    """What is told of one sample over the targets.

    Attributes:
        changed: Other base and copies of the reference base, by chromosome and 1-based position.
        reference: First and last base of stretches of reference, sorted, by chromosome.
    """

    changed: Mapping[tuple[str, int], tuple[str, int]]
    reference: Mapping[str, tuple[Ints, Ints]]

    @classmethod
    def of(cls, rows: Iterable[Mapping[str, Any]]) -> Genotypes:
        """From rows of the table target_genotypes of a sample."""
        changed: dict[tuple[str, int], tuple[str, int]] = {}
        stretches: dict[str, list[Piece]] = {}
        for row in rows:
            if row["alt"] is None:
                stretches.setdefault(row["chrom"], []).append((row["start"], row["end"]))
            else:
                changed[row["chrom"], row["start"]] = (row["alt"], row["reference_copies"])
        return cls(
            changed,
            {
                chrom: (
                    np.array([start for start, _ in sorted(parts)]),
                    np.array([end for _, end in sorted(parts)]),
                )
                for chrom, parts in stretches.items()
            },
        )

    def at(self, place: tuple[str, int], alt: str) -> int | None:
        """Copies of the reference base at a place; None where the sample tells nothing.

        Args:
            place: Chromosome and 1-based position.
            alt: The other base that is asked for; a third one tells nothing.
        """
        own = self.changed.get(place)
        if own is not None:
            return own[1] if own[0] == alt else None
        starts, ends = self.reference.get(place[0], (np.empty(0), np.empty(0)))
        at = int(np.searchsorted(starts, place[1], side="right")) - 1
        return 2 if at >= 0 and ends[at] >= place[1] else None


def read(paths: Iterable[Path | str]) -> dict[str, Genotypes]:
    """The genotypes of the samples of a run.

    Args:
        paths: Tables target_genotypes, one a sample.

    Returns:
        Genotypes by sample id, of the samples that have rows.
    """
    found = (row for path in paths for row in tables.read_rows(path, schemas.TARGET_GENOTYPES))
    return {name: Genotypes.of(rows) for name, rows in selection.by_sample(found).items()}
