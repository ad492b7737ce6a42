"""The reads over the findings of a sample, cut out with the reference beneath them."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from apothecary.alignments.files import Alignment, opened
from apothecary.variants.reference import Fasta

# Bases on either side of a finding, and reads that are shown over one; our own choices, which keep
# a page small enough to be opened.
FLANK = 150
READS_SHOWN = 300


@dataclass(frozen=True)
class Locus:
    """A place to be shown.

    Attributes:
        label: What was found there.
        chrom: Chromosome with chr.
        pos: 1-based position.
        length: Reference bases of the finding.
    """

    label: str
    chrom: str
    pos: int
    length: int

    @property
    def start(self) -> int:
        """1-based first base that is shown."""
        return max(self.pos - FLANK, 1)

    @property
    def end(self) -> int:
        """1-based last base that is shown."""
        return self.pos + self.length - 1 + FLANK


@dataclass(frozen=True)
class ReadSlice:
    """What a page shows of the reads.

    Attributes:
        bam: A sorted BAM of the reads over all loci, without what its header told of programs,
            paths and libraries.
        fasta: The reference beneath them, as records named chrom:start-end.
        shown: Reads shown at each locus.
        present: Reads that lie there.
    """

    bam: bytes
    fasta: str
    shown: tuple[int, ...]
    present: tuple[int, ...]


def cut(alignment: Alignment, fasta: Fasta, loci: Sequence[Locus]) -> ReadSlice:
    """Cut the reads over loci out of a file of alignments.

    Args:
        alignment: The alignments of the sample.
        fasta: The reference sequence.
        loci: The places.

    Returns:
        The same bytes for the same reads. Of more than `READS_SHOWN` reads over a locus those are
        taken whose names have the least digests, which is a fixed part without a preference.

    Raises:
        WorkflowInputError: The data are damaged.
    """
    kept: dict[tuple[Any, ...], Any] = {}
    shown, present = [], []
    with opened(alignment) as file:
        header = _header(file.header.to_dict(), alignment.names)
        for locus in loci:
            found = _reads(file, alignment, locus)
            chosen = sorted(found, key=lambda read: (_digest(read.query_name), read.flag))
            chosen = chosen[:READS_SHOWN]
            kept.update({(r.query_name, r.flag, r.reference_id, r.pos): r for r in chosen})
            shown.append(len(chosen))
            present.append(len(found))
        bam = _bam(header, kept.values())
    return ReadSlice(
        bam, "".join(_records(fasta, loci, alignment.lengths)), tuple(shown), tuple(present)
    )


def _reads(file: Any, alignment: Alignment, locus: Locus) -> list[Any]:
    name = alignment.names.get(locus.chrom)
    if name is None:
        return []
    end = locus.pos + locus.length - 1
    found = file.fetch(name, locus.pos - 1, end)
    return [read for read in found if not (read.is_unmapped or read.is_secondary)]


def _digest(name: str) -> str:
    return hashlib.sha256(name.encode("utf-8")).hexdigest()


def _header(given: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    """Contigs by chromosome with chr; no path, program, library or sample."""
    chroms = {name: chrom for chrom, name in names.items()}
    contigs = [{"SN": chroms.get(line["SN"], line["SN"]), "LN": line["LN"]} for line in given["SQ"]]
    return {"HD": {"VN": "1.6", "SO": "coordinate"}, "SQ": contigs}


def _bam(header: dict[str, Any], reads: Any) -> bytes:
    import pysam

    ordered = sorted(reads, key=lambda r: (r.reference_id, r.pos, r.query_name, r.flag))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "reads.bam"
        with pysam.AlignmentFile(str(path), "wb", header=header) as out:
            for read in ordered:
                out.write(_bare(read))
        return path.read_bytes()


def _bare(read: Any) -> Any:
    """A read without tags, which may hold what names a run or a person."""
    read.set_tags([])
    return read


def _records(fasta: Fasta, loci: Sequence[Locus], lengths: Mapping[str, int]) -> Iterator[str]:
    """FASTA records beneath the loci; those that overlap are one, as far as bases are known.

    The length of the chromosome stands behind the name, by which igv.js knows a slice.
    """
    spans: list[tuple[str, int, int]] = []
    for locus in sorted(loci, key=lambda locus: (locus.chrom, locus.start)):
        last = spans[-1] if spans else ("", 0, 0)
        if last[0] == locus.chrom and locus.start <= last[2] + 1:
            spans[-1] = (last[0], last[1], max(last[2], locus.end))
        else:
            spans.append((locus.chrom, locus.start, locus.end))
    for chrom, start, end in spans:
        for first, last_base in fasta.known(chrom, start, end):
            name = f">{chrom}:{first}-{last_base} @len={lengths[chrom]}"
            yield f"{name}\n{fasta.bases(chrom, first, last_base)}\n"
