"""The lines of a variant file to records: plain ones together, the others one by one.

Every line is checked for its structure. Only lines that may be read (see `regions`) are parsed
further; all others are counted and forgotten.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np

from apothecary.errors import Problem, WorkflowInputError
from apothecary.variants import alleles, contigs, plain
from apothecary.variants.alleles import shown
from apothecary.variants.header import Header
from apothecary.variants.plain import Stretch
from apothecary.variants.records import RecordBlock, number
from apothecary.variants.regions import Regions, Spans, union
from apothecary.variants.slices import Mask

_CACHE_CAP = 100_000
_HASH = ord("#")
_BLOCK_ALTS = frozenset({b".", b"<*>", b"<NON_REF>", b"<X>", b"<NON_REF>,<*>"})
_INFO_COLUMN = 7
_SAMPLE_COLUMN = 9
_MOST_COLUMNS = 64
"""Columns up to which lines are looked at together: of many samples, a line costs little beside."""

Take = Callable[[Stretch, str, Mask], Mask]
"""Takes what it can of the plain records of a stretch of one chromosome; tells which."""


@dataclass
class Tally:
    """What was counted while a file was read.

    Attributes:
        records: All records of the file.
        outside: For each group of regions, records that were not read since nothing there is
            analysed.
        withheld: For each group, records that were not read since consent is lacking.
        unsorted: Records that stand before one that they belong after.
        spellings: The ways in which chromosomes are named: chr1, 1.
        other_contigs: Records on contigs that are no chromosome; they count as outside.
        comments: Lines among the records that are empty, or begin with # and are no header.
    """

    records: int = 0
    outside: Counter[int] = field(default_factory=Counter)
    withheld: Counter[int] = field(default_factory=Counter)
    unsorted: int = 0
    spellings: set[str] = field(default_factory=set)
    other_contigs: int = 0
    comments: int = 0


class Source(Protocol):
    """The file that lines are of; see `reader.VariantFile`."""

    shown_as: str
    header: Header
    is_bcf: bool
    index: str | None
    tally: Tally

    def chunks(self, wanted: Regions) -> Iterator[list[bytes]] | Iterator[bytes]:
        """The lines of the file: lists of them, or pieces of text."""
        ...


def lines_of(chunk: list[bytes] | bytes) -> list[bytes]:
    """The lines of a chunk."""
    return chunk.split(b"\n") if isinstance(chunk, bytes) else chunk


class Lines:
    """One reading of a file."""

    def __init__(
        self,
        file: Source,
        columns: Sequence[int],
        regions: Sequence[Regions],
        take: Take | None,
    ) -> None:
        self.file = file
        self.take = take
        self.header = file.header
        self.columns = [_SAMPLE_COLUMN + c for c in columns]
        self.all_columns = list(columns) == list(range(len(file.header.samples)))
        self.tabs = file.header.columns - 1
        self.groups = list(regions)
        self.wanted = union(regions)
        self.stops = Spans(span for group in regions for span in group.boundaries())
        self.tally = file.tally = Tally()
        self.good_calls: set[tuple[bytes, bytes, bytes | None]] = set()
        self.spelled: dict[bytes, tuple[str | None, int]] = {}
        self.name = b""
        self.chrom: str | None = None
        self.length = self.last_pos = 0
        self.gap = (1, 0)
        self.nowhere = 0

    def blocks(self) -> Iterator[RecordBlock]:
        """The records; see `reader.VariantFile.blocks`."""
        offset = 0 if not self.file.is_bcf else -self.header.lines
        row = 0
        in_header = True
        for chunk in self.file.chunks(self.wanted):
            if isinstance(chunk, bytes) and not in_header and self._together:
                row += yield from self._text(chunk, row + 1)
                continue
            lines = lines_of(chunk)
            skipped = 0
            if in_header:
                skipped = sum(1 for _ in _leading_header(lines))
                in_header = skipped == len(lines) and not lines[-1].startswith(b"#CHROM")
            first = row + 1 + skipped + offset
            row += len(lines)
            yield from self._records(lines[skipped:], range(first, row + 1 + offset))
        for group in range(len(self.groups)):
            self.tally.outside[group] += self.nowhere

    @property
    def _together(self) -> bool:
        """Whether lines are looked at many at a time, where anything comes of it."""
        return self.tabs < _MOST_COLUMNS and (self.take is not None or not self.wanted.everything)

    def _text(self, text: bytes, first: int) -> Generator[RecordBlock, None, int]:
        """The records of whole lines: the plain ones together, the others one by one.

        Returns:
            The number of lines.
        """
        found = plain.stretches(text, self.tabs + 1, first)
        if found is None:
            lines = text.split(b"\n")
            yield from self._records(lines, range(first, first + len(lines)))
            return len(lines)
        for stretch in found:
            yield from self._stretch(stretch)
        return sum(map(len, found))

    def _stretch(self, stretch: Stretch) -> Iterator[RecordBlock]:
        if stretch.contig != self.name:
            self._enter(stretch.contig, stretch.first)
        positions, numbers = stretch.positions
        taken = np.zeros(len(stretch), dtype=np.bool_)
        together = self.chrom is not None and bool(numbers.all())
        unsorted = self.tally.unsorted
        if together and self.chrom is not None:
            unsorted += int((np.diff(positions, prepend=self.last_pos) < 0).sum())
            taken = self._taken(stretch, self.chrom)
            self.tally.records += int(taken.sum())
        rest = np.flatnonzero(~taken).tolist()
        rows = [stretch.first + at for at in rest]
        yield from self._records([stretch.line(at) for at in rest], rows)
        if together:
            self.tally.unsorted, self.last_pos = unsorted, int(positions[-1])

    def _taken(self, stretch: Stretch, chrom: str) -> Mask:
        """The plain records that are taken together, or lie where nothing is looked at."""
        checked: int | None = None  # Of many samples, genotypes of records that are read only.
        if len(self.header.samples) == 1 or (self.wanted.everything and self.columns):
            checked = self.columns[0] if self.columns else _SAMPLE_COLUMN
        good = plain.plain(stretch, self.length, checked)
        if self.wanted.everything:
            return self.take(stretch, chrom, good) if self.take is not None else good
        positions, _ = stretch.positions
        good &= self.stops.untouched(chrom, positions, stretch.ends)
        self.nowhere += int(good.sum())
        return good

    def _records(self, lines: list[bytes], rows: Iterable[int]) -> Iterator[RecordBlock]:
        # Every record of a genome passes here: what is asked for it is asked once, in line.
        tabs, good, tally = self.tabs, self.good_calls, self.tally
        looked_at = _SAMPLE_COLUMN + 1
        parts = min(tabs, looked_at) + 1
        single = len(self.header.samples) == 1
        text: bytes | None = None
        counted = nowhere = 0
        first_free, last_free = self.gap
        last_pos = self.last_pos
        for line, row in zip(lines, rows, strict=True):
            columns = line.split(b"\t", looked_at)
            wrong = len(columns) != parts or (parts > looked_at and line.count(b"\t") != tabs)
            if wrong or line[0] == _HASH:
                self._skip_comment(line, row)
                continue
            digits, ref, alt = columns[1], columns[3], columns[4]
            if columns[0] != self.name:
                self._enter(columns[0], row)
                first_free, last_free = self.gap
                last_pos = 0
            pos = int(digits) if digits.isdigit() else 0
            if not 0 < pos <= self.length:
                raise self._wrong_position(digits, row)
            if single:
                text = columns[9].partition(b":")[0] if columns[8][:2] == b"GT" else None
            if (ref, alt, text) not in good:
                self._check_call(ref, alt, text, row)
            counted += 1
            if pos < last_pos:
                tally.unsorted += 1
            self.last_pos = last_pos = pos
            end = pos + len(ref) - 1
            is_block = False
            if alt[0] in b"<.":
                end, is_block = self._block_end(columns[_INFO_COLUMN], alt, pos, end, row)
            if first_free <= pos and end <= last_free:
                nowhere += 1
            elif not self._skip(pos, end, len(ref) != len(alt)):
                yield self._parse(line, row, pos, end, is_block)
            else:
                first_free, last_free = self.gap
        tally.records += counted
        self.nowhere += nowhere

    def _enter(self, name: bytes, row: int) -> None:
        if name not in self.spelled:
            self.spelled[name] = self._contig(name, row)
        self.chrom, self.length = self.spelled[name]
        self.name, self.last_pos = name, 0
        self.gap = (1, 0)

    def _skip(self, pos: int, end: int, indel: bool) -> bool:
        """Whether a record is left unread; counts it if so, and finds the gap that it lies in."""
        if self.chrom is None:
            self.tally.other_contigs += 1
            self.nowhere += 1
            return True
        if self.wanted.everything:
            return False
        self.gap = self.stops.gap(self.chrom, pos)
        if self.wanted.overlaps(self.chrom, pos, end):
            return False
        if indel and self.wanted.reaches(self.chrom, pos, end):
            return False
        for at, group in enumerate(self.groups):
            if group.is_withheld(self.chrom, pos, end):
                self.tally.withheld[at] += 1
            else:
                self.tally.outside[at] += 1
        return True

    def _contig(self, raw: bytes, row: int) -> tuple[str | None, int]:
        try:
            name = raw.decode("utf-8")
        except UnicodeDecodeError:
            raise self._refuse(row, "CHROM", f"CHROM is {shown(raw)}", "UTF-8 text") from None
        if not name or any(c.isspace() for c in name):
            right = "a contig name without spaces"
            raise self._refuse(row, "CHROM", f"CHROM is {shown(raw)}", right)
        declared = self.header.contig_lengths
        if declared and name not in declared:
            right = "every contig of the records is declared in the header, or none is"
            raise self._refuse(row, "CHROM", f"contig {shown(raw)} is not declared", right)
        chrom = contigs.canonical(name)
        length = declared.get(name)
        if chrom is None:
            return None, length or 1 << 31
        self.tally.spellings.add("chr1" if name[:3].lower() == "chr" else "1")
        if chrom == "chrM" and length == contigs.HG19_CHRM_LENGTH:
            return None, length
        return chrom, length or contigs.contigs()[chrom].longest

    def _wrong_position(self, digits: bytes, row: int) -> WorkflowInputError:
        if not digits.isdigit():
            return self._refuse(row, "POS", f"POS is {shown(digits)}", "a whole number from 1")
        right = f"{shown(self.name)} has positions 1 to {self.length}"
        return self._refuse(row, "POS", f"POS is {int(digits)}", right)

    def _check_call(self, ref: bytes, alt: bytes, text: bytes | None, row: int) -> None:
        """Check the alleles, and the genotype of a sole sample."""
        problem = alleles.ref_problem(ref)
        if problem is not None:
            raise self._refuse(row, "REF", problem, "A, C, G, T, N or another IUPAC code")
        problem = alleles.alt_problem(ref, alt, self.header.alts)
        if problem is not None:
            right = "bases other than REF, *, <NON_REF>, <*>, a breakend or a declared <TYPE>"
            raise self._refuse(row, "ALT", problem, right)
        if text is not None:
            self._genotype_fits(text.decode("utf-8", errors="backslashreplace"), alt, row)
        if len(self.good_calls) < _CACHE_CAP:
            self.good_calls.add((ref, alt, text))

    def _genotype_fits(self, text: str, alt: bytes, row: int) -> None:
        parsed = alleles.genotype(text)
        if not parsed.valid:
            right = "allele numbers joined by / or |, or a dot"
            raise self._refuse(row, "GT", f"genotype {shown(text.encode())}", right)
        highest = 0 if alt == b"." else alt.count(b",") + 1
        if any(a is not None and a > highest for a in parsed.alleles):
            found = f"genotype {text} names an allele that the record has not"
            raise self._refuse(row, "GT", found, f"allele numbers from 0 to {highest}")

    def _block_end(self, info: bytes, alt: bytes, pos: int, end: int, row: int) -> tuple[int, bool]:
        if alt not in _BLOCK_ALTS:
            return end, False
        at = 0 if info.startswith(b"END=") else info.find(b";END=") + 1
        if at == 0 and not info.startswith(b"END="):
            return end, False
        digits = info[at + 4 :].partition(b";")[0]
        if not digits.isdigit() or not pos <= int(digits) <= self.length:
            right = f"a position from POS to {self.length}"
            raise self._refuse(row, "INFO", f"END is {shown(digits)}", right)
        return max(end, int(digits)), True

    def _parse(self, line: bytes, row: int, pos: int, end: int, is_block: bool) -> RecordBlock:
        text = line.decode("utf-8", errors="replace")
        parts = text.split("\t")
        qual = parts[5]
        if qual != "." and not _is_float(qual):
            raise self._refuse(row, "QUAL", f"QUAL is {shown(qual.encode())}", "a number or a dot")
        if len(parts) <= _SAMPLE_COLUMN:
            values: Sequence[str] = ()
        elif self.all_columns:
            values = parts[_SAMPLE_COLUMN:]
        else:
            values = [parts[c] for c in self.columns]
        block = RecordBlock(
            record=row,
            chrom=self.chrom or "",
            pos=pos,
            end=end,
            id=_printable(parts[2]),
            ref=parts[3].upper(),
            alts=() if parts[4] == "." else tuple(_spelled(a) for a in parts[4].split(",")),
            qual=number(qual),
            filters=parts[6] or ".",
            info=parts[_INFO_COLUMN],
            format=tuple(parts[8].split(":")) if len(parts) > _SAMPLE_COLUMN else (),
            values=values,
            is_reference_block=is_block,
            qual_not_finite=qual != "." and number(qual) is None,
        )
        if len(self.header.samples) > 1:
            for genotype in set(block.genotype_texts):
                self._genotype_fits(genotype, parts[4].encode(), row)
        return block

    def _skip_comment(self, line: bytes, row: int) -> None:
        if not line or (line.startswith(b"#") and not line.startswith((b"##", b"#CHROM"))):
            self.tally.comments += 1
            return
        if line.startswith(b"#"):
            right = "one header, before the records; join files with bcftools concat"
            raise self._refuse(row, None, "a header line among the records", right)
        expected = self.tabs + 1
        found = line.count(b"\t") + 1
        if found == 1 and len(line.split()) >= min(expected, 8):
            raise self._refuse(row, None, "spaces between the columns", "tabs are required")
        right = f"{expected} columns, as the header names them, joined by tabs"
        raise self._refuse(row, None, f"{found} column{'s' * (found != 1)}", right)

    def _refuse(self, row: int, column: str | None, found: str, right: str) -> WorkflowInputError:
        if self.file.index:  # which line of the file it is, is not known
            found = f"{found} (behind {shown(self.name)}:{self.last_pos})"
            return WorkflowInputError(Problem(self.file.shown_as, found, right, field=column))
        return WorkflowInputError(Problem(self.file.shown_as, found, right, row, column))


def _leading_header(lines: Iterable[bytes]) -> Iterator[bytes]:
    for line in lines:
        if not line.startswith(b"#"):
            return
        yield line
        if line.startswith(b"#CHROM"):
            return


def _is_float(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _spelled(alt: str) -> str:
    return alt if alt.startswith("<") or "[" in alt or "]" in alt else alt.upper()


def _printable(text: str) -> str:
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text)
