"""Transcripts of a GFF3 file, Ensembl's or RefSeq's, and a reference to read them on.

The reference is a FASTA file of whole chromosomes, or of slices that say in their name where they
lie (`chr7:55016017-55214628 EGFR` or `EGFR|chr7:55016017-55214628|GRCh38`).
"""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, cast
from urllib.parse import unquote

import pysam

from apothecary.errors import Problem, ResourceError
from apothecary.oncogenes.sheets import chromosome

_REFSEQ_CHROMOSOME = re.compile(r"NC_0+(\d+)\.\d+")
_SLICE = re.compile(r"(?:^|[|\s])(?P<chrom>(?:chr)?[0-9XYM]{1,2}):(?P<start>\d+)-(?P<end>\d+)\b")
_TRANSCRIPT_TYPES = frozenset(
    {
        "mRNA",
        "transcript",
        "lnc_RNA",
        "snRNA",
        "miRNA",
        "snoRNA",
        "rRNA",
        "ncRNA",
        "primary_transcript",
    }
)


@dataclass(frozen=True)
class Transcript:
    """A transcript; all positions 1-based inclusive on the chromosome.

    Attributes:
        name: Accession, with version where the file gives one.
        gene: Gene symbol.
        gene_id: Identifier of the gene in the file.
        chrom: Chromosome with the prefix chr.
        strand: + or -.
        biotype: As in the file; protein_coding when it has coding sequence and none is given.
        exons: First and last position of each exon, ascending.
        cds: First and last position and phase of each coding part, ascending.
    """

    name: str
    gene: str
    gene_id: str
    chrom: str
    strand: str
    biotype: str
    exons: tuple[tuple[int, int], ...]
    cds: tuple[tuple[int, int, int], ...]

    @property
    def start(self) -> int:
        """1-based first position."""
        return self.exons[0][0]

    @property
    def end(self) -> int:
        """1-based last position."""
        return self.exons[-1][1]

    def exon_of(self, start: int, end: int) -> str | None:
        """The exon that overlaps a range, as n/total; None outside of exons."""
        for index, (first, last) in enumerate(self.exons):
            if first <= end and last >= start:
                number = index + 1 if self.strand == "+" else len(self.exons) - index
                return f"{number}/{len(self.exons)}"
        return None


