"""What the reads of a window say for and against one change."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np

from apothecary.calling.error_rates import ErrorRates, run_lengths
from apothecary.calling.pileup import BASES, Bools, Indel, Ints, Window
from apothecary.variants.normalise import normalise
from apothecary.variants.reference import Reference

Spelling = tuple[int, str, str]
"""1-based position, reference bases, alternate bases."""


@dataclass(frozen=True)
class Support:
    """The fragments at the place of a change.

    Attributes:
        depth: Fragments that show what is there.
        ref_reads: Numbers of the reads with the reference.
        alt_reads: Numbers of the reads with the change.
        distances: Of the reads with the change: bases to the nearer end of the aligned part.
        error_rate: Rate at which errors make the change.
        base_quality: Median base quality of the change; 0 for deletions and where none is seen.
    """

    depth: int
    ref_reads: Ints
    alt_reads: Ints
    distances: Ints
    error_rate: float
    base_quality: float

    @property
    def alt_depth(self) -> int:
        """Fragments with the change."""
        return len(self.alt_reads)

    def strands(self, window: Window) -> tuple[int, int, int, int]:
        """Reads: reference forward and reverse, change forward and reverse."""
        return (
            *_split(window.reads.reverse[self.ref_reads]),
            *_split(window.reads.reverse[self.alt_reads]),
        )

    def orientations(self, window: Window) -> tuple[int, int, int, int]:
        """Reads: reference F1R2 and F2R1, change F1R2 and F2R1."""
        turned = ~window.reads.f1r2
        return (*_split(turned[self.ref_reads]), *_split(turned[self.alt_reads]))


def _split(flags: Bools) -> tuple[int, int]:
    return int(np.count_nonzero(~flags)), int(np.count_nonzero(flags))


class WindowBases:
    """The base that most fragments show, as a reference; for places that no FASTA is given for."""

    def __init__(self, window: Window) -> None:
        counts = window.counts
        self._chrom, self._start = window.chrom, window.start
        self._text = "".join(
            BASES[at] if seen else "N"
            for at, seen in zip(counts.argmax(axis=1), counts.sum(axis=1), strict=True)
        )

    def bases(self, chrom: str, start: int, end: int) -> str | None:
        """See `variants.reference.Reference`."""
        if chrom != self._chrom or start < self._start:
            return None
        text = self._text[start - self._start : end - self._start + 1]
        return text if len(text) == end - start + 1 and "N" not in text else None


@dataclass
class Changes:
    """The changes of one window, asked for one by one.

    Attributes:
        window: The window.
        errors: The error rates of the sample.
        reference: Reference bases.
    """

    window: Window
    errors: ErrorRates
    reference: Reference
    _indels: dict[Spelling, list[Indel]] = field(init=False)
    _runs: Ints = field(init=False)

    def __post_init__(self) -> None:
        self._indels = {}
        for indel in self.window.indels:
            spelled = self._spelled(indel)
            if spelled:
                self._indels.setdefault(spelled, []).append(indel)
        self._runs = run_lengths(self.window.counts.argmax(axis=1))

    @property
    def indels(self) -> Iterable[Spelling]:
        """The insertions and deletions that reads show, left-aligned; sorted."""
        return sorted(self._indels)

    def _spelled(self, indel: Indel) -> Spelling | None:
        chrom = self.window.chrom
        ref = self.reference.bases(chrom, indel.anchor, indel.anchor + indel.deleted)
        if ref is None or indel.inserted.strip("ACGT"):
            return None
        found = normalise(chrom, indel.anchor, ref, ref[0] + indel.inserted, self.reference)
        return found.pos, found.ref, found.alt

    def of(self, pos: int, ref: str, alt: str) -> Support | None:
        """The support of a change.

        Args:
            pos: 1-based position.
            ref: Reference bases.
            alt: Alternate bases.

        Returns:
            The support; None for a change that reads are not matched to: one that both deletes
            and inserts bases, of different number.
        """
        if len(ref) == len(alt):
            return self._substitution(pos, ref, alt)
        spelled = normalise(self.window.chrom, pos, ref, alt, self.reference)
        if min(len(spelled.ref), len(spelled.alt)) > 1 or spelled.ref[0] != spelled.alt[0]:
            return None
        return self._indel(spelled.pos, spelled.ref, spelled.alt)

    def _substitution(self, pos: int, ref: str, alt: str) -> Support:
        """Fragments that show every base of the change; errors are those of its rarest base."""
        window = self.window
        changed = [at for at in range(len(ref)) if ref[at] != alt[at]]
        entries = window.at(pos + changed[0])
        fragments = window.reads.fragment
        for at in changed[1:]:
            beside = fragments[window.read[window.at(pos + at)]]
            entries = entries[np.isin(fragments[window.read[entries]], beside)]
        with_ref = with_alt = np.ones(len(entries), dtype=np.bool_)
        rates = []
        for at in changed:
            here = window.at(pos + at)
            true, seen = BASES.index(ref[at]), BASES.index(alt[at])
            rates.append(self.errors.substitution(window, here, true, seen))
            by_fragment = dict(
                zip(fragments[window.read[here]].tolist(), window.base[here].tolist(), strict=True)
            )
            shown = np.array([by_fragment[f] for f in fragments[window.read[entries]].tolist()])
            with_ref = with_ref & (shown == true)
            with_alt = with_alt & (shown == seen)
        found = entries[with_alt]
        return Support(
            len(entries),
            window.read[entries[with_ref]],
            window.read[found],
            window.distance[found],
            min(rates),
            float(np.median(window.quality[found])) if len(found) else 0.0,
        )

    def _indel(self, pos: int, ref: str, alt: str) -> Support:
        window = self.window
        seen = self._indels.get((pos, ref, alt), [])
        alt_reads = np.array([indel.read for indel in seen], dtype=np.int64)
        over = window.over(pos, pos + len(ref))
        other = {i.read for s, found in self._indels.items() if s[0] == pos for i in found}
        fragments = window.reads.fragment
        taken = np.isin(fragments[over], fragments[np.array(sorted(other), dtype=np.int64)])
        depth = len(np.union1d(fragments[over], fragments[alt_reads]))
        at = pos - window.start
        run = int(self._runs[at]) if 0 <= at < len(self._runs) else 1
        return Support(
            depth,
            over[~taken],
            alt_reads,
            np.array([indel.distance for indel in seen], dtype=np.int64),
            self.errors.indel(run),
            0.0,
        )
