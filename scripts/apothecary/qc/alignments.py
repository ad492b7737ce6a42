"""Alignments measured in the fewest passes: one for reads and one for depth.

`samtools stats` reads the file once, mosdepth or `samtools depth` once more; reads on the targets
and the alleles of SNPs are found through the index.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from apothecary.alignments import files as given
from apothecary.alignments import links
from apothecary.alignments.files import Alignment, Expected
from apothecary.consent import granted_scopes, withheld_scopes
from apothecary.errors import Problem, WorkflowInputError
from apothecary.files import write_text
from apothecary.hardening import bounded
from apothecary.hardening.bounded import Limits
from apothecary.knowledge.pack import Pack
from apothecary.knowledge.placement import KNOWN_BUILD
from apothecary.qc import (
    alignment_file,
    coverage,
    depth,
    fingerprints,
    gc_content,
    metrics,
    programs,
    read_statistics,
    regions,
    sex,
    snps,
    target_sites,
)
from apothecary.qc.alignment_file import Content
from apothecary.qc.assay import PANEL, Assay
from apothecary.qc.depth import Depth
from apothecary.qc.metrics import Metric, share
from apothecary.qc.programs import Programs
from apothecary.qc.read_statistics import Stats
from apothecary.qc.regions import Piece, Region
from apothecary.reads.formats import READ_FORMATS
from apothecary.variants import contigs, scopes
from apothecary.variants import reference as references
from apothecary.variants.regions import Regions

STEP = "measure_alignments"
# Unmapped, secondary and supplementary: what remains is each read's own place.
_NOT_PRIMARY = "0x904"
_NOT_OF_READS = "0x900"
_REVERSE = "0x10"
# What tells the place of a file in the output of samtools stats.
_COMMAND = re.compile(r"^# The command line was:.*\n", re.MULTILINE)

TABLES = ("alignment_metrics", "coverage", "fingerprints", "target_genotypes")
"""The tables that are made of a sample."""

Row = Mapping[str, Any]


@dataclass
class Measured:
    """What was measured of a sample: rows of the tables by name, and its outcome.

    Attributes:
        tables: Rows of the tables of `TABLES`.
        reason: Why it could not be measured; empty when it could.
        stats: The output of `samtools stats`, for MultiQC; empty when it failed.
    """

    tables: dict[str, list[dict[str, Any]]] = field(
        default_factory=lambda: {name: [] for name in TABLES}
    )
    reason: str = ""
    stats: str = ""

    def outcome(self, sample_id: str) -> dict[str, Any]:
        """The sample's row of the table outcomes."""
        status = "failed" if self.reason else "ok"
        return {"sample_id": sample_id, "step": STEP, "status": status, "reason": self.reason}


def aligned(samples: Iterable[Row]) -> list[Row]:
    """The samples that were given as reads, by rows of the table samples."""
    return [row for row in samples if row["format"] in READ_FORMATS]


def allowed(sample: Row, consent: Sequence[Row], pack: Pack) -> dict[str, Regions]:
    """What a sample may be read for, by build, from rows of the tables samples and consent."""
    rows = pack.rows
    return scopes.regions(
        granted_scopes(sample, consent),
        withheld_scopes(sample, consent),
        rows("pgx_positions"),
        rows("gene_regions"),
        rows("germline_genes"),
    )


def measure(
    sample: Row,
    files: Sequence[str],
    assay: Assay,
    permitted: Mapping[str, Regions],
    settings: Mapping[str, Any],
    work: Path,
    limits: Limits | None = None,
) -> Measured:
    """Measure the alignments of a sample.

    Args:
        sample: A row of the table samples.
        files: BAM or CRAM, coordinate-sorted, and its index.
        assay: What is measured.
        permitted: What the sample may be read for, by build: genes, positions and SNPs that are
            withheld enter no table. Measures of the sample as a whole name none.
        settings: The section `qc` of a checked configuration.
        work: A folder for intermediate files; the caller removes it.
        limits: What the reading may take, and each program that measures; none when not given.

    Returns:
        The measures; a file that cannot be read gives the reason and nothing else.
    """

    def read() -> Iterator[dict[str, Any]]:
        path = links.side_by_side(files, work / "reads")
        if sample["format"] != "fastq":
            admit(sample, path, assay, work)
        build = assay.placement.build
        file = given.look(path, str(sample["build"]), assay.fasta or "", build)
        found = _measured(sample, file, assay, permitted, settings, work)
        yield {one.name: getattr(found, one.name) for one in fields(Measured)}

    try:
        bounds = (limits or Limits()).for_reads(files)
        (parts,) = bounded.read(Path(files[0]).name, bounds, read)
        return Measured(**parts)
    except WorkflowInputError as error:
        # The folder of the run is no part of the reason.
        return Measured(reason=str(error).splitlines()[0].replace(f"{work / 'reads'}/", ""))


