"""What the header of a BAM or CRAM tells: its order, its build and its chromosomes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from apothecary.errors import Problem, WorkflowInputError
from apothecary.variants import contigs


@dataclass(frozen=True)
class Chromosomes:
    """The chromosomes of a file.

    Attributes:
        build: GRCh38 or GRCh37.
        names: Contig of the file by chromosome with chr; the chrM of hg19 is left out, since its
            coordinates are not those of the rCRS.
        lengths: Bases by chromosome with chr.
    """

    build: str
    names: Mapping[str, str]
    lengths: Mapping[str, int]


def read(path: str, name: str) -> Mapping[str, Any]:
    """The header.

    Args:
        path: The file.
        name: Its name for messages.

    Raises:
        WorkflowInputError: It cannot be read.
    """
    import pysam

    verbosity = pysam.set_verbosity(0)
    try:
        with pysam.AlignmentFile(path, check_sq=False) as file:
            header: Mapping[str, Any] = file.header.to_dict()
            return header
    except (OSError, ValueError) as error:
        said = (str(error).splitlines() or [type(error).__name__])[0]
        found = f"the header cannot be read ({said})"
        right = "a whole BAM or CRAM: copy the file again from its source"
        raise WorkflowInputError(Problem(name, found, right)) from None
    finally:
        pysam.set_verbosity(verbosity)


def check_order(header: Mapping[str, Any], name: str, *, stated: bool) -> None:
    """Make sure that the reads are sorted by coordinate.

    Args:
        header: The header.
        name: The file's name for messages.
        stated: Whether the header must say so; else it may leave it open.

    Raises:
        WorkflowInputError: They are not.
    """
    order = header.get("HD", {}).get("SO", "unknown")
    if order != "coordinate" and (stated or order != "unknown"):
        found, right = f"sort order {order!r}", "sort it by coordinate: samtools sort"
        raise WorkflowInputError(Problem(name, found, right, field="@HD SO"))


def chromosomes(header: Mapping[str, Any], name: str, build: str, said_by: str) -> Chromosomes:
    """The chromosomes of a file that must be of a build.

    Args:
        header: The header.
        name: The file's name for messages.
        build: GRCh38 or GRCh37.
        said_by: What asks for the build, with a verb, such as "the variants are".

    Raises:
        WorkflowInputError: A chromosome is of another length, or there twice, or there is none.
    """
    names: dict[str, str] = {}
    for contig in header.get("SQ", []):
        chrom = contigs.canonical(contig["SN"])
        if chrom is None:
            continue
        length, lengths = int(contig["LN"]), contigs.contigs()[chrom].lengths
        if chrom == "chrM" and length == contigs.HG19_CHRM_LENGTH:
            continue
        if length != lengths[build]:
            of = next((b for b in contigs.BUILDS if lengths[b] == length), "neither build")
            found = f"{contig['SN']} has {length} bases, which is {of}"
            right = f"{said_by} {build} ({lengths[build]} bases): give reads of that build"
            raise WorkflowInputError(Problem(name, found, right, field="@SQ LN"))
        if chrom in names:
            found = f"{names[chrom]} and {contig['SN']} are the same chromosome"
            raise WorkflowInputError(Problem(name, found, "name it once", field="@SQ SN"))
        names[chrom] = contig["SN"]
    if not names:
        found, right = "no contig is a chromosome", "chromosomes named chr1 or 1"
        raise WorkflowInputError(Problem(name, found, right, field="@SQ SN"))
    known = contigs.contigs()
    return Chromosomes(build, names, {chrom: known[chrom].lengths[build] for chrom in names})


def build_of(
    header: Mapping[str, Any], name: str, stated: str, default: str = contigs.BUILDS[0]
) -> str:
    """The build that the lengths of the contigs are of.

    Args:
        header: The header.
        name: The file's name for messages.
        stated: GRCh38, GRCh37 or auto, by the sheet.
        default: The build of a file that has the mitochondrion alone, where none is stated.

    Raises:
        WorkflowInputError: The lengths are of no build, of both, or of another than is stated.
    """
    said: dict[str, int] = dict.fromkeys(contigs.BUILDS, 0)
    shared = 0
    for contig in header.get("SQ", []):
        chrom = contigs.canonical(contig["SN"])
        if chrom is None:
            continue
        lengths = contigs.contigs()[chrom].lengths
        of = [build for build in contigs.BUILDS if lengths[build] == int(contig["LN"])]
        shared += len(of) == len(contigs.BUILDS)
        if len(of) == 1:
            said[of[0]] += 1
    told = [build for build in contigs.BUILDS if said[build]]
    if len(told) == 1 and stated in ("auto", told[0]):
        return told[0]
    if len(told) == 1:
        found = f"build mismatch: the sheet says {stated}, the contig lengths are {told[0]}"
        raise WorkflowInputError(Problem(name, found, f"give {told[0]} or auto", field="build"))
    if not told and shared:
        # The mitochondrion alone is the same in both builds.
        return default if stated == "auto" else stated
    words = ", ".join(f"{said[build]} of {build}" for build in contigs.BUILDS)
    found = f"the build cannot be told from the contig lengths ({words})"
    right = "an alignment to the chromosomes of GRCh38 or GRCh37"
    raise WorkflowInputError(Problem(name, found, right, field="@SQ"))
