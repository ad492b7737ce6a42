"""Lift-over of single positions between GRCh37 and GRCh38 along a UCSC chain file."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from pathlib import Path

from apothecary.errors import Problem, ResourceError
from apothecary.knowledge.importers.upstream import read_text


@dataclass(frozen=True, order=True)
class Block:
    """An ungapped alignment of both builds on the forward strand.

    Attributes:
        start37: 0-based first position in GRCh37.
        start38: 0-based first position in GRCh38.
        length: Bases.
        score: Score of the chain.
    """

    start37: int
    start38: int
    length: int
    score: int


@dataclass(frozen=True)
class Lift:
    """Blocks by chromosome, in the order of either build.

    Attributes:
        by37: Blocks of a GRCh37 chromosome, sorted by `start37`; those to another chromosome or
            strand of GRCh38 have a negative `start38`.
        by38: Blocks of a GRCh38 chromosome that come from the same one of GRCh37, by `start38`.
    """

    by37: dict[str, list[Block]]
    by38: dict[str, list[Block]]

    @cached_property
    def _reach37(self) -> dict[str, list[int]]:
        return {chrom: _reach(blocks, by38=False) for chrom, blocks in self.by37.items()}

    @cached_property
    def _reach38(self) -> dict[str, list[int]]:
        return {chrom: _reach(blocks, by38=True) for chrom, blocks in self.by38.items()}

    def _covering(self, chrom: str, start: int, length: int, *, by38: bool) -> list[Block]:
        """The blocks that cover a 0-based stretch. Chains overlap, so that several may."""
        blocks = (self.by38 if by38 else self.by37).get(chrom, [])
        reach = (self._reach38 if by38 else self._reach37).get(chrom, [])
        found = []
        at = bisect_right(blocks, start, key=lambda block: _first(block, by38=by38)) - 1
        while at >= 0 and reach[at] >= start + length:
            if _first(blocks[at], by38=by38) + blocks[at].length >= start + length:
                found.append(blocks[at])
            at -= 1
        # In their order, since the first of equal score is taken.
        return found[::-1]

    def to_grch37(self, chrom: str, pos: int, length: int = 1) -> int | None:
        """The 1-based GRCh37 position of a stretch of GRCh38.

        Args:
            chrom: Chromosome with `chr`.
            pos: 1-based first position in GRCh38.
            length: Bases of the stretch.

        Returns:
            The 1-based first position, or None when the stretch does not lie in one block on the
            same chromosome and strand, or when the way back does not lead to it.
        """
        start = pos - 1
        blocks = self._covering(chrom, start, length, by38=True)
        if not blocks:
            return None
        best = max(blocks, key=lambda block: block.score)
        back = best.start37 + start - best.start38
        forward = self._covering(chrom, back, length, by38=False)
        chosen = max(forward, key=lambda block: block.score)
        if chosen.start38 < 0 or chosen.start38 + back - chosen.start37 != start:
            return None
        return back + 1

    def to_grch38(self, chrom: str, pos: int, length: int = 1) -> int | None:
        """The 1-based GRCh38 position of a stretch of GRCh37.

        Args:
            chrom: Chromosome with `chr`.
            pos: 1-based first position in GRCh37.
            length: Bases of the stretch.

        Returns:
            The 1-based first position, or None when the stretch does not lie in one block on the
            same chromosome and strand, or when the way back does not lead to it.
        """
        start = pos - 1
        blocks = self._covering(chrom, start, length, by38=False)
        if not blocks:
            return None
        best = max(blocks, key=lambda block: block.score)
        there = best.start38 + start - best.start37 + 1
        if best.start38 < 0 or self.to_grch37(chrom, there, length) != pos:
            return None
        return there


def _first(block: Block, *, by38: bool) -> int:
    return block.start38 if by38 else block.start37


def _reach(blocks: Iterable[Block], *, by38: bool) -> list[int]:
    """How far the blocks up to each one reach, 0-based and exclusive."""
    return list(accumulate((_first(b, by38=by38) + b.length for b in blocks), max))


def read_chain(path: Path | str, chromosomes: Collection[str]) -> Lift:
    """Read the chains of some chromosomes from a GRCh37 to GRCh38 chain file.

    Args:
        path: `hg19ToHg38.over.chain`, gzipped or not.
        chromosomes: Chromosomes with `chr` that are wanted.

    Returns:
        The lift.

    Raises:
        ResourceError: The file is not a chain file.
    """
    by37: dict[str, list[Block]] = defaultdict(list)
    by38: dict[str, list[Block]] = defaultdict(list)
    try:
        for paragraph in read_text(path).split("chain ")[1:]:
            lines = paragraph.splitlines()
            fields = lines[0].split()
            score, chrom37, start37 = int(fields[0]), fields[1], int(fields[4])
            chrom38, strand38, start38 = fields[6], fields[8], int(fields[9])
            if chrom37 not in chromosomes:
                continue
            same = chrom37 == chrom38 and strand38 == "+"
            for line in lines[1:]:
                cells = [int(cell) for cell in line.split()]
                if not cells:
                    continue
                by37[chrom37].append(Block(start37, start38 if same else -1, cells[0], score))
                if same:
                    by38[chrom38].append(Block(start37, start38, cells[0], score))
                if len(cells) == 3:
                    start37 += cells[0] + cells[1]
                    start38 += cells[0] + cells[2]
    except (ValueError, IndexError) as error:
        raise ResourceError(
            Problem(str(path), f"not a chain file ({error})", "fetch the file anew")
        ) from error
    for blocks in by37.values():
        blocks.sort()
    for blocks in by38.values():
        blocks.sort(key=lambda block: block.start38)
    return Lift(dict(by37), dict(by38))
