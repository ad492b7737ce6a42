"""A BAM or CRAM as calling takes it: whole, sorted, indexed, of a known build."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from apothecary.calling import tools
from apothecary.errors import Problem, WorkflowInputError
from apothecary.variants import contigs

Span = tuple[str, int, int]


@dataclass(frozen=True)
class Alignment:
    """Reads in genome coordinates.

    Attributes:
        path: The file to read, BAM or CRAM.
        index: Its index.
        shown_as: The file's name for messages.
        build: GRCh38 or GRCh37.
        names: Contig of the file by chromosome with chr; the chrM of hg19 is left out, since its
            coordinates are not those of the rCRS.
        lengths: Bases by chromosome with chr.
    """

    path: str
    index: str
    shown_as: str
    build: str
    names: Mapping[str, str]
    lengths: Mapping[str, int]

    @property
    def is_cram(self) -> bool:
        """Whether the bases are stored against a reference."""
        return self.path.endswith(".cram")

    def open(self, reference: str | None = None) -> Any:
        """The file as a pysam object, which the caller closes."""
        import pysam

        return pysam.AlignmentFile(
            self.path, index_filename=self.index, reference_filename=reference or None
        )


def open_alignment(
    path: str,
    stated: str,
    work_folder: Path | str,
    index: str = "",
) -> Alignment:
    """Look at an alignment and make it fit for reading by place.

    Args:
        path: BAM or CRAM, sorted by coordinate.
        stated: Build that the sheet states, or auto.
        work_folder: A folder for an index where there is none.
        index: The index, where it does not lie beside the file.

    Returns:
        The alignment.

    Raises:
        WorkflowInputError: The file is absent, cut, not sorted, or of no build that is known or of
            another than the sheet states.
    """
    import pysam

    try:
        with pysam.AlignmentFile(path, check_sq=True) as file:
            header = file.header.to_dict()
            lengths = dict(zip(file.references, file.lengths, strict=True))
    except (OSError, ValueError) as error:
        found = f"not a readable alignment ({str(error).splitlines()[0]})"
        right = "a whole BAM or CRAM, sorted by coordinate"
        raise WorkflowInputError(Problem(path, found, right)) from None
    order = header.get("HD", {}).get("SO", "unknown")
    if order != "coordinate":
        right = "sorted by coordinate (samtools sort)"
        raise WorkflowInputError(Problem(path, f"sort order {order}", right, field="@HD"))
    names: dict[str, str] = {}
    for name, length in lengths.items():
        chrom = contigs.canonical(name)
        if chrom and not (chrom == "chrM" and length == contigs.HG19_CHRM_LENGTH):
            names.setdefault(chrom, name)
    known = {chrom: lengths[name] for chrom, name in names.items()}
    build = build_of(path, known, stated)
    place = Path(work_folder)
    return Alignment(path, index or _index(path, place), path, build, names, known)


def build_of(path: str, lengths: Mapping[str, int], stated: str) -> str:
    """The build that the contig lengths are of.

    Args:
        path: The file's name for messages.
        lengths: Bases by chromosome with chr.
        stated: GRCh38, GRCh37 or auto.

    Raises:
        WorkflowInputError: The lengths are of no build, of both, or of another than is stated.
    """
    said: dict[str, int] = dict.fromkeys(contigs.BUILDS, 0)
    shared = 0
    for chrom, length in lengths.items():
        of = [b for b in contigs.BUILDS if contigs.contigs()[chrom].lengths[b] == length]
        shared += len(of) == len(contigs.BUILDS)
        if len(of) == 1:
            said[of[0]] += 1
    told = [build for build in contigs.BUILDS if said[build]]
    words = ", ".join(f"{said[b]} of {b}" for b in contigs.BUILDS)
    if len(told) == 1 and stated in ("auto", told[0]):
        return told[0]
    if len(told) == 1:
        found = f"build mismatch: the sheet says {stated}, the contig lengths are {told[0]}"
        raise WorkflowInputError(Problem(path, found, f"give {told[0]} or auto", field="build"))
    if not told and shared:
        # The mitochondrion alone is the same in both builds.
        return contigs.BUILDS[0] if stated == "auto" else stated
    found = f"the build cannot be told from the contig lengths ({words})"
    right = "an alignment to the chromosomes of GRCh38 or GRCh37"
    raise WorkflowInputError(Problem(path, found, right, field="@SQ"))


def _index(path: str, work_folder: Path) -> str:
    for suffix in (".bai", ".csi", ".crai"):
        for beside in (Path(path + suffix), Path(path).with_suffix(suffix)):
            if beside.is_file() and beside.stat().st_mtime >= Path(path).stat().st_mtime:
                return str(beside)
    work_folder.mkdir(parents=True, exist_ok=True)
    made = work_folder / f"{Path(path).name}{'.crai' if path.endswith('.cram') else '.bai'}"
    tools.run("samtools", "index", ["-o", str(made), path])
    return str(made)


def extract(
    alignment: Alignment, spans: Iterable[Span], reference: str, work_folder: Path | str
) -> Alignment:
    """A CRAM's reads over some spans as a BAM; a BAM is given back as it is.

    Args:
        alignment: The alignment.
        spans: Chromosome with chr, 1-based first and last position.
        reference: FASTA that the CRAM was written with.
        work_folder: A folder for the BAM.

    Returns:
        An alignment that needs no reference to be read.
    """
    if not alignment.is_cram:
        return alignment
    folder = Path(work_folder)
    bed = folder / "extract.bed"
    bed.write_text(
        "".join(
            f"{alignment.names[chrom]}\t{max(0, start - 1)}\t{end}\n"
            for chrom, start, end in spans
            if chrom in alignment.names
        ),
        encoding="utf-8",
    )
    bam = folder / f"{Path(alignment.path).stem}.extract.bam"
    arguments = ["-b", "--no-PG", "-M", "-L", str(bed), "-o", str(bam), "-X"]
    if reference:
        arguments[:0] = ["-T", reference]
    tools.run("samtools", "view", [*arguments, alignment.path, alignment.index])
    tools.run("samtools", "index", ["-o", f"{bam}.bai", str(bam)])
    return Alignment(
        str(bam),
        f"{bam}.bai",
        alignment.shown_as,
        alignment.build,
        alignment.names,
        alignment.lengths,
    )


def beside_index(files: Sequence[str], folder: Path) -> str:
    """The path of alignments that have their index beside them.

    Args:
        files: The alignments and their index, which may lie elsewhere.
        folder: A folder to make for links, when it does.
    """
    path, index = (Path(file) for file in files)
    if index.parent == path.parent and index.name.startswith(path.name):
        return str(path)
    folder.mkdir(parents=True)
    (folder / path.name).symlink_to(path.resolve())
    (folder / f"{path.name}{index.suffix}").symlink_to(index.resolve())
    return str(folder / path.name)
