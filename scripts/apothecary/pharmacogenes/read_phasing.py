"""Phase of heterozygous positions from the reads that span them (WhatsHap).

Only the reads over those positions are handed on, as a small file of their own, so that a whole
genome costs no more than a panel, and nothing of a gene that is not asked for is copied.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from apothecary.alignments.files import Alignment, opened
from apothecary.errors import Problem, WorkflowInputError
from apothecary.pharmacogenes.observations import ReadSettings
from apothecary.variants.alleles import is_bases

_SAMPLE = "sample"
"""The sample in the files for WhatsHap; read groups are ignored there."""
_PASSED_OVER = 0x4 | 0x100 | 0x200 | 0x400 | 0x800
"""Unmapped, secondary, failed, duplicate and supplementary alignments (SAM flags)."""


@dataclass(frozen=True, order=True)
class Heterozygous:
    """A heterozygous variant.

    Attributes:
        chrom: Chromosome with chr.
        pos: 1-based position in the build of the reads.
        ref: Reference bases there.
        alt: The other bases.
    """

    chrom: str
    pos: int
    ref: str
    alt: str


@dataclass(frozen=True)
class ReadBlock:
    """Variants whose phase reads tell together.

    Attributes:
        alt_first: Whether the first strand has the ALT, by variant; two variants at least.
        reads: Fragments that link neighbours as they are phased, at the link that has fewest.
    """

    alt_first: Mapping[Heterozygous, bool]
    reads: int


def phase(
    alignment: Alignment,
    variants: Iterable[Heterozygous],
    settings: ReadSettings,
    work_folder: str | Path,
) -> list[ReadBlock]:
    """Phase variants by the reads of a sample.

    Args:
        alignment: The reads.
        variants: The variants; those that are not spelled in bases, or lie on a contig that the
            file has not, stay without phase.
        settings: What counts.
        work_folder: A folder for the small files; they are removed.

    Returns:
        The blocks. Neighbours within one are linked by `min_phase_reads` fragments, of which no
        greater share than `max_other_reads` shows them the other way round; a variant that is
        linked to no other is in no block.

    Raises:
        WorkflowInputError: The reads are damaged, or WhatsHap cannot take them.
    """
    usable = [v for v in sorted(set(variants)) if v.chrom in alignment.names]
    usable = [v for v in _one_a_position(usable) if is_bases(v.ref) and is_bases(v.alt)]
    if len(usable) < 2:
        return []
    folder = Path(work_folder)
    reads, calls = folder / "phase.bam", folder / "phase.vcf"
    try:
        lengths = _copy_reads(alignment, usable, reads)
        if not lengths:
            return []
        calls.write_text(_vcf(usable, alignment.names, lengths), encoding="utf-8")
        phased = _whatshap(alignment, reads, calls, settings)
        fragments = _fragments(alignment, reads, usable, settings)
        return [
            block
            for alt_first in _sets(usable, alignment.names, phased)
            for block in split(alt_first, fragments, settings)
        ]
    finally:
        for path in (reads, reads.with_suffix(".bam.bai"), calls):
            path.unlink(missing_ok=True)


def _one_a_position(variants: Sequence[Heterozygous]) -> list[Heterozygous]:
    """Variants of which no other starts at the same base; WhatsHap takes one a position."""
    at: dict[tuple[str, int], list[Heterozygous]] = defaultdict(list)
    for variant in variants:
        at[variant.chrom, variant.pos].append(variant)
    return [found[0] for found in at.values() if len(found) == 1]


def _copy_reads(
    alignment: Alignment, variants: Sequence[Heterozygous], path: Path
) -> dict[str, int]:
    """Copy the reads over variants, each once.

    Returns:
        The lengths of the contigs by their names; empty, and no file, where there are no reads.
    """
    import pysam

    with opened(alignment) as file:
        found: dict[tuple[Any, ...], Any] = {}
        for variant in variants:
            start0 = variant.pos - 1
            contig = alignment.names[variant.chrom]
            for read in file.fetch(contig, start0, start0 + len(variant.ref)):
                if not read.flag & _PASSED_OVER:
                    key = (read.reference_id, read.reference_start, read.query_name, read.flag)
                    found.setdefault(key, read)
        if not found:
            return {}
        contigs = [{"SN": sn, "LN": file.get_reference_length(sn)} for sn in file.references]
        header = {"HD": {"VN": "1.6", "SO": "coordinate"}, "SQ": contigs}
        with pysam.AlignmentFile(str(path), "wb", header=header) as copy:
            for key in sorted(found):
                copy.write(found[key])
    pysam.index(str(path))
    return {contig["SN"]: contig["LN"] for contig in contigs}


def _vcf(
    variants: Sequence[Heterozygous], contigs: Mapping[str, str], lengths: Mapping[str, int]
) -> str:
    names = dict.fromkeys(contigs[variant.chrom] for variant in variants)
    columns = ("#CHROM", "POS", "ID", "REF", "ALT", "QUAL", "FILTER", "INFO", "FORMAT", _SAMPLE)
    lines = [
        "##fileformat=VCFv4.2",
        *(f"##contig=<ID={name},length={lengths[name]}>" for name in names),
        '##FORMAT=<ID=GT,Number=1,Type=String,Description="Genotype">',
        "\t".join(columns),
    ]
    for v in variants:
        cells = (contigs[v.chrom], str(v.pos), ".", v.ref, v.alt, ".", ".", ".", "GT", "0/1")
        lines.append("\t".join(cells))
    return "\n".join(lines) + "\n"


def _whatshap(alignment: Alignment, reads: Path, calls: Path, settings: ReadSettings) -> str:
    """The VCF that WhatsHap makes of the variants, with PS."""
    from whatshap.cli import CommandLineError
    from whatshap.cli.phase import run_whatshap

    logging.getLogger("whatshap").setLevel(logging.ERROR)
    phased = calls.with_suffix(".phased.vcf")
    try:
        # It writes through the descriptor of the file, so that a text in memory will not do.
        with phased.open("w", encoding="utf-8") as output:
            run_whatshap(
                phase_input_files=[str(reads)],
                variant_file=str(calls),
                reference=alignment.reference or False,
                output=output,
                ignore_read_groups=True,
                mapping_quality=settings.min_mapping_quality,
                write_command_line_header=False,
            )
        return phased.read_text(encoding="utf-8")
    except CommandLineError as error:
        found = f"WhatsHap cannot phase by these reads ({error})"
        right = "leave them out of the sheet to go on without"
        raise WorkflowInputError(Problem(alignment.shown_as, found, right)) from None
    finally:
        phased.unlink(missing_ok=True)


Fragment = Mapping[Heterozygous, bool]
"""Whether a read, or both reads of a pair, show the ALT, by variant."""


def _fragments(
    alignment: Alignment, reads: Path, variants: Sequence[Heterozygous], settings: ReadSettings
) -> list[Fragment]:
    """What each fragment shows of the variants, as WhatsHap sees it; two of them at least."""
    from whatshap.cli import PhasedInputReader
    from whatshap.core import NumericSampleIds
    from whatshap.vcf import BiallelicVcfVariant

    found: list[Fragment] = []
    with PhasedInputReader(
        [str(reads)],
        alignment.reference,
        NumericSampleIds(),
        ignore_read_groups=True,
        only_snvs=False,
        mapq_threshold=settings.min_mapping_quality,
    ) as reader:
        for chrom in dict.fromkeys(v.chrom for v in variants):
            at = {v.pos - 1: v for v in variants if v.chrom == chrom}
            asked = [BiallelicVcfVariant(v.pos - 1, v.ref, v.alt) for v in at.values()]
            shown, _ = reader.read(alignment.names[chrom], asked, _SAMPLE, read_vcf=False)
            for read in shown:
                alleles = {at[one.position]: bool(one.allele) for one in read}
                if len(alleles) > 1:
                    found.append(alleles)
    return found


def _sets(
    variants: Sequence[Heterozygous], contigs: Mapping[str, str], vcf: str
) -> list[dict[Heterozygous, bool]]:
    """Whether the first strand has the ALT, by variant, of each phase set of a VCF."""
    by_place = {(contigs[v.chrom], str(v.pos)): v for v in variants}
    sets: dict[tuple[str, str], dict[Heterozygous, bool]] = defaultdict(dict)
    for line in vcf.splitlines():
        if line.startswith("#"):
            continue
        cells = line.split("\t")
        values = dict(zip(cells[8].split(":"), cells[9].split(":"), strict=False))
        if "|" in values["GT"] and values.get("PS", ".") != ".":
            sets[cells[0], values["PS"]][by_place[cells[0], cells[1]]] = values["GT"] == "1|0"
    return list(sets.values())


def split(
    alt_first: Mapping[Heterozygous, bool], fragments: Iterable[Fragment], settings: ReadSettings
) -> list[ReadBlock]:
    """Split a phase set where too few fragments link neighbours, or too many contradict.

    Args:
        alt_first: Whether the first strand has the ALT, by variant.
        fragments: What the reads show.
        settings: What counts.
    """
    of_set = [
        {v: shows == alt_first[v] for v, shows in fragment.items() if v in alt_first}
        for fragment in fragments
    ]
    ordered = sorted(alt_first)
    runs = [[ordered[0]]]
    links: list[list[int]] = [[]]
    for before, after in pairwise(ordered):
        agree, disagree = _links(before, after, of_set)
        few = agree < settings.min_phase_reads
        if few or disagree > settings.max_other_reads * (agree + disagree):
            runs.append([after])
            links.append([])
        else:
            runs[-1].append(after)
            links[-1].append(agree)
    return [
        ReadBlock({v: alt_first[v] for v in run}, min(linking))
        for run, linking in zip(runs, links, strict=True)
        if linking
    ]


def _links(
    before: Heterozygous, after: Heterozygous, fragments: Iterable[Fragment]
) -> tuple[int, int]:
    """Fragments that link what lies up to `before` with what lies from `after` on.

    Args:
        before: The last variant on the left.
        after: The first on the right.
        fragments: Whether each variant is as on the first strand.

    Returns:
        How many have both sides on one strand, and how many do not.
    """
    agree = disagree = 0
    for fragment in fragments:
        left = max((v for v in fragment if v <= before), default=None)
        right = min((v for v in fragment if v >= after), default=None)
        if left is not None and right is not None:
            same = fragment[left] == fragment[right]
            agree += same
            disagree += not same
    return agree, disagree