def admit(sample: Row, path: str, assay: Assay, work: Path) -> None:
    """Hold alignments that were not made here against end marker, index, sample and build.

    Args:
        sample: A row of the table samples.
        path: BAM or CRAM with its index beside it.
        assay: What is measured.
        work: A folder for the index of the FASTA.

    Raises:
        WorkflowInputError: The file cannot be taken; the message says what to do.
    """
    expected = Expected(
        names=(str(sample["sample_in_file"]), str(sample["sample_id"])),
        build=assay.placement.build,
        chroms=frozenset(contigs.contigs()),
        unnamed=assay.unnamed,
        said_by=given.OF_RUN,
    )
    given.admit(path, expected, assay.fasta or "", work)


def _measured(
    sample: Row,
    file: Alignment,
    assay: Assay,
    permitted: Mapping[str, Regions],
    settings: Mapping[str, Any],
    work: Path,
) -> Measured:
    tools = programs.find(settings["depth_program"])
    content = alignment_file.content(file, tools, work)
    every = assay.expected(sample)
    limit = coverage.Callable.of_sample(settings["callable"], sample["role"], sample["assay"])
    found = depth.measure(file, regions.stretches(every), tools, work)
    if sample["assay"] == PANEL and not assay.claims:
        # Which genes such a panel is meant to cover, its reads alone tell.
        every = assay.regions(coverage.reached(every, found, limit))
    merged = regions.stretches(regions.assayed(every))
    reads, stats = read_metrics(file, content, merged, tools, work)
    kept = assay.consented(every, permitted)
    counting = fingerprints.Counting.from_config(settings["identity"])
    asked = snps.consented(assay.snps, permitted[KNOWN_BUILD])
    counted = fingerprints.count(file, snps.placed(asked, assay.placement), counting)
    sites: list[dict[str, Any]] = []
    # Such genotypes are those of the person, so that consent to germline findings is asked for.
    germline = bool(permitted[KNOWN_BUILD].genes)
    if germline and _asks_targets(sample, kept, counted, assay, settings["identity"]):
        targets = regions.stretches(region for region in kept if region.kind == "target")
        fasta = references.Fasta(str(assay.fasta), work)
        sites = target_sites.told(file, targets, fasta, counting)
    name = sample["sample_id"]
    measures = [
        *reads,
        *coverage.metrics(every, found, limit),
        *_gc_metrics(assay.fasta, found, merged, work),
        *_sex_metrics(sample, file, content, found, merged, settings),
    ]
    return Measured(
        {
            "alignment_metrics": metrics.rows(name, measures),
            "coverage": coverage.rows(name, kept, found, limit),
            "fingerprints": fingerprints.of_sample(sample, counted),
            "target_genotypes": [{"sample_id": name, **row} for row in sites],
        },
        stats=_COMMAND.sub("", stats.read_text(encoding="utf-8")),
    )


def _asks_targets(
    sample: Row,
    kept: Sequence[Region],
    counted: Sequence[Row],
    assay: Assay,
    settings: Mapping[str, Any],
) -> bool:
    """Whether relations must be told by the targets: they are few, and the SNPs are missed."""
    if sample["role"] == "tumor" or not assay.fasta:
        return False
    if sum(row["genotype"] is not None for row in counted) >= settings["min_pair_snps"]:
        return False
    bases = sum(region.bases for region in kept if region.kind == "target")
    return 0 < bases <= int(settings["max_target_bases"])


