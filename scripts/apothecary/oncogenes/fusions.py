"""Fusions of a user's TSV."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from apothecary.errors import Problem, WorkflowInputError
from apothecary.oncogenes import fusion_formats
from apothecary.oncogenes.fusion_formats import Columns
from apothecary.oncogenes.sheets import chromosome, read_sheet

_PAIR = re.compile(r"(?P<five>[A-Za-z0-9@._-]+?)(?:::|--)(?P<three>[A-Za-z0-9@._-]+)")
_BREAKPOINT = re.compile(r"(?P<chrom>(?:chr)?[0-9XYMT]{1,2}):(?P<pos>[1-9]\d*)", re.IGNORECASE)


def read(sample_id: str, path: Path | str) -> list[dict[str, Any]]:
    """Read fusions.

    Args:
        sample_id: The sample they are of.
        path: A TSV of STAR-Fusion or Arriba, or one with the column FusionGene (5' and 3' gene,
            joined by -- or ::) and, where known, LeftBreakpoint and RightBreakpoint (chrom:pos,
            1-based) and SplitReads. A VCF is read by `junctions`.

    Returns:
        Rows of the table `fusions`, in the order of the file.

    Raises:
        WorkflowInputError: The genes are absent, or a field is not in its form; all problems of
            the file in one.
    """
    file = str(path)
    header, rows = read_sheet(path, fusion_formats.MARKED_HEADERS)
    layout = fusion_formats.of_header(header)
    if layout.pair and layout.pair not in header:
        raise WorkflowInputError(
            Problem(file, "column FusionGene is absent", "it names the two genes as A--B", 1)
        )
    problems: list[Problem] = []
    found = [
        row for number, fields in rows if (row := _row(file, number, fields, layout, problems))
    ]
    if problems:
        raise WorkflowInputError(problems)
    return [{"sample_id": sample_id, **row} for row in found]


def _row(
    file: str,
    number: int,
    fields: Mapping[str, str],
    layout: Columns,
    problems: list[Problem],
) -> dict[str, Any] | None:
    before = len(problems)
    text = fusion_formats.pair(fields, layout)
    pair = _PAIR.fullmatch(text)
    if not pair:
        problems.append(
            Problem(
                file,
                f"found {text!r}",
                "two gene symbols joined by -- or :: are needed",
                number,
                layout.pair or ", ".join(layout.genes),
            )
        )
    given = [fields.get(name, "") for name in layout.breakpoints]
    left, right = (
        _breakpoint(file, number, name, fusion_formats.place(text), problems)
        for name, text in zip(layout.breakpoints, given, strict=True)
    )
    reads = _reads(file, number, fields, layout, problems)
    if len(problems) > before or not pair:
        return None
    strands = fusion_formats.strands(fields, layout, given)
    return {
        "gene_5prime": pair["five"],
        "gene_3prime": pair["three"],
        "row": number,
        "breakpoint_5prime": left,
        "breakpoint_3prime": right,
        "strand_5prime": strands[0],
        "strand_3prime": strands[1],
        "reads": reads,
        "frame": fusion_formats.frame(fields, layout),
        "caller": layout.caller,
    }


def _reads(
    file: str, number: int, fields: Mapping[str, str], layout: Columns, problems: list[Problem]
) -> int | None:
    """Reads that support a fusion, of all columns together; null when none is given."""
    counts = []
    for name in layout.reads:
        text = fields.get(name, "")
        if fusion_formats.absent(text):
            continue
        if text.isascii() and text.isdigit():
            counts.append(int(text))
        else:
            problems.append(
                Problem(file, f"found {text!r}", "a count of reads is needed", number, name)
            )
    return sum(counts) if counts else None


def _breakpoint(
    file: str, number: int, field: str, text: str, problems: list[Problem]
) -> str | None:
    if fusion_formats.absent(text):
        return None
    match = _BREAKPOINT.fullmatch(text)
    if match:
        return f"{chromosome(match['chrom'])}:{match['pos']}"
    problems.append(
        Problem(file, f"found {text!r}", "chrom:pos with a 1-based position", number, field)
    )
    return None
