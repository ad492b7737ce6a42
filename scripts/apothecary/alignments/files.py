"""A BAM or CRAM of a sample: whether it can be taken, and opening it.

Every way in which such a file can mislead is looked at before a read is used: a file that was cut,
an index of another file, a reference that is not the one the CRAM was made with, reads of another
person, and coordinates of another build.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from apothecary.alignments import header as headers
from apothecary.alignments import index, index_fit
from apothecary.alignments.index import Index
from apothecary.errors import Problem, WorkflowInputError
from apothecary.variants import contigs
from apothecary.variants.reference import indexed
from apothecary.variants.stream import BGZF_END

_PIECE = 1 << 24
OF_RUN = "reference.build is"
"""What asks for the build of a run's alignments, for messages."""
_AGAIN = "copy the file again from its source"


@dataclass(frozen=True)
class Expected:
    """What the file must be.

    Attributes:
        names: The names that the sample may have in @RG.
        build: GRCh38 or GRCh37, that of the variant file or of the run.
        chroms: Chromosomes that will be read.
        unnamed: Whether a file without a sample in @RG is taken as one of this sample.
        said_by: What asks for the build, with a verb, for messages.
    """

    names: tuple[str, ...]
    build: str
    chroms: frozenset[str]
    unnamed: bool = False
    said_by: str = "the variants are"


@dataclass(frozen=True)
class Alignment:
    """A file that was found fit: reads in genome coordinates, sorted, with an index.

    Attributes:
        path: The file, BAM or CRAM.
        shown_as: Its name for messages.
        index: Its index.
        reference: FASTA that holds the contigs of the file, or None; a CRAM has one.
        build: GRCh38 or GRCh37.
        names: Contig of the file by chromosome with chr, of those that may be read; the chrM of
            hg19 is none, since its coordinates are not those of the rCRS.
        lengths: Bases by chromosome with chr.
    """

    path: str
    shown_as: str
    index: str
    reference: str | None
    build: str
    names: Mapping[str, str]
    lengths: Mapping[str, int]

    @property
    def is_cram(self) -> bool:
        """Whether the bases are stored against a reference."""
        return self.path.endswith(".cram")

    def reference_words(self, option: str) -> list[str]:
        """The words that hand the reference of a CRAM to a program."""
        return [option, self.reference] if self.is_cram and self.reference else []


def admit(
    path: str,
    expected: Expected,
    fasta: str,
    work_folder: str | Path,
    shown_as: str | None = None,
) -> Alignment:
    """Look at a file and its index, before any read is used.

    Args:
        path: A sorted BAM or CRAM with its index beside it; the format is told from the content.
        expected: What it must be.
        fasta: The reference sequence, or an empty string.
        work_folder: A folder for the index of the FASTA, when it has none.
        shown_as: The name for messages.

    Returns:
        What is needed to open it.

    Raises:
        WorkflowInputError: The file cannot be taken; the message says what to do.
    """
    name = shown_as or path
    kind = _kind(path, name)
    _check_end(path, kind, name)
    header = headers.read(path, name)
    headers.check_order(header, name, stated=False)
    found = _index(path, kind, name)
    _check_sample(header, expected, name)
    of = headers.chromosomes(header, name, expected.build, expected.said_by)
    names = {chrom: sn for chrom, sn in of.names.items() if chrom in expected.chroms}
    reference = _reference(kind, fasta, header, names, expected, work_folder, name)
    index_fit.check(path, kind, found, header, name)
    return Alignment(path, name, found.path, reference, of.build, names, of.lengths)


def look(
    path: str,
    stated: str = "auto",
    fasta: str = "",
    build: str | None = None,
    shown_as: str | None = None,
) -> Alignment:
    """Look at the header of a file that was made here, or was admitted before.

    Args:
        path: BAM or CRAM with its index beside it.
        stated: Build that the sheet states, or auto.
        fasta: The reference sequence of a CRAM, or an empty string.
        build: The build of the run (reference.build); None for any.
        shown_as: The name for messages.

    Returns:
        What is needed to open it.

    Raises:
        WorkflowInputError: It cannot be read, is not sorted by coordinate, has no index or is a
            CRAM without a reference, or its contigs are of no build, or of another than is stated
            or run.
    """
    name = shown_as or path
    header = headers.read(path, name)
    headers.check_order(header, name, stated=True)
    told = headers.build_of(header, name, stated, build or contigs.BUILDS[0])
    if build not in (None, told):
        found = f"the alignments are of {told}, and {OF_RUN} {build}"
        right = f"align to {build}, or run {told} apart, with its reference and targets"
        raise _refuse(name, found, right, "@SQ LN")
    of = headers.chromosomes(header, name, told, "the others are")
    kind = "CRAM" if path.endswith(".cram") else "BAM"
    if kind == "CRAM" and not fasta:
        raise _no_reference(name)
    beside = index.find(path, kind)
    if beside is None:
        raise _no_index(name)
    reference = fasta if kind == "CRAM" else None
    return Alignment(path, name, str(beside), reference, of.build, of.names, of.lengths)


@contextmanager
def opened(alignment: Alignment) -> Iterator[Any]:
    """The file as pysam gives it; damage that is met on the way is told as the user's.

    Raises:
        WorkflowInputError: The data are damaged.
    """
    import pysam

    verbosity = pysam.set_verbosity(0)
    try:
        with pysam.AlignmentFile(
            alignment.path,
            index_filename=alignment.index,
            reference_filename=alignment.reference,
        ) as file:
            yield file
    except (OSError, ValueError) as error:
        found = f"the reads cannot be decoded ({error})"
        raise WorkflowInputError(Problem(alignment.shown_as, found, _AGAIN)) from None
    finally:
        pysam.set_verbosity(verbosity)


