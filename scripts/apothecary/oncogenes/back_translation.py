"""From a change of a protein to the variants of the genome that make it.

Sources that name a change by its protein alone (V600E, Q132fs) do not say which bases change. All
simple ways are listed: every codon of a new residue, every place where the bases of a deletion or
a duplication may lie, one base more or less for a frameshift.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from math import prod

from apothecary.oncogenes import edits, proteins, translation
from apothecary.oncogenes.edits import Edit
from apothecary.oncogenes.gene_models import Reference
from apothecary.oncogenes.messengers import Messenger, reverse_complement
from apothecary.oncogenes.proteins import ProteinChange

MOST_SPELLINGS = 4_096
"""New residues that can be spelled in more ways than this are not spelled out."""

_WAY_BACK = 60
"""Bases before the residues that are named in which a repeat of them is looked for."""

_SPELLINGS: dict[str, list[str]] = {}
for _codon, _residue in translation.CODONS.items():
    _SPELLINGS.setdefault(_residue, []).append(_codon)

_Coding = tuple[int, int, str]
"""0-based first base and base behind the last, from the start codon, and the new bases."""


def variants(
    change: ProteinChange, of: Messenger, reference: Reference
) -> list[tuple[str, int, str, str]]:
    """The variants that make a protein change.

    Args:
        change: The change; residues that it names must be those of the transcript.
        of: The transcript.
        reference: Bases of its chromosome.

    Returns:
        Chromosome, 1-based position, reference and alternate bases, VCF style with indels as far
        to the left as possible, sorted; each makes this very change by `translation.change`.
        Empty when the residues are others, for splice sites, and for changes across a border of
        exons or with too many spellings.
    """
    if of.coding_start is None:
        return []
    bases = of.bases[of.coding_start :]
    found = set()
    for start, end, new in _candidates(change, bases, of.coding_bases):
        if start < 0 or end > of.coding_bases or bases[start:end] == new:
            continue
        made = translation.change(bases, of.coding_bases, start, end, new)
        if made and proteins.same(change, made) and made.ref == (change.ref or made.ref):
            edit = _on_chromosome(of, start, end, new)
            if edit:
                found.add(_spelled(edit, reference))
    return sorted(found)


def _candidates(change: ProteinChange, bases: str, stop: int) -> Iterator[_Coding]:
    first, behind = (change.start - 1) * 3, change.end * 3
    length = behind - first
    near = range(max(first - _WAY_BACK, 0), behind + 3)
    if change.kind == proteins.START_LOST:
        yield from ((at, at + 1, base) for at in range(3) for base in "ACGT")
    elif change.kind == proteins.FRAMESHIFT:
        for at in range(max(first - 3, 0), min(behind + 3, stop)):
            yield at, at + 1, ""
            yield from ((at, at, base) for base in "ACGT")
    elif change.kind == proteins.DELETION:
        yield from ((at, at + length, "") for at in near)
    elif change.kind == proteins.DUPLICATION:
        yield from ((at + length, at + length, bases[at : at + length]) for at in near)
    elif change.kind == proteins.INSERTION:
        yield from ((first + 3, first + 3, new) for new in _spelled_residues(change.alt))
    elif change.kind != proteins.SPLICE:
        residues = {proteins.NONSENSE: "*", proteins.SYNONYMOUS: change.ref}
        wanted = residues.get(change.kind, change.alt)
        yield from ((first, behind, new) for new in _spelled_residues(wanted))


def _spelled_residues(residues: str) -> Iterator[str]:
    choices = [_SPELLINGS.get(residue, []) for residue in residues]
    if residues and prod(map(len, choices)) <= MOST_SPELLINGS:
        yield from ("".join(codons) for codons in product(*choices))


def _on_chromosome(of: Messenger, start: int, end: int, new: str) -> Edit | None:
    """The edit without shared bases; None when it runs over a border of exons."""
    first = of.coding_start or 0
    old = of.bases[first + start : first + end]
    trimmed = edits.of("", start, old, new)  # counted on the messenger
    left, right = first + trimmed.start, first + trimmed.end
    if not trimmed.removed:
        left, right = right, left
    if right >= len(of.bases) or of.exon_index(left) != of.exon_index(right):
        return None
    places = sorted((of.position(left), of.position(right)))
    removed, added = trimmed.removed, trimmed.added
    if not of.plus:
        removed, added = reverse_complement(removed), reverse_complement(added)
    at = places[0] if removed else places[1]
    return Edit(of.transcript.chrom, at, removed, added)


def _spelled(edit: Edit, reference: Reference) -> tuple[str, int, str, str]:
    """An edit as VCF writes it: an indel behind the base before it."""
    moved = edits.shifted(edit, reference, up=False)
    if moved.removed and moved.added:
        return moved.chrom, moved.start, moved.removed, moved.added
    before = reference.padded(moved.chrom, moved.start - 1, moved.start - 1)
    return moved.chrom, moved.start - 1, before + moved.removed, before + moved.added
