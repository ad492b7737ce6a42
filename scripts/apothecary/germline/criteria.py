"""The codes that a germline variant meets, but for those of its frequency."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from apothecary.germline import frequencies, null_variants
from apothecary.germline.frequencies import Rule
from apothecary.germline.null_variants import CodingExons, Mechanisms
from apothecary.germline.rules import Code
from apothecary.germline.settings import Settings
from apothecary.germline.subjects import Variant
from apothecary.oncogenes import proteins
from apothecary.oncogenes.sop import loci, predictions
from apothecary.oncogenes.sop.hotspots import Hotspots
from apothecary.oncogenes.sop.loci import Loci
from apothecary.oncogenes.sop.predictions import Prediction

_STOP_LOST = "stop_lost"
Row = Mapping[str, Any]


@dataclass(frozen=True)
class Pathogenic:
    """A substitution that a source calls pathogenic.

    Attributes:
        ref: Residue of the reference.
        alt: Residue that takes its place.
        conditions: What it is pathogenic in.
        variant_id: Identifier in the source.
        source_id: The source.
    """

    ref: str
    alt: str
    conditions: tuple[str, ...]
    variant_id: str
    source_id: str


@dataclass(frozen=True)
class Sources:
    """All that evidence is looked up in.

    Attributes:
        mechanisms: How germline variants of genes act.
        exons: Coding exons.
        domains: First and last residue of domains, by gene.
        domains_source: Their source.
        pathogenic: Pathogenic substitutions by gene and number of the residue.
        loci: Bases whose substitution is pathogenic.
        hotspots: Residues that recur in tumors.
        distances: Between residues.
        rules: Frequency rules by gene.
        settings: Limits.
    """

    mechanisms: Mechanisms
    exons: CodingExons
    domains: Mapping[str, Sequence[tuple[int, int]]]
    domains_source: str
    pathogenic: Mapping[tuple[str, int], Sequence[Pathogenic]]
    loci: Loci
    hotspots: Hotspots
    distances: Mapping[tuple[str, str], int]
    rules: Mapping[str, Sequence[Rule]]
    settings: Settings


def pathogenic_changes(rows: Iterable[Row]) -> dict[tuple[str, int], list[Pathogenic]]:
    """Index the knowledge table `pathogenic_changes`; what is no substitution is left out."""
    found: dict[tuple[str, int], list[Pathogenic]] = {}
    for row in rows:
        change = proteins.parse(row["change"])
        if change is not None and change.kind == proteins.SUBSTITUTION:
            one = Pathogenic(
                change.ref,
                change.alt,
                tuple(row["conditions"]),
                row["variant_id"],
                row["source_id"],
            )
            found.setdefault((row["gene"], change.start), []).append(one)
    return found


def assess(
    variant: Variant, told: Sequence[Prediction], sources: Sources, *, by_name: bool = False
) -> list[Code]:
    """Every code that a variant meets, each once.

    Args:
        variant: The variant in its gene.
        told: What predictors say of it.
        sources: All that evidence is looked up in.
        by_name: Whether a list asks for the change by its name: then our own limit of frequencies
            is not held against it.
    """
    null = null_variants.assess(
        variant, sources.mechanisms, sources.exons, sources.domains, sources.settings
    )
    of_gene = sources.rules.get(variant.gene, ())
    frequent = frequencies.assess(variant.frequency, of_gene, sources.settings)
    if by_name and not of_gene:
        frequent = []
    return [
        *null,
        *_established(variant, sources),
        *_place(variant, sources),
        *_length(variant, sources),
        *_predicted(variant, told),
        *_silent(variant, told),
        *_of_kind(variant, sources),
        *frequent,
    ]


def not_assessed(variant: Variant, told: Sequence[Prediction], sources: Sources) -> list[str]:
    """Codes that could not be asked about, with what was missing."""
    missing = []
    if not variant.named:
        missing.append(
            "PVS1, PS1, PM1, PM4, PM5, BP7: nothing names what the variant does in the gene"
        )
    elif variant.of.null and variant.gene not in sources.mechanisms.losses:
        missing.append("PVS1: no source tells whether loss of function is a mechanism of the gene")
    if variant.frequency.highest is None and not variant.frequency.asked:
        missing.append("BA1, BS1, PM2: no source of population frequencies was looked at")
    elif variant.gene not in sources.rules:
        missing.append("BS1: no expert panel's frequency rule for the gene")
    if not told and not variant.of.null:
        missing.append("PP3, BP4: no predictor spoke")
    if variant.place is None:
        missing.append("places of GRCh38 (pathogenic loci, counted frequencies): not lifted")
    return missing


def _established(variant: Variant, sources: Sources) -> list[Code]:
    """PS1 for a change that is established, PM5 for another one of its residue or base.

    The source of changes names residues and not bases, so that PS1 may be met by the very variant.
    PM5 asks for a substitution no milder than the established one. The source of bases does not
    name the new base; a substitution of it is PM5 where none of the base can make a stop.
    """
    change = variant.of.change
    if not variant.missense or variant.near_splice_site:
        return []
    if variant.of.substitution and change is not None:
        known = [
            one
            for one in sources.pathogenic.get((variant.gene, change.start), ())
            if one.ref == change.ref
        ]
        same = [one for one in known if one.alt == change.alt]
        if same:
            words = f"the source calls {_named(same, change.start)}"
            told = f"{words}; it does not name the bases"
            return [Code("PS1", told, (same[0].source_id,))]
        own = sources.distances.get((change.ref, change.alt), 0)
        other = [
            one for one in known if own >= sources.distances.get((change.ref, one.alt), own + 1)
        ]
        if other:
            words = f"another change of the residue, no more drastic: {_named(other, change.start)}"
            return [Code("PM5", words, (other[0].source_id,))]
    if variant.place is None:
        return []
    at_base = loci.at_base(variant.of, variant.place, sources.loci)
    if at_base is None:
        return []
    words = (
        f"a substitution of the same base of {at_base['residue']} is pathogenic; the source does "
        "not name the new base"
    )
    return [Code("PM5", words, (at_base["source_id"],))]


def _named(known: Iterable[Pathogenic], residue: int) -> str:
    return ", ".join(
        f"{one.ref}{residue}{one.alt} pathogenic in {' and '.join(one.conditions)} "
        f"({one.variant_id})"
        for one in known
    )


def _place(variant: Variant, sources: Sources) -> list[Code]:
    """PM1 at a residue that recurs in tumors, PM1_SUPP in a domain; of substitutions only.

    Where loss of function is the only mechanism that is known, a domain says little.
    """
    change = variant.of.change
    if not variant.of.substitution or change is None or variant.near_splice_site:
        return []
    counts = sources.hotspots.of_residue(variant.gene, f"{change.ref}{change.start}")
    tumors = sum(n for alt, n in counts.items() if alt != "*")
    if tumors >= sources.settings.hotspot_tumors:
        words = f"{change.ref}{change.start} is substituted in {tumors} tumors"
        return [Code("PM1", words, (sources.hotspots.source_id,))]
    if _only_loss(variant, sources):
        return []
    for start, end in sources.domains.get(variant.gene, ()):
        if start <= change.start <= end:
            return [Code("PM1_SUPP", f"in the domain {start}-{end}", (sources.domains_source,))]
    return []


def _only_loss(variant: Variant, sources: Sources) -> bool:
    known = sources.mechanisms
    return variant.gene in known.losses and variant.gene not in known.gains


def _length(variant: Variant, sources: Sources) -> list[Code]:
    """PM4: residues gained or lost in frame in a domain, or the stop lost."""
    if variant.of.null:
        return []
    if _STOP_LOST in variant.of.terms:
        return [Code("PM4", "the stop is lost", (variant.named_by,))]
    if not variant.of.in_frame:
        return []
    change = variant.of.change
    bases = abs(len(variant.of.locus[4]) - len(variant.of.locus[3]))
    residues = variant.of.residues
    domains = sources.domains.get(variant.gene, ())
    within = residues is not None and any(
        start <= residues[1] and residues[0] <= end for start, end in domains
    )
    words = f"{bases} bases {'gained' if _longer(variant) else 'lost'} in frame"
    whether = "in a domain" if within else "in no domain that is known"
    told = f"{words}, {whether}; whether the place is a repeat is not looked at"
    many = bases > 3 or (change is not None and abs(change.length_change or 0) > 1)
    source_id = sources.domains_source if within else variant.named_by
    return [Code("PM4" if within and many else "PM4_SUPP", told, (source_id,))]


def _longer(variant: Variant) -> bool:
    return len(variant.of.locus[4]) > len(variant.of.locus[3])


def _predicted(variant: Variant, told: Sequence[Prediction]) -> list[Code]:
    """PP3 or BP4, where the predictors that are sure agree; not of null variants."""
    if variant.of.null:
        return []
    return [
        Code("PP3" if one.code == "OP1" else "BP4", one.evidence, (one.source_id,))
        for one in predictions.assess(told)
        if one.code == "OP1" or not variant.of.silent
    ]


def _silent(variant: Variant, told: Sequence[Prediction]) -> list[Code]:
    """BP7: silent or intronic outside of splice regions, unless splicing is predicted to change."""
    if not variant.of.silent or predictions.may_splice(told):
        return []
    spoke = any(one.predictor == predictions.SPLICEAI for one in told)
    words = " and ".join(sorted(variant.of.terms))
    by = "no change of splicing is predicted" if spoke else "no predictor of splicing was asked"
    return [Code("BP7", f"{words}; {by}", (variant.named_by,))]


def _of_kind(variant: Variant, sources: Sources) -> list[Code]:
    """BP1 or PP2: how the missense variants of a gene act. Both are told, at no points."""
    known, gene = sources.mechanisms, variant.gene
    if not variant.missense:
        return []
    if _only_loss(variant, sources):
        words = "a missense variant of a gene in which only loss of function is known"
        return [Code("BP1", words, known.losses[gene])]
    if gene in known.gains and gene not in known.losses:
        words = "a missense variant of a gene in which only gain of function is known"
        return [Code("PP2", words, known.gains[gene])]
    return []
