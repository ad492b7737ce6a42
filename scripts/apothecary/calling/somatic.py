"""Somatic changes of a tumor, with its normal or alone.

Every SNV and short indel that enough fragments of the tumor show is a candidate. It is held
against the error rates of the sample, its own reads and the normal, and keeps every filter that
it fails, so that what was seen and not believed is told. Allele fractions are no filter by
themselves. A tumor alone does not tell germline alleles from somatic ones.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from apothecary.alignments.files import Alignment, opened
from apothecary.calling import artefacts, copies, files, inherited, statistics, targets
from apothecary.calling.artefacts import FilterSettings, Measures
from apothecary.calling.copies import Copy
from apothecary.calling.error_rates import ErrorRates, NoiseSettings
from apothecary.calling.hotspots import measure_errors
from apothecary.calling.linkage import Linkage, LinkageSettings
from apothecary.calling.misalignment import Misalignment, shown_indels
from apothecary.calling.pileup import BASES, ReadLimits, Window, read_window
from apothecary.calling.support import Changes, Spelling, Support
from apothecary.calling.targets import Span
from apothecary.errors import Problem, WorkflowInputError
from apothecary.variants import contigs
from apothecary.variants.copy_marks import LINKED
from apothecary.variants.reference import Fasta, Reference
from apothecary.variants.regions import EVERYTHING

_PIECE = 500
"""Bases of a target that are worked at a time."""
_PAD = 150

Alleles = frozenset[tuple[str, int, str, str]]


@dataclass(frozen=True)
class SomaticSettings:
    """How somatic changes are called.

    Attributes:
        reads: Which reads and bases count.
        noise: Which places the error rates are taken from.
        filters: Limits of the filters.
        copies: When fragments are taken for those of a copy.
        candidate_alt_depth: Fragments that make a candidate.
        candidate_vaf: Allele fraction that makes a candidate.
    """

    reads: ReadLimits
    noise: NoiseSettings
    filters: FilterSettings
    copies: LinkageSettings
    candidate_alt_depth: int
    candidate_vaf: float

    @classmethod
    def from_config(cls, config: Mapping[str, Any]) -> SomaticSettings:
        """Settings from the section `calling` of the configuration."""
        own = config["somatic"]
        return cls(
            ReadLimits.from_config(config["reads"]),
            NoiseSettings.from_config(config["errors"]),
            FilterSettings.from_config(own["filters"]),
            LinkageSettings.from_config(config["copies"]),
            own["candidate_alt_depth"],
            own["candidate_vaf"],
        )


@dataclass(frozen=True)
class Candidate:
    """A change that the tumor shows.

    Attributes:
        chrom: Chromosome with chr.
        pos: 1-based position, left-aligned.
        ref: Reference bases.
        alt: Alternate bases.
        support: Its support in the tumor.
        normal: Its support in the normal; None without one.
        measures: What was measured.
        filters: The filters that it fails.
        copy: How much its fragments look like those of a copy; without a normal.
    """

    chrom: str
    pos: int
    ref: str
    alt: str
    support: Support
    normal: Support | None
    measures: Measures
    filters: tuple[str, ...]
    copy: Copy = field(default_factory=Copy)


@dataclass
class _Sample:
    """One of the two samples while it is read."""

    alignment: Alignment
    file: Any
    errors: ErrorRates = field(init=False)

    def changes(self, span: Span, settings: SomaticSettings, reference: Reference) -> Changes:
        chrom, start, end = span
        contig = self.alignment.names[chrom]
        window = read_window(self.file, contig, chrom, start, end, settings.reads)
        return Changes(window, self.errors, reference)


def call(
    tumor: Alignment,
    normal: Alignment | None,
    reference: Fasta,
    spans: Sequence[Span],
    panel: Alleles,
    settings: SomaticSettings,
) -> list[Candidate]:
    """Call a tumor.

    Args:
        tumor: Its reads; a BAM.
        normal: The reads of the normal of the same person, or None.
        reference: Reference bases in the build of both.
        spans: Targets.
        panel: Alleles of a panel of normals.
        settings: How.

    Returns:
        Candidates with the filters that they fail, sorted.

    Raises:
        WorkflowInputError: Tumor and normal are of different builds, or the reference knows no
            base of the targets.
    """
    if normal and normal.build != tumor.build:
        found = f"the normal is {normal.build}, the tumor {tumor.build}"
        raise WorkflowInputError(Problem(normal.shown_as, found, "align both to one build"))
    windows = [
        (chrom, low, high)
        for chrom, start, end in targets.windows(spans, 0, tumor.lengths)
        for low, high in reference.known(chrom, start, end)
    ]
    if not windows:
        found = "the reference sequence knows none of the targets"
        right = f"reference.fasta of {tumor.build} with the targets"
        raise WorkflowInputError(Problem(tumor.shown_as, found, right))
    candidates: list[Candidate] = []
    with ExitStack() as stack:
        file = stack.enter_context(opened(tumor))
        sample = _Sample(tumor, file)
        sample.errors = measure_errors(file, tumor, windows, settings.reads, settings.noise)
        other = _Sample(normal, stack.enter_context(opened(normal))) if normal else None
        if other:
            other.errors = measure_errors(
                other.file, other.alignment, windows, settings.reads, settings.noise
            )
        for span in _pieces(windows):
            candidates += _of_span(span, sample, other, reference, panel, settings)
    return sorted(candidates, key=lambda c: (contigs.sort_key(c.chrom), c.pos, c.ref, c.alt))


def _pieces(windows: Sequence[Span]) -> Iterator[Span]:
    for chrom, start, end in windows:
        for low in range(start, end + 1, _PIECE):
            yield chrom, low, min(end, low + _PIECE - 1)


def _of_span(
    span: Span,
    tumor: _Sample,
    normal: _Sample | None,
    reference: Reference,
    panel: Alleles,
    settings: SomaticSettings,
) -> list[Candidate]:
    chrom, start, end = span
    length = tumor.alignment.lengths[chrom]
    around = (chrom, max(1, start - _PAD), min(length, end + _PAD))
    changes = tumor.changes(around, settings, reference)
    beside: Changes | None = None
    misaligned: Misalignment | None = None
    linkage: Linkage | None = None
    found = []
    for pos, ref, alt in [*_snvs(changes.window, span, reference, settings), *changes.indels]:
        if not start <= pos <= end:
            continue
        support = changes.of(pos, ref, alt)
        if support is None or not _is_candidate(support, settings):
            continue
        if normal and beside is None:
            beside = normal.changes(around, settings, reference)
        measures = artefacts.measure(support, changes.window, ref, alt, settings.filters)
        filters = artefacts.failed(support, measures, ref, alt, settings.filters)
        if len(ref) == len(alt):
            misaligned = misaligned or _misalignment(changes, beside, reference, settings)
            if misaligned.explained(pos, alt, support) >= settings.filters.misaligned_share:
                filters.append("indel_misalignment")
        in_normal = beside.of(pos, ref, alt) if beside else None
        copy = Copy()
        if normal:
            filters += artefacts.against_normal(in_normal, settings.filters)
        else:
            linkage = linkage or Linkage(changes.window, settings.copies)
            copy = copies.of_call(linkage, pos, ref, support, EVERYTHING, balanced=False)
            if LINKED in copy.signs:
                filters.append(LINKED)
        if (chrom, pos, ref, alt) in panel:
            filters.append("panel_of_normals")
        told = tuple(filters)
        found.append(Candidate(chrom, pos, ref, alt, support, in_normal, measures, told, copy))
    return found


def _misalignment(
    changes: Changes, beside: Changes | None, reference: Reference, settings: SomaticSettings
) -> Misalignment:
    """The indels that tumor or normal show; those of the normal may be rare in the tumor."""
    limits = (settings.candidate_alt_depth, settings.candidate_vaf)
    shown = shown_indels(changes, *limits)
    for spelling, fraction in (shown_indels(beside, *limits) if beside else {}).items():
        shown[spelling] = max(fraction, shown.get(spelling, 0.0))
    return Misalignment(changes, shown, reference)


def _is_candidate(support: Support, settings: SomaticSettings) -> bool:
    enough = support.alt_depth >= settings.candidate_alt_depth
    return enough and support.alt_depth >= settings.candidate_vaf * support.depth


def _snvs(
    window: Window, span: Span, reference: Reference, settings: SomaticSettings
) -> list[Spelling]:
    chrom, start, end = span
    text = reference.bases(chrom, start, end)
    if text is None:
        return []
    counts = window.counts[start - window.start : end - window.start + 1]
    depth = counts.sum(axis=1)
    enough = counts >= np.maximum(
        settings.candidate_alt_depth, settings.candidate_vaf * depth[:, None]
    )
    found = []
    for at, base in np.argwhere(enough).tolist():
        ref, alt = text[at], BASES[base]
        if ref != alt and ref in BASES:
            found.append((start + at, ref, alt))
    return found


HEADER = (
    *(
        f'##FILTER=<ID={name},Description="{meaning}">'
        for name, meaning in artefacts.FILTERS.items()
    ),
    '##INFO=<ID=LOD,Number=1,Type=Float,Description="log10 of how much likelier the allele is '
    'than errors of the sample">',
    '##INFO=<ID=ERR,Number=1,Type=Float,Description="Rate at which errors make the allele">',
    '##INFO=<ID=VAFCI,Number=2,Type=Float,Description="Wilson interval of the allele fraction, '
    '95 %">',
    '##INFO=<ID=SB,Number=4,Type=Integer,Description="Reads: reference forward and reverse, '
    'allele forward and reverse">',
    '##INFO=<ID=SBP,Number=1,Type=Float,Description="p-value of the exact test of strands">',
    '##INFO=<ID=OB,Number=4,Type=Integer,Description="Reads: reference F1R2 and F2R1, allele '
    'F1R2 and F2R1">',
    '##INFO=<ID=OBP,Number=1,Type=Float,Description="p-value of the exact test of orientations">',
    '##INFO=<ID=RPOS,Number=1,Type=Float,Description="Median bases from the allele to the nearer '
    'end of the aligned part">',
    '##INFO=<ID=MQ,Number=1,Type=Float,Description="Median mapping quality of the reads with the '
    'allele">',
    '##INFO=<ID=FFPE,Number=0,Type=Flag,Description="C>T or G>A at a low fraction, as fixation '
    'makes">',
    '##INFO=<ID=TUMOR_ONLY,Number=0,Type=Flag,Description="Called without a normal: germline '
    'alleles are among the calls">',
    *copies.HEADER,
    '##FORMAT=<ID=GT,Number=1,Type=String,Description="0/1 where the allele is seen">',
    '##FORMAT=<ID=DP,Number=1,Type=Integer,Description="Fragments">',
    '##FORMAT=<ID=AD,Number=R,Type=Integer,Description="Fragments of each allele">',
    '##FORMAT=<ID=AF,Number=A,Type=Float,Description="Fraction of the fragments with the allele">',
)


def write(
    path: Path | str,
    candidates: Sequence[Candidate],
    tumor: Alignment,
    sample: str,
    normal_sample: str | None,
    withheld: int = 0,
) -> None:
    """Write the candidates as a VCF with its index.

    Args:
        path: Ends in .vcf.gz.
        candidates: Sorted.
        tumor: What was called.
        sample: Name of the tumor's column.
        normal_sample: Name of the normal's column, or None.
        withheld: Candidates that were left out for want of consent.
    """
    samples = [sample] if normal_sample is None else [sample, normal_sample]
    lines = (_line(one, tumor.names[one.chrom], normal_sample is None) for one in candidates)
    head = files.header(tumor, HEADER, samples)
    head[-1:] = [inherited.header_line(withheld), head[-1]]
    files.write(path, head, lines)


def _line(one: Candidate, contig: str, alone: bool) -> str:
    support, measures = one.support, one.measures
    low, high = statistics.wilson(support.alt_depth, support.depth)
    info = [
        f"LOD={measures.log_odds:.2f}",
        f"ERR={support.error_rate:.3g}",
        f"VAFCI={low:.4g},{high:.4g}",
        f"SB={','.join(map(str, measures.strands))}",
        f"SBP={measures.strand_p:.3g}",
        f"OB={','.join(map(str, measures.orientations))}",
        f"OBP={measures.orientation_p:.3g}",
        f"RPOS={measures.read_position:g}",
        f"MQ={measures.mapping_quality:g}",
        *(["FFPE"] if measures.ffpe_like else []),
        *(["TUMOR_ONLY"] if alone else []),
        *one.copy.info,
    ]
    columns = [_column(support)] if alone else [_column(support), _column(one.normal)]
    filters = ";".join(one.filters) or "PASS"
    fields = (contig, str(one.pos), ".", one.ref, one.alt, ".", filters, ";".join(info))
    return "\t".join((*fields, "GT:DP:AD:AF", *columns)) + "\n"


def _column(support: Support | None) -> str:
    if support is None or not support.depth:
        return "./.:0:.:."
    counted, depth = support.alt_depth, support.depth
    genotype = "0/1" if counted else "0/0"
    return f"{genotype}:{depth}:{len(support.ref_reads)},{counted}:{counted / depth:.4g}"


def read_panel(path: str, reference: Reference | None = None) -> Alleles:
    """The alleles of a panel of normals.

    Args:
        path: VCF or BCF; empty for none.
        reference: Reference bases, for left-aligning.

    Raises:
        WorkflowInputError: The file cannot be read.
    """
    if not path:
        return frozenset()
    import pysam

    from apothecary.variants.normalise import normalise

    found = set()
    try:
        with pysam.VariantFile(path) as panel:
            for record in panel:
                chrom = contigs.canonical(record.chrom)
                for alt in record.alts or ():
                    if chrom and record.ref:
                        one = normalise(chrom, record.pos, record.ref, alt, reference)
                        found.add((chrom, one.pos, one.ref, one.alt))
    except (OSError, ValueError) as error:
        problem = Problem(path, f"cannot be read ({error})", "give a VCF of normals")
        raise WorkflowInputError(problem) from None
    return frozenset(found)
