"""Mutations of a tumor by their kind and reference context: SBS96, DBS78 and ID83.

The kinds are those of the tables of signatures: A[C>A]A for a substitution between its neighbours,
AC>CA for a doublet, and 1:Del:C:0 for an indel with its length, what it is (a base, a repeat R or
microhomology M) and how many more units or bases of it the reference has.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from apothecary.variants.reference import Reference

Row = Mapping[str, Any]

SBS = "SBS96"
DBS = "DBS78"
ID = "ID83"
KINDS = (SBS, DBS, ID)
# Longest indel and number of repeats that are told apart.
_MOST = 5
_COMPLEMENT = str.maketrans("ACGT", "TGCA")


@dataclass
class Catalogue:
    """Mutations by kind.

    Attributes:
        counts: Mutations by type.
        without_context: Mutations whose reference context is not known.
    """

    counts: Counter[str] = field(default_factory=Counter)
    without_context: int = 0

    @property
    def mutations(self) -> int:
        """How many were counted."""
        return sum(self.counts.values())


def of_tumor(
    variants: Sequence[Row], reference: Reference | None, doublets: frozenset[str]
) -> dict[str, Catalogue]:
    """The catalogues of a tumor.

    Two substitutions side by side, and no third, are a doublet and no substitutions.

    Args:
        variants: Rows of the table variants, each locus once, spelled in bases.
        reference: The reference sequence of their build; None where none is given. Where it does
            not reach, the bases around a substitution are those that the input gives.
        doublets: Types of DBS78, to tell in which direction one is spelled.
    """
    found = {kind: Catalogue() for kind in KINDS}
    single = [v for v in variants if len(v["ref"]) == len(v["alt"]) == 1]
    for run in _runs(single):
        if len(run) == 2:
            ref, alt = ("".join(v[side] for v in run) for side in ("ref", "alt"))
            _add_doublet(found[DBS], ref, alt, doublets)
            continue
        for v in run:
            around = reference.bases(v["chrom"], v["pos"] - 1, v["pos"] + 1) if reference else None
            _add(found[SBS], substitution(v["ref"], v["alt"], around or v.get("flanks")))
    for v in variants:
        ref, alt = v["ref"], v["alt"]
        if len(ref) == len(alt) == 2:
            _add_doublet(found[DBS], ref, alt, doublets)
        elif len(ref) != len(alt) and ref[0] == alt[0] and min(len(ref), len(alt)) == 1:
            _add(found[ID], indel(v["chrom"], v["pos"], ref, alt, reference))
    return found


def _add(catalogue: Catalogue, kind: str | None) -> None:
    if kind is None:
        catalogue.without_context += 1
    else:
        catalogue.counts[kind] += 1


def _add_doublet(catalogue: Catalogue, ref: str, alt: str, doublets: frozenset[str]) -> None:
    for kind in (f"{ref}>{alt}", f"{_reversed(ref)}>{_reversed(alt)}"):
        if kind in doublets:
            catalogue.counts[kind] += 1
            return


def _runs(single: Iterable[Row]) -> list[list[Row]]:
    """Substitutions side by side; two alleles of one base are each by itself."""
    runs: list[list[Row]] = []
    for v in sorted(single, key=lambda v: (v["chrom"], v["pos"], v["alt"])):
        last = runs[-1][-1] if runs else None
        if last is not None and (last["chrom"], last["pos"] + 1) == (v["chrom"], v["pos"]):
            runs[-1].append(v)
        else:
            runs.append([v])
    return runs


def _reversed(bases: str) -> str:
    return bases.translate(_COMPLEMENT)[::-1]


def substitution(ref: str, alt: str, around: str | None) -> str | None:
    """The type of a substitution in SBS96, on the strand where the reference is C or T.

    Args:
        ref: Reference base.
        alt: Alternate base.
        around: The base before, the reference base and the base after; None where not known.

    Returns:
        Such as A[C>A]A; None where the neighbours are not known or REF is not the reference.
    """
    if around is None or around[1] != ref or set(around) - set("ACGT"):
        return None
    if ref in "AG":
        around, alt = _reversed(around), _reversed(alt)
    return f"{around[0]}[{around[1]}>{alt}]{around[2]}"


def indel(chrom: str, pos: int, ref: str, alt: str, reference: Reference | None) -> str | None:
    """The type of an indel in ID83.

    Args:
        chrom: Chromosome with chr.
        pos: 1-based position of the base before.
        ref: That base and what is deleted.
        alt: That base and what is inserted.
        reference: The reference sequence, or None.

    Returns:
        Such as 1:Del:T:5; None where the reference around is not known or contradicts REF.
    """
    deleted = len(ref) > len(alt)
    unit = ref[1:] if deleted else alt[1:]
    flanks = _flanks(chrom, pos, len(ref), unit, reference)
    if flanks is None or reference is None:
        return None
    if reference.bases(chrom, pos, pos + len(ref) - 1) != ref:
        return None
    before, after = flanks
    repeats = min(_MOST, _copies(after, unit) + _copies(before[::-1], unit[::-1]))
    size = min(_MOST, len(unit))
    verb = "Del" if deleted else "Ins"
    if len(unit) == 1:
        base = unit if unit in "CT" else _reversed(unit)
        return f"1:{verb}:{base}:{repeats}"
    if deleted and repeats == 0:
        homology = max(_shared(after, unit), _shared(before[::-1], unit[::-1]))
        if homology:
            return f"{size}:Del:M:{min(_MOST, homology)}"
    return f"{size}:{verb}:R:{repeats}"


def _flanks(
    chrom: str, pos: int, ref_length: int, unit: str, reference: Reference | None
) -> tuple[str, str] | None:
    """Bases on both sides of an indel, far enough for as many repeats as are told apart."""
    if reference is None:
        return None
    reach = len(unit) * _MOST
    before = reference.bases(chrom, max(1, pos - reach + 1), pos)
    end = pos + ref_length - 1
    after = reference.bases(chrom, end + 1, end + reach)
    return None if before is None or after is None else (before, after)


def _copies(bases: str, unit: str) -> int:
    count = 0
    while bases.startswith(unit, count * len(unit)):
        count += 1
    return count


def _shared(bases: str, unit: str) -> int:
    """Bases that the flank shares with the deleted ones, fewer than all of them."""
    shared = 0
    while shared < min(len(unit) - 1, len(bases)) and bases[shared] == unit[shared]:
        shared += 1
    return shared
