"""The change of a gene that is classified."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from apothecary.oncogenes import findings, profiles, proteins
from apothecary.oncogenes.proteins import ProteinChange

Locus = tuple[str, str, int, str, str]
"""Build, chromosome, 1-based position, reference and alternate bases."""

SILENT_TERMS = frozenset(
    {
        "synonymous_variant",
        "stop_retained_variant",
        "start_retained_variant",
        "intron_variant",
    }
)
"""Terms of changes that leave the protein as it is."""

_OUTSIDE = frozenset({"upstream_gene_variant", "downstream_gene_variant", "intergenic_variant"})
_NULL_TERMS = findings.TRUNCATING_TERMS | {"exon_loss_variant"}
_INFRAME_TERMS = frozenset(
    {
        "inframe_insertion",
        "inframe_deletion",
        "disruptive_inframe_insertion",
        "disruptive_inframe_deletion",
        "conservative_inframe_insertion",
        "conservative_inframe_deletion",
        "feature_elongation",
    }
)
_EXON = re.compile(r"(\d+)(?:-(\d+))?/(\d+)")


@dataclass(frozen=True)
class Subject:
    """A variant in one gene.

    Attributes:
        locus: Where it is.
        gene: Gene symbol.
        transcript: Transcript it is named in; may be empty.
        terms: Sequence Ontology terms.
        change: Change of the protein, where it is named.
        coding: HGVS c. name without accession; may be empty.
        exon: Number of the last exon it touches, and of all exons.
        protein_length: Residues of the protein, where the input tells them.
        population_af: Highest frequency in a population; None when none is known.
        frequency_asked: Whether a source of frequencies was looked at.
        entries: Annotation of the input for this transcript, fields by name.
        exon_by_place: Number of its exon by coordinate, where the input tells none.
        frequency_source: Source of the frequency.
    """

    locus: Locus
    gene: str
    transcript: str = ""
    terms: frozenset[str] = frozenset()
    change: ProteinChange | None = None
    coding: str = ""
    exon: tuple[int, int] | None = None
    protein_length: int | None = None
    population_af: float | None = None
    frequency_asked: bool = False
    entries: tuple[Mapping[str, str], ...] = field(default=(), hash=False)
    exon_by_place: int | None = None
    frequency_source: str = "input"

    @property
    def null(self) -> bool:
        """Whether the change as a rule leaves no working protein."""
        if self.terms & _NULL_TERMS:
            return True
        return self.change is not None and self.change.kind in (
            proteins.NONSENSE,
            proteins.FRAMESHIFT,
        )

    @property
    def in_last_exon(self) -> bool:
        """Whether it shortens the protein from the last of several exons on."""
        splice = self.terms & findings.SPLICE_TERMS
        return not splice and self.exon is not None and self.exon[0] == self.exon[1] > 1

    @property
    def exon_number(self) -> int | None:
        """Number of its exon, as the input tells it or else by coordinate."""
        return self.exon[0] if self.exon else self.exon_by_place

    @property
    def share_lost(self) -> float | None:
        """Share of the protein behind the change; None where its length is not known."""
        if self.residues is None or not self.protein_length:
            return None
        return 1 - (self.residues[0] - 1) / self.protein_length

    @property
    def substitution(self) -> bool:
        """Whether one residue takes the place of one."""
        return self.change is not None and self.change.kind == proteins.SUBSTITUTION

    @property
    def in_frame(self) -> bool:
        """Whether residues are gained or lost in frame."""
        if self.terms & _INFRAME_TERMS:
            return True
        change = self.change
        return bool(change and change.length_change and change.kind != proteins.FRAMESHIFT)

    @property
    def residues(self) -> tuple[int, int] | None:
        """First and last residue that change; None for changes outside of the protein."""
        if self.change is None or self.change.kind in (proteins.SYNONYMOUS, proteins.SPLICE):
            return None
        return self.change.start, self.change.end

    @property
    def silent(self) -> bool:
        """Whether it is silent or intronic, outside of splice sites and their regions."""
        return bool(self.terms) and self.terms <= SILENT_TERMS


def key_of(change: ProteinChange) -> str:
    """A change as sources of evidence are looked up by it.

    Frameshifts and stops are known by their first residue, whatever follows.
    """
    if change.kind == proteins.FRAMESHIFT:
        return f"{change.start}fs"
    if change.kind == proteins.NONSENSE:
        return f"{change.start}*"
    return change.one_letter()


def subjects(
    locus: Locus,
    rows: Iterable[Mapping[str, Any]],
    entries: Iterable[Mapping[str, str]],
    population_af: float | None,
    *,
    frequency_asked: bool,
) -> list[Subject]:
    """The genes that a variant changes, each in its MANE transcript where one is there.

    Args:
        locus: Where the variant is.
        rows: Its rows of the table `consequences`.
        entries: Annotation of the input, fields by name.
        population_af: Highest frequency in a population.
        frequency_asked: Whether a source of frequencies was looked at.

    Returns:
        Subjects by gene; none for a variant outside of transcripts that none of them names.
    """
    chosen: dict[str, Mapping[str, Any]] = {}
    for row in sorted(rows, key=_preference):
        if row["gene"] and (not _terms(row) <= _OUTSIDE or _in_promoter(row)):
            chosen.setdefault(row["gene"], row)
    given = list(entries)
    found = []
    for gene, row in sorted(chosen.items()):
        own = tuple(entry for entry in given if entry.get("Feature", "") == row["transcript"])
        found.append(
            Subject(
                locus,
                gene,
                row["transcript"],
                _terms(row),
                proteins.parse(row["protein_change"]) if row["protein_change"] else None,
                profiles.normal_coding(row["hgvs_c"] or ""),
                _exon(row["exon"]),
                _length(own),
                population_af,
                frequency_asked,
                own,
            )
        )
    return found


def _length(entries: Iterable[Mapping[str, str]]) -> int | None:
    """Residues of the protein from VEP's Protein_position, as 322/403."""
    for entry in entries:
        total = entry.get("Protein_position", "").partition("/")[2]
        if total.isdigit():
            return int(total)
    return None


def _in_promoter(row: Mapping[str, Any]) -> bool:
    """Whether a variant before a transcript has a name in it, such as c.-124C>T."""
    return (row["hgvs_c"] or "").startswith("c.-")


def _terms(row: Mapping[str, Any]) -> frozenset[str]:
    return frozenset((row["consequence"] or "").split("&")) - {""}


def _preference(row: Mapping[str, Any]) -> tuple[bool, int, str]:
    terms = _terms(row)
    ranks = (_NULL_TERMS, findings.ALTERING_TERMS, SILENT_TERMS)
    rank = next((at for at, group in enumerate(ranks) if terms & group), len(ranks))
    return (not row["mane"], rank, row["transcript"])


def _exon(text: str | None) -> tuple[int, int] | None:
    match = _EXON.fullmatch(text or "")
    return (int(match[2] or match[1]), int(match[3])) if match else None
