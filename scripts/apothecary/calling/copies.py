"""What the reads say of a call that may come from a copy of the region elsewhere in the genome.

Reads of a pseudogene that are aligned to the gene look like a heterozygous call. The allele alone
does not tell them from a germline haplotype: both carry several differences together. Each call
therefore gets the number of further places at which its fragments differ, and the signs that speak
for a copy; nothing is taken out by them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from apothecary.alignments.files import Alignment, opened
from apothecary.calling import files, statistics
from apothecary.calling.error_rates import ErrorRates, NoiseSettings
from apothecary.calling.linkage import Linkage, LinkageSettings
from apothecary.calling.pileup import ReadLimits, Window, read_window
from apothecary.calling.support import Changes, Support
from apothecary.variants import alleles, contigs
from apothecary.variants.copy_marks import BALANCE, LINKED, MAPPING, PLACES, SIGNS
from apothecary.variants.reference import Reference
from apothecary.variants.regions import Regions

HEADER = (
    f'##INFO=<ID={PLACES},Number=A,Type=Integer,Description="Further places at which the fragments '
    'with the allele differ from the others, as those of a copy of the region do">',
    f'##INFO=<ID={SIGNS},Number=A,Type=String,Description="What more speaks for a copy, joined by '
    f"+: {LINKED} (several such places), {BALANCE} (far from one half), {MAPPING} (reads mapped "
    'worse than the others)">',
)
_STEP = 300
"""Bases of a window within which its calls are asked for."""


@dataclass(frozen=True)
class Copy:
    """How much the fragments with an allele look like those of a copy.

    Attributes:
        places: Further places at which they differ from the others.
        signs: What more speaks for a copy.
    """

    places: int = 0
    signs: tuple[str, ...] = ()

    @property
    def info(self) -> list[str]:
        """The fields of INFO; none where the fragments differ at no further place."""
        if not self.places:
            return []
        return [f"{PLACES}={self.places}", *([f"{SIGNS}={self._joined}"] if self.signs else [])]

    @property
    def _joined(self) -> str:
        return "+".join(self.signs) or "."


def of_call(
    linkage: Linkage, pos: int, ref: str, support: Support, permitted: Regions, *, balanced: bool
) -> Copy:
    """Judge one call.

    Args:
        linkage: The fragments of its window.
        pos: 1-based position.
        ref: Its reference bases.
        support: Its support.
        permitted: Where the person may be read; places elsewhere are not counted.
        balanced: Whether the allele is expected on half of the fragments.
    """
    chrom, settings = linkage.window.chrom, linkage.settings
    found = linkage.differences(pos, ref, support)
    places = sum(permitted.overlaps(chrom, place, place) for place in found)
    if not places:
        return Copy()
    signs = {
        LINKED: places >= settings.differences,
        BALANCE: balanced and _unbalanced(support, settings),
        MAPPING: _mapped_worse(support, linkage.window, settings),
    }
    return Copy(places, tuple(name for name, holds in signs.items() if holds))


def _unbalanced(support: Support, settings: LinkageSettings) -> bool:
    low, high = statistics.wilson(support.alt_depth, support.depth)
    return high < 0.5 - settings.balance or low > 0.5 + settings.balance


def _mapped_worse(support: Support, window: Window, settings: LinkageSettings) -> bool:
    quality = window.reads.mapping_quality
    own, others = (float(np.mean(quality[r])) for r in (support.alt_reads, support.ref_reads))
    return others - own >= settings.mapping_quality


@dataclass
class Reader:
    """Asks the reads of a sample for its calls, which come sorted.

    Attributes:
        file: The alignment as pysam opens it.
        alignment: The alignment.
        reference: Reference bases.
        permitted: Where the person may be read.
        limits: Which reads and bases count.
        settings: When fragments are taken for those of a copy.
        balanced: Whether alleles are expected on half of the fragments.
    """

    file: Any
    alignment: Alignment
    reference: Reference
    permitted: Regions
    limits: ReadLimits
    settings: LinkageSettings
    balanced: bool
    _held: tuple[str, int, int] = field(init=False, default=("", 0, 0))
    _changes: Changes = field(init=False)
    _linkage: Linkage = field(init=False)

    def of(self, chrom: str, pos: int, ref: str, alt: str) -> Copy:
        """Judge one call; 1-based position, chromosome with chr."""
        self._move(chrom, pos, pos + len(ref) - 1)
        support = self._changes.of(pos, ref, alt)
        if support is None or not support.alt_depth:
            return Copy()
        linkage, permitted = self._linkage, self.permitted
        return of_call(linkage, pos, ref, support, permitted, balanced=self.balanced)

    def _move(self, chrom: str, start: int, end: int) -> None:
        held, low, high = self._held
        if chrom == held and low <= start and end <= high:
            return
        pad, length = self.settings.reach + 1, self.alignment.lengths[chrom]
        last = max(end, start + _STEP)
        window = read_window(
            self.file,
            self.alignment.names[chrom],
            chrom,
            max(1, start - pad),
            min(length, last + pad),
            self.limits,
        )
        self._held = (chrom, start, last)
        # Error rates judge no allele here: callers did.
        self._changes = Changes(window, ErrorRates(NoiseSettings()), self.reference)
        self._linkage = Linkage(window, self.settings)


def mark(
    path: Path | str,
    alignment: Alignment,
    reference: Reference,
    permitted: Regions,
    limits: ReadLimits,
    settings: LinkageSettings,
    *,
    balanced: bool,
) -> None:
    """Mark the calls of a VCF.

    Args:
        path: The VCF of one sample or of a tumor alone, bgzipped; it is written anew, with its
            index.
        alignment: The reads that it was called from; a BAM.
        reference: Reference bases in its build.
        permitted: Where the person may be read.
        limits: Which reads and bases count.
        settings: When fragments are taken for those of a copy.
        balanced: Whether alleles are expected on half of the fragments.
    """
    import pysam

    with pysam.BGZFile(str(path), "rb", None) as packed:
        lines = [line.decode() for line in packed]
    head = [line for line in lines if line.startswith("#")]
    with opened(alignment) as file:
        reader = Reader(file, alignment, reference, permitted, limits, settings, balanced)
        records = list(_marked(lines[len(head) :], reader))
    head[-1:] = [*HEADER, head[-1]]
    files.write(path, head, records)


def _marked(records: Iterable[str], reader: Reader) -> Iterator[str]:
    for line in records:
        fields = line.split("\t")
        chrom = contigs.canonical(fields[0])
        found = _of_record(chrom, fields, reader) if chrom else []
        if any(one.places for one in found):
            added = [f"{PLACES}={','.join(str(one.places) for one in found)}"]
            if any(one.signs for one in found):
                joined = ",".join("+".join(one.signs) or "." for one in found)
                added.append(f"{SIGNS}={joined}")
            fields[7] = ";".join([*([] if fields[7] == "." else [fields[7]]), *added])
        yield "\t".join(fields) + "\n"


def _of_record(chrom: str, fields: Sequence[str], reader: Reader) -> list[Copy]:
    """What is told of each alternate allele; nothing of one that is not called beside another."""
    genotype = alleles.genotype(fields[9].split(":")[0])
    called = set(genotype.alleles)
    if len(called) == 1 and not genotype.missing:
        return []
    return [
        reader.of(chrom, int(fields[1]), fields[3], alt)
        if alleles.is_bases(alt) and (genotype.missing or number in called)
        else Copy()
        for number, alt in enumerate(fields[4].split(","), 1)
    ]
