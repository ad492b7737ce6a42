"""An alignment file, looked at before anything is measured."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from apothecary.errors import Problem, WorkflowInputError
from apothecary.qc import programs
from apothecary.qc.programs import Programs
from apothecary.variants import contigs

_TAGS_LOOKED_AT = 1000


@dataclass(frozen=True)
class Alignments:
    """An alignment file that was looked at.

    Attributes:
        path: BAM or CRAM, coordinate-sorted, in GRCh38.
        names: Name of its contig by chromosome with chr.
        reads: Records of the file by contig, as its index has them; unmapped ones under `*`.
        reference: FASTA that a CRAM is read with; None for BAM.
        has_mismatches: Whether its reads carry NM, without which mismatches are not known.
    """

    path: str
    names: Mapping[str, str]
    reads: Mapping[str, int]
    reference: str | None
    has_mismatches: bool

    def reference_words(self, option: str) -> list[str]:
        """The words that hand the reference to a program."""
        return [option, self.reference] if self.reference else []


def look(path: Path | str, tools: Programs, work: Path, reference: str | None = None) -> Alignments:
    """Look at a file before anything is measured.

    Args:
        path: BAM or CRAM with its index beside it.
        tools: The programs that are there.
        work: A folder for what they write.
        reference: FASTA of a CRAM.

    Returns:
        The file.

    Raises:
        WorkflowInputError: It is cut, not sorted by coordinate, without index, of another build,
            or a CRAM without a reference.
    """
    import pysam

    name = str(path)
    if name.endswith(".cram") and not reference:
        right = "give the reference sequence that it was made with (reference.fasta)"
        raise WorkflowInputError(Problem(name, "a CRAM and no reference sequence", right))
    try:
        with pysam.AlignmentFile(name, reference_filename=reference, require_index=True) as file:
            header = file.header.to_dict()
            lengths = dict(zip(file.references, file.lengths, strict=True))
            records = file.head(_TAGS_LOOKED_AT)
            has_mismatches = any(r.has_tag("NM") for r in records if not r.is_unmapped)
    except (OSError, ValueError) as error:
        right = "give a whole, coordinate-sorted BAM or CRAM with its index beside it"
        raise WorkflowInputError(
            Problem(name, f"cannot be read ({_first_line(error)})", right)
        ) from None
    order = header.get("HD", {}).get("SO", "unknown")
    if order != "coordinate":
        found = f"sort order {order!r}"
        raise WorkflowInputError(Problem(name, found, "sort it by coordinate", field="@HD SO"))
    names = _names(name, lengths)
    found_reads = _index_counts(name, tools, work)
    return Alignments(
        name, names, found_reads, reference if name.endswith(".cram") else None, has_mismatches
    )


def _names(path: str, lengths: Mapping[str, int]) -> dict[str, str]:
    """Contig by chromosome; a chromosome of another length is of another build."""
    names: dict[str, str] = {}
    for name, length in lengths.items():
        chrom = contigs.canonical(name)
        if chrom is None:
            continue
        expected = contigs.contigs()[chrom].lengths["GRCh38"]
        if length != expected:
            raise WorkflowInputError(
                Problem(
                    path,
                    f"{name} of {length} bases",
                    f"in GRCh38 it has {expected}: align the reads to GRCh38",
                    field="@SQ LN",
                )
            )
        if chrom in names:
            found = f"{names[chrom]} and {name} are the same chromosome"
            raise WorkflowInputError(Problem(path, found, "name it once", field="@SQ SN"))
        names[chrom] = name
    if not names:
        raise WorkflowInputError(
            Problem(path, "no chromosome among its contigs", "align to GRCh38", field="@SQ SN")
        )
    return names


def _index_counts(path: str, tools: Programs, work: Path) -> dict[str, int]:
    output = work / "idxstats.tsv"
    programs.samtools(tools, ["idxstats", path], output, path)
    counts = {}
    for line in output.read_text(encoding="utf-8").splitlines():
        name, _, mapped, unmapped = line.split("\t")
        counts[name] = int(mapped) + int(unmapped)
    return counts


def _first_line(error: Exception) -> str:
    return str(error).splitlines()[0] if str(error) else type(error).__name__
