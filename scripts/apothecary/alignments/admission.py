"""The reads that a sheet names beside the variants: which samples have fit ones.

A file is opened only where the subject consented to pharmacogenes, and only the reads over the
positions of the definitions are decoded, so that damage is found before any site is called.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from apothecary.alignments.files import Alignment, Expected, admit, opened
from apothecary.errors import ApothecaryError
from apothecary.hardening import bounded
from apothecary.hardening.bounded import Limits
from apothecary.variants import scopes

_APART = 1000
"""Positions nearer than this, in bases, are read together."""
Span = tuple[str, int, int]


@dataclass(frozen=True)
class Admission:
    """What was found of the reads of samples.

    Attributes:
        failures: Sample id to the one-line reason, for samples whose reads cannot be taken.
        warnings: Sample id to what a reader must know of its reads.
    """

    failures: Mapping[str, str]
    warnings: Mapping[str, str]


def admit_samples(
    samples: Iterable[Mapping[str, Any]],
    builds: Mapping[str, str],
    pgx_positions: Sequence[Mapping[str, Any]],
    config: Mapping[str, Any],
    work_folder: str | Path,
    limits: Limits | None = None,
) -> Admission:
    """Look at the reads of samples whose subjects consented to pharmacogenes.

    Args:
        samples: Rows of the table samples, with paths that can be opened.
        builds: Build of the variant file by sample id; a sample that is not here is passed over.
        pgx_positions: Rows of the knowledge table.
        config: The sections `inputs` and `reference` of a checked configuration.
        work_folder: A folder for an index of the FASTA.
        limits: What the reading of a file may take; none when not given.
    """
    limits = limits or Limits()
    failures: dict[str, str] = {}
    warnings: dict[str, str] = {}
    for sample in samples:
        name = sample["sample_id"]
        if not sample["reads"] or name not in builds:
            continue
        spans = _spans(pgx_positions, builds[name])
        look = partial(_reads_over, sample, builds[name], spans, config, work_folder)
        try:
            (count,) = bounded.read(sample["reads"], limits.for_reads([sample["reads"]]), look)
            if not count:
                warnings[name] = "no read lies over a position of the pharmacogenes"
        except ApothecaryError as error:
            failures[name] = str(error)
    return Admission(failures, warnings)


def _reads_over(
    sample: Mapping[str, Any],
    build: str,
    spans: Sequence[Span],
    config: Mapping[str, Any],
    work_folder: str | Path,
) -> Iterator[int]:
    """Admit the reads of a sample, and count those over spans."""
    chroms = frozenset(chrom for chrom, _, _ in spans)
    yield decode(of_sample(sample, build, chroms, config, work_folder), spans)


def of_sample(
    sample: Mapping[str, Any],
    build: str,
    chroms: frozenset[str],
    config: Mapping[str, Any],
    work_folder: str | Path,
) -> Alignment:
    """The reads of a row of the table samples; see `files.admit`."""
    expected = Expected(
        names=(sample["sample_in_file"], sample["sample_id"]),
        build=build,
        chroms=chroms,
        unnamed=config["inputs"]["unnamed_reads"],
    )
    return admit(sample["reads"], expected, config["reference"]["fasta"], work_folder)


def _spans(pgx_positions: Sequence[Mapping[str, Any]], build: str) -> list[Span]:
    return [(p.chrom, p.pos, p.end) for p in scopes.positions(pgx_positions, build)]


def decode(alignment: Alignment, spans: Iterable[Span]) -> int:
    """Decode the reads over spans, and count them.

    Args:
        alignment: The file.
        spans: Chromosome, first and last base, 1-based; sorted.

    Raises:
        WorkflowInputError: The data are damaged.
    """
    with opened(alignment) as file:
        return sum(
            1
            for chrom, first, last in _joined(spans)
            if chrom in alignment.names
            for _ in file.fetch(alignment.names[chrom], first - 1, last)
        )


def _joined(spans: Iterable[Span]) -> Iterator[Span]:
    held: Span | None = None
    for chrom, first, last in spans:
        if held and held[0] == chrom and first - held[2] < _APART:
            held = (chrom, held[1], max(held[2], last))
            continue
        if held:
            yield held
        held = (chrom, first, last)
    if held:
        yield held
