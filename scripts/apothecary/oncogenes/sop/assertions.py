"""What sources say of a change itself: functional studies and established changes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
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
_MASK_REASON = "a classification of the change itself, left out by the configuration"


@dataclass(frozen=True)
class Assertions:
    """Codes by gene and change, and the established substitutions of a residue.

    Attributes:
        codes: Codes by gene and change (`subject.key_of`, or the c. name).
        established: Established substitutions by gene and residue number.
    """

    codes: Mapping[tuple[str, str], tuple[Code, ...]]
    established: Mapping[tuple[str, int], tuple[proteins.ProteinChange, ...]]

    def of(self, subject: Subject) -> tuple[Code, ...]:
        """The codes that sources give for a change."""
        found: dict[Code, None] = {}
        keys = [key_of(subject.change)] if subject.change else []
        keys += [subject.coding] if subject.coding else []
        for key in keys:
            found.update(dict.fromkeys(self.codes.get((subject.gene, key), ())))
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
    for row in evidence:
        if row["flagged"] or row["direction"] != _SUPPORTS:
            continue
        for kind in kinds.get((row["evidence_type"], row["significance"] or ""), ()):
            if row["level"] not in kind["levels"]:
                continue
            masked = kind["masked"] == "true" and settings.mask_classifications
            code = _civic_code(row, kind, masked=masked)
            for component in _alternatives(profiles.parse(row["molecular_profile"])):
                for key in _keys(component):
                    codes.setdefault((component.gene, key), []).append(code)
                if not masked and code.code.startswith("O"):
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
    )


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
