"""Whether a profile's components are met by what was found in a tumor.

Answers are three-valued (Kleene): a definite match is yes; a definite contradiction, or what was
looked for where it could be and is not there, is no (see `searched`); the rest is unknown, since a
variant that is not in a list of calls may lie where nothing was sequenced.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from apothecary.oncogenes import profiles
from apothecary.oncogenes.finding_match import CLASS, MATCHES, NONE, OF_MARKER, Tumor, finding_match
from apothecary.oncogenes.findings import COPY_NUMBER, VARIANT, Finding, wildtype_id
from apothecary.oncogenes.profiles import Component, Joined, Not, Profile
from apothecary.oncogenes.searched import Look

YES = "yes"
NO = "no"
UNKNOWN = "unknown"

_CLASSES = frozenset(
    {
        profiles.ACTIVATING,
        profiles.LOSS_OF_FUNCTION,
        profiles.DOMAIN,
        profiles.RARE,
        profiles.NOT_CODON,
    }
)
"""Components that a variant of the gene may meet though nothing at hand says so."""
_STRUCTURAL = frozenset(
    {
        profiles.AMPLIFICATION,
        profiles.COPY_NUMBER,
        profiles.DELETION,
        profiles.HETEROZYGOSITY,
        profiles.FUSION,
        profiles.REARRANGEMENT,
    }
)
_OF_WHOLE_GENE = _CLASSES | {
    profiles.MUTATION,
    profiles.TRUNCATING,
    profiles.ALLELE_LOSS,
    profiles.TANDEM_DUPLICATION,
}


@dataclass(frozen=True)
class Answer:
    """Whether a profile is met.

    Attributes:
        value: yes, no or unknown.
        matches: For yes: how each finding that made it so meets the profile, by finding_id.
    """

    value: str
    matches: Mapping[str, str] = field(default_factory=dict)


def evaluate(profile: Profile, tumor: Tumor) -> Answer:
    """Judge a profile.

    Args:
        profile: See `profiles.parse`.
        tumor: What was found.
    """
    if isinstance(profile, Component):
        return _component(profile, tumor)
    if isinstance(profile, Not):
        inner = evaluate(profile.operand, tumor)
        return Answer({YES: NO, NO: YES, UNKNOWN: UNKNOWN}[inner.value])
    return _joined(profile, [evaluate(operand, tumor) for operand in profile.operands])


def _joined(profile: Joined, answers: list[Answer]) -> Answer:
    values = [answer.value for answer in answers]
    if profile.operator == "AND":
        if NO in values:
            return Answer(NO)
        if UNKNOWN in values:
            return Answer(UNKNOWN)
    elif YES not in values:
        return Answer(UNKNOWN if UNKNOWN in values else NO)
    matches: dict[str, str] = {}
    for answer in answers:
        for finding_id, match in answer.matches.items():
            before = matches.get(finding_id, NONE)
            matches[finding_id] = min(before, match, key=MATCHES.index)
    return Answer(YES, matches)


def _component(component: Component, tumor: Tumor) -> Answer:
    if component.kind == profiles.SIGNATURE:
        return _marker(component, tumor)
    candidates = _candidates(component, tumor)
    if component.kind == profiles.WILDTYPE:
        if any(finding.altering for finding in candidates if finding.kind == VARIANT):
            return Answer(NO)
        absent = look(component, tumor).absent
        return Answer(YES, {wildtype_id(component.gene): CLASS}) if absent else Answer(UNKNOWN)
    matches = {
        finding.finding_id: match
        for finding in candidates
        if (match := finding_match(component, finding, tumor))
    }
    if matches:
        return Answer(YES, matches)
    if _contradicted(component, candidates) or look(component, tumor).absent:
        return Answer(NO)
    return Answer(UNKNOWN)


def _marker(component: Component, tumor: Tumor) -> Answer:
    """Whether a marker of the whole tumor has the status that is asked for."""
    named = [m for m in tumor.markers if m.state.lower() == component.name.lower()]
    if named:
        return Answer(YES, {marker.finding_id: OF_MARKER for marker in named})
    return Answer(NO) if look(component, tumor).absent else Answer(UNKNOWN)


def _candidates(component: Component, tumor: Tumor) -> list[Finding]:
    found = {
        finding.finding_id: finding
        for gene in profiles.genes(component)
        for finding in tumor.by_gene.get(gene, ())
    }
    return list(found.values())


def look(component: Component, tumor: Tumor) -> Look:
    """What looking for a component came to that no finding of the tumor meets.

    Args:
        component: What is asked for.
        tumor: What was found, and what was looked at.
    """
    if tumor.searched is None:
        return Look(False, "what was looked at is not known")
    variants = [f for f in _candidates(component, tumor) if f.kind == VARIANT]
    unnamed = [f.alteration for f in variants if not f.names]
    if unnamed and component.kind not in _STRUCTURAL:
        return Look(False, f"not told what {', '.join(unnamed)} does to the protein")
    if component.kind in _CLASSES:
        unclear = [f.alteration for f in variants if f.altering]
        if unclear:
            return Look(False, f"not known whether {', '.join(unclear)} counts as it")
    whole = component.kind in _OF_WHOLE_GENE or component.kind == profiles.WILDTYPE
    if whole and component.gene in tumor.doubtful:
        return Look(False, f"a variant of {component.gene} failed a filter")
    if component.kind == profiles.WILDTYPE:
        return tumor.searched.gene(component.gene)
    return tumor.searched.look(component)


def _contradicted(component: Component, findings: Iterable[Finding]) -> bool:
    """Whether the copy number of the gene is known and is not the one asked for."""
    if component.kind not in (profiles.AMPLIFICATION, profiles.HETEROZYGOSITY):
        return False
    return any(finding.kind == COPY_NUMBER for finding in findings)
