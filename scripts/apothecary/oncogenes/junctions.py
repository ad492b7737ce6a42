"""Fusions of genes from the junctions of a VCF: BND records, deletions, duplications, inversions.

A junction joins what lies to one side of one place with what lies to one side of another. It is a
fusion when the transcription of a gene runs into it on one side and goes on in another gene on
the other; a junction that joins two first or two last parts is none.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pysam

from apothecary.errors import Problem, WorkflowInputError
from apothecary.oncogenes.sheets import chromosome

SUFFIXES = (".vcf", ".vcf.gz", ".bcf")
CALLER = "vcf"
_BND = re.compile(
    r"[ACGTNacgtn.]*(?P<open>[\[\]])(?P<chrom>[^:\[\]]+):(?P<pos>\d+)[\[\]][ACGTNacgtn.]*"
)

LEFT = "left"
RIGHT = "right"


@dataclass(frozen=True, order=True)
class Side:
    """One side of a junction.

    Attributes:
        chrom: Chromosome with chr.
        pos: 1-based base beside the break.
        kept: Which side of the break is kept: `left` (lower positions) or `right`.
    """

    chrom: str
    pos: int
    kept: str


def read(
    sample_id: str, path: Path | str, gene_regions: Iterable[Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """Read the fusions of a VCF.

    Args:
        sample_id: The sample they are of.
        path: VCF or BCF of structural variants, GRCh38. Records that a filter failed are left out.
        gene_regions: Rows of the knowledge table `gene_regions`.

    Returns:
        Rows of the table `fusions`, one for each pair of genes of a junction; mates of a BND
        count once.

    Raises:
        WorkflowInputError: The file cannot be read.
    """
    try:
        with pysam.VariantFile(str(path)) as stream:
            junctions = list(_junctions(stream))
    except (OSError, ValueError) as error:
        raise WorkflowInputError(
            Problem(str(path), f"cannot be read ({error})", "a VCF of structural variants")
        ) from None
    places: dict[str, list[tuple[int, int, str, str]]] = {}
    for row in gene_regions:
        span = (row["start"], row["end"], row["gene"], row["strand"])
        places.setdefault(row["chrom"], []).append(span)
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for record, sides in junctions:
        for five, three in _pairs(sides, places):
            row = _row(sample_id, record, five, three)
            found.setdefault((row["gene_5prime"], row["gene_3prime"]), row)
    return [found[key] for key in sorted(found)]


def _junctions(stream: Any) -> Iterator[tuple[int, tuple[Side, Side]]]:
    """Junctions of the records that passed, each once, with the ordinal of the record."""
    seen: set[tuple[Side, ...]] = set()
    for number, record in enumerate(stream, start=1):
        if set(record.filter.keys()) - {"PASS"}:
            continue
        for sides in _sides(record):
            key = tuple(sorted(sides))
            if key not in seen:
                seen.add(key)
                yield number, sides


def _sides(record: Any) -> list[tuple[Side, Side]]:
    chrom, pos, end = chromosome(record.chrom), record.pos, record.stop
    kind = str(record.info.get("SVTYPE", "")).upper()
    found = []
    for alt in record.alts or ():
        match = _BND.fullmatch(alt)
        if match:
            # The bases stand before the bracket when what lies left of the record is kept.
            kept = RIGHT if alt[0] in "[]" else LEFT
            other = RIGHT if match["open"] == "[" else LEFT
            mate = Side(chromosome(match["chrom"]), int(match["pos"]), other)
            found.append((Side(chrom, pos, kept), mate))
        elif kind == "DEL" or alt == "<DEL>":
            found.append((Side(chrom, pos, LEFT), Side(chrom, end + 1, RIGHT)))
        elif kind == "DUP" or alt.startswith("<DUP"):
            found.append((Side(chrom, end, LEFT), Side(chrom, pos + 1, RIGHT)))
        elif kind == "INV" or alt == "<INV>":
            found.append((Side(chrom, pos, LEFT), Side(chrom, end, LEFT)))
            found.append((Side(chrom, pos + 1, RIGHT), Side(chrom, end + 1, RIGHT)))
    return found


_Partner = tuple[Side, str, str]


def _pairs(
    sides: Sequence[Side], places: Mapping[str, Sequence[tuple[int, int, str, str]]]
) -> Iterator[tuple[_Partner, _Partner]]:
    """Genes whose transcription runs into the junction, with those that it goes on in."""
    genes = [
        [
            (side, gene, strand)
            for start, end, gene, strand in places.get(side.chrom, ())
            if start <= side.pos <= end
        ]
        for side in sides
    ]
    for first, second in ((0, 1), (1, 0)):
        for five in genes[first]:
            for three in genes[second]:
                if five[1] != three[1] and _runs_in(five) and not _runs_in(three):
                    yield five, three


def _runs_in(partner: _Partner) -> bool:
    side, _, strand = partner
    return (side.kept == LEFT) == (strand == "+")


def _row(sample_id: str, record: int, five: _Partner, three: _Partner) -> dict[str, Any]:
    return {
        "sample_id": sample_id,
        "gene_5prime": five[1],
        "gene_3prime": three[1],
        "row": record,
        "breakpoint_5prime": f"{five[0].chrom}:{five[0].pos}",
        "breakpoint_3prime": f"{three[0].chrom}:{three[0].pos}",
        "strand_5prime": five[2],
        "strand_3prime": three[2],
        "reads": None,
        "frame": None,
        "caller": CALLER,
    }
