"""What sources say of a change itself: functional studies and established changes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from apothecary.oncogenes import profiles, proteins
from apothecary.oncogenes.profiles import Component, Joined, Profile
from apothecary.oncogenes.sop.rules import MASKED, MET, Code
from apothecary.oncogenes.sop.settings import Settings
from apothecary.oncogenes.sop.subject import Subject, key_of
from apothecary.pharmacogenes import facts

_SUPPORTS = "Supports"
_COLUMNS = ("evidence_type", "significance", "levels", "code", "strength", "masked", "source")
_OF_CLASS = frozenset({"OS2", "SBS2"})
"""Codes that have a moderate strength, at which evidence for a class of changes counts."""
_MASK_REASON = "a classification of the change itself, left out by the configuration"


@dataclass(frozen=True)
class Assertions:
    """Codes by gene and change, and the established substitutions of a residue.

    Attributes:
        codes: Codes by gene and change (`subject.key_of`, or the c. name).
        established: Established substitutions by gene and residue number.
        classes: Evidence for a class of changes of a gene: of a codon, or in frame in an exon.
    """

    codes: Mapping[tuple[str, str], tuple[Code, ...]]
    established: Mapping[tuple[str, int], tuple[proteins.ProteinChange, ...]]
    classes: Mapping[str, tuple[tuple[Component, Code], ...]]

    def of(self, subject: Subject) -> tuple[Code, ...]:
        """The codes that sources give for a change."""
        found: dict[Code, None] = {}
        keys = [key_of(subject.change)] if subject.change else []
        keys += [subject.coding] if subject.coding else []
        for key in keys:
            found.update(dict.fromkeys(self.codes.get((subject.gene, key), ())))
        for component, code in self.classes.get(subject.gene, ()):
            if _of_codon(component, subject) or _in_exon(component, subject):
                found[code] = None
        return tuple(found)


def index(
    evidence: Iterable[Mapping[str, Any]],
    pathogenic: Iterable[Mapping[str, Any]],
    user: Mapping[tuple[str, str], Iterable[Code]],
    civic_codes: Path | str,
    settings: Settings,
) -> Assertions:
    """Index what sources say of changes.

    Args:
        evidence: Rows of the knowledge table `civic_evidence`; flagged ones are left out.
        pathogenic: Rows of the knowledge table `pathogenic_changes`.
        user: Codes of the user's evidence by gene and change.
        civic_codes: Table of the codes that kinds of CIViC evidence stand for.
        settings: Whether classifications of the change itself are masked.

    Raises:
        ResourceError: The table of the codes cannot be read.
    """
    kinds: dict[tuple[str, str], list[dict[str, str]]] = {}
    for kind in facts.read(civic_codes, _COLUMNS):
        kinds.setdefault((kind["evidence_type"], kind["significance"]), []).append(kind)
    codes: dict[tuple[str, str], list[Code]] = {key: list(of) for key, of in user.items()}
    changes: dict[tuple[str, int], dict[proteins.ProteinChange, None]] = {}
    classes: dict[str, list[tuple[Component, Code]]] = {}
    for component, code in _of_civic(evidence, kinds, settings):
        for key in _keys(component):
            codes.setdefault((component.gene, key), []).append(code)
        if code.status == MASKED:
            continue
        if component.kind in (profiles.CODON, profiles.EXON) and code.code in _OF_CLASS:
            words = f"{code.evidence}, {component.name}"
            of_class = replace(code, strength="moderate", evidence=words)
            classes.setdefault(component.gene, []).append((component, of_class))
        if code.code.startswith("O"):
            for change in component.changes:
                _establish(changes, component.gene, change)
    for row in pathogenic:
        substitution = proteins.parse(row["change"])
        if substitution is not None:
            words = f"pathogenic in {', '.join(row['conditions'])}"
            code = Code("OS1", "strong", words, row["source_id"], (row["variant_id"],))
            codes.setdefault((row["gene"], key_of(substitution)), []).append(code)
            _establish(changes, row["gene"], substitution)
    return Assertions(
        {key: tuple(of) for key, of in codes.items()},
        {key: tuple(of) for key, of in changes.items()},
        {gene: tuple(of) for gene, of in classes.items()},
    )


def _of_codon(component: Component, subject: Subject) -> bool:
    """Whether a substitution is one of a codon that evidence names."""
    change = subject.change
    if component.kind != profiles.CODON or not subject.substitution or change is None:
        return False
    return any(
        pos == change.start and residue in ("", change.ref) for residue, pos in component.codons
    )


def _in_exon(component: Component, subject: Subject) -> bool:
    """Whether an in-frame change is of the kind that evidence names for its exon."""
    if component.kind != profiles.EXON or component.exons is None or not subject.in_frame:
        return False
    first, last = component.exons
    number = subject.exon_number
    if number is None or not first <= number <= last:
        return False
    bases = len(subject.locus[4]) - len(subject.locus[3])
    kinds = {"mutation", "deletion" if bases < 0 else "insertion"}
    return component.what in kinds


def _of_civic(
    evidence: Iterable[Mapping[str, Any]],
    kinds: Mapping[tuple[str, str], Iterable[Mapping[str, str]]],
    settings: Settings,
) -> Iterator[tuple[Component, Code]]:
    """What evidence items that support say, with each component that alone meets their profile."""
    for row in evidence:
        if row["flagged"] or row["direction"] != _SUPPORTS:
            continue
        for kind in kinds.get((row["evidence_type"], row["significance"] or ""), ()):
            if row["level"] in kind["levels"]:
                masked = kind["masked"] == "true" and settings.mask_classifications
                code = _civic_code(row, kind, masked=masked)
                for component in _alternatives(profiles.parse(row["molecular_profile"])):
                    yield component, code


def _civic_code(row: Mapping[str, Any], kind: Mapping[str, str], *, masked: bool) -> Code:
    words = f"{row['evidence_type'].lower()}: {(row['significance'] or '').lower()}"
    references = tuple(filter(None, (row["evidence_id"], row["citation"])))
    return Code(
        kind["code"],
        kind["strength"],
        f"{words}, level {row['level']}",
        row["source_id"],
        references,
        status=MASKED if masked else MET,
        reason=_MASK_REASON if masked else "",
    )


def _alternatives(profile: Profile) -> list[Component]:
    """The components any of which alone meets a profile."""
    if isinstance(profile, Component):
        return [profile]
    if isinstance(profile, Joined) and profile.operator == "OR":
        return [one for operand in profile.operands for one in _alternatives(operand)]
    return []


def _keys(component: Component) -> set[str]:
    return {key_of(change) for change in component.changes} | set(component.coding)


def _establish(
    changes: dict[tuple[str, int], dict[proteins.ProteinChange, None]],
    gene: str,
    change: proteins.ProteinChange,
) -> None:
    if change.kind == proteins.SUBSTITUTION:
        changes.setdefault((gene, change.start), {})[change] = None
