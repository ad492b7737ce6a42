"""Germline genotypes over targets, and what is seen at every position of the definitions.

bcftools calls with all sites given, so that reference is seen and not assumed; a position without
reads has no record. Indels of the definitions that no read shows get a record of their own, by the
reads that reach over them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from apothecary.alignments.files import Alignment, opened
from apothecary.calling import files, gvcf, spanning, sparse, targets, tools
from apothecary.calling.extraction import REFERENCE_PAD
from apothecary.calling.gvcf import Record
from apothecary.calling.targets import Span
from apothecary.errors import Problem, WorkflowInputError
from apothecary.variants.reference import Fasta, Reference
from apothecary.variants.regions import Spans

_PAD = 100
"""Bases called on either side of a target, so that indels near its ends have their context."""
_SEXES = {"M": "M", "F": "F"}


@dataclass(frozen=True)
class GermlineSettings:
    """How genotypes are called.

    Attributes:
        max_depth: Reads looked at for a position.
        min_mapping_quality: Reads below are not counted.
        indel_error: Probability that a read shows an indel where there is none.
        profile: Profile of bcftools mpileup for the platform; empty for none.
    """

    max_depth: int = 8000
    min_mapping_quality: int = 0
    indel_error: float = 0.02
    profile: str = ""

    @classmethod
    def from_config(cls, config: Mapping[str, Any]) -> GermlineSettings:
        """Settings from the section `calling.germline` of the configuration."""
        return cls(
            max_depth=config["max_depth"],
            min_mapping_quality=config["min_mapping_quality"],
            indel_error=config["indel_error"],
            profile=config["profile"],
        )


@dataclass(frozen=True)
class ForcedPosition:
    """A position that is called whatever the reads say.

    Attributes:
        chrom: Chromosome with chr.
        pos: 1-based position in the build of the alignment.
        ref: Reference bases.
        alts: Alleles of the definitions, in the spelling of the build.
    """

    chrom: str
    pos: int
    ref: str
    alts: tuple[str, ...]

    @property
    def end(self) -> int:
        """1-based last position of the reference bases."""
        return self.pos + len(self.ref) - 1

    @property
    def indel(self) -> bool:
        """Whether an allele inserts or deletes bases."""
        return any(len(alt) != len(self.ref) for alt in self.alts)


def forced_positions(rows: Iterable[Mapping[str, Any]], build: str) -> list[ForcedPosition]:
    """The positions of the allele definitions in a build.

    Args:
        rows: Rows of the knowledge table pgx_positions.
        build: GRCh38 or GRCh37; a position without a GRCh37 coordinate is left out there, and
            alleles of one whose reference bases differ between the builds.
    """
    found: dict[tuple[str, int, str], set[str]] = {}
    for row in rows:
        pos, ref, alts = row["pos"], row["ref"], tuple(row["alts"] or ())
        if build == "GRCh37" and row["chrom"] != "chrM":
            pos, ref = row.get("pos_grch37"), row.get("ref_grch37")
            alts = alts if ref == row["ref"] else ()
        if pos and ref:
            found.setdefault((row["chrom"], int(pos), str(ref)), set()).update(alts)
    return [ForcedPosition(*key, tuple(sorted(alts))) for key, alts in sorted(found.items())]


@dataclass(frozen=True)
class Called:
    """What was called, and what could not be.

    Attributes:
        records: Records of the gVCF.
        without_reference: Targets whose reference bases are not known.
    """

    records: list[Record]
    without_reference: list[Span]


def call(
    alignment: Alignment,
    reference: Fasta,
    forced: Sequence[ForcedPosition],
    spans: Sequence[Span],
    sex: str,
    settings: GermlineSettings,
    work_folder: Path | str,
) -> Called:
    """Call one sample.

    Args:
        alignment: Its reads; a BAM.
        reference: Reference bases in the build of the alignment.
        forced: Positions of the definitions; called whatever the reads say.
        spans: Further targets.
        sex: F, M or unknown, for the number of alleles on X and Y.
        settings: How.
        work_folder: An empty folder for what is between.

    Returns:
        Records of the targets.

    Raises:
        WorkflowInputError: The reference knows no base of the targets, or the alignment is not of
            the reference.
    """
    folder = Path(work_folder)
    wanted = [*spans, *((p.chrom, p.pos, p.end) for p in forced)]
    windows, unknown = _known(wanted, alignment, reference)
    if not windows:
        found = "the reference sequence knows none of the targets"
        right = f"reference.fasta of {alignment.build} with the targets"
        raise WorkflowInputError(Problem(alignment.shown_as, found, right))
    sparse.write(folder / "reference.fa.gz", reference_windows(windows, alignment, reference))
    targets.write_regions(folder / "regions.tsv", windows, alignment.names)
    for name, path in (("reads.bam", alignment.path), ("reads.bam.bai", alignment.index)):
        (folder / name).symlink_to(Path(path).resolve())
    _bcftools(folder, sex, alignment.build, settings)
    kept = [p for p in forced if reference.bases(p.chrom, p.pos, p.end) is not None]
    with (folder / "normalised.vcf").open(encoding="utf-8") as lines:
        records = gvcf.assemble(
            lines,
            alignment.names,
            Spans([*spans, *((p.chrom, p.pos, p.end) for p in kept)]),
            [(p.chrom, p.pos, p.end) for p in kept],
            gvcf.read_likelihoods(folder / "crowded.tsv"),
        )
    records += _absent_indels(alignment, reference, kept, records, settings)
    return Called(sorted(records, key=Record.sort_key), unknown)


def write(path: Path | str, called: Called, alignment: Alignment, sample: str) -> None:
    """Write the gVCF of a sample, and its index.

    Args:
        path: Ends in .g.vcf.gz.
        called: The records.
        alignment: What was called.
        sample: Name of the sample's column.
    """
    head = files.header(alignment, gvcf.HEADER, [sample])
    files.write(path, head, (r.line(alignment.names[r.chrom]) for r in called.records))


def _known(
    wanted: Sequence[Span], alignment: Alignment, reference: Fasta
) -> tuple[list[Span], list[Span]]:
    """Windows over the targets whose reference bases are known, and the targets that are not."""
    windows: list[Span] = []
    unknown: list[Span] = []
    for chrom, start, end in targets.windows(wanted, 0, alignment.lengths):
        at = start
        for low, high in reference.known(chrom, start, end):
            unknown += [(chrom, at, low - 1)] if at < low else []
            at = high + 1
        unknown += [(chrom, at, end)] if at <= end else []
        windows += [
            (chrom, low, high)
            for low, high in reference.known(chrom, max(1, start - _PAD), end + _PAD)
        ]
    return targets.windows(windows, 0, alignment.lengths), unknown


def reference_windows(
    windows: Sequence[Span], alignment: Alignment, reference: Fasta
) -> dict[str, list[tuple[int, str]]]:
    """The reference bases of windows and of what lies around them, by contig of the alignment."""
    found: dict[str, list[tuple[int, str]]] = {}
    for chrom, start, end in targets.windows(windows, REFERENCE_PAD, alignment.lengths):
        found.setdefault(alignment.names[chrom], []).extend(
            (low, reference.bases(chrom, low, high) or "")
            for low, high in reference.known(chrom, start, end)
        )
    return found


def _bcftools(folder: Path, sex: str, build: str, settings: GermlineSettings) -> None:
    """mpileup, call and norm, within the folder."""
    (folder / "sex.txt").write_text(f"reads.bam {_SEXES.get(sex, 'F')}\n", encoding="utf-8")
    pileup = ["--no-version", "--ignore-RG", "-f", "reference.fa.gz", "-R", "regions.tsv"]
    pileup += ["-a", "FORMAT/AD,FORMAT/DP", "-d", str(settings.max_depth)]
    pileup += ["-L", str(settings.max_depth), "-q", str(settings.min_mapping_quality)]
    if settings.profile:
        pileup += ["-X", settings.profile]
    tools.run("bcftools", "mpileup", [*pileup, "-Ob", "-o", "pileup.bcf", "reads.bam"], folder)
    # Where reads show all other bases, call drops the likelihoods of a site that it takes for
    # reference: they are kept for its block.
    query = ["-e", 'INDEL=1 || ALT="<*>"', "-f", "%CHROM\\t%POS[\\t%PL]\\n", "-o", "crowded.tsv"]
    tools.run("bcftools", "query", [*query, "pileup.bcf"], folder)
    calling = ["--no-version", "-m", "--keep-unseen-allele", "-a", "GQ", "--ploidy", build]
    calling += ["-S", "sex.txt", "-Ob", "-o", "called.bcf", "pileup.bcf"]
    tools.run("bcftools", "call", calling, folder)
    norm = ["--no-version", "-f", "reference.fa.gz", "-Ov", "-o", "normalised.vcf", "called.bcf"]
    tools.run("bcftools", "norm", norm, folder)


def _absent_indels(
    alignment: Alignment,
    reference: Reference,
    forced: Sequence[ForcedPosition],
    records: Sequence[Record],
    settings: GermlineSettings,
) -> list[Record]:
    """A record for each indel of the definitions over which no record of an indel lies."""
    called = [r for r in records if _is_indel(r)]
    covered = Spans((r.chrom, r.pos, r.pos + len(r.ref) - 1) for r in records)
    found = []
    with opened(alignment) as file:
        for position in forced:
            if not position.indel or position.chrom not in alignment.names:
                continue
            last = spanning.last_place(
                position.chrom, position.pos, position.ref, position.alts, reference
            )
            if any(
                r.chrom == position.chrom and r.pos <= last and r.pos + len(r.ref) > position.pos
                for r in called
            ):
                continue
            contig = alignment.names[position.chrom]
            seen = spanning.count(file, contig, position.pos, last, settings.min_mapping_quality)
            depth = seen.plain + seen.changed
            # Where bases are seen but no read reaches over the change, it is told with depth 0:
            # the bases alone would be taken for reference.
            if depth or covered.overlaps(position.chrom, position.pos, position.end):
                quality = str(seen.quality(settings.indel_error))
                values = {"GT": "0/0", "DP": str(depth), "AD": str(seen.plain), "GQ": quality}
                found.append(
                    Record(position.chrom, position.pos, position.ref, ".", ".", "SPAN", values)
                )
    return found


def _is_indel(record: Record) -> bool:
    alts = record.alt.split(",")
    if alts == ["."]:
        return record.info != "SPAN"
    return any(len(alt) != len(record.ref) for alt in alts if alt != "<NON_REF>")
