"""What a user asks of a run: a place, an rs number, a gene, or a gene with a protein change."""

from __future__ import annotations

import re
from dataclasses import dataclass

from apothecary.errors import Problem, WorkflowInputError

_VARIANT = re.compile(
    r"(?:chr)?(\d{1,2}|X|Y|MT?)[:-](\d{1,9})(?:[:-]([ACGTN]+)(?:[:>-]|/)([ACGTN]+|\*|<\w+>))?",
    re.IGNORECASE,
)
_RSID = re.compile(r"rs\d+", re.IGNORECASE)
_GENE_CHANGE = re.compile(r"([A-Za-z0-9-]+)[\s:]+(?:p\.)?\(?([A-Za-z*]+\d[A-Za-z0-9*_>=?]*)\)?")
_AMINO_ACIDS = {
    "Ala": "A", "Arg": "R", "Asn": "N", "Asp": "D", "Cys": "C", "Gln": "Q", "Glu": "E",
    "Gly": "G", "His": "H", "Ile": "I", "Leu": "L", "Lys": "K", "Met": "M", "Phe": "F",
    "Pro": "P", "Ser": "S", "Thr": "T", "Trp": "W", "Tyr": "Y", "Val": "V", "Ter": "*",
}  # fmt: skip


@dataclass(frozen=True)
class Query:
    """What is asked about.

    Attributes:
        text: As the user gave it.
        chrom: Chromosome with chr, for a place.
        pos: 1-based position, for a place.
        ref: Reference bases, where given.
        alt: Alternate bases, where given.
        rsid: dbSNP identifier.
        gene: Gene symbol.
        change: Protein change in one-letter code, without p.
    """

    text: str
    chrom: str | None = None
    pos: int | None = None
    ref: str | None = None
    alt: str | None = None
    rsid: str | None = None
    gene: str | None = None
    change: str | None = None


def parse(text: str) -> Query:
    """Read a query.

    Args:
        text: `chr7:140753336:A:T` (or with `-`, or the place alone), `rs9923231`, `BRAF V600E`
            (or `BRAF p.Val600Glu`), or a gene symbol.

    Returns:
        The query.

    Raises:
        WorkflowInputError: The text is none of these.
    """
    words = text.strip()
    place = _VARIANT.fullmatch(words)
    if place:
        name, pos, ref, alt = place.groups()
        chrom = "chrM" if name.upper() in ("M", "MT") else f"chr{name.upper()}"
        return Query(words, chrom, int(pos), ref and ref.upper(), alt and alt.upper())
    if _RSID.fullmatch(words):
        return Query(words, rsid=words.lower())
    change = _GENE_CHANGE.fullmatch(words)
    if change:
        return Query(words, gene=change[1], change=_one_letter(change[2]))
    if re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9-]*", words):
        return Query(words, gene=words)
    raise WorkflowInputError(
        Problem(
            "query",
            repr(text),
            "give a gene, a medicine of the sample, a place such as chr7:140753336:A:T, an rs "
            "number, or 'BRAF V600E'",
        )
    )


def _one_letter(change: str) -> str:
    return re.sub(r"[A-Z][a-z]{2}", lambda found: _AMINO_ACIDS.get(found[0], found[0]), change)
