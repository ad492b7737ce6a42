"""Consequences of the variants of a batch's tumors, with neighbours of one molecule joined."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from apothecary import selection
from apothecary.alignments.admission import of_sample
from apothecary.alignments.files import Alignment
from apothecary.errors import ApothecaryError
from apothecary.oncogenes import consequences, neighbours, phase
from apothecary.oncogenes.consequence_facts import Facts
from apothecary.oncogenes.consequences import Knowledge
from apothecary.oncogenes.gene_models import Reference
from apothecary.oncogenes.phase import Limits, Phase

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Options:
    """What the user gives.

    Attributes:
        fasta: Reference; empty for none.
        gff: Gene models; empty for none.
        build: Build of both.
        chain: Chain file from GRCh37 to GRCh38; empty for none.
        limits: By what reads tell the phase.
        config: The sections `inputs` and `reference` of the configuration.
    """

    fasta: str
    gff: str
    build: str
    chain: str
    limits: Limits
    config: Mapping[str, Any]

    @classmethod
    def of(cls, config: Mapping[str, Any]) -> Options:
        """Options from a checked configuration."""
        reference, thresholds = config["reference"], config["oncogenes"]
        reads = config["calling"]["reads"]
        return cls(
            reference["fasta"],
            reference["gff"],
            reference["build"],
            config["calling"]["chain"],
            Limits(
                reads["min_mapping_quality"],
                reads["min_base_quality"],
                thresholds["phase_min_fragments"],
                thresholds["phase_min_share"],
            ),
            config,
        )


def annotate(
    variants: list[dict[str, Any]],
    tumors: Iterable[Row],
    pack: Knowledge,
    facts: Facts,
    options: Options,
    work_folder: Path | str,
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Name the variants of tumors, and join those of one codon and one molecule.

    Args:
        variants: Rows of the table `variants` of tumors.
        tumors: Their rows of the table `samples`; the reads of those that have some are the path
            in `reads`, from the working folder.
        pack: The knowledge pack.
        facts: See `consequence_facts`.
        options: What the user gives.
        work_folder: An existing folder for temporary files.

    Returns:
        Rows of the tables `consequences` and `neighbours`.

    Raises:
        ResourceError: Reference, gene models or chain file cannot be read.
    """
    lift = consequences.lift_of(variants, options.chain)

    def name(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        given = (options.fasta or None, options.gff or None, work_folder, options.build)
        return consequences.annotate(rows, pack, *given, facts, lift)

    named = name(variants)
    asked = neighbours.pairs_asked(
        {row["molecular_profile"] for row in pack.rows("civic_evidence")}
    )
    by_sample = selection.by_sample(variants)
    rows: list[dict[str, Any]] = []
    joined: list[dict[str, Any]] = []
    for tumor in tumors:
        of_tumor = by_sample.get(tumor["sample_id"], [])
        pairs = neighbours.pairs(of_tumor, named, asked)
        if not pairs:
            continue
        build = pairs[0].first["build"]
        reference = None
        if options.fasta and build == options.build:
            reference = Reference(options.fasta, work_folder)
        chroms = frozenset(pair.first["chrom"] for pair in pairs)
        phase_of = _phase_by(tumor, build, chroms, options, work_folder)
        told = neighbours.assess(pairs, phase_of, reference)
        rows += told
        joined += neighbours.joined_variants(of_tumor, told)
    have = {_locus(row) for row in named}
    if missing := [row for row in joined if _locus(row) not in have]:
        named += name(missing)
    return named, neighbours.named(rows, named)


def _phase_by(
    tumor: Row, build: str, chroms: frozenset[str], options: Options, work_folder: Path | str
) -> Callable[[Row, Row], Phase]:
    """What tells the phase of two variants; reads that cannot be taken leave it unknown."""
    alignment: Alignment | None = None
    fault = ""
    try:
        if tumor["reads"]:
            alignment = of_sample(tumor, build, chroms, options.config, work_folder)
    except ApothecaryError as error:
        fault = f"the reads cannot be taken: {error}"

    def tell(one: Row, other: Row) -> Phase:
        try:
            told = phase.of_pair(one, other, alignment, options.limits)
        except ApothecaryError as error:
            return Phase(phase.UNKNOWN, None, None, None, None, f"the reads are damaged: {error}")
        return replace(told, reason=fault) if fault and told.value == phase.UNKNOWN else told

    return tell


def _locus(row: Row) -> tuple[Any, ...]:
    return tuple(row[column] for column in ("build", "chrom", "pos", "ref", "alt"))
