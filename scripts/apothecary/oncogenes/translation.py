"""The change of a protein from the coding bases before and after a variant.

Both sequences are translated and compared, and the difference is named as HGVS asks of protein
descriptions (https://hgvs-nomenclature.org, recommendations, protein): by the first residue that
changes, repeats as far to the C-terminus as possible, nothing behind a new stop.
"""

from __future__ import annotations

from apothecary.oncogenes import proteins
from apothecary.oncogenes.proteins import ProteinChange

UNKNOWN = "X"
_CODE = "FFLLSSSSYY**CC*WLLLLPPPPHHQQRRRRIIIMTTTTNNKKSSRRVVVVAAAADDEEGGGG"
CODONS = {
    a + b + c: _CODE[16 * i + 4 * j + k]
    for i, a in enumerate("TCAG")
    for j, b in enumerate("TCAG")
    for k, c in enumerate("TCAG")
}
"""Residue of each codon by the standard code; * for a stop."""


def translate(bases: str) -> str:
    """Residues of whole codons, one letter each; X where a base is not known."""
    return "".join(CODONS.get(bases[at : at + 3], UNKNOWN) for at in range(0, len(bases) - 2, 3))


def change(bases: str, stop: int, start: int, end: int, new: str) -> ProteinChange | None:
    """Name what an edit of the messenger does to its protein.

    Args:
        bases: The messenger from the first base of the start codon to its end, the 3'
            untranslated region included, since translation runs on into it when a stop is lost.
        stop: Coding bases, the stop codon included.
        start: 0-based first base that is replaced, counted from the start codon; negative in the
            5' untranslated region.
        end: 0-based base behind the last that is replaced; equal to `start` for an insertion.
        new: Bases that stand there instead.

    Returns:
        The change; None when no codon is touched, or when bases that are not known decide.
    """
    insertion = start == end
    if start >= stop or end <= 0 or (insertion and not new):
        return None
    if start < 0 or (start < 3 and not (bases[:start] + new + bases[end:]).startswith(bases[:3])):
        return ProteinChange(proteins.START_LOST, 1, 1, "M", "M")
    first = start // 3
    last = first if insertion else (end - 1) // 3
    gained = len(new) - (end - start)
    if gained % 3 or end > stop - 3:
        old = translate(bases[first * 3 : stop])
        fresh = _to_stop(translate(bases[first * 3 : start] + new + bases[end:]))
        return _read_on(first + 1, old, fresh)
    behind = start if insertion and start % 3 == 0 else min((last + 1) * 3, stop)
    old = translate(bases[first * 3 : behind])
    fresh = translate(bases[first * 3 : start] + new + bases[end:behind])
    if UNKNOWN in old + fresh:
        return None
    if "*" in fresh:
        around = translate(bases[first * 3 - 3 : first * 3]), translate(bases[behind : behind + 3])
        return _stopped(first + 1, old, around, _to_stop(fresh))
    return _in_frame(first, old, fresh, bases, stop)


def _to_stop(residues: str) -> str:
    return residues[: residues.find("*") + 1] if "*" in residues else residues


def _common(one: str, other: str) -> int:
    """Residues that two stretches share from their beginning."""
    at = 0
    while at < min(len(one), len(other)) and one[at] == other[at]:
        at += 1
    return at


def _synonymous(position: int, residue: str) -> ProteinChange:
    return ProteinChange(proteins.SYNONYMOUS, position, position, residue, residue)


def _read_on(position: int, old: str, fresh: str) -> ProteinChange | None:
    """A change of frame, or of the stop codon: what is read from there on is another."""
    if UNKNOWN in (old[:1], fresh[:1]):
        return None
    if old == fresh:
        return _synonymous(position, old[0])
    at = _common(old, fresh)
    if at >= min(len(old), len(fresh)) or UNKNOWN in (old[at], fresh[at]):
        return None
    where, residue = position + at, old[at]
    if fresh[at] == "*":
        return ProteinChange(proteins.NONSENSE, where, where, residue, residue)
    stop = fresh.find("*")
    if UNKNOWN in fresh[at : stop if stop >= 0 else None]:
        stop = -1
    kind = proteins.STOP_LOST if residue == "*" else proteins.FRAMESHIFT
    counted = stop - at + (kind == proteins.FRAMESHIFT) if stop >= 0 else None
    return ProteinChange(kind, where, where, residue, residue, fresh[at], counted)


def _stopped(position: int, old: str, around: tuple[str, str], fresh: str) -> ProteinChange:
    """A stop within the codons that are put in between two residues, without a change of frame."""
    at = _common(old, fresh)
    where = position + at
    if fresh[at] == "*":
        residue = (old + around[1])[at]
        return ProteinChange(proteins.NONSENSE, where, where, residue, residue)
    if at < len(old):
        last = position + len(old) - 1
        return ProteinChange(proteins.DELINS, where, last, old[at], old[-1], fresh[at:])
    before = (around[0] + old)[-1]
    return ProteinChange(proteins.INSERTION, where - 1, where, before, around[1], fresh[at:])


def _in_frame(first: int, old: str, fresh: str, bases: str, stop: int) -> ProteinChange:
    """Codons replaced, taken away or added; the residues around tell where a repeat ends."""
    if old == fresh:
        return _synonymous(first + 1, old[0])
    if len(old) == len(fresh):
        return proteins.from_residues(first + 1, old, fresh)
    # A repeat is followed as far as it goes: what is gained or lost bounds its unit.
    before = max(first - abs(len(fresh) - len(old)), 0)
    head = translate(bases[before * 3 : first * 3])
    tail = translate(bases[(first + len(old)) * 3 : stop])
    return proteins.from_residues(before + 1, head + old + tail, head + fresh + tail)
