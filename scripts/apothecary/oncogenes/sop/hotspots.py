"""Recurrent residues and stretches: OS3, OM3 and OP3."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from apothecary.oncogenes import proteins
from apothecary.oncogenes.sop.rules import Code
from apothecary.oncogenes.sop.subject import Subject
from apothecary.pharmacogenes import facts

_STRENGTHS = {"OS3": "strong", "OM3": "moderate", "OP3": "supporting"}


@dataclass(frozen=True)
class Limits:
    """From how many tumors at a residue, and with the change, a code is met."""

    code: str
    residue: int
    change: int


@dataclass(frozen=True)
class Hotspots:
    """Recurrent changes.

    Attributes:
        residues: Tumors by change, by gene and residue such as V600.
        ranges: First and last residue of a stretch, and tumors by change, by gene.
        limits: Limits of the codes, the strongest first.
        source_id: Source of the counts.
    """

    residues: Mapping[tuple[str, str], Mapping[str, int]]
    ranges: Mapping[str, Mapping[tuple[int, int], Mapping[str, int]]]
    limits: tuple[Limits, ...]
    source_id: str

    def of_residue(self, gene: str, residue: str) -> Mapping[str, int]:
        """Tumors by change at a residue; empty when it is not recurrent."""
        return self.residues.get((gene, residue), {})

    @property
    def change_minimum(self) -> int:
        """Tumors with one change from which it counts as recurrent itself."""
        return max(limit.change for limit in self.limits)


def index(rows: Iterable[Mapping[str, Any]], limits: Path | str) -> Hotspots:
    """Index the knowledge table `hotspot_residues`.

    Args:
        rows: Its rows.
        limits: `hotspots.tsv` of `resources/oncogenicity`.

    Raises:
        ResourceError: The limits cannot be read.
    """
    residues: dict[tuple[str, str], dict[str, int]] = {}
    ranges: dict[str, dict[tuple[int, int], dict[str, int]]] = {}
    source_id = ""
    for row in rows:
        source_id = row["source_id"]
        first, _, last = row["residue"].partition("-")
        if not first.isdigit():
            of = residues.setdefault((row["gene"], row["residue"]), {})
        else:
            span = (int(first), int(last or first))
            of = ranges.setdefault(row["gene"], {}).setdefault(span, {})
        of[row["change"]] = row["samples"] or 0
    read = facts.read(limits, ("code", "residue_minimum", "change_minimum", "source"))
    ordered = tuple(
        Limits(row["code"], int(row["residue_minimum"]), int(row["change_minimum"])) for row in read
    )
    return Hotspots(residues, ranges, ordered, source_id)


def assess(subject: Subject, hotspots: Hotspots) -> list[Code]:
    """The code of a substitution at a recurrent residue, or of an indel in a recurrent stretch."""
    change = subject.change
    if change is None:
        return []
    if subject.substitution:
        residue = f"{change.ref}{change.start}"
        counts = hotspots.of_residue(subject.gene, residue)
        return [_code(hotspots, residue, change.alt, counts)] if counts else []
    if subject.in_frame:
        for (start, end), counts in hotspots.ranges.get(subject.gene, {}).items():
            if start <= change.start and change.end <= end:
                place = f"{start}-{end}" if end > start else str(start)
                same = next((name for name in counts if _is(change, name)), change.one_letter())
                return [_code(hotspots, place, same, counts)]
    return []


def _is(change: proteins.ProteinChange, name: str) -> bool:
    other = proteins.parse(name)
    return other is not None and proteins.same(change, other)


def _code(hotspots: Hotspots, place: str, change: str, counts: Mapping[str, int]) -> Code:
    total, same = sum(counts.values()), counts.get(change, 0)
    name = next(
        limit.code for limit in hotspots.limits if total >= limit.residue and same >= limit.change
    )
    words = f"{place} in {total} tumors, this change in {same}"
    return Code(name, _STRENGTHS[name], words, hotspots.source_id)
