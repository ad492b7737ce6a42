"""Bases that no allele has at a defining position, and that leave the protein as it is."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from apothecary.knowledge.importers.upstream import Row
from apothecary.oncogenes.translation import UNKNOWN, translate
from apothecary.variants.reference import Reference

_BASES = "ACGT"
_COMPLEMENT = str.maketrans(_BASES, "TGCA")
_EDGE = 3
"""Bases of an exon beside an intron that are left out, since splicing may rest on them; the number
is our own choice."""

Codon = tuple[int, ...]
"""Three 1-based positions in the order of the transcript."""


def import_silent_bases(
    positions: Iterable[Row],
    exons: Iterable[Row],
    gene_regions: Iterable[Row],
    reference: Reference,
    exon_source_id: str,
    reference_source_id: str,
) -> dict[str, list[Row]]:
    """Find the undocumented bases of defining positions that encode the residue of the reference.

    Left out are codons with several defining positions, whose bases have to be read together, and
    the ends of exons.

    Args:
        positions: Rows of the table pgx_positions.
        exons: Rows of the table exons.
        gene_regions: Rows of the table gene_regions, for the strand of each gene.
        reference: Bases of GRCh38; codons without bases are passed over.
        exon_source_id: Source of the exons.
        reference_source_id: Source of the bases.

    Returns:
        Rows of the table pgx_silent_bases.
    """
    strands = {row["gene"]: row["strand"] for row in gene_regions}
    coding: dict[str, list[Row]] = defaultdict(list)
    for row in exons:
        if row["coding_start"] is not None:
            coding[row["gene"]].append(row)
    defining: dict[str, list[Row]] = defaultdict(list)
    for row in positions:
        if row["role"] == "defining" and row["gene"] in coding and row["gene"] in strands:
            defining[row["gene"]].append(row)
    rows: list[Row] = []
    for gene, own in sorted(defining.items()):
        codons = _codons(coding[gene], strands[gene])
        inner = _inner(coding[gene])
        together = Counter(number for row in own for number in _touched(row, codons))
        for row in own:
            numbers = _touched(row, codons)
            if len(row["ref"]) != 1 or not numbers or row["pos"] not in inner:
                continue
            if together[numbers[0]] > 1:
                continue
            number, codon = codons[row["pos"]]
            residue, found = _silent(row, codon, strands[gene], reference)
            rows += [
                {
                    "gene": gene,
                    "position_id": row["position_id"],
                    "bases": base,
                    "residue": residue,
                    "codon": number,
                    "source_id": exon_source_id,
                    "reference_source_id": reference_source_id,
                }
                for base in found
            ]
    return {"pgx_silent_bases": rows}


def _codons(exons: Sequence[Row], strand: str) -> Mapping[int, tuple[int, Codon]]:
    """Number (1-based) and positions of the codon of every coding base, by position."""
    places = [
        place
        for row in sorted(exons, key=lambda row: int(row["coding_start"]))
        for place in range(row["coding_start"], row["coding_end"] + 1)
    ]
    if strand == "-":
        places.reverse()
    return {
        place: (at // 3 + 1, tuple(places[at // 3 * 3 : at // 3 * 3 + 3]))
        for at, place in enumerate(places)
    }


def _inner(exons: Sequence[Row]) -> frozenset[int]:
    """The coding bases that are no end of an exon."""
    return frozenset(
        place
        for row in exons
        for place in range(
            max(row["coding_start"], row["start"] + _EDGE),
            min(row["coding_end"], row["end"] - _EDGE) + 1,
        )
    )


def _touched(row: Row, codons: Mapping[int, tuple[int, Codon]]) -> list[int]:
    """Numbers of the codons that the reference bases of a position lie in."""
    span = range(row["pos"], row["pos"] + len(row["ref"]))
    return sorted({codons[place][0] for place in span if place in codons})


def _silent(row: Row, codon: Codon, strand: str, reference: Reference) -> tuple[str, list[str]]:
    """The residue of the reference, and the undocumented bases that encode it too."""
    bases = [reference.bases(row["chrom"], place, place) or "N" for place in codon]
    at = codon.index(row["pos"])
    residue = _residue(bases, strand)
    if bases[at] != row["ref"] or residue == UNKNOWN:
        return residue, []
    return residue, [
        base
        for base in _others(row)
        if _residue([*bases[:at], base, *bases[at + 1 :]], strand) == residue
    ]


def _others(row: Row) -> Iterator[str]:
    return (base for base in _BASES if base not in (row["ref"], *row["alts"]))


def _residue(bases: Sequence[str], strand: str) -> str:
    text = "".join(bases)
    return translate(text.translate(_COMPLEMENT) if strand == "-" else text)
