"""The phase of the file and that of the reads joined, for one gene.

They are joined where they agree; where they do not, the phase of the file stands and a warning
tells of the reads.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from apothecary.pharmacogenes.matcher import Genotype
from apothecary.pharmacogenes.observations import FROM_READS, Observation
from apothecary.pharmacogenes.read_phasing import Heterozygous, ReadBlock

Observations = tuple[Observation, ...]
"""Of all positions of a gene."""


def join(
    found: Observations, variants: Mapping[int, Heterozygous], blocks: Iterable[ReadBlock]
) -> Observations:
    """Join the phase of the file with that of the reads, for one gene.

    Args:
        found: What is known of the positions.
        variants: The variant of each heterozygous position that reads can phase.
        blocks: What the reads say, of this gene and of others.

    Returns:
        The observations. Positions that are phased in the file keep the order of their bases,
        or all of a phase set turn together where reads link it to another one.
    """
    sets = _PhaseSets(found, {i: variant.pos for i, variant in variants.items()})
    warnings: dict[int, str] = {}
    support: dict[int, int] = {}
    for block in blocks:
        of_block = {
            i: block.alt_first[variant] == (_bases(found[i])[0] == variant.alt)
            for i, variant in variants.items()
            if variant in block.alt_first
        }
        if len(of_block) < 2:
            continue
        if sets.contradicts(of_block):
            text = (
                f"{block.reads} read pairs or reads phase it otherwise than the file does; "
                "the phase of the file stands"
            )
            warnings.update({i: text for i in of_block if sets.by_file(i)})
            continue
        sets.link(of_block)
        support.update(dict.fromkeys(of_block, block.reads))
    return tuple(
        _phased(seen, i, sets, support.get(i), warnings.get(i)) for i, seen in enumerate(found)
    )


def _bases(seen: Observation) -> tuple[str, ...]:
    return seen.genotype.bases if seen.genotype else ()


def _phased(
    seen: Observation, i: int, sets: _PhaseSets, support: int | None, warning: str | None
) -> Observation:
    if support is not None and seen.genotype is not None:
        turned = sets.turned(i)
        bases = seen.genotype.bases[::-1] if turned else seen.genotype.bases
        genotype = Genotype(bases, True, sets.name(i), seen.genotype.fraction)
        by_reads = not sets.by_file(i) or genotype != seen.genotype
        return replace(
            seen,
            genotype=genotype,
            phase_source=FROM_READS if by_reads else None,
            phase_reads=support,
        )
    if sets.by_file(i) and seen.genotype is not None:
        # Reads that link another position of its phase set may have joined that set to others.
        bases = seen.genotype.bases[::-1] if sets.turned(i) else seen.genotype.bases
        genotype = Genotype(bases, True, sets.name(i), seen.genotype.fraction)
        seen = replace(seen, genotype=genotype)
    return replace(seen, phase_warning=warning) if warning else seen


class _PhaseSets:
    """Positions of a gene whose order is known together, each the same way round or turned.

    A forest of positions; each knows whether its bases stand the other way round than those of
    its parent. Positions that the file phases together start in one tree, untouched.
    """

    def __init__(self, found: Sequence[Observation], places: Mapping[int, int]) -> None:
        self._places = places
        self._parent = list(range(len(found)))
        self._turned = [False] * len(found)
        self._names: dict[int, str | None] = {}
        first: dict[str | None, int] = {}
        for i, seen in enumerate(found):
            genotype = seen.genotype
            if genotype is not None and genotype.heterozygous and genotype.phased:
                self._names[i] = genotype.phase_set
                self._parent[i] = first.setdefault(genotype.phase_set, i)

    def by_file(self, i: int) -> bool:
        """Whether the file phases a position."""
        return i in self._names

    def _root(self, i: int) -> tuple[int, bool]:
        turned = False
        while self._parent[i] != i:
            turned ^= self._turned[i]
            i = self._parent[i]
        return i, turned

    def contradicts(self, same: Mapping[int, bool]) -> bool:
        """Whether positions are known to be otherwise than reads say.

        Args:
            same: Whether the bases stand as the reads have them, by position.
        """
        told: dict[int, bool] = {}
        for i, as_read in same.items():
            root, turned = self._root(i)
            if told.setdefault(root, turned ^ as_read) != turned ^ as_read:
                return True
        return False

    def link(self, same: Mapping[int, bool]) -> None:
        """Join the trees of positions as the reads have them; see `contradicts`."""
        first, *others = same
        for i in others:
            (one, one_turned), (other, other_turned) = self._root(first), self._root(i)
            if one == other:
                continue
            turned = one_turned ^ other_turned ^ same[first] ^ same[i]
            # A tree that holds a phase set of the file stays as it is where the other holds none.
            if self._stays(other) and not self._stays(one):
                one, other = other, one
            self._parent[other], self._turned[other] = one, turned

    def _stays(self, root: int) -> bool:
        return root in self._names

    def turned(self, i: int) -> bool:
        """Whether the bases of a position are to be turned."""
        return self._root(i)[1]

    def name(self, i: int) -> str | None:
        """The phase set of a position: that of the file, else one named by a base of the build."""
        root, _ = self._root(i)
        return self._names[root] if self.by_file(root) else f"reads:{self._places[root]}"
