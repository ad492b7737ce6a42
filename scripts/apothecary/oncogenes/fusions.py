"""Fusions of a user's TSV."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from apothecary.errors import Problem, WorkflowInputError
from apothecary.oncogenes.sheets import chromosome, read_sheet

_PAIR = re.compile(r"(?P<five>[A-Za-z0-9@._-]+?)(?:::|--)(?P<three>[A-Za-z0-9@._-]+)")
_BREAKPOINT = re.compile(r"(?P<chrom>(?:chr)?[0-9XYMT]{1,2}):(?P<pos>[1-9]\d*)", re.IGNORECASE)


def read(sample_id: str, path: Path | str) -> list[dict[str, Any]]:
    """Read fusions.

    Args:
        sample_id: The sample they are of.
        path: A TSV with the column FusionGene (5' and 3' gene, joined by -- or ::) and, where
            known, LeftBreakpoint and RightBreakpoint (chrom:pos, 1-based) and SplitReads.

    Returns:
        Rows of the table `fusions`, in the order of the file.

    Raises:
        WorkflowInputError: FusionGene is absent, or a field is not in its form; all problems of
            the file in one.
    """
    file = str(path)
    header, rows = read_sheet(path)
    if "FusionGene" not in header:
        raise WorkflowInputError(
            Problem(file, "column FusionGene is absent", "it names the two genes as A--B", 1)
        )
    problems: list[Problem] = []
    found = [row for number, fields in rows if (row := _row(file, number, fields, problems))]
    if problems:
        raise WorkflowInputError(problems)
    return [{"sample_id": sample_id, **row} for row in found]


def _row(
    file: str, number: int, fields: Mapping[str, str], problems: list[Problem]
) -> dict[str, Any] | None:
    before = len(problems)
    pair = _PAIR.fullmatch(fields["FusionGene"])
    if not pair:
        problems.append(
            Problem(
                file,
                f"found {fields['FusionGene']!r}",
                "two gene symbols joined by -- or :: are needed",
                number,
                "FusionGene",
            )
        )
    left = _breakpoint(file, number, "LeftBreakpoint", fields, problems)
    right = _breakpoint(file, number, "RightBreakpoint", fields, problems)
    reads = fields.get("SplitReads", "")
    if reads not in ("", ".", "NA") and not (reads.isascii() and reads.isdigit()):
        problems.append(
            Problem(file, f"found {reads!r}", "a count of reads is needed", number, "SplitReads")
        )
    if len(problems) > before or not pair:
        return None
    return {
        "gene_5prime": pair["five"],
        "gene_3prime": pair["three"],
        "row": number,
        "breakpoint_5prime": left,
        "breakpoint_3prime": right,
        "reads": int(reads) if reads not in ("", ".", "NA") else None,
    }


def _breakpoint(
    file: str, number: int, field: str, fields: Mapping[str, str], problems: list[Problem]
) -> str | None:
    text = fields.get(field, "")
    if text in ("", ".", "NA"):
        return None
    match = _BREAKPOINT.fullmatch(text)
    if match:
        return f"{chromosome(match['chrom'])}:{match['pos']}"
    problems.append(
        Problem(file, f"found {text!r}", "chrom:pos with a 1-based position", number, field)
    )
    return None
