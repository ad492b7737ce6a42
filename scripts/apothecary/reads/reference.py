"""A reference for alignment: any FASTA, checked against the known builds and indexed once.

A whole genome is linked and its chromosomes are held against known lengths and MD5 sums. A sliced
one (records named chrom:start-end) becomes targets: slices that touch or overlap are one, so that
no read finds the same bases twice, and each target tells where in the genome it lies.
"""

from __future__ import annotations

import csv
import gzip
import hashlib
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pysam

from apothecary import schemas, tables
from apothecary.errors import Problem, ResourceError
from apothecary.reads import aligners
from apothecary.variants import contigs, stream
from apothecary.variants.reference import slice_of

TARGETS = "targets.parquet"
"""The table of the targets, in the folder of a prepared reference."""
_PIECE = 1 << 23


@dataclass(frozen=True)
class KnownContig:
    """A chromosome of a published reference.

    Attributes:
        build: GRCh38 or GRCh37.
        chrom: Name with the prefix chr.
        length: Bases.
        md5: MD5 of the upper-case sequence.
    """

    build: str
    chrom: str
    length: int
    md5: str


@dataclass(frozen=True)
class ReferenceOptions:
    """How a reference is prepared.

    Attributes:
        build: The build that the FASTA is of; slices cannot tell it.
        changed_contigs: Chromosomes that may differ from the published ones, such as masked ones.
        aligner: The aligner that the index is for.
    """

    build: str
    changed_contigs: tuple[str, ...]
    aligner: str


@dataclass(frozen=True)
class _Slice:
    chrom: str
    start: int
    end: int
    name: str


def read_known(path: Path | str) -> tuple[KnownContig, ...]:
    """The chromosomes of the known builds.

    Args:
        path: TSV with the columns build, chrom, length, md5 and source.
    """
    with Path(path).open(encoding="utf-8", newline="") as rows:
        return tuple(
            KnownContig(row["build"], row["chrom"], int(row["length"]), row["md5"])
            for row in csv.DictReader(rows, delimiter="\t")
        )


def prepare(
    fasta: Path | str, known: Sequence[KnownContig], folder: Path | str, options: ReferenceOptions
) -> list[dict[str, Any]]:
    """Check a FASTA and write its targets and the aligner's index.

    Args:
        fasta: FASTA, plain, bgzipped or gzipped; whole chromosomes, or slices of them.
        known: The chromosomes of the known builds.
        folder: The folder to write, whole or not at all.
        options: How it is prepared.

    Returns:
        Rows of the table reference_targets, which stands in the folder as well.

    Raises:
        ResourceError: The file is no FASTA, a chromosome is of another build or of none, slices
            contradict each other or the build, or the aligner is absent.
    """
    source, final = Path(fasta), Path(folder)
    aligners.require(options.aligner)
    final.parent.mkdir(parents=True, exist_ok=True)
    work = Path(tempfile.mkdtemp(prefix=f".{final.name}.", dir=final.parent))
    try:
        placed = _place(source, work)
        with _opened(source, placed) as opened:
            rows, sequence = _rows(str(source), opened, known, work, options)
        aligners.index(options.aligner, sequence or placed, work)
        tables.write(work / TARGETS, schemas.REFERENCE_TARGETS, rows)
        work.chmod(0o755)
        shutil.rmtree(final, ignore_errors=True)
        work.rename(final)
    finally:
        shutil.rmtree(work, ignore_errors=True)
    return rows


def _place(source: Path, work: Path) -> Path:
    """Link the FASTA into the folder, or unpack it there where it cannot be read at random."""
    if not source.is_file():
        raise _refuse(str(source), "the file is not there", "give a FASTA as reference.fasta")
    kind = stream.container(str(source))
    placed = work / ("genome.fa.gz" if kind == "bgzf" else "genome.fa")
    if kind != "gzip":
        placed.symlink_to(source.resolve())
        return placed
    try:
        with gzip.open(source, "rb") as packed, placed.open("wb") as unpacked:
            shutil.copyfileobj(packed, unpacked)
    except (OSError, EOFError) as error:
        raise _refuse(str(source), f"damaged gzip data ({error})", "copy it again") from None
    return placed


def _opened(source: Path, placed: Path) -> Any:
    try:
        opened = pysam.FastaFile(str(placed))
    except (OSError, ValueError) as error:
        raise _refuse(str(source), f"not a readable FASTA ({error})", "give a FASTA") from None
    records = _count_records(placed)
    if not records:
        raise _refuse(str(source), "no record begins with >", "give a FASTA")
    if records != opened.nreferences:
        found = f"{records} records of {opened.nreferences} names"
        raise _refuse(str(source), found, "give each record a name of its own")
    return opened


def _count_records(placed: Path) -> int:
    count, last = 0, b"\n"
    packed = placed.suffix == ".gz"
    source: Any = pysam.BGZFile(str(placed), "r", None) if packed else placed.open("rb")
    with source as data:
        while piece := data.read(_PIECE):
            count += piece.count(b"\n>") + (last == b"\n" and piece[:1] == b">")
            last = piece[-1:]
    return count


