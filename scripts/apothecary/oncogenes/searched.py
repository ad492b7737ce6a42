"""What of a tumor was looked at, so that absent can be told from not looked for.

A variant file tells nothing of the places without a record: only reads (the evidence at known
variants and the coverage of coding exons) let a change be absent. Copy number and fusions are
absent where their files were given and hold others.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from apothecary.calling.verdicts import FOUND, NOT_ASSESSABLE
from apothecary.oncogenes import profiles, proteins
from apothecary.oncogenes.profiles import Component
from apothecary.reads.formats import READ_FORMATS

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Look:
    """What looking for a component came to.

    Attributes:
        absent: It was looked for everywhere that it could be, and is not there.
        reason: How it was looked for, or why it was not, in words.
        limit: The worst detection limit of the places, an allele fraction; None where none is
            known.
    """

    absent: bool
    reason: str
    limit: float | None = None


@dataclass(frozen=True)
class Searched:
    """What of one tumor was looked at.

    Attributes:
        by_reads: The sample was given as reads.
        known: Rows of the table hotspot_evidence by gene.
        gates: Rows of the table qc_gates of the level gene, by gene.
        exons: Whether the coding part of an exon can be called, by gene and number.
        copy_number: State of each gene; None when no copy number was given.
        fusions: Fusions were given.
        refused: Why nothing of the sample may be taken as absent; empty when it may.
        markers: What looking for markers of the whole tumor came to, by name, lower case.
    """

    by_reads: bool
    known: Mapping[str, Sequence[Row]]
    gates: Mapping[str, Row]
    exons: Mapping[tuple[str, int], bool]
    copy_number: Mapping[str, str] | None
    fusions: bool
    refused: str = ""
    markers: Mapping[str, Look] = field(default_factory=dict)

    def look(self, component: Component) -> Look:
        """What looking for a component, which no finding meets, came to."""
        if self.refused:
            return Look(False, self.refused)
        return _LOOKS.get(component.kind, _not_from_dna)(self, component)

    def gene(self, gene: str) -> Look:
        """What looking for any small variant of a gene came to."""
        if self.refused:
            return Look(False, self.refused)
        if not self.by_reads:
            return _UNKNOWN_COVERAGE
        at_known = _at(self.known.get(gene, ()), f"known variants of {gene}")
        gate = self.gates.get(gene)
        if gate is None or gate["status"] != "pass":
            told = f"no coding exon of {gene} was measured"
            if gate is not None:
                told = f"{gene}: {gate['reason'] or gate['status']}"
            return Look(False, f"{told}; {at_known.reason}" if at_known else told)
        if at_known and not at_known.absent:
            return at_known
        said = f"every coding exon of {gene} can be called"
        if at_known is None:
            return Look(True, f"{said}; no detection limit is known")
        return Look(True, f"{said}; {at_known.reason}", at_known.limit)


_UNKNOWN_COVERAGE = Look(False, "no call of it; a variant file does not tell what was covered")


def of_sample(
    sample: Row,
    hotspots: Iterable[Row],
    coverage: Iterable[Row],
    gates: Iterable[Row],
    copy_number: Iterable[Row],
    flags: Iterable[Row],
    markers: Mapping[str, Look] | None = None,
) -> Searched:
    """What of a tumor was looked at.

    Args:
        sample: Row of the table samples.
        hotspots: Rows of the table hotspot_evidence of the sample.
        coverage: Its rows of the table coverage.
        gates: Its rows of the table qc_gates.
        copy_number: Its rows of the table copy_number.
        flags: Its rows of the table tumor_flags; one that fails lets nothing be absent.
        markers: See `markers.looks`.
    """
    known: dict[str, list[Row]] = {}
    for row in hotspots:
        for gene in str(row["gene"]).split(", "):
            known.setdefault(gene, []).append(row)
    states = {row["gene"]: row["state"] for row in copy_number}
    return Searched(
        by_reads=sample["format"] in READ_FORMATS,
        known=known,
        gates={row["name"]: row for row in gates if row["level"] == "gene"},
        exons={(r["gene"], r["exon"]): r["callable"] for r in coverage if r["kind"] == "exon"},
        copy_number=states if states or sample["copy_number"] else None,
        fusions=bool(sample["fusions"]),
        refused="; ".join(row["reason"] for row in flags if row["status"] == "fail"),
        markers=markers or {},
    )


def _at(rows: Sequence[Row], what: str) -> Look | None:
    """What the reads say at known variants together; None without any."""
    if not rows:
        return None
    found = [row for row in rows if row["status"] == FOUND]
    if found:
        names = sorted({_name(row) for row in found})
        return Look(False, f"the reads show {', '.join(names)}, which is no kept call")
    blind = [row for row in rows if row["status"] == NOT_ASSESSABLE]
    if blind:
        reasons = sorted({str(row["reason"]) for row in blind})
        return Look(
            False, f"{len(blind)} of {len(rows)} {what} not assessable: {'; '.join(reasons)}"
        )
    limit = max(row["detection_limit"] for row in rows)
    return Look(True, f"none of {len(rows)} {what} is in the reads", limit)


def _name(row: Row) -> str:
    change = ", ".join(row["protein_changes"] or ())
    return change or f"{row['chrom']}:{row['pos']} {row['ref']}>{row['alt']}"


def _changes(row: Row) -> list[proteins.ProteinChange]:
    read = (proteins.parse(text) for text in row["protein_changes"] or ())
    return [change for change in read if change]


def _exact(searched: Searched, component: Component) -> Look:
    """One change: at the known variants of its name, else by the coverage of its gene."""
    if not searched.by_reads:
        return _UNKNOWN_COVERAGE
    rows = [
        row
        for row in searched.known.get(component.gene, ())
        if any(
            proteins.same(asked, change) for asked in component.changes for change in _changes(row)
        )
    ]
    looked = _at(rows, "known spellings of it")
    return looked or searched.gene(component.gene)


def _coding(searched: Searched, component: Component) -> Look:
    """A name in the transcript: exons tell nothing of one that lies in an intron."""
    if any(sign in name for name in component.coding for sign in "+-*"):
        return Look(False, f"{component.name} lies outside the exons, whose coverage is measured")
    return searched.gene(component.gene)


def _codon(searched: Searched, component: Component) -> Look:
    if not searched.by_reads:
        return _UNKNOWN_COVERAGE
    codons = {codon for _, codon in component.codons}
    rows = [
        row
        for row in searched.known.get(component.gene, ())
        if any(c.start <= codon <= c.end for c in _changes(row) for codon in codons)
    ]
    looked = _at(rows, "known changes of the codon")
    return looked or searched.gene(component.gene)


def _exon(searched: Searched, component: Component) -> Look:
    if not searched.by_reads:
        return _UNKNOWN_COVERAGE
    first, last = component.exons or (0, 0)
    for exon in range(first, last + 1):
        callable_ = searched.exons.get((component.gene, exon))
        if callable_ is None:
            return Look(False, f"exon {exon} of {component.gene} was not measured")
        if not callable_:
            return Look(False, f"exon {exon} of {component.gene} cannot be called")
    exons = str(first) if first == last else f"{first} to {last}"
    return Look(True, f"exon {exons} can be called; no detection limit is known")


def _of_gene(searched: Searched, component: Component) -> Look:
    return searched.gene(component.gene)


def _promoter(searched: Searched, component: Component) -> Look:
    """Exons tell nothing of a promoter: only its known variants do."""
    if not searched.by_reads:
        return _UNKNOWN_COVERAGE
    rows = [row for row in searched.known.get(component.gene, ()) if not row["protein_changes"]]
    looked = _at(rows, f"known variants of {component.gene} outside its protein")
    return looked or Look(False, f"the promoter of {component.gene} was not looked at")


def _copies(searched: Searched, component: Component) -> Look:
    if searched.copy_number is None:
        return Look(False, "no copy number was given")
    state = searched.copy_number.get(component.gene)
    if state is None:
        return Look(False, f"no segment of copy number lies over {component.gene}")
    return Look(True, f"{component.gene} is {state.replace('_', ' ')} by the copy number given")


def _loss(searched: Searched, component: Component) -> Look:
    """Loss comes by small variants or by copy number: both must have been looked at."""
    return _both(searched.gene(component.gene), _copies(searched, component))


def _both(one: Look, other: Look) -> Look:
    blind = [look.reason for look in (one, other) if not look.absent]
    if blind:
        return Look(False, "; ".join(blind))
    return Look(True, f"{one.reason}; {other.reason}", one.limit)


def _fused(searched: Searched, component: Component) -> Look:
    if not searched.fusions:
        return Look(False, "no fusions were given")
    if component.what:
        return Look(False, "which exons are joined is not in the file of fusions")
    return Look(True, "not among the fusions given; what their caller can see is not told")


def _placeless(searched: Searched, component: Component) -> Look:
    return Look(False, f"where {component.rsid} lies is not at hand")


def _unmeasured(searched: Searched, component: Component) -> Look:
    return Look(False, f"{component.name} was not measured")


def _not_from_dna(searched: Searched, component: Component) -> Look:
    what = component.kind.replace("_", " ")
    return Look(False, f"{component.name}: {what} cannot be told from what was given")


def _of_tumor(searched: Searched, component: Component) -> Look:
    """A marker of the whole tumor: as the table biomarkers judges it."""
    return searched.markers.get(component.name.lower()) or Look(
        False, f"{component.name} is not assessed"
    )


_LOOKS: Mapping[str, Callable[[Searched, Component], Look]] = {
    profiles.PROTEIN: _exact,
    profiles.CODING: _coding,
    profiles.CODON: _codon,
    profiles.NOT_CODON: _of_gene,
    profiles.RSID: _placeless,
    profiles.EXON: _exon,
    profiles.MUTATION: _of_gene,
    profiles.ACTIVATING: _of_gene,
    profiles.TRUNCATING: _of_gene,
    profiles.DOMAIN: _of_gene,
    profiles.RARE: _of_gene,
    profiles.TANDEM_DUPLICATION: _of_gene,
    profiles.PROMOTER: _promoter,
    profiles.NUMBERED_PROMOTER: _promoter,
    profiles.LOSS_OF_FUNCTION: _loss,
    profiles.ALLELE_LOSS: _loss,
    profiles.AMPLIFICATION: _copies,
    profiles.COPY_NUMBER: _copies,
    profiles.DELETION: _copies,
    profiles.HETEROZYGOSITY: _copies,
    profiles.SIGNATURE: _unmeasured,
    profiles.FUSION: _fused,
    profiles.REARRANGEMENT: _fused,
    profiles.SIGNATURE: _of_tumor,
}
