"""What an alignment file holds, before anything of it is measured."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from apothecary.alignments import files
from apothecary.alignments.files import Alignment
from apothecary.qc import programs
from apothecary.qc.programs import Programs

_TAGS_LOOKED_AT = 1000


@dataclass(frozen=True)
class Content:
    """What a file holds.

    Attributes:
        reads: Records by contig, as the index of the file has them; unmapped ones under `*`.
        has_mismatches: Whether its reads carry NM, without which mismatches are not known.
    """

    reads: Mapping[str, int]
    has_mismatches: bool


def content(alignment: Alignment, tools: Programs, work: Path) -> Content:
    """Look at the index of a file and at its first reads.

    Args:
        alignment: The file.
        tools: The programs that are there.
        work: A folder for what they write.

    Raises:
        WorkflowInputError: The file cannot be read.
    """
    with files.opened(alignment) as file:
        records = file.head(_TAGS_LOOKED_AT)
        has_mismatches = any(r.has_tag("NM") for r in records if not r.is_unmapped)
    output = work / "idxstats.tsv"
    programs.samtools(tools, ["idxstats", alignment.path], output, alignment.path)
    reads = {}
    for line in output.read_text(encoding="utf-8").splitlines():
        name, _, mapped, unmapped = line.split("\t")
        reads[name] = int(mapped) + int(unmapped)
    return Content(reads, has_mismatches)
