"""Fusions as STAR-Fusion and Arriba write them, brought to one form."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

STAR_FUSION = "star-fusion"
ARRIBA = "arriba"
OWN = "apothecary"
MARKED_HEADERS = ("#FusionName", "#gene1")
"""First columns of headers that a caller writes behind #."""

IN_FRAME = "in_frame"
OUT_OF_FRAME = "out_of_frame"
_FRAMES = {
    "INFRAME": IN_FRAME,
    "FRAMESHIFT": OUT_OF_FRAME,
    "in-frame": IN_FRAME,
    "out-of-frame": OUT_OF_FRAME,
    "stop-codon": OUT_OF_FRAME,
}
_NEAREST = re.compile(r"\([^)]*\).*")
_ABSENT = ("", ".", "NA")


@dataclass(frozen=True)
class Columns:
    """Where a file has what; empty for what it has not.

    Attributes:
        caller: Who writes such files.
        pair: Both genes in one column.
        genes: 5' and 3' gene, where they have columns of their own.
        breakpoints: 5' and 3' breakpoint.
        strands: Strands of the 5' and 3' gene.
        reads: Columns of reads that support it; they are added.
        frame: Reading frame.
    """

    caller: str
    pair: str
    genes: tuple[str, ...]
    breakpoints: tuple[str, str]
    strands: tuple[str, ...]
    reads: tuple[str, ...]
    frame: str


_LAYOUTS = (
    Columns(
        STAR_FUSION,
        "FusionName",
        (),
        ("LeftBreakpoint", "RightBreakpoint"),
        (),
        ("JunctionReadCount", "SpanningFragCount"),
        "PROT_FUSION_TYPE",
    ),
    Columns(
        ARRIBA,
        "",
        ("gene1", "gene2"),
        ("breakpoint1", "breakpoint2"),
        ("strand1(gene/fusion)", "strand2(gene/fusion)"),
        ("split_reads1", "split_reads2", "discordant_mates"),
        "reading_frame",
    ),
)
_OWN = Columns(
    OWN, "FusionGene", (), ("LeftBreakpoint", "RightBreakpoint"), (), ("SplitReads",), "Frame"
)


def of_header(header: Sequence[str]) -> Columns:
    """The layout of a header; that of this project when it is of no caller."""
    columns = set(header)
    for layout in _LAYOUTS:
        if {layout.pair, *layout.genes} - {""} <= columns:
            return layout
    return _OWN


def pair(fields: Mapping[str, str], layout: Columns) -> str:
    """Both genes, joined by ::; a place between genes is named by the nearest one before it."""
    if not layout.genes:
        return fields[layout.pair]
    return "::".join(_NEAREST.sub("", fields[name].split(",")[0]) for name in layout.genes)


def frame(fields: Mapping[str, str], layout: Columns) -> str | None:
    """The reading frame, or null when the file does not tell it."""
    return _FRAMES.get(fields.get(layout.frame, ""))


def strands(
    fields: Mapping[str, str], layout: Columns, breakpoints: Sequence[str]
) -> tuple[str | None, str | None]:
    """Strands of the 5' and 3' gene: of their own columns, or behind the breakpoints."""
    found: list[str | None] = []
    for place in (0, 1):
        text = fields.get(layout.strands[place], "").split("/")[0] if layout.strands else ""
        if not text and breakpoints[place].count(":") == 2:
            text = breakpoints[place].rsplit(":", 1)[1]
        found.append(text if text in ("+", "-") else None)
    return found[0], found[1]


def place(text: str) -> str:
    """A breakpoint without its strand."""
    return ":".join(text.split(":")[:2])


def absent(text: str) -> bool:
    """Whether a field says nothing."""
    return text in _ABSENT
