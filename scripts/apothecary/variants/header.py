"""The header of a VCF: what is declared, and the samples that the columns are for."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from apothecary.errors import Problem, WorkflowInputError
from apothecary.variants import contigs

HEADER_LINES_CAP = 200_000
"""Greatest number of header lines that is taken."""

WITHHELD_RECORDS = "##withheldRecords="
"""Begins the line by which calling counts records that it left out for want of consent."""

_COLUMNS = ("#CHROM", "POS", "ID", "REF", "ALT", "QUAL", "FILTER", "INFO")
_STRUCTURED = re.compile(r"##(contig|FILTER|INFO|FORMAT|ALT)=<(.*)>$")
_ATTRIBUTE = re.compile(r'(?:^|,)\s*([A-Za-z0-9_]+)=("(?:[^"\\]|\\.)*"|[^,]*)')
_BUILD_WORDS = {
    "GRCh38": re.compile(r"(?<![A-Za-z0-9])(grch38|hg38|hs38\w*|b38)(?![0-9])", re.IGNORECASE),
    "GRCh37": re.compile(
        r"(?<![A-Za-z0-9])(grch37|hg19|hs37\w*|b37|human_g1k_v37)(?![0-9])", re.IGNORECASE
    ),
}


@dataclass(frozen=True)
class Field:
    """A declared INFO or FORMAT field.

    Attributes:
        number: Number of values: a count, A, R, G or a dot.
        kind: Integer, Float, String, Character or Flag.
        description: As declared.
    """

    number: str
    kind: str
    description: str


@dataclass(frozen=True)
class Header:
    """What the header of a file declares.

    Attributes:
        version: Such as VCFv4.2.
        contig_lengths: Length in bases, or None, of each declared contig, by its name in the file.
        filters: Declared FILTER names, PASS among them.
        info: Declared INFO fields.
        formats: Declared FORMAT fields.
        alts: Declared symbolic alleles, without angle brackets.
        samples: Names of the sample columns, in their order.
        gvcf: Whether the header speaks of reference blocks.
        stated_build: The build that reference or assembly lines name, when they name one only.
        lines: Number of header lines.
        withheld: Records that our calling left out for want of consent.
    """

    version: str
    contig_lengths: Mapping[str, int | None]
    filters: frozenset[str]
    info: Mapping[str, Field]
    formats: Mapping[str, Field]
    alts: frozenset[str]
    samples: tuple[str, ...]
    gvcf: bool
    stated_build: str | None
    lines: int
    withheld: int = 0

    @property
    def columns(self) -> int:
        """Number of columns that every record has."""
        return len(_COLUMNS) + (1 + len(self.samples) if self.samples else 0)


@dataclass
class _Declared:
    contigs: dict[str, int | None] = field(default_factory=dict)
    filters: set[str] = field(default_factory=lambda: {"PASS"})
    info: dict[str, Field] = field(default_factory=dict)
    formats: dict[str, Field] = field(default_factory=dict)
    alts: set[str] = field(default_factory=set)
    builds: set[str] = field(default_factory=set)
    gvcf: bool = False
    withheld: int = 0


def parse(path: str, lines: Iterable[bytes]) -> Header:
    """Parse a header.

    Args:
        path: The file's name for messages.
        lines: The lines up to and with the one that begins with #CHROM.

    Returns:
        The header.

    Raises:
        WorkflowInputError: The header is absent, is no VCF header, or names its columns or samples
            wrongly.
    """
    declared = _Declared()
    version = ""
    for row, raw in enumerate(lines, 1):
        if row == 1:
            version = _version(path, raw)
        elif row > HEADER_LINES_CAP:
            found = f"more than {HEADER_LINES_CAP} header lines"
            raise _refuse(path, found, f"a header has at most {HEADER_LINES_CAP} lines", row)
        elif raw.startswith(b"##"):
            _meta(declared, raw.decode("utf-8", errors="replace"))
        else:
            return Header(
                version=version,
                contig_lengths=declared.contigs,
                filters=frozenset(declared.filters),
                info=declared.info,
                formats=declared.formats,
                alts=frozenset(declared.alts),
                samples=_samples(path, raw, row),
                gvcf=declared.gvcf or bool(declared.alts & {"NON_REF", "*"}),
                stated_build=next(iter(declared.builds)) if len(declared.builds) == 1 else None,
                lines=row,
                withheld=declared.withheld,
            )
    raise _refuse(path, "the header has no line #CHROM", "a VCF names its columns", None)


def _version(path: str, raw: bytes) -> str:
    if raw.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")):
        found = "the file begins with a byte-order mark (BOM)"
        raise _refuse(path, found, "save it as UTF-8 without BOM", 1)
    text = raw[:80].decode("utf-8", errors="replace")
    match = re.match(r"##fileformat=(VCFv4\.\d+)\s*$", text)
    if match is None:
        found = f"no VCF header: the file begins with {text[:40]!r}"
        raise _refuse(path, found, "the first line of a VCF is ##fileformat=VCFv4.x", 1)
    return match[1]


def _meta(declared: _Declared, line: str) -> None:
    if line.startswith(("##reference=", "##assembly=")):
        declared.builds |= _builds_named(line)
    count = line.removeprefix(WITHHELD_RECORDS).strip()
    if line.startswith(WITHHELD_RECORDS) and count.isdecimal():
        declared.withheld = int(count)
    declared.gvcf = declared.gvcf or line.startswith("##GVCFBlock")
    match = _STRUCTURED.match(line.rstrip())
    if match is None:
        return
    kind = match[1]
    attributes = {key: value.strip('"') for key, value in _ATTRIBUTE.findall(match[2])}
    name = attributes.get("ID", "")
    if kind == "contig":
        length = attributes.get("length", "")
        declared.contigs[name] = int(length) if length.isdecimal() else None
        if contigs.canonical(name):
            declared.builds |= _builds_named(attributes.get("assembly", ""))
    elif kind == "FILTER":
        declared.filters.add(name)
    elif kind == "ALT":
        declared.alts.add(name)
    else:
        target = declared.info if kind == "INFO" else declared.formats
        target[name] = Field(
            attributes.get("Number", "."),
            attributes.get("Type", "String"),
            attributes.get("Description", ""),
        )


def _builds_named(text: str) -> set[str]:
    return {build for build, words in _BUILD_WORDS.items() if words.search(text)}


def _samples(path: str, raw: bytes, row: int) -> tuple[str, ...]:
    if not raw.startswith(b"#CHROM"):
        found = f"the header ends without a line #CHROM; found {raw[:40]!r}"
        raise _refuse(path, found, "the line #CHROM names the columns before the records", row)
    try:
        names = raw.decode("utf-8").split("\t")
    except UnicodeDecodeError:
        right = "sample names are UTF-8 text"
        raise _refuse(path, "a sample name is not UTF-8", right, row) from None
    if len(names) == 1 and len(raw.split()) >= len(_COLUMNS):
        raise _refuse(path, "spaces between the columns", "tabs are required", row)
    if tuple(names[: len(_COLUMNS)]) != _COLUMNS:
        wrong = next(
            (a for a, b in zip(names, _COLUMNS, strict=False) if a != b), f"{len(names)} columns"
        )
        right = "the columns begin " + " ".join(_COLUMNS)
        raise _refuse(path, f"wrong column {wrong[:40]!r}", right, row)
    if len(names) == len(_COLUMNS):
        return ()
    if names[len(_COLUMNS)] != "FORMAT":
        found = f"column 9 is {names[len(_COLUMNS)][:40]!r}"
        raise _refuse(path, found, "FORMAT comes before the samples", row)
    samples = names[len(_COLUMNS) + 1 :]
    seen: set[str] = set()
    for name in samples:
        if not name.strip():
            raise _refuse(path, "a sample column without a name", "name every sample", row)
        if name in seen:
            found = f"sample column {name[:60]!r} stands twice"
            raise _refuse(path, found, "each sample has one column", row)
        seen.add(name)
    return tuple(samples)


def _refuse(path: str, found: str, right: str, row: int | None) -> WorkflowInputError:
    return WorkflowInputError(Problem(path, found, right, row))