class TranscriptIndex:
    """Transcripts by where they lie, in bins, so that a whole genome's are found quickly."""

    _BIN = 1 << 16

    def __init__(self, transcripts: Sequence[Transcript]) -> None:
        """Index transcripts."""
        self._bins: dict[tuple[str, int], list[tuple[int, int, Transcript]]] = {}
        for transcript in transcripts:
            start, end = transcript.start, transcript.end
            for number in range(start // self._BIN, end // self._BIN + 1):
                of_bin = self._bins.setdefault((transcript.chrom, number), [])
                of_bin.append((start, end, transcript))

    def overlapping(self, chrom: str, start: int, end: int) -> list[Transcript]:
        """Transcripts that share a base with a range, 1-based inclusive, in the order given."""
        found: dict[str, Transcript] = {}
        for number in range(start // self._BIN, end // self._BIN + 1):
            for first, last, transcript in self._bins.get((chrom, number), ()):
                if first <= end and last >= start:
                    found[transcript.name] = transcript
        return list(found.values())


def read_gff(path: Path | str) -> list[Transcript]:
    """Read the transcripts of a GFF3 file.

    Args:
        path: Text or gzip. Chromosomes may be named 7, chr7 or NC_000007.14.

    Returns:
        Transcripts that have exons, sorted by chromosome, start and name.

    Raises:
        ResourceError: The file is absent, is not GFF3 or has no transcript.
    """
    file = str(path)
    genes: dict[str, str] = {}
    records: dict[str, dict[str, str]] = {}
    exons: dict[str, list[tuple[int, int]]] = {}
    cds: dict[str, list[tuple[int, int, int]]] = {}
    for number, line in _lines(path):
        fields = line.rstrip("\n").split("\t")
        if len(fields) != 9:
            raise ResourceError(
                Problem(file, f"{len(fields)} fields", "a GFF3 line has 9, parted by tabs", number)
            )
        attributes = _attributes(fields[8])
        kind = fields[2]
        if "Parent" not in attributes:
            if "ID" in attributes:
                genes[attributes["ID"]] = attributes.get("Name") or attributes.get("gene", "")
            continue
        if kind == "exon" or kind == "CDS":
            start, end = int(fields[3]), int(fields[4])
            for parent in attributes["Parent"].split(","):
                if kind == "exon":
                    exons.setdefault(parent, []).append((start, end))
                else:
                    phase = int(fields[7]) if fields[7] in "012" else 0
                    cds.setdefault(parent, []).append((start, end, phase))
        elif kind in _TRANSCRIPT_TYPES or attributes.get("ID", "").startswith("transcript:"):
            records[attributes["ID"]] = {
                **attributes,
                "chrom": _chromosome(fields[0]),
                "strand": fields[6],
            }
    found = [
        _transcript(identifier, record, genes, exons[identifier], cds.get(identifier, []))
        for identifier, record in records.items()
        if identifier in exons
    ]
    if not found:
        raise ResourceError(
            Problem(file, "no transcript with exons", "a GFF3 of Ensembl or RefSeq is needed")
        )
    return sorted(found, key=lambda t: (t.chrom, t.start, t.name))


def _transcript(
    identifier: str,
    record: Mapping[str, str],
    genes: Mapping[str, str],
    exons: list[tuple[int, int]],
    cds: list[tuple[int, int, int]],
) -> Transcript:
    name = record.get("transcript_id") or identifier.split(":", 1)[-1].removeprefix("rna-")
    if record.get("version") and "." not in name:
        name = f"{name}.{record['version']}"
    parent = record["Parent"]
    biotype = record.get("biotype") or ("protein_coding" if cds else "lncRNA")
    return Transcript(
        name,
        record.get("gene") or genes.get(parent, ""),
        parent.split(":", 1)[-1],
        record["chrom"],
        record["strand"],
        biotype,
        tuple(sorted(exons)),
        tuple(sorted(cds)),
    )


def _attributes(text: str) -> dict[str, str]:
    pairs = (item.partition("=") for item in text.strip().split(";") if item)
    return {key.strip(): unquote(value.strip()) for key, _, value in pairs}


def _chromosome(name: str) -> str:
    match = _REFSEQ_CHROMOSOME.fullmatch(name)
    if not match:
        return chromosome(name)
    number = int(match[1])
    return {23: "chrX", 24: "chrY", 12920: "chrM"}.get(number, f"chr{number}")


def _text(file: Path, *, packed: bool) -> IO[str]:
    if packed:
        return cast("IO[str]", gzip.open(file, "rt", encoding="utf-8"))
    return file.open(encoding="utf-8")


def _lines(path: Path | str) -> Iterator[tuple[int, str]]:
    file = Path(path)
    try:
        with file.open("rb") as raw:
            packed = raw.read(2) == b"\x1f\x8b"
        with _text(file, packed=packed) as stream:
            for number, line in enumerate(stream, start=1):
                if line.startswith("##FASTA"):
                    return
                if line.strip() and not line.startswith("#"):
                    yield number, line
    except (OSError, EOFError, UnicodeDecodeError) as error:
        raise ResourceError(
            Problem(str(file), f"cannot be read ({error})", "give a GFF3 file, plain or gzip")
        ) from error


@dataclass(frozen=True)
class _Stretch:
    """A sequence of the FASTA and where it lies; positions 1-based inclusive."""

    name: str
    chrom: str
    start: int
    end: int


IN_MEMORY_BYTES = 100_000_000
"""Up to this size a FASTA file without an index is read into memory."""


def _indexed(path: Path, work_folder: Path | str | None) -> Path:
    """The file, or a link to it in the work folder with an index beside the link."""
    has_index = path.with_name(path.name + ".fai").exists()
    if work_folder is None or has_index or not path.is_file():
        return path
    if path.stat().st_size <= IN_MEMORY_BYTES:
        return path
    link = Path(work_folder) / path.name
    link.unlink(missing_ok=True)
    link.symlink_to(path.resolve())
    try:
        pysam.faidx(str(link))
    except pysam.utils.SamtoolsError as error:
        raise ResourceError(
            Problem(
                str(path),
                f"cannot be indexed ({str(error).strip().splitlines()[-1]})",
                "give a FASTA file, plain or compressed with bgzip",
            )
        ) from error
    return link


class Reference:
    """Reads bases of chromosomes from whole sequences or from slices of them."""

    def __init__(self, path: Path | str, work_folder: Path | str | None = None) -> None:
        """Open a FASTA file.

        Args:
            path: Plain, bgzip or gzip. A small file without an index is read into memory.
            work_folder: Where the index of a large file that has none is built.

        Raises:
            ResourceError: The file cannot be read, or no sequence names a chromosome.
        """
        self._path = _indexed(Path(path), work_folder)
        self._loaded: dict[str, str] = {}
        self._indexed: pysam.FastaFile | None = None
        try:
            names = self._open()
        except (OSError, EOFError, UnicodeDecodeError, ValueError) as error:
            raise ResourceError(
                Problem(str(path), f"cannot be read ({error})", "give a FASTA file")
            ) from error
        self._stretches: dict[str, list[_Stretch]] = {}
        for name, title, length in names:
            match = _SLICE.search(title)
            if match:
                chrom, start, end = (
                    chromosome(match["chrom"]),
                    int(match["start"]),
                    int(match["end"]),
                )
                if end - start + 1 != length:
                    raise ResourceError(
                        Problem(
                            str(path),
                            f"{title} has {length} bases",
                            f"a slice of that name has {end - start + 1}",
                        )
                    )
            else:
                chrom, start, end = _chromosome(name.split()[0]), 1, length
            self._stretches.setdefault(chrom, []).append(_Stretch(name, chrom, start, end))
        if not self._stretches:
            raise ResourceError(Problem(str(path), "no sequence", "give a FASTA file"))

    def _open(self) -> list[tuple[str, str, int]]:
        """Name, whole title and length of each sequence."""
        if self._path.with_name(self._path.name + ".fai").exists():
            self._indexed = pysam.FastaFile(str(self._path))
            return [
                (name, name, length)
                for name, length in zip(
                    self._indexed.references, self._indexed.lengths, strict=True
                )
            ]
        found = []
        with pysam.FastxFile(str(self._path), persist=True) as stream:
            for record in stream:
                title = f"{record.name} {record.comment or ''}".strip()
                # Two slices of one chromosome part may share a first word; the title does not.
                bases = (record.sequence or "").upper()
                self._loaded[title] = bases
                found.append((title, title, len(bases)))
        return found

    def holds(self, chrom: str, start: int, end: int) -> bool:
        """Whether all bases of a range (1-based inclusive) are there."""
        return self._stretch(chrom, start, end) is not None

    def bases(self, chrom: str, start: int, end: int) -> str:
        """Bases of a range (1-based inclusive), upper case; empty where they are not at hand."""
        stretch = self._stretch(chrom, start, end)
        if stretch is None or end < start:
            return ""
        first, last = start - stretch.start, end - stretch.start + 1
        if self._indexed is not None:
            return str(self._indexed.fetch(stretch.name, first, last)).upper()
        return self._loaded[stretch.name][first:last]

    def padded(self, chrom: str, start: int, end: int) -> str:
        """Bases of a range (1-based inclusive), with N where they are not at hand."""
        if whole := self.bases(chrom, start, end):
            return whole
        bases = ["N"] * max(end - start + 1, 0)
        for stretch in self._stretches.get(chrom, ()):
            first, last = max(start, stretch.start), min(end, stretch.end)
            if first <= last:
                bases[first - start : last - start + 1] = self.bases(chrom, first, last)
        return "".join(bases)

    def _stretch(self, chrom: str, start: int, end: int) -> _Stretch | None:
        for stretch in self._stretches.get(chrom, ()):
            if stretch.start <= start and stretch.end >= end:
                return stretch
        return None