def _refuse(name: str, found: str, right: str, field: str | None = None) -> WorkflowInputError:
    return WorkflowInputError(Problem(name, found, right, field=field))


def _kind(path: str, name: str) -> str:
    import pysam

    right = "give a sorted and indexed BAM or CRAM"
    if not Path(path).is_file():
        raise _refuse(name, "the file of reads is not there", right)
    with Path(path).open("rb") as stream:
        head = stream.read(4)
    if head == b"CRAM":
        return "CRAM"
    if head[:2] == b"\x1f\x8b":
        try:
            with pysam.BGZFile(path, "rb", None) as packed:
                if packed.read(4) == b"BAM\x01":
                    return "BAM"
        except (OSError, ValueError):
            raise _refuse(name, "the first block is damaged", _AGAIN) from None
    raise _refuse(name, "neither BAM nor CRAM", right)


def _check_end(path: str, kind: str, name: str) -> None:
    with Path(path).open("rb") as stream:
        size = stream.seek(0, 2)
        stream.seek(max(0, size - 38))
        tail = stream.read()
    if not (tail.endswith(BGZF_END) if kind == "BAM" else index.CRAM_END in tail):
        raise _refuse(name, f"the end marker of a {kind} is missing, so the file was cut", _AGAIN)


def _no_index(name: str) -> WorkflowInputError:
    right = f"sort the file by coordinate and make one: samtools index {name}"
    return _refuse(name, "no index beside the file", right)


def _no_reference(name: str) -> WorkflowInputError:
    right = "give the FASTA it was made with (reference.fasta, --reference)"
    return _refuse(name, "a CRAM cannot be read without its reference sequence", right)


def _index(path: str, kind: str, name: str) -> Index:
    make = f"samtools index {name}"
    found = index.find(path, kind)
    if found is None:
        raise _no_index(name)
    if found.stat().st_mtime < Path(path).stat().st_mtime:
        raise _refuse(name, f"the index {found.name} is older than the file", f"make it: {make}")
    try:
        return index.read(found, kind)
    except ValueError as error:
        text = f"the index {found.name} cannot be read ({error})"
        raise _refuse(name, text, f"make it: {make}") from None


def _check_sample(header: Mapping[str, Any], expected: Expected, name: str) -> None:
    groups = header.get("RG", [])
    samples = sorted({group["SM"] for group in groups if group.get("SM")})
    if len(samples) > 1:
        found = f"reads of {len(samples)} samples: {', '.join(samples[:5])}"
        raise _refuse(name, found, "give the reads of one sample", "@RG SM")
    if not samples:
        if not expected.unnamed:
            right = "name the sample (samtools addreplacerg), or allow it by unnamed_reads"
            raise _refuse(name, "no read group names a sample", right, "@RG SM")
    elif samples[0] not in expected.names:
        wanted = " or ".join(repr(one) for one in dict.fromkeys(expected.names))
        right = f"the sample is {wanted}; sample_in_file names it as the files do"
        raise _refuse(name, f"reads of sample {samples[0]!r}", right, "@RG SM")


def _reference(
    kind: str,
    fasta: str,
    header: Mapping[str, Any],
    named: Mapping[str, str],
    expected: Expected,
    work_folder: str | Path,
    name: str,
) -> str | None:
    """The FASTA where it is of use; checksums of the header are held against whatever is given.

    A BAM is read without a FASTA that holds slices only.
    """
    if not fasta:
        if kind == "CRAM":
            raise _no_reference(name)
        return None
    path = str(indexed(Path(fasta), Path(work_folder)))
    lengths = _fasta_lengths(path, fasta)
    whole = True
    for contig in header.get("SQ", []):
        sn, length = contig["SN"], int(contig["LN"])
        if sn not in named.values():
            continue
        if lengths.get(sn) != length:
            whole = False
            if kind == "CRAM":
                has = f"has {lengths[sn]} bases there" if sn in lengths else "has no such contig"
                found = f"contig {sn} of {length} bases: {fasta} {has}"
                raise _refuse(name, found, "give the FASTA that the CRAM was made with", "@SQ SN")
        elif contig.get("M5") and _md5(path, sn) != contig["M5"].lower():
            found = f"contig {sn} has MD5 {contig['M5']}, in {fasta} {_md5(path, sn)}"
            right = f"give the {expected.build} sequence that the reads were aligned to"
            raise _refuse(name, found, right, "@SQ M5")
    return path if whole else None


def _fasta_lengths(path: str, shown_as: str) -> dict[str, int]:
    import pysam

    try:
        with pysam.FastaFile(path) as fasta:
            return dict(zip(fasta.references, fasta.lengths, strict=True))
    except (OSError, ValueError) as error:
        raise _refuse(shown_as, f"not a readable FASTA ({error})", "give a FASTA") from None


@lru_cache(maxsize=64)
def _md5(fasta: str, contig: str) -> str:
    """MD5 of a contig in capitals, as the SAM specification has it."""
    import pysam

    digest = hashlib.md5(usedforsecurity=False)
    with pysam.FastaFile(fasta) as file:
        for start0 in range(0, file.get_reference_length(contig), _PIECE):
            bases = file.fetch(contig, start0, start0 + _PIECE)
            digest.update(bases.upper().encode("ascii"))
    return digest.hexdigest()