def _rows(
    shown: str,
    fasta: Any,
    known: Sequence[KnownContig],
    work: Path,
    options: ReferenceOptions,
) -> tuple[list[dict[str, Any]], Path | None]:
    """The rows of the targets, and the FASTA of the targets where it is not the one given."""
    lengths = dict(zip(fasta.references, fasta.lengths, strict=True))
    if not any(slice_of(name) for name in lengths):
        return _whole(shown, fasta, lengths, known, options), None
    targets = _merged(_located(shown, lengths, options))
    path = work / "targets.fa"
    rows: list[dict[str, Any]] = []
    with path.open("w", encoding="ascii") as out:
        for parts in targets:
            bases = _joined(shown, fasta, parts)
            chrom, start, end = parts[0].chrom, parts[0].start, parts[0].start + len(bases) - 1
            name = f"{chrom}:{start}-{end}"
            out.write(f">{name}\n{bases}\n")
            rows.append(
                {
                    "rank": len(rows) + 1,
                    "target": name,
                    "contig": chrom,
                    "start": start,
                    "end": end,
                    "contig_length": contigs.contigs()[chrom].lengths[options.build],
                    "build": options.build,
                    "md5": hashlib.md5(bases.encode(), usedforsecurity=False).hexdigest(),
                    "identity": "slice",
                }
            )
    return rows, path


def _whole(
    shown: str,
    fasta: Any,
    lengths: Mapping[str, int],
    known: Sequence[KnownContig],
    options: ReferenceOptions,
) -> list[dict[str, Any]]:
    problems = []
    rows = []
    for rank, (name, length) in enumerate(lengths.items(), 1):
        chrom = contigs.canonical(name)
        md5 = _md5(fasta, name, length)
        identity = "no chromosome"
        if chrom is not None:
            identity, found, right = _identity(chrom, length, md5, known, options)
            if found:
                problems.append(Problem(shown, found, right, field=name))
        rows.append(
            {
                "rank": rank,
                "target": name,
                "contig": name,
                "start": 1,
                "end": length,
                "contig_length": length,
                "build": options.build,
                "md5": md5,
                "identity": identity,
            }
        )
    if problems:
        raise ResourceError(problems)
    if not any(row["identity"] != "no chromosome" for row in rows):
        right = "records named chr1 or 1, or slices named chr1:1000-2000"
        raise _refuse(shown, "no record is a chromosome", right)
    return rows


def _identity(
    chrom: str, length: int, md5: str, known: Sequence[KnownContig], options: ReferenceOptions
) -> tuple[str, str, str]:
    """How a chromosome is known; else what was found and what would be right."""
    for contig in known:
        if contig.md5 == md5 and (contig.chrom, contig.build) == (chrom, options.build):
            return "as published", "", ""
    for contig in known:
        if contig.md5 == md5 and contig.chrom != "chrM":
            found = f"the sequence is {contig.chrom} of {contig.build}"
            return "", found, f"{chrom} of {options.build} (reference.build in the config)"
    lengths = sorted({c.length for c in known if (c.chrom, c.build) == (chrom, options.build)})
    if length not in lengths:
        of = [c.build for c in known if (c.chrom, c.length) == (chrom, length)]
        found = f"{length} bases" + (f", the length of {of[0]}" if of else "")
        right = f"{' or '.join(map(str, lengths))} bases as {chrom} of {options.build} has"
        return "", found, right
    if chrom in options.changed_contigs:
        return "changed", "", ""
    found = f"MD5 {md5} is that of no known {chrom} of {options.build}"
    right = "a published sequence; list a masked one under reference.changed_contigs"
    return "", found, right


def _md5(fasta: Any, name: str, length: int) -> str:
    summary = hashlib.md5(usedforsecurity=False)
    for start in range(0, length, _PIECE):
        summary.update(fasta.fetch(name, start, min(length, start + _PIECE)).upper().encode())
    return summary.hexdigest()


def _located(shown: str, lengths: Mapping[str, int], options: ReferenceOptions) -> list[_Slice]:
    """Where each record lies; a whole chromosome among slices is a slice of all of it."""
    problems = []
    slices = []
    for name, length in lengths.items():
        whole = contigs.canonical(name)
        place = (whole, 1, length) if whole else slice_of(name)
        if place is None:
            right = "chrom:start-end, as the other records"
            problems.append(Problem(shown, "the name tells no slice", right, field=name))
            continue
        chrom, start, end = place
        full = contigs.contigs()[chrom].lengths[options.build]
        if end - start + 1 != length:
            found = f"{length} bases in {start}-{end}"
            right = f"{end - start + 1} bases, 1-based with both ends"
            problems.append(Problem(shown, found, right, field=name))
        elif start < 1 or end > full or (whole and length != full):
            right = f"{chrom} of {options.build} has {full} bases (reference.build in the config)"
            problems.append(Problem(shown, f"{start}-{end}", right, field=name))
        slices.append(_Slice(chrom, start, end, name))
    if problems:
        raise ResourceError(problems)
    return sorted(slices, key=lambda s: (*contigs.sort_key(s.chrom), s.start, s.end, s.name))


def _merged(slices: Sequence[_Slice]) -> Iterator[list[_Slice]]:
    """Runs of slices that touch or overlap."""
    run: list[_Slice] = []
    end = 0
    for piece in slices:
        if run and (piece.chrom != run[0].chrom or piece.start > end + 1):
            yield run
            run = []
        end = max(end, piece.end) if run else piece.end
        run.append(piece)
    if run:
        yield run


def _joined(shown: str, fasta: Any, parts: Sequence[_Slice]) -> str:
    """The bases of slices that touch or overlap."""
    joined = ""
    start = parts[0].start
    for part in parts:
        bases = fasta.fetch(part.name).upper()
        overlap = joined[part.start - start :]
        shared = min(len(overlap), len(bases))
        if overlap[:shared] != bases[:shared]:
            at = next(i for i in range(shared) if overlap[i] != bases[i])
            found = f"{bases[at]} at {part.chrom}:{part.start + at}, but {overlap[at]} before"
            raise ResourceError(
                Problem(shown, found, "slices that overlap hold the same bases", field=part.name)
            )
        joined += bases[shared:]
    return joined


def _refuse(path: str, found: str, right: str) -> ResourceError:
    return ResourceError(Problem(path, found, right))
