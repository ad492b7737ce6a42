"""The records of a bgzipped VCF that lie in regions, fetched through its index.

A look-up of a whole genome takes a fraction of the time of reading it. What lies elsewhere is then
neither read nor checked, and is not counted: a reader of the results must be told so.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from apothecary.errors import Problem, WorkflowInputError
from apothecary.variants import contigs, stream
from apothecary.variants.index import SUFFIXES
from apothecary.variants.regions import Regions, Spans

if TYPE_CHECKING:
    import pysam

_NEAR = 16_384
"""Bases between spans that are fetched as one: an index does not tell nearer places apart."""

NOTE = (
    "read through its index: records that lie elsewhere were neither read nor checked, and records "
    "are numbered among those that were read"
)
"""What a reader of the results must know."""


def index_of(path: str) -> str:
    """The index beside a file, when the file can be read by it.

    Args:
        path: The file.

    Returns:
        Path of the index.

    Raises:
        WorkflowInputError: The file is no bgzipped VCF or has no index that is as new as it is.
    """
    if stream.container(path) != "bgzf" or next(stream.pieces(path), b"").startswith(b"BCF"):
        right = "only a bgzipped VCF is read through its index; read the file whole"
        raise WorkflowInputError(Problem(path, "no bgzipped VCF", right))
    found = next((p for p in (Path(path + s) for s in SUFFIXES) if p.is_file()), None)
    if found is None:
        right = f"index the file ({' or '.join(SUFFIXES)}), or read it whole"
        raise WorkflowInputError(Problem(path, "no index lies beside the file", right))
    if found.stat().st_mtime < Path(path).stat().st_mtime:
        right = "index the file again, or read it whole"
        raise WorkflowInputError(Problem(str(found), "the index is older than its file", right))
    return str(found)


def line_chunks(path: str, index: str, wanted: Regions) -> Iterator[list[bytes]]:
    """The lines of the records that may be read, each once, in the order of the file.

    Records next to them may be among the lines, so that the caller looks at each.

    Args:
        path: A bgzipped VCF.
        index: Its index.
        wanted: Where records may be read.

    Raises:
        WorkflowInputError: File or index is damaged.
    """
    import pysam

    spans = _joined(Spans(wanted.boundaries()))
    verbosity = pysam.set_verbosity(0)
    try:
        with pysam.TabixFile(path, index=index, encoding="latin-1") as file:
            for name in file.contigs:
                yield from _of_contig(file, name, spans.get(contigs.canonical(name), []))
    except (OSError, ValueError) as error:
        found = f"file or index is damaged ({error})"
        right = "copy both again, or read the file whole"
        raise WorkflowInputError(Problem(path, found, right)) from None
    finally:
        pysam.set_verbosity(verbosity)


def _joined(spans: Spans) -> dict[str | None, list[tuple[int, int]]]:
    """What is fetched of each chromosome, 1-based, both ends included."""
    found: dict[str | None, list[tuple[int, int]]] = {}
    for chrom, start, end in spans.items():
        of_chrom = found.setdefault(chrom, [])
        if of_chrom and start - of_chrom[-1][1] <= _NEAR:
            start = of_chrom.pop()[0]
        of_chrom.append((start, end))
    return found


def _of_contig(
    file: pysam.TabixFile, name: str, spans: list[tuple[int, int]]
) -> Iterator[list[bytes]]:
    read_to = 0
    for start, end in spans:
        # Latin-1 keeps every byte, so that the reader sees the line as it stands in the file.
        lines = [line.rstrip("\r").encode("latin-1") for line in file.fetch(name, start - 1, end)]
        # A record that reaches here from before the last span was given with that span.
        new = [line for line in lines if _position(line) > read_to]
        read_to = end
        if new:
            yield new


def _position(line: bytes) -> int:
    return int(line.split(b"\t", 2)[1])
