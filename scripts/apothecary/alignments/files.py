"""A BAM or CRAM of a sample: whether it can be taken, and opening it.

Every way in which such a file can mislead is looked at before a read is used: a file that was cut,
an index of another file, a reference that is not the one the CRAM was made with, reads of another
person, and coordinates of another build.
"""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from apothecary.alignments import index
from apothecary.alignments.index import Entry, Index
from apothecary.errors import Problem, WorkflowInputError
from apothecary.variants import contigs
from apothecary.variants.reference import indexed
from apothecary.variants.stream import BGZF_END

_CRAM_END = b"\xff\xff\xff\xff\x0f\xe0EOF"
"""Contig -1 and start 0x454f46 of the container that ends a CRAM from version 2.1 on."""
_LONGEST_CONTAINER_HEADER = 4096
_PIECE = 1 << 24
_LOOKED_AT = 200
"""Places of an index that are held against the file, evenly over all of them."""
_AGAIN = "copy the file again from its source"


@dataclass(frozen=True)
class Expected:
    """What the file must be.

    Attributes:
        names: The names that the sample may have in @RG.
        build: GRCh38 or GRCh37, that of the variant file.
        chroms: Chromosomes that will be read.
        unnamed: Whether a file without a sample in @RG is taken as one of this sample.
    """

    names: tuple[str, ...]
    build: str
    chroms: frozenset[str]
    unnamed: bool = False


@dataclass(frozen=True)
class Alignment:
    """A file that was found fit.

    Attributes:
        path: The file.
        shown_as: Its name for messages.
        index: Its index.
        reference: FASTA that holds the contigs of the file, or None; a CRAM has one.
        contigs: Name in the file by chromosome, of those that are in the build asked for.
    """

    path: str
    shown_as: str
    index: str
    reference: str | None
    contigs: Mapping[str, str]


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
    header = _header(path, name)
    _check_order(header, name)
    found = _index(path, kind, name)
    _check_sample(header, expected, name)
    named = _chromosomes(header, expected, name)
    reference = _reference(kind, fasta, header, named, expected, work_folder, name)
    _check_index(path, kind, found, header, name)
    return Alignment(path, name, found.path, reference, named)


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
    if not (tail.endswith(BGZF_END) if kind == "BAM" else _CRAM_END in tail):
        raise _refuse(name, f"the end marker of a {kind} is missing, so the file was cut", _AGAIN)


def _header(path: str, name: str) -> Mapping[str, Any]:
    import pysam

    verbosity = pysam.set_verbosity(0)
    try:
        with pysam.AlignmentFile(path, check_sq=False) as file:
            header: Mapping[str, Any] = file.header.to_dict()
            return header
    except (OSError, ValueError) as error:
        raise _refuse(name, f"the header cannot be read ({error})", _AGAIN) from None
    finally:
        pysam.set_verbosity(verbosity)


def _check_order(header: Mapping[str, Any], name: str) -> None:
    order = header.get("HD", {}).get("SO", "unknown")
    if order not in ("coordinate", "unknown"):
        right = "sort it by coordinate: samtools sort"
        raise _refuse(name, f"sorted by {order!r}, not by coordinate", right, "@HD SO")


def _index(path: str, kind: str, name: str) -> Index:
    make = f"samtools index {name}"
    found = index.find(path, kind)
    if found is None:
        right = f"sort the file by coordinate and make one: {make}"
        raise _refuse(name, "no index beside the file", right)
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


