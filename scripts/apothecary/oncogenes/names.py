"""What any of the methods says of a variant in a transcript."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from apothecary.oncogenes import proteins
from apothecary.oncogenes.proteins import ProteinChange

Locus = tuple[str, str, int, str, str]
"""Build, chromosome with chr, 1-based position, reference and alternate bases."""

UNPREDICTED = "p.?"
"""HGVS of a protein that may change in a way that cannot be told."""

DETAILS = ("splice_distance", "nmd", "nmd_reason")
"""Columns of the table `consequences` that only gene models fill."""

_WITHOUT_CODON = frozenset({proteins.SPLICE})


@dataclass(frozen=True)
class Named:
    """A consequence in one transcript; see the table `consequences` for the fields.

    Attributes:
        unpredicted: The protein may change, but not as its sequence tells; see `hgvs.Names`.
        details: Columns of `DETAILS`.
    """

    transcript: str
    gene: str | None = None
    consequence: str | None = None
    hgvs_g: str | None = None
    hgvs_c: str | None = None
    change: ProteinChange | None = None
    exon: str | None = None
    mane: bool | None = None
    source_id: str | None = None
    unpredicted: bool = False
    details: Mapping[str, Any] = field(default_factory=dict)


def row(locus: Locus, named: Named, method: str) -> dict[str, Any]:
    """A row of the table `consequences`."""
    build, chrom, pos, ref, alt = locus
    change = named.change
    return {
        "build": build,
        "chrom": chrom,
        "pos": pos,
        "ref": ref,
        "alt": alt,
        "transcript": named.transcript,
        "gene": named.gene,
        "consequence": named.consequence,
        "hgvs_g": named.hgvs_g,
        "hgvs_c": named.hgvs_c,
        "hgvs_p": _on_protein(named),
        "protein_change": change.one_letter() if change else None,
        "codon": change.start if change and change.kind not in _WITHOUT_CODON else None,
        "exon": named.exon,
        "mane": named.mane,
        "method": method,
        "source_id": named.source_id,
        "reason": None,
        **{name: named.details.get(name) for name in DETAILS},
        "conflict": None,
    }


def _on_protein(named: Named) -> str | None:
    if named.unpredicted:
        return UNPREDICTED
    return named.change.three_letter() if named.change else None


def not_named(locus: Locus, reason: str, hgvs_g: str | None = None) -> dict[str, Any]:
    """The row of a variant that nothing names."""
    return {**row(locus, Named("", hgvs_g=hgvs_g), "not_named"), "reason": reason}
