"""A pathogenic substitution of the very base that changes: OS1.

The source tells the base and the residue of its codon, not the base that stands there instead. So
it counts where every substitution of that base leaves a residue: at a base where one of them would
make a stop, the pathogenic one may be the stop.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from apothecary.oncogenes.sop.rules import Code
from apothecary.oncogenes.sop.subject import Subject
from apothecary.oncogenes.translation import CODONS

_MISSENSE = "missense_variant"
_BUILD = "GRCh38"
_STOP = "*"
_COMPLEMENT = str.maketrans("ACGT", "TGCA")

Loci = Mapping[tuple[str, int], tuple[Mapping[str, Any], ...]]
"""Rows of the knowledge table `pathogenic_loci` by chromosome and 1-based position."""


def index(rows: Iterable[Mapping[str, Any]]) -> Loci:
    """Index the knowledge table `pathogenic_loci`."""
    found: dict[tuple[str, int], tuple[Mapping[str, Any], ...]] = {}
    for row in rows:
        place = (row["chrom"], row["pos"])
        found[place] = (*found.get(place, ()), row)
    return found


def assess(subject: Subject, loci: Loci) -> list[Code]:
    """OS1 for a substitution of a base whose substitution is established as pathogenic.

    Args:
        subject: The variant in a gene; only single bases of GRCh38 are looked up.
        loci: See `index`.
    """
    build, chrom, pos, ref, alt = subject.locus
    if build != _BUILD:
        return []
    row = at_base(subject, (chrom, pos, ref, alt), loci)
    if row is None:
        return []
    words = f"a pathogenic substitution of the same base of {row['residue']} in the germline"
    return [Code("OS1", "strong", words, row["source_id"], (f"{chrom}:{pos}",))]


def at_base(
    subject: Subject, place: tuple[str, int, str, str], loci: Loci
) -> Mapping[str, Any] | None:
    """The row of the base that a missense variant changes, where no change of it makes a stop.

    Args:
        subject: The variant in a gene.
        place: Its chromosome, 1-based position and bases in GRCh38.
        loci: See `index`.
    """
    chrom, pos, ref, alt = place
    if len(ref) != 1 or len(alt) != 1 or _MISSENSE not in subject.terms:
        return None
    change = subject.change
    fresh = change.alt if change is not None and subject.substitution else ""
    for row in loci.get((chrom, pos), ()):
        residue = row["residue"]
        named_otherwise = bool(fresh) and change is not None and change.ref != residue
        if row["gene"] == subject.gene and not (
            named_otherwise or _may_stop(residue, fresh, ref, alt)
        ):
            return row
    return None


def _may_stop(residue: str, fresh: str, ref: str, alt: str) -> bool:
    """Whether a stop is one substitution away from a codon that the change may be of.

    Args:
        residue: Residue of the codon.
        fresh: Residue that the change gives; empty when it is not named.
        ref: Base that changes, on the chromosome; the gene may be on either strand.
        alt: The new base.

    Returns:
        True, too, when no codon of the residue fits the change.
    """
    strands = ((ref, alt), (ref.translate(_COMPLEMENT), alt.translate(_COMPLEMENT)))
    fits = [
        (codon, at)
        for codon, of in CODONS.items()
        for at in range(3)
        for before, after in strands
        if of == residue
        and codon[at] == before
        and CODONS[_with(codon, at, after)] != residue
        and fresh in ("", CODONS[_with(codon, at, after)])
    ]
    return not fits or any(
        CODONS[_with(codon, at, base)] == _STOP for codon, at in fits for base in "ACGT"
    )


def _with(codon: str, at: int, base: str) -> str:
    return codon[:at] + base + codon[at + 1 :]
