"""A BCF as lines of text, read whole."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from apothecary.errors import Problem, WorkflowInputError
from apothecary.variants import stream


def is_bcf(path: str) -> bool:
    """Whether a file is a BCF, told from its bytes."""
    if stream.container(path) == "plain":
        with Path(path).open("rb") as raw:
            return raw.read(3) == b"BCF"
    first = next(stream.pieces(path), b"")
    return first.startswith(b"BCF")


def line_chunks(path: str) -> Iterator[list[bytes]]:
    """The lines of a BCF as those of a VCF: the header first, then record by record.

    Raises:
        WorkflowInputError: The file is cut, damaged or no BCF.
    """
    import pysam

    for _ in stream.pieces(path):
        pass
    verbosity = pysam.set_verbosity(0)
    row = 0
    try:
        with pysam.VariantFile(path) as bcf:
            yield str(bcf.header).rstrip("\n").encode().split(b"\n")
            for record in bcf:
                row += 1
                yield [str(record).rstrip("\n").encode("utf-8", errors="surrogateescape")]
    except (OSError, ValueError) as error:
        problem = Problem(path, f"not a readable BCF ({error})", "write it anew", row + 1)
        raise WorkflowInputError(problem) from None
    finally:
        pysam.set_verbosity(verbosity)
