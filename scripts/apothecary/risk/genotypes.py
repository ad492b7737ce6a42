"""What a variant file says at the positions of scores, a chromosome at a time.

Only these positions are looked at: through the index of the file where one is there and counts the
records that the file holds, else in one reading of the whole file. Fates, reasons, thresholds and
reference blocks are those of the reading of variants; nothing of it is kept but what is summed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from typing import Any

from apothecary.errors import Problem, WorkflowInputError
from apothecary.settings import thresholds
from apothecary.variants import conventions, index, indexed
from apothecary.variants.annotate import Annotator
from apothecary.variants.collect import Collector
from apothecary.variants.filters import Thresholds
from apothecary.variants.reader import VariantFile
from apothecary.variants.records import RecordBlock
from apothecary.variants.reference import Reference
from apothecary.variants.regions import Position, Regions
from apothecary.variants.view import FileContext, View

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Seen:
    """What the records of one chromosome say of one sample.

    Attributes:
        records: Rows of the table variants of records that begin at a position, by position.
        covered: The row of the reference that covers a position, by position and its bases.
        spanned: Positions that lie within the reference bases of a variant that begins before.
        frequencies: Highest population frequency of an alternate allele that the file carries, by
            position and allele; the same for all samples of the file.
    """

    records: Mapping[int, Sequence[Row]] = field(default_factory=dict)
    covered: Mapping[tuple[int, int], Row] = field(default_factory=dict)
    spanned: frozenset[int] = frozenset()
    frequencies: Mapping[tuple[int, str], float] = field(default_factory=dict)


@dataclass(frozen=True)
class Asked:
    """What is asked of a file.

    Attributes:
        build: Build of the file and of the positions.
        positions: Positions by chromosome.
        reference: Reference sequence of that build, if any.
        config: The section `variants` of a checked configuration lies in it.
    """

    build: str
    positions: Mapping[str, Sequence[Position]]
    reference: Reference | None
    config: Mapping[str, Any]


def opened(path: str, records: int | None, work_folder: Path, *, whole: bool) -> VariantFile:
    """A file, to be read through its index where that may be trusted.

    Args:
        path: The file.
        records: Records that it held when it was read whole; None when that is not known.
        work_folder: A folder for links and unpacked copies.
        whole: Whether it is to be read whole in any case.

    Raises:
        WorkflowInputError: The file cannot be read.
    """
    prepared = index.prepare(path, work_folder)
    found = None if whole or prepared.path != path else _trusted(path, records, work_folder)
    return VariantFile(prepared.path, shown_as=path, index=found)


def _trusted(path: str, records: int | None, work_folder: Path) -> str | None:
    """The index beside a file, when it counts the records that the file holds."""
    try:
        found = indexed.index_of(path)
    except WorkflowInputError:
        return None
    witness = index.witness(path, found, work_folder)
    return found if witness and witness.records == records else None


def by_chromosome(
    file: VariantFile, samples: Sequence[Row], asked: Asked
) -> Iterator[tuple[str, list[Seen]]]:
    """What the file says of its samples, chromosome by chromosome.

    Args:
        file: The file.
        samples: Rows of the table samples, all of this file and build.
        asked: The positions.

    Yields:
        Every chromosome that has a position, once, and one entry a sample.

    Raises:
        WorkflowInputError: The file cannot be read, or the records of a chromosome do not stand
            together.
    """
    named = [sample["sample_in_file"] for sample in samples]
    wanted = Regions(tuple(p for found in asked.positions.values() for p in found))
    done = set()
    for chrom, blocks in groupby(file.blocks(named, [wanted]), key=lambda block: block.chrom):
        if chrom in done:
            found = f"the records of {chrom} stand in more than one place"
            raise WorkflowInputError(Problem(file.shown_as, found, "sort the file", field="CHROM"))
        done.add(chrom)
        yield (
            chrom,
            _chromosome(file, samples, asked, Regions(tuple(asked.positions[chrom])), blocks),
        )
    for chrom in asked.positions:
        if chrom not in done:
            yield chrom, [Seen()] * len(samples)


def _chromosome(
    file: VariantFile,
    samples: Sequence[Row],
    asked: Asked,
    regions: Regions,
    blocks: Iterator[RecordBlock],
) -> list[Seen]:
    context = FileContext(
        header=file.header,
        build=asked.build,
        conventions=conventions.of_header(file.header, asked.config["variants"].get("tags")),
        annotator=Annotator(file.header),
        reference=asked.reference,
    )
    collectors = [
        Collector(
            sample_id=sample["sample_id"],
            column=at,
            role=sample["role"],
            sex=sample["sex"],
            regions=regions,
            thresholds=Thresholds.of(thresholds(asked.config, sample["role"], sample["assay"])),
            context=context,
        )
        for at, sample in enumerate(samples)
    ]
    frequencies: dict[tuple[int, str], float] = {}
    for block in blocks:
        view = View(block, context)
        _add_frequencies(view, frequencies)
        for collector in collectors:
            collector.take(view)
    places = frozenset(position.pos for position in regions.positions)
    return [_seen(collector.finish()[0], places, frequencies) for collector in collectors]


def _add_frequencies(view: View, frequencies: dict[tuple[int, str], float]) -> None:
    """Add the frequencies of a record; of a file of one sample none.

    There the record of a person who carries no allele is often absent, and what is told from
    frequencies would depend on the genotype.
    """
    if len(view.context.header.samples) < 2:
        return
    for at, told in view.annotated.items():
        if told["population_af"] is not None:
            frequencies[view.block.pos, view.block.alts[at - 1]] = told["population_af"]


def _seen(
    rows: Sequence[Row], places: frozenset[int], frequencies: Mapping[tuple[int, str], float]
) -> Seen:
    records: dict[int, list[Row]] = defaultdict(list)
    covered: dict[tuple[int, int], Row] = {}
    spanned: set[int] = set()
    for row in rows:
        if row["alt"] == "." and row.get("block_end") is not None:
            covered[row["pos"], len(row["ref"])] = row
            continue
        start = row["input_pos"]
        records[start].append(row)
        if row["fate"] != "reference":
            spanned |= places.intersection(range(start + 1, start + len(row["input_ref"])))
    return Seen(records, covered, frozenset(spanned), frequencies)
