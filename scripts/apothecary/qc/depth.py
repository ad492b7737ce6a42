"""Depth at every base of the regions, by mosdepth or by samtools: the same figures.

Both leave out reads that are unmapped, secondary, duplicates or failed by the sequencer, and count
the bases where the mates of a pair overlap once. Deleted bases are not covered.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
import numpy.typing as npt

from apothecary.alignments.files import Alignment
from apothecary.qc import programs
from apothecary.qc.programs import Programs
from apothecary.qc.regions import Piece

# Bases between stretches up to which reading on is cheaper than finding the next.
_GAP = 20_000

Depths = npt.NDArray[np.int32]


@dataclass(frozen=True)
class Depth:
    """Depth over stretches of the genome.

    Attributes:
        starts: 0-based first bases of the stretches by chromosome, ascending.
        ends: Bases after the last, in the same order; stretches do not overlap.
        offsets: Where each stretch begins in the depths of its chromosome.
        depths: Reads over each base of the stretches, one stretch after the other.
    """

    starts: Mapping[str, npt.NDArray[np.int64]]
    ends: Mapping[str, npt.NDArray[np.int64]]
    offsets: Mapping[str, npt.NDArray[np.int64]]
    depths: Mapping[str, Depths]

    def over(self, chrom: str, pieces: Sequence[Piece]) -> Depths:
        """The depths of the bases of pieces, one after the other.

        Args:
            chrom: Chromosome with chr.
            pieces: Stretches, 0-based half-open, each within one of the stretches measured.

        Raises:
            ValueError: A piece was not measured; a bug of the caller.
        """
        parts = []
        for start, end in pieces:
            at = int(np.searchsorted(self.starts[chrom], start, side="right")) - 1
            if at < 0 or end > self.ends[chrom][at]:
                raise ValueError(f"{chrom}:{start}-{end} was not measured")
            first = int(self.offsets[chrom][at]) + start - int(self.starts[chrom][at])
            parts.append(self.depths[chrom][first : first + end - start])
        return np.concatenate(parts) if parts else np.zeros(0, dtype=np.int32)


def empty(stretches: Mapping[str, Sequence[Piece]]) -> Depth:
    """Depth 0 over stretches that are sorted and do not overlap."""
    starts, ends, offsets, depths = {}, {}, {}, {}
    for chrom, pieces in stretches.items():
        bounds = np.array(pieces, dtype=np.int64).reshape(-1, 2)
        starts[chrom], ends[chrom] = bounds[:, 0].copy(), bounds[:, 1].copy()
        sizes = ends[chrom] - starts[chrom]
        offsets[chrom] = np.concatenate(([0], np.cumsum(sizes)[:-1])).astype(np.int64)
        depths[chrom] = np.zeros(int(sizes.sum()), dtype=np.int32)
    return Depth(starts, ends, offsets, depths)


def measure(
    alignment: Alignment, stretches: Mapping[str, Sequence[Piece]], tools: Programs, work: Path
) -> Depth:
    """Depth over stretches, by mosdepth where it is there, else by samtools.

    Args:
        alignment: The alignment file.
        stretches: By chromosome with chr; 0-based half-open, sorted, without overlap.
        tools: The programs that are there.
        work: A folder for what they write; the caller removes it.

    Returns:
        Depth of every base. Chromosomes that the file does not have are of depth 0.

    Raises:
        WorkflowInputError: The program cannot read the file.
    """
    found = empty(stretches)
    bed = work / "stretches.bed"
    named = {alignment.names[chrom]: chrom for chrom in stretches if chrom in alignment.names}
    if not named:
        return found
    with bed.open("w", encoding="utf-8") as stream:
        for name, chrom in named.items():
            stream.writelines(f"{name}\t{start}\t{end}\n" for start, end in stretches[chrom])
    if tools.mosdepth is None:
        _by_samtools(alignment, found, named, tools, bed, work)
    else:
        _by_mosdepth(alignment, found, named, tools.mosdepth, bed, work)
    return found


def _by_samtools(
    alignment: Alignment,
    depth: Depth,
    named: Mapping[str, str],
    tools: Programs,
    bed: Path,
    work: Path,
) -> None:
    output = work / "depth.tsv"
    # With -a samtools walks over every base of the genome; what it leaves out has no reads.
    words = ["depth", "-s", "-b", str(bed), *alignment.reference_words("--reference")]
    programs.samtools(tools, [*words, alignment.path], output, alignment.path)
    for name, positions, counts in _depth_rows(output):
        _place(depth, named[name], positions - 1, counts)
    output.unlink()


def _depth_rows(
    path: Path,
) -> Iterator[tuple[str, npt.NDArray[np.int64], npt.NDArray[np.int64]]]:
    """Contig, 1-based positions and depths, a block of lines of one contig at a time."""
    import pyarrow as pa
    import pyarrow.csv as pc

    if not path.stat().st_size:
        return
    names = ["contig", "pos", "depth"]
    reader = pc.open_csv(
        path,
        read_options=pc.ReadOptions(column_names=names, use_threads=False),
        parse_options=pc.ParseOptions(delimiter="\t", quote_char=False),
        convert_options=pc.ConvertOptions(
            column_types={"contig": pa.string(), "pos": pa.int64(), "depth": pa.int64()}
        ),
    )
    for block in reader:
        contigs = block.column("contig").to_numpy(zero_copy_only=False)
        positions, depths = block.column("pos").to_numpy(), block.column("depth").to_numpy()
        changes = np.flatnonzero(contigs[1:] != contigs[:-1]) + 1
        bounds = [0, *changes.tolist(), len(contigs)]
        for first, last in pairwise(bounds):
            if last > first:
                yield str(contigs[first]), positions[first:last], depths[first:last]


def _place(
    depth: Depth,
    chrom: str,
    bases: npt.NDArray[np.int64],
    counts: npt.NDArray[np.int64],
) -> None:
    """Write depths at 0-based bases, each of which lies in a stretch."""
    at = np.searchsorted(depth.starts[chrom], bases, side="right") - 1
    index = depth.offsets[chrom][at] + bases - depth.starts[chrom][at]
    depth.depths[chrom][index] = counts


def _by_mosdepth(
    alignment: Alignment,
    depth: Depth,
    named: Mapping[str, str],
    mosdepth: str,
    bed: Path,
    work: Path,
) -> None:
    prefix = work / "mosdepth"
    words = [mosdepth, "--by", str(bed), *alignment.reference_words("--fasta")]
    programs.run([*words, str(prefix), alignment.path], alignment.path)
    _place_runs(depth, named, Path(f"{prefix}.per-base.bed.gz"))


def _place_runs(depth: Depth, named: Mapping[str, str], path: Path) -> None:
    """Write runs of equal depth, BED lines, where they meet the stretches.

    The lines are found through the index of the file, several stretches at a time.
    """
    import pysam

    # The index that mosdepth makes is of 1-based positions, which a line that starts at 0 is not:
    # htslib warns of it, and a fetch has to begin a base earlier.
    verbosity = pysam.set_verbosity(0)
    with pysam.TabixFile(str(path), index=f"{path}.csi") as file:
        for name, chrom in named.items():
            starts, ends = depth.starts[chrom].tolist(), depth.ends[chrom].tolist()
            offsets, depths = depth.offsets[chrom].tolist(), depth.depths[chrom]
            for low, high in _windows(starts, ends):
                at = low
                for line in file.fetch(name, max(starts[low] - 1, 0), ends[high - 1] + 1):
                    _, first, last, count = line.split("\t")
                    start, end = int(first), int(last)
                    while at < high and ends[at] <= start:
                        at += 1
                    here = at
                    while here < high and starts[here] < end:
                        shift = offsets[here] - starts[here]
                        begin, stop = max(start, starts[here]), min(end, ends[here])
                        depths[begin + shift : stop + shift] = int(count)
                        here += 1
    pysam.set_verbosity(verbosity)


def _windows(starts: Sequence[int], ends: Sequence[int]) -> Iterator[tuple[int, int]]:
    """First stretch, and the one after the last, of groups that lie close together."""
    low = 0
    for at in range(1, len(starts) + 1):
        if at == len(starts) or starts[at] - ends[at - 1] > _GAP:
            yield low, at
            low = at