def _gc_metrics(
    fasta: str | None, found: Depth, merged: Mapping[str, Sequence[Piece]], work: Path
) -> list[Metric]:
    shares = {}
    if fasta:
        shares = gc_content.around(references.Fasta(fasta, work), merged)
    return gc_content.metrics(found, merged, shares)


def _sex_metrics(
    sample: Row,
    file: Alignment,
    content: Content,
    found: Depth,
    merged: Mapping[str, Sequence[Piece]],
    settings: Mapping[str, Any],
) -> list[Metric]:
    """Reads of chrX and chrY against the autosomes: of the genome, or of the targets."""
    if sample["assay"] == "genome":
        ratios = sex.genome_ratios(file, content.reads)
    else:
        ratios = sex.target_ratios(found, merged, settings["identity"]["min_sex_bases"])
    return [
        Metric(name, ratio, "ratio", None if ratio is not None else "too little of it is covered")
        for name, ratio in zip(sex.RATIOS, ratios, strict=True)
    ]


def read_metrics(
    alignment: Alignment,
    content: Content,
    merged: Mapping[str, Sequence[Piece]],
    tools: Programs,
    work: Path,
) -> tuple[list[Metric], Path]:
    """Measure reads, bases, pairs and qualities.

    Args:
        alignment: The file.
        content: What it holds.
        merged: What the assay is meant to cover, by chromosome.
        tools: The programs that are there.
        work: A folder for what they write.

    Returns:
        The measures, and the output of `samtools stats`.

    Raises:
        WorkflowInputError: The file cannot be read, or holds other reads than its index.
    """
    output = work / "stats.txt"
    # Records of primary alignments only: else bases of supplementary ones count for some figures
    # and not for others.
    words = ["stats", "-F", _NOT_OF_READS, *alignment.reference_words("--reference")]
    words.append(alignment.path)
    programs.samtools(tools, words, output, alignment.path)
    stats = read_statistics.read(output)
    _held_against_index(alignment, content, stats)
    targets = work / "targets.bed"
    with targets.open("w", encoding="utf-8") as stream:
        for chrom, pieces in merged.items():
            name = alignment.names.get(chrom)
            if name is not None:
                stream.writelines(f"{name}\t{start}\t{end}\n" for start, end in pieces)
    on_target = _count(alignment, targets, tools, work, "-F", _NOT_PRIMARY)
    reverse = _count(alignment, targets, tools, work, "-F", _NOT_PRIMARY, "-f", _REVERSE)
    found = read_statistics.metrics(stats, has_mismatches=content.has_mismatches)
    found += [
        share("on_target_fraction", on_target, stats.summary["reads mapped"]),
        share("forward_strand_fraction", on_target - reverse, on_target),
    ]
    return found, output


def _count(alignment: Alignment, targets: Path, tools: Programs, work: Path, *flags: str) -> int:
    """Reads over the targets, each once, found through the index."""
    if not targets.stat().st_size:
        return 0
    output = work / "count.txt"
    reference = alignment.reference_words("--reference")
    words = ["view", "-c", "-M", "-L", str(targets), *flags, *reference, alignment.path]
    programs.samtools(tools, words, output, alignment.path)
    return int(output.read_text(encoding="utf-8"))


def _held_against_index(alignment: Alignment, content: Content, stats: Stats) -> None:
    """A file cut at a block of BGZF ends well for every reader; its index knows better."""
    summary = stats.summary
    # With a filter, "raw total" is of all records and "sequences" of those that were let through.
    records = int(summary["raw total sequences"])
    indexed = sum(content.reads.values())
    if records != indexed:
        raise WorkflowInputError(
            Problem(
                alignment.path,
                f"{records} records, but its index was made of {indexed}",
                "the file is cut or the index is of another one: copy it again, index it anew",
            )
        )


def write_stats(path: Path | str, measured: Measured) -> None:
    """Write the output of `samtools stats` for MultiQC; of a file that failed, nothing but why."""
    write_text(path, measured.stats or f"# {measured.reason}\n")