def _chromosomes(header: Mapping[str, Any], expected: Expected, name: str) -> dict[str, str]:
    """Names of the chromosomes that will be read; lengths tell the build."""
    named: dict[str, str] = {}
    for contig in header.get("SQ", []):
        chrom = contigs.canonical(contig["SN"])
        if chrom is None:
            continue
        length, lengths = int(contig["LN"]), contigs.contigs()[chrom].lengths
        if chrom == "chrM" and length == contigs.HG19_CHRM_LENGTH:
            continue
        if length != lengths[expected.build]:
            of = next((b for b in contigs.BUILDS if lengths[b] == length), "neither build")
            found = f"{contig['SN']} has {length} bases, which is {of}"
            right = f"the variants are {expected.build} ({lengths[expected.build]} bases)"
            raise _refuse(name, found, f"{right}: give reads of that build", "@SQ LN")
        named.setdefault(chrom, contig["SN"])
    if not named:
        raise _refuse(name, "no contig is a chromosome", "chromosomes named chr1 or 1", "@SQ SN")
    return {chrom: sn for chrom, sn in named.items() if chrom in expected.chroms}


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
            right = "give the FASTA it was made with (reference.fasta, --reference)"
            raise _refuse(name, "a CRAM cannot be read without its reference sequence", right)
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


def _check_index(path: str, kind: str, found: Index, header: Mapping[str, Any], name: str) -> None:
    known = len(header.get("SQ", []))
    index_name = Path(found.path).name
    size = Path(path).stat().st_size
    step = max(1, len(found.entries) // _LOOKED_AT)
    places = found.entries[::step]
    right = f"make it: samtools index {name}"
    other = f"the index {index_name} is not of this file"
    if (found.contigs or 0) > known or any(place.contig >= known for place in places):
        raise _refuse(name, f"{other} ({known} contigs in the header)", right)
    if found.end > size:
        text = f"cut: the index {index_name} counts data to byte {found.end}, the file has {size}"
        raise _refuse(name, text, _AGAIN)
    fits = _bam_fits if kind == "BAM" else _cram_fits
    if not fits(path, found, places):
        raise _refuse(name, f"{other}: other reads are where it points", right)


def _bam_fits(path: str, found: Index, places: Sequence[Entry]) -> bool:
    """Whether the first read at each place is of the contig and bin that the index says."""
    import pysam

    verbosity = pysam.set_verbosity(0)
    try:
        with pysam.AlignmentFile(path, check_sq=False) as file:
            for place in places:
                file.seek(place.offset)
                read = next(file, None)
                if read is None or read.reference_id != place.contig:
                    return False
                start = read.reference_start
                end = read.reference_end or start + 1
                if place.bin is None or not found.holds(place.bin, start, end):
                    return False
            if found.last is None:
                return True
            # Behind the last read that the index knows are only those without a place.
            file.seek(found.last)
            read = next(file, None)
            return read is None or bool(read.reference_id < 0)
    except (OSError, ValueError):
        return False
    finally:
        pysam.set_verbosity(verbosity)


def _cram_fits(path: str, found: Index, places: Sequence[Entry]) -> bool:
    """Whether a container of the contig, or of several contigs, is at each place."""
    with Path(path).open("rb") as stream:
        for place in places:
            stream.seek(place.offset)
            head = stream.read(9)
            if len(head) < 9 or struct.unpack_from("<i", head)[0] <= 0:
                return False
            if _itf8(head[4:]) not in (place.contig, -2):
                return False
        if found.last is None:
            return True
        # Behind the last container that the index knows is the one that ends the file.
        size = stream.seek(0, 2)
        stream.seek(found.last)
        behind = size - found.last - int(struct.unpack("<i", stream.read(4))[0])
        return 0 < behind < _LONGEST_CONTAINER_HEADER + len(_CRAM_END)


def _itf8(data: bytes) -> int:
    """A whole number as CRAM writes it: the leading ones of the first byte count the rest."""
    first = data[0]
    extra = next((n for n in range(4) if not first & (0x80 >> n)), 4)
    if extra < 4:
        value = first & (0xFF >> (extra + 1))
        for byte in data[1 : extra + 1]:
            value = value << 8 | byte
        return value
    value = (first & 0x0F) << 28 | data[1] << 20 | data[2] << 12 | data[3] << 4 | data[4] & 0x0F
    return value - (1 << 32) if value >= 1 << 31 else value
