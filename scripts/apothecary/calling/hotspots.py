"""What the reads say at every known actionable site, so that "not found" has a detection limit.

A change is found when errors alone would hardly give as many fragments; else the least allele
fraction is told that would have been found at this depth. Where the depth is too low for either,
the site is not assessable.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from apothecary.alignments.files import Alignment, opened
from apothecary.calling import statistics, targets
from apothecary.calling.error_rates import ErrorRates, NoiseSettings
from apothecary.calling.linkage import Linkage, LinkageSettings
from apothecary.calling.pileup import ReadLimits, Window, read_window
from apothecary.calling.statistics import Detection
from apothecary.calling.support import Changes, Support, WindowBases
from apothecary.calling.targets import Span
from apothecary.calling.verdicts import FOUND, NOT_ASSESSABLE, NOT_FOUND
from apothecary.knowledge.placement import KNOWN_BUILD, Placement
from apothecary.variants import alleles
from apothecary.variants.reference import Either, Reference
from apothecary.variants.regions import Spans

_PAD = 30
_ENOUGH_BASES = 5_000_000
"""Bases after which the error rates are known well enough."""

Row = dict[str, Any]


@dataclass(frozen=True)
class HotspotSettings:
    """How sites are judged.

    Attributes:
        reads: Which reads and bases count.
        noise: Which places the error rates are taken from.
        detection: When a change counts as found.
        copies: When fragments are taken for those of a copy of the region.
        min_depth: Fragments below which a site is not assessable.
    """

    reads: ReadLimits
    noise: NoiseSettings
    detection: Detection
    copies: LinkageSettings
    min_depth: int

    @classmethod
    def from_config(cls, config: Mapping[str, Any]) -> HotspotSettings:
        """Settings from the section `calling` of the configuration."""
        own = config["hotspots"]
        return cls(
            ReadLimits.from_config(config["reads"]),
            NoiseSettings.from_config(config["errors"]),
            Detection(own["alpha"], own["min_alt_depth"], own["power"]),
            LinkageSettings.from_config(config["copies"]),
            own["min_depth"],
        )


@dataclass(frozen=True)
class Hotspot:
    """A known change, where it lies in the alignment.

    Attributes:
        chrom: Chromosome with chr.
        pos: 1-based GRCh38 position.
        ref: Reference bases.
        alt: Alternate bases.
        gene: Gene.
        protein_changes: Names of the change in the protein.
        input_pos: 1-based position in the build of the alignment; None where it cannot be told.
    """

    chrom: str
    pos: int
    ref: str
    alt: str
    gene: str
    protein_changes: tuple[str, ...]
    input_pos: int | None

    @property
    def span(self) -> Span:
        """Where it lies in the alignment; the place of its GRCh38 position where not known."""
        start = self.pos if self.input_pos is None else self.input_pos
        return self.chrom, start, start + len(self.ref) - 1


def hotspots(known_variants: Iterable[Mapping[str, Any]], placement: Placement) -> list[Hotspot]:
    """The known changes in the build of an alignment.

    Args:
        known_variants: Rows of the knowledge table, GRCh38.
        placement: Where the knowledge lies in that build.

    Returns:
        Changes that are spelled in bases, each once, sorted.
    """
    found: dict[tuple[str, int, str, str], tuple[set[str], set[str]]] = {}
    for row in known_variants:
        if not (alleles.is_bases(row["ref"]) and alleles.is_bases(row["alt"])):
            continue
        key = (str(row["chrom"]), int(row["pos"]), str(row["ref"]), str(row["alt"]))
        genes, names = found.setdefault(key, (set(), set()))
        genes.add(str(row["gene"]))
        if row.get("protein_change"):
            names.add(str(row["protein_change"]))
    sites = []
    for (chrom, pos, ref, alt), (genes, names) in sorted(found.items()):
        place = placement.first(chrom, pos, len(ref))
        gene = ", ".join(sorted(genes))
        sites.append(Hotspot(chrom, pos, ref, alt, gene, tuple(sorted(names)), place))
    return sites


def genotype(
    alignment: Alignment,
    sites: Sequence[Hotspot],
    covered: Sequence[Span] | None,
    reference: Reference | None,
    settings: HotspotSettings,
    sample_id: str,
) -> list[Row]:
    """Judge every site that the targets cover.

    Args:
        alignment: The reads of a sample; a BAM.
        sites: The known changes.
        covered: Targets in the build of the alignment; None when all sites are asked for.
        reference: Reference bases in the build of the alignment, where they are at hand; else
            the bases that most fragments show.
        settings: How.
        sample_id: The sample.

    Returns:
        Rows of the table hotspot_evidence.
    """
    inside = Spans(covered) if covered is not None else None
    rows = []
    reachable = []
    for site in sites:
        if site.input_pos is None:
            said = f"its coordinate in {alignment.build} is not known"
            rows.append(_row(sample_id, alignment, site, NOT_ASSESSABLE, said))
        elif reference and (said := _another_reference(site, alignment, reference)):
            rows.append(_row(sample_id, alignment, site, NOT_ASSESSABLE, said))
        elif inside is not None and not inside.overlaps(*site.span):
            continue
        elif site.chrom not in alignment.names:
            said = f"the alignment has no contig {site.chrom}"
            rows.append(_row(sample_id, alignment, site, NOT_ASSESSABLE, said))
        else:
            reachable.append(site)
    windows = targets.windows([site.span for site in reachable], _PAD, alignment.lengths)
    placed: dict[Span, list[Hotspot]] = {}
    for site in reachable:
        chrom, start, _ = site.span
        window = next(w for w in windows if w[0] == chrom and w[1] <= start <= w[2])
        placed.setdefault(window, []).append(site)
    with opened(alignment) as file:
        errors = measure_errors(file, alignment, windows, settings.reads, settings.noise)
        for (chrom, start, end), here in placed.items():
            # Wide enough to see what else the fragments of a change differ in.
            low = max(1, start - settings.copies.reach)
            high = min(alignment.lengths[chrom], end + settings.copies.reach)
            window_reads = read_window(
                file, alignment.names[chrom], chrom, low, high, settings.reads
            )
            seen = WindowBases(window_reads)
            changes = Changes(window_reads, errors, Either(reference, seen) if reference else seen)
            for site in here:
                rows.append(_judge(sample_id, alignment, site, changes, settings))
    return rows


def _another_reference(site: Hotspot, alignment: Alignment, reference: Reference) -> str:
    """What the reference has at a site that was placed in it, where that is not the site's own."""
    chrom, start, end = site.span
    bases = reference.bases(chrom, start, end)
    if alignment.build == KNOWN_BUILD or bases is None or bases == site.ref or "N" in bases:
        return ""
    return f"its reference bases in {alignment.build} are {bases}"


