"""The codes that evidence is for, of one variant in one gene."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from apothecary.oncogenes.sop import hotspots, loci, predictions
from apothecary.oncogenes.sop.assertions import Assertions
from apothecary.oncogenes.sop.hotspots import Hotspots
from apothecary.oncogenes.sop.mechanisms import Mechanisms
from apothecary.oncogenes.sop.predictions import Field, Prediction
from apothecary.oncogenes.sop.rules import Code
from apothecary.oncogenes.sop.score_files import Place
from apothecary.oncogenes.sop.settings import Settings
from apothecary.oncogenes.sop.subject import Subject

KNOWN_BUILD = "GRCh38"
_STOP_LOST = "stop_lost"


@dataclass(frozen=True)
class UserScores:
    """What a user's files say, by variant in GRCh38.

    Attributes:
        predictions: Predictions of each file.
        frequencies: Population frequencies; None without a file.
    """

    predictions: Sequence[Mapping[Place, Prediction]] = ()
    frequencies: Mapping[Place, float] | None = None

    def of(self, subject: Subject) -> list[Prediction]:
        """The predictions for a variant."""
        build, chrom, pos, ref, alt = subject.locus
        return self.at((chrom, pos, ref, alt)) if build == KNOWN_BUILD else []

    def at(self, place: Place) -> list[Prediction]:
        """The predictions at a place of GRCh38."""
        return [found[place] for found in self.predictions if place in found]


@dataclass(frozen=True)
class Sources:
    """All that evidence is looked up in.

    Attributes:
        mechanisms: Roles of genes.
        hotspots: Recurrent changes.
        assertions: What sources say of a change itself.
        loci: Bases whose substitution is pathogenic in the germline.
        domains: First and last residue of domains, by gene.
        domains_source: Their source.
        distances: Between residues.
        fields: Fields of the input that hold predictions.
        frequencies: Codes of population frequencies with the least frequency, the highest first.
        scores: The user's files.
        settings: Limits.
    """

    mechanisms: Mechanisms
    hotspots: Hotspots
    assertions: Assertions
    loci: loci.Loci
    domains: Mapping[str, Sequence[tuple[int, int]]]
    domains_source: str
    distances: Mapping[tuple[str, str], int]
    fields: Mapping[str, Field]
    frequencies: Sequence[tuple[str, float]]
    scores: UserScores = field(default_factory=UserScores)
    settings: Settings = field(default_factory=Settings)


def assess(subject: Subject, sources: Sources) -> list[Code]:
    """Every code that evidence is for, before exclusions.

    Args:
        subject: The variant in a gene.
        sources: All that evidence is looked up in.
    """
    told = predictions.of_input(subject.entries, sources.fields, sources.settings)
    told += sources.scores.of(subject)
    recurrent = hotspots.assess(subject, sources.hotspots)
    domain = _domain(subject, sources)
    computed = predictions.assess(told)
    if not told:
        at_place = bool(recurrent or (domain and subject.substitution))
        computed = predictions.fallback(
            subject, sources.distances, sources.settings, at_place=at_place
        )
    return [
        *_null(subject, sources),
        *sources.assertions.of(subject),
        *loci.assess(subject, sources.loci),
        *recurrent,
        *domain,
        *_length(subject, sources.mechanisms),
        *_same_residue(subject, sources),
        *computed,
        *_frequency(subject, sources),
        *_silent(subject, told),
    ]


def not_assessed(subject: Subject, sources: Sources) -> list[str]:
    """Codes that could not be asked about, with what was missing."""
    missing = ["OP2: whether the tumor type has one genetic cause is told by no source here"]
    if subject.population_af is None and not subject.frequency_asked:
        missing.append("OP4, SBS1, SBVS1: no population frequencies in the input or configuration")
    told = predictions.of_input(subject.entries, sources.fields, sources.settings)
    if not told and not sources.scores.of(subject) and not subject.null:
        missing.append("OP1, SBP1: no predictor spoke; a weak fallback stands in")
    if subject.null and not sources.mechanisms.has_role(subject.gene):
        missing.append(f"OVS1: no source tells the role of {subject.gene}")
    return missing


def _null(subject: Subject, sources: Sources) -> list[Code]:
    """OVS1; strong only where the last exon is hit and little of the protein is lost.

    The transcript of such a change escapes decay. Little is less than the share of the settings,
    and no domain that is known.
    """
    by = sources.mechanisms.suppressors.get(subject.gene)
    if not by or not subject.null:
        return []
    words = " and ".join(sorted(subject.terms)) or "truncating"
    lost, residues = subject.share_lost, subject.residues
    if subject.in_last_exon and lost is not None and residues is not None:
        domains = sources.domains.get(subject.gene, ())
        behind = all(end < residues[0] for _, end in domains)
        if behind and lost < sources.settings.last_exon_share:
            words = f"{words}, in the last exon; {lost:.0%} of the protein lost, no domain in it"
            return [Code("OVS1", "strong", words, by[0], by)]
    return [Code("OVS1", "very_strong", words, by[0], by)]


def _domain(subject: Subject, sources: Sources) -> list[Code]:
    residues = subject.residues
    if residues is None or not sources.mechanisms.has_role(subject.gene):
        return []
    for start, end in sources.domains.get(subject.gene, ()):
        if start <= residues[1] and residues[0] <= end:
            words = f"in the domain {start}-{end}"
            return [Code("OM1", "moderate", words, sources.domains_source)]
    return []


def _length(subject: Subject, mechanisms: Mechanisms) -> list[Code]:
    lost_stop = _STOP_LOST in subject.terms and subject.gene in mechanisms.suppressors
    if not lost_stop and not (subject.in_frame and mechanisms.has_role(subject.gene)):
        return []
    by = mechanisms.suppressors.get(subject.gene) or mechanisms.oncogenes[subject.gene]
    words = "the stop is lost" if lost_stop else "residues are gained or lost in frame"
    return [Code("OM2", "moderate", words, by[0], by)]


def _same_residue(subject: Subject, sources: Sources) -> list[Code]:
    """OM4: another substitution of the residue is established and no more drastic."""
    change = subject.change
    if not subject.substitution or change is None:
        return []
    known = {
        other.alt: "sources of evidence"
        for other in sources.assertions.established.get((subject.gene, change.start), ())
        if not other.ref or other.ref == change.ref
    }
    counts = sources.hotspots.of_residue(subject.gene, f"{change.ref}{change.start}")
    known |= {
        alt: sources.hotspots.source_id
        for alt, tumors in counts.items()
        if tumors >= sources.hotspots.change_minimum and alt not in ("*", change.ref)
    }
    own = sources.distances.get((change.ref, change.alt), 0)
    others = sorted(
        alt
        for alt in known
        if alt != change.alt and own >= sources.distances.get((change.ref, alt), 0)
    )
    if not others:
        return []
    named = ", ".join(f"{change.ref}{change.start}{alt}" for alt in others)
    source_id = known[others[0]]
    if source_id == "sources of evidence":
        source_id = "evidence"
    return [Code("OM4", "moderate", f"established: {named}", source_id)]


def _frequency(subject: Subject, sources: Sources) -> list[Code]:
    frequency = subject.population_af
    if frequency is None and not subject.frequency_asked:
        return []
    if frequency is None:
        return [Code("OP4", "supporting", "in no population that was looked at", "input")]
    strengths = {"SBVS1": "very_strong", "SBS1": "strong"}
    words = f"frequency {frequency:g}"
    for code, above in sources.frequencies:
        if frequency > above:
            return [Code(code, strengths[code], words, subject.frequency_source)]
    if frequency < sources.settings.rare_frequency:
        return [Code("OP4", "supporting", words, "input")]
    return []


def _silent(subject: Subject, told: Iterable[Prediction]) -> list[Code]:
    if not subject.silent or predictions.may_splice(told):
        return []
    return [Code("SBP2", "supporting", " and ".join(sorted(subject.terms)), "input")]
