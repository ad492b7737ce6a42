"""How one finding of a tumor meets one component of a profile, from exact to the mere gene."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from apothecary.oncogenes import profiles, proteins
from apothecary.oncogenes.findings import (
    COPY_NUMBER,
    FUSION,
    MARKER,
    SPLICE_TERMS,
    Finding,
    Name,
)
from apothecary.oncogenes.profiles import Component
from apothecary.oncogenes.searched import Searched
from apothecary.oncogenes.settings import Settings

EXACT = "exact"
CODON = "codon"
EXON = "exon"
RANGE = "range"
CLASS = "class"
GENE = "gene"
OF_FUSION = "fusion"
OF_COPY_NUMBER = "copy_number"
OF_MARKER = "marker"
NONE = "none"
MATCHES = (EXACT, OF_MARKER, OF_FUSION, OF_COPY_NUMBER, CODON, EXON, RANGE, CLASS, GENE, NONE)
"""How a finding meets a profile, the most specific first."""


@dataclass(frozen=True)
class Tumor:
    """The findings of one tumor by gene, and which changes are known to act.

    Attributes:
        by_gene: Findings of each gene.
        settings: Thresholds.
        recurrent: Gene and residue (V600) of recurrent substitutions.
        ranges: Gene, first and last residue of stretches where in-frame indels recur.
        suppressors: Tumor suppressor genes.
        searched: What was looked at; None when nothing can be taken as absent.
        doubtful: Genes with an altering variant that failed a filter.
        markers: Markers of the whole tumor.
    """

    by_gene: Mapping[str, Sequence[Finding]]
    settings: Settings
    recurrent: frozenset[tuple[str, str]] = frozenset()
    ranges: Mapping[str, Sequence[tuple[int, int]]] = field(default_factory=dict)
    suppressors: frozenset[str] = frozenset()
    searched: Searched | None = None
    doubtful: frozenset[str] = frozenset()
    markers: Sequence[Finding] = ()


def finding_match(component: Component, finding: Finding, tumor: Tumor) -> str | None:
    """How a finding meets a component; None when it does not, or not for certain."""
    if finding.kind == FUSION:
        return OF_FUSION if _fusion_fits(component, finding) else None
    if finding.kind == MARKER:
        return None
    if finding.kind == COPY_NUMBER:
        return OF_COPY_NUMBER if _copy_number_fits(component, finding) else None
    if component.kind == profiles.RSID:
        return EXACT if component.rsid in finding.rsids else None
    if any(component.name in n.classes for n in finding.names if n.gene == component.gene):
        return _OF_CLASS.get(component.kind, CLASS)
    judge = _JUDGES.get(component.kind)
    if judge is None:
        return None
    found = [
        match
        for name in finding.names
        if name.gene == component.gene and (match := judge(component, name, finding, tumor))
    ]
    return min(found, key=MATCHES.index, default=None)


def acts(finding: Finding, tumor: Tumor) -> str:
    """Why a variant is taken to act on its gene, in words; empty when nothing says so."""
    if finding.hotspot:
        return "a recurrent hotspot"
    for name in finding.names:
        if _recurrent(name, tumor):
            return "at a recurrent hotspot"
        if name.truncating and name.gene in tumor.suppressors:
            return "truncates a tumor suppressor"
    return ""


def _recurrent(name: Name, tumor: Tumor) -> bool:
    change = name.change
    if change is None or change.kind in (proteins.SYNONYMOUS, proteins.FRAMESHIFT):
        return False
    if change.kind == proteins.SPLICE:
        return (name.gene, f"X{change.start}") in tumor.recurrent
    if change.kind in (proteins.SUBSTITUTION, proteins.NONSENSE):
        return (name.gene, f"{change.ref}{change.start}") in tumor.recurrent
    spans = tumor.ranges.get(name.gene, ())
    return any(first <= change.start and change.end <= last for first, last in spans)


def reversed_partners(finding: Finding, asked: Iterable[tuple[str, str]]) -> bool:
    """Whether evidence asks for a fusion of the same genes in the opposite order."""
    if not finding.partners:
        return False
    five, three = finding.partners
    return any(
        (a, b) != ("", "") and a in (three, "") and b in (five, "") and a != b for a, b in asked
    )


def _fusion_fits(component: Component, finding: Finding) -> bool:
    if finding.partners is None:
        return False
    if component.kind == profiles.FUSION and component.partners:
        if component.what:  # which exons are joined is not in the file
            return False
        return all(
            not asked or asked == given
            for asked, given in zip(component.partners, finding.partners, strict=True)
        )
    return component.kind in (profiles.FUSION, profiles.REARRANGEMENT) and (
        component.gene in finding.partners
    )


_OF_CLASS: Mapping[str, str] = {profiles.EXON: EXON, profiles.NUMBERED_PROMOTER: EXACT}
"""How a member of a class that a component names meets it, where that is more than its class."""

_STATES: Mapping[str, frozenset[str]] = {
    profiles.AMPLIFICATION: frozenset({"amplification"}),
    profiles.COPY_NUMBER: frozenset({"amplification", "homozygous_deletion"}),
    profiles.DELETION: frozenset({"homozygous_deletion"}),
    profiles.ALLELE_LOSS: frozenset({"homozygous_deletion"}),
    profiles.LOSS_OF_FUNCTION: frozenset({"homozygous_deletion"}),
    profiles.HETEROZYGOSITY: frozenset({"loss_of_heterozygosity"}),
}


def _copy_number_fits(component: Component, finding: Finding) -> bool:
    return finding.state in _STATES.get(component.kind, frozenset())


def _protein(component: Component, name: Name, finding: Finding, tumor: Tumor) -> str | None:
    change = name.change
    if change is None or not any(proteins.same(asked, change) for asked in component.changes):
        return None
    frameshift = change.kind == proteins.FRAMESHIFT
    if frameshift and component.coding and name.coding and name.coding not in component.coding:
        return CODON  # another frameshift that begins at the same residue
    return EXACT


def _coding(component: Component, name: Name, finding: Finding, tumor: Tumor) -> str | None:
    return EXACT if name.coding and name.coding in component.coding else None


def _numbered(component: Component, name: Name, finding: Finding, tumor: Tumor) -> str | None:
    if name.known_name == component.what or (name.coding and name.coding in component.coding):
        return EXACT
    return None


def _codon(component: Component, name: Name, finding: Finding, tumor: Tumor) -> str | None:
    change = name.change
    if change is None or change.kind not in (proteins.SUBSTITUTION, proteins.DELINS):
        return None
    for ref, codon in component.codons:
        if change.start <= codon <= change.end and (
            change.start != codon or not ref or not change.ref or ref == change.ref
        ):
            return CODON
    return None


def _not_codon(component: Component, name: Name, finding: Finding, tumor: Tumor) -> str | None:
    change = name.change
    if change is None or not name.altering or not acts(finding, tumor):
        return None
    inside = any(change.start <= codon <= change.end for _, codon in component.codons)
    return None if inside else CLASS


def _exon(component: Component, name: Name, finding: Finding, tumor: Tumor) -> str | None:
    if name.exon is None or component.exons is None or not name.altering:
        return None
    first, last = component.exons
    if not first <= name.exon <= last or not _of_kind(component.what, name):
        return None
    return EXON if first == last else RANGE


def _of_kind(what: str, name: Name) -> bool:
    if what == "mutation":
        return True
    if what == "skipping":
        return bool(name.terms & SPLICE_TERMS)
    change = name.change
    if change is None:
        terms = {"frameshift": "frameshift_variant"}
        return terms.get(what, f"inframe_{what}") in name.terms
    gain = change.length_change or 0
    if what == "frameshift":
        return change.kind == proteins.FRAMESHIFT
    return gain > 0 if what == "insertion" else gain < 0


def _mutation(component: Component, name: Name, finding: Finding, tumor: Tumor) -> str | None:
    return GENE if name.altering else None


def _activating(component: Component, name: Name, finding: Finding, tumor: Tumor) -> str | None:
    recurrent = finding.hotspot or _recurrent(name, tumor)
    return CLASS if recurrent and name.altering and not name.truncating else None


def _loss(component: Component, name: Name, finding: Finding, tumor: Tumor) -> str | None:
    return CLASS if name.truncating else None


def _truncating(component: Component, name: Name, finding: Finding, tumor: Tumor) -> str | None:
    kinds = (proteins.NONSENSE, proteins.FRAMESHIFT)
    terms = {"stop_gained", "frameshift_variant"}
    of_change = name.change is not None and name.change.kind in kinds
    return CLASS if of_change or name.terms & terms else None


def _both_alleles(component: Component, name: Name, finding: Finding, tumor: Tumor) -> str | None:
    """Truncated on one allele while the other is lost."""
    if not name.truncating:
        return None
    lost = any(
        other.kind == COPY_NUMBER and other.state in ("loss", "loss_of_heterozygosity")
        for other in tumor.by_gene.get(name.gene, ())
    )
    return CLASS if lost else None


def _tandem(component: Component, name: Name, finding: Finding, tumor: Tumor) -> str | None:
    gain = name.change.length_change if name.change else None
    return CLASS if gain is not None and gain >= tumor.settings.tandem_residues else None


def _promoter(component: Component, name: Name, finding: Finding, tumor: Tumor) -> str | None:
    bases = name.upstream_bases
    near = bases is not None and bases <= tumor.settings.promoter_bases
    known = bool(name.known_name) and "upstream_gene_variant" in name.terms
    return CLASS if near or known else None


_JUDGES: Mapping[str, Callable[[Component, Name, Finding, Tumor], str | None]] = {
    profiles.PROTEIN: _protein,
    profiles.CODING: _coding,
    profiles.NUMBERED_PROMOTER: _numbered,
    profiles.CODON: _codon,
    profiles.NOT_CODON: _not_codon,
    profiles.EXON: _exon,
    profiles.MUTATION: _mutation,
    profiles.ACTIVATING: _activating,
    profiles.LOSS_OF_FUNCTION: _loss,
    profiles.TRUNCATING: _truncating,
    profiles.ALLELE_LOSS: _both_alleles,
    profiles.TANDEM_DUPLICATION: _tandem,
    profiles.PROMOTER: _promoter,
}
