"""The validating reader: VCF, bgzipped VCF, gVCF and BCF to records, ahead of everything."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from pathlib import Path

from apothecary.errors import Problem, WorkflowInputError
from apothecary.variants import bcf, header, indexed, stream
from apothecary.variants.header import Header
from apothecary.variants.lines import Lines, Take, Tally, lines_of
from apothecary.variants.records import RecordBlock
from apothecary.variants.regions import EVERYTHING, Regions


class VariantFile:
    """A VCF or BCF whose header has been read and found good.

    Attributes:
        path: The file.
        shown_as: Its name for messages.
        header: What its header declares.
        is_bcf: Whether the file is a BCF.
        index: The index by which records are fetched; None when the file is read whole.
        tally: Counts of the last complete reading; of a file read by its index, what was fetched.
    """

    def __init__(
        self, path: str | Path, shown_as: str | None = None, index: str | None = None
    ) -> None:
        """Open a file and read its header.

        Args:
            path: The file.
            shown_as: Its name for messages, when it is a copy of the user's file.
            index: Its index, when records are to be fetched by region (see `indexed`).

        Raises:
            WorkflowInputError: The file is no whole VCF or BCF, or its header is wrong.
        """
        self.path = str(path)
        self.shown_as = shown_as or self.path
        self.index = index
        self.is_bcf = bcf.is_bcf(self.path)
        self.header: Header = header.parse(self.shown_as, _header_lines(self.chunks()))
        self.tally = Tally()

    def sample_columns(self, samples: Sequence[str]) -> list[int]:
        """Numbers of the columns of named samples, from 0.

        Raises:
            WorkflowInputError: A sample is not in the file.
        """
        at = {name: i for i, name in enumerate(self.header.samples)}
        problems = []
        for name in samples:
            if name not in at:
                held = ", ".join(self.header.samples[:5]) or "no sample column"
                more = len(self.header.samples) - 5
                right = f"the file holds {held}" + (f" and {more} more" if more > 0 else "")
                problems.append(
                    Problem(self.shown_as, f"no sample {name!r}", right, field="#CHROM")
                )
        if problems:
            raise WorkflowInputError(problems)
        return [at[name] for name in samples]

    def blocks(
        self,
        samples: Sequence[str] | None = None,
        regions: Sequence[Regions] = (EVERYTHING,),
        take: Take | None = None,
    ) -> Iterator[RecordBlock]:
        """Read the records of the file that may be read.

        Args:
            samples: The samples wanted, in the order wanted; all when None.
            regions: What may be read, one a group of samples. A record is given when at least one
                group may see it; the caller asks each group again before it keeps anything.
            take: Takes plain records, many at a time, where everything may be read; those are not
                given again.

        Yields:
            Records in the order of the file. `tally` is complete after the last.

        Raises:
            WorkflowInputError: A sample is absent, or a line is no record; the first one is named.
        """
        names = self.header.samples if samples is None else samples
        yield from Lines(self, self.sample_columns(names), regions, take).blocks()

    def chunks(self, wanted: Regions = EVERYTHING) -> Iterator[list[bytes]] | Iterator[bytes]:
        """The lines of the file: lists of them, or pieces of text; those wanted, by an index."""
        if self.index and not wanted.everything:
            return indexed.line_chunks(self.path, self.index, wanted)
        return bcf.line_chunks(self.path) if self.is_bcf else stream.texts(self.path)


def _header_lines(chunks: Iterable[list[bytes] | bytes]) -> Iterator[bytes]:
    yield from chain.from_iterable(map(lines_of, chunks))