def measure_errors(
    file: Any,
    alignment: Alignment,
    windows: Sequence[Span],
    limits: ReadLimits,
    noise: NoiseSettings,
) -> ErrorRates:
    """The error rates of a sample, from windows spread over the targets until they are known well.

    Args:
        file: The alignment as pysam opens it.
        alignment: The alignment.
        windows: Windows in the order of the genome.
        limits: Which reads and bases count.
        noise: Which places count.
    """
    errors = ErrorRates(noise)
    for chrom, start, end in _spread(windows):
        errors.add(read_window(file, alignment.names[chrom], chrom, start, end, limits))
        if errors.errors.sum() >= _ENOUGH_BASES:
            break
    return errors


def _spread(windows: Sequence[Span]) -> Iterator[Span]:
    """Windows in an order that goes over the genome several times."""
    step = max(1, round(len(windows) ** 0.5))
    for first in range(step):
        yield from windows[first::step]


def _judge(
    sample_id: str,
    alignment: Alignment,
    site: Hotspot,
    changes: Changes,
    settings: HotspotSettings,
) -> Row:
    support = changes.of(site.span[1], site.ref, site.alt)
    if support is None:
        said = "reads are not matched to a change that both deletes and inserts bases"
        return _row(sample_id, alignment, site, NOT_ASSESSABLE, said)
    depth, detection = support.depth, settings.detection
    counts = _counts(support, changes.window)
    limit = detection.limit(depth, support.error_rate)
    low: str | None = None
    if depth < settings.min_depth:
        low = f"depth {depth} is below {settings.min_depth}"
    elif limit is None:
        low = f"at depth {depth} no number of reads is beyond errors"
    if low:
        return {**_row(sample_id, alignment, site, NOT_ASSESSABLE, low), **counts}
    needed = detection.needed(depth, support.error_rate)
    status = FOUND if support.alt_depth >= needed else NOT_FOUND
    few = 0 < support.alt_depth < needed
    remark = f"seen in {support.alt_depth}, below {needed}" if few else None
    if status == FOUND:
        remark = _of_a_copy(support, site, changes.window, settings.copies)
    row = _row(sample_id, alignment, site, status, remark)
    return {**row, **counts, "detection_limit": limit, "needed_depth": needed}


def _of_a_copy(
    support: Support, site: Hotspot, window: Window, settings: LinkageSettings
) -> str | None:
    """What speaks for fragments of a copy of the region; None where nothing does."""
    places = Linkage(window, settings).differences(site.span[1], site.ref, support)
    if len(places) < settings.differences:
        return None
    listed = ", ".join(map(str, places))
    return (
        f"doubtful: its fragments differ from the others at {len(places)} further places "
        f"({listed}), as those of a copy of the region do"
    )


def _counts(support: Support, window: Window) -> Row:
    depth, alt_depth = support.depth, support.alt_depth
    low, high = statistics.wilson(alt_depth, depth) if depth else (None, None)
    ref_forward, ref_reverse, alt_forward, alt_reverse = support.strands(window)
    quality = window.reads.mapping_quality[support.alt_reads]
    return {
        "depth": depth,
        "alt_depth": alt_depth,
        "vaf": alt_depth / depth if depth else None,
        "vaf_low": low,
        "vaf_high": high,
        "ref_forward": ref_forward,
        "ref_reverse": ref_reverse,
        "alt_forward": alt_forward,
        "alt_reverse": alt_reverse,
        "read_position": float(np.median(support.distances)) if alt_depth else None,
        "mapping_quality": float(np.median(quality)) if alt_depth else None,
        "error_rate": support.error_rate,
        "p_value": statistics.tail(alt_depth, depth, support.error_rate) if depth else None,
    }


def _row(
    sample_id: str, alignment: Alignment, site: Hotspot, status: str, reason: str | None
) -> Row:
    return {
        "sample_id": sample_id,
        "chrom": site.chrom,
        "pos": site.pos,
        "ref": site.ref,
        "alt": site.alt,
        "gene": site.gene,
        "protein_changes": list(site.protein_changes),
        "build": alignment.build,
        "input_pos": site.input_pos,
        "status": status,
        "reason": reason,
    }
