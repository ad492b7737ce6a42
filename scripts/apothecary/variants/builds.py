"""The genome build of a file, told from reference bases at known sites.

Contig names say nothing of the build (both builds have a chr1 and a 1). What the file gives as REF
at sites whose base is known in both builds does; the contig lengths of the header are a second
witness. What header or sheet state is believed only where bases and lengths do not speak.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from apothecary.errors import Problem, WorkflowInputError
from apothecary.variants import alleles, contigs
from apothecary.variants.header import Header
from apothecary.variants.reader import VariantFile
from apothecary.variants.records import RecordBlock
from apothecary.variants.regions import Position, Regions

SAME_ALLELES = math.log(100)
"""Weight of a record with REF and an ALT of a known site: taken as 100 times likelier there."""
SAME_BASE = math.log(0.99 / 0.27)
"""Weight of the same REF base; 0.27 is the chance that two bases of a genome agree."""
OTHER_BASE = math.log(0.01 / 0.73)
"""Weight of another REF base; 0.01 allows for errors."""
DECIDES = math.log(20)
"""Difference of the weights from which the bases decide."""
ENOUGH = 30.0
"""Difference from which no further record is looked at."""


@dataclass(frozen=True)
class KnownSite:
    """A site whose reference base is known in at least one build.

    Attributes:
        chrom: Chromosome with chr.
        places: 1-based position and reference bases, by build.
        alts: Alternate alleles of the definitions, spelled in GRCh38.
    """

    chrom: str
    places: Mapping[str, tuple[int, str]]
    alts: frozenset[str]


def known_sites(
    pgx_positions: Iterable[Mapping[str, Any]], known_variants: Iterable[Mapping[str, Any]] = ()
) -> list[KnownSite]:
    """Known sites from rows of knowledge tables.

    Args:
        pgx_positions: Rows with positions in both builds. Those of chrM are left out, since both
            builds share its sequence.
        known_variants: Rows with GRCh38 positions, by which the files of tumors are told.

    Returns:
        The sites, those of pharmacogenes first.
    """
    sites = []
    for row in pgx_positions:
        if row["chrom"] == "chrM":
            continue
        places = {"GRCh38": (int(row["pos"]), str(row["ref"]))}
        if row.get("pos_grch37") and row.get("ref_grch37"):
            places["GRCh37"] = (int(row["pos_grch37"]), str(row["ref_grch37"]))
        sites.append(KnownSite(row["chrom"], places, frozenset(row["alts"] or ())))
    alts: dict[tuple[str, int, str], set[str]] = {}
    for row in known_variants:
        alts.setdefault((row["chrom"], int(row["pos"]), row["ref"]), set()).add(row["alt"])
    for (chrom, pos, ref), known in sorted(alts.items()):
        if chrom != "chrM" and alleles.is_bases(ref):
            sites.append(KnownSite(chrom, {"GRCh38": (pos, ref)}, frozenset(known)))
    return sites


@dataclass
class Witnesses:
    """What was seen at known sites and in the header.

    Attributes:
        agree: Sites with the reference base of a build, by build.
        differ: Sites with another base, by build.
        weight: Sum of the weights, by build.
        lengths: Chromosomes whose length in the header is that of one build only, by build.
        stated: The build that the header names, if any.
    """

    agree: dict[str, int] = field(default_factory=lambda: dict.fromkeys(contigs.BUILDS, 0))
    differ: dict[str, int] = field(default_factory=lambda: dict.fromkeys(contigs.BUILDS, 0))
    weight: dict[str, float] = field(default_factory=lambda: dict.fromkeys(contigs.BUILDS, 0.0))
    lengths: dict[str, int] = field(default_factory=lambda: dict.fromkeys(contigs.BUILDS, 0))
    stated: str | None = None

    def words(self) -> str:
        """The witnesses in words."""
        bases = ", ".join(
            f"{self.agree[b]} agree and {self.differ[b]} differ for {b}" for b in contigs.BUILDS
        )
        lengths = ", ".join(f"{self.lengths[b]} of {b}" for b in contigs.BUILDS)
        return f"reference bases at known sites: {bases}; contig lengths: {lengths}"

    @property
    def by_bases(self) -> str | None:
        """The build that the bases decide for, or None."""
        return _ahead({b: self.weight[b] for b in contigs.BUILDS}, DECIDES)

    @property
    def by_lengths(self) -> str | None:
        """The build that the contig lengths are of, or None when they are of both or of none."""
        named = [build for build in contigs.BUILDS if self.lengths[build]]
        return named[0] if len(named) == 1 else None


def _ahead(weights: Mapping[str, float], by: float) -> str | None:
    first, second = sorted(weights, key=lambda b: (-weights[b], b))[:2]
    # A build that was never looked at weighs 0: a lead over it alone must come from agreement.
    return first if weights[first] - max(weights[second], 0.0) >= by else None


@dataclass(frozen=True)
class Detection:
    """The build of a file.

    Attributes:
        build: GRCh38 or GRCh37.
        witnesses: What it was told from.
        notes: Remarks for the reader of a report.
    """

    build: str
    witnesses: Witnesses
    notes: tuple[str, ...] = ()


def witnesses(file: VariantFile, sites: Iterable[KnownSite]) -> Witnesses:
    """What a file says of its build; it is read until the bases decide beyond doubt.

    Raises:
        WorkflowInputError: A line that was read is no record.
    """
    found = header_witnesses(file.header)
    places = places_of(sites)
    positions = tuple(
        sorted({Position(c, p, r) for (_, c, p), refs in places.items() for r in refs})
    )
    for block in file.blocks([], [Regions(positions=positions)]):
        observe(block, places, found)
        first, second = (found.weight[build] for build in contigs.BUILDS)
        if abs(first - second) >= ENOUGH:
            break
    return found


def detect(file: VariantFile, sites: Iterable[KnownSite], stated: str = "auto") -> Detection:
    """Detect the build of a file, and hold it against what the sheet states.

    Args:
        file: The file.
        sites: Known sites.
        stated: GRCh38, GRCh37, or auto when the sheet states none.

    Returns:
        The build and its witnesses.

    Raises:
        WorkflowInputError: As `decide` and `witnesses`.
    """
    return decide(file.shown_as, witnesses(file, sites), stated)


def header_witnesses(head: Header) -> Witnesses:
    """The witnesses that the header gives: contig lengths, and the build it names."""
    witnesses = Witnesses(stated=head.stated_build)
    for name, length in head.contig_lengths.items():
        chrom = contigs.canonical(name)
        if chrom is None or length is None:
            continue
        of = [b for b in contigs.BUILDS if contigs.contigs()[chrom].lengths[b] == length]
        if len(of) == 1:
            witnesses.lengths[of[0]] += 1
    return witnesses


Places = Mapping[tuple[str, str, int], Mapping[str, frozenset[str]]]
"""Alternate alleles by reference bases, by build, chromosome and position."""


def places_of(sites: Iterable[KnownSite]) -> Places:
    """The sites by where they lie in each build."""
    places: dict[tuple[str, str, int], dict[str, frozenset[str]]] = {}
    for site in sites:
        for build, (pos, ref) in site.places.items():
            alts = site.alts if ref == site.places.get("GRCh38", (0, ""))[1] else frozenset()
            here = places.setdefault((build, site.chrom, pos), {})
            here[ref.upper()] = here.get(ref.upper(), frozenset()) | alts
    return places


def observe(block: RecordBlock, places: Places, seen: Witnesses) -> None:
    """Add what one record says to the witnesses."""
    for build in contigs.BUILDS:
        place = places.get((build, block.chrom, block.pos))
        if place is None:
            continue
        longest = max(place, key=len)
        shared = min(len(longest), len(block.ref))
        if longest[:shared] != block.ref[:shared]:
            seen.differ[build] += 1
            seen.weight[build] += OTHER_BASE
            continue
        seen.agree[build] += 1
        same = not place.get(block.ref, frozenset()).isdisjoint(block.alts)
        seen.weight[build] += SAME_ALLELES if same else SAME_BASE


def decide(path: str, seen: Witnesses, stated: str) -> Detection:
    """The build that the witnesses speak for.

    Args:
        path: The file's name for messages.
        seen: The witnesses.
        stated: GRCh38, GRCh37, or auto when the sheet states none.

    Returns:
        The build and its witnesses.

    Raises:
        WorkflowInputError: The witnesses are too few or contradict each other while the sheet
            states no build, or the data are of another build than the sheet states.
    """
    bases, lengths = seen.by_bases, seen.by_lengths
    if bases and lengths and bases != lengths:
        found = f"build mismatch: the reference bases are {bases}, the contig lengths {lengths}"
        right = f"one build throughout ({seen.words()})"
        raise WorkflowInputError(Problem(path, found, right))
    data = bases or lengths
    if stated in contigs.BUILDS:
        if data and data != stated:
            found = f"build mismatch: the sheet says {stated}, the data are {data}"
            right = f"give {data} or auto, or another file ({seen.words()})"
            raise WorkflowInputError(Problem(path, found, right, field="build"))
        unseen = f"the build {stated} is the sheet's word: the data do not tell it"
        return Detection(stated, seen, () if bases else (unseen,))
    if bases:
        return Detection(bases, seen, _header_note(seen, bases))
    if lengths:
        note = f"the build {lengths} is told from contig lengths: too few known sites"
        return Detection(lengths, seen, (note,))
    contradicted = seen.stated and seen.weight[seen.stated] < 0
    if seen.stated and not contradicted:
        note = f"the build {seen.stated} is the header's word: too few known sites"
        return Detection(seen.stated, seen, (note,))
    found = f"the build cannot be told ({seen.words()})"
    raise WorkflowInputError(Problem(path, found, "state GRCh38 or GRCh37", field="build"))


def _header_note(seen: Witnesses, bases: str) -> tuple[str, ...]:
    if seen.stated in (None, bases):
        return ()
    return (f"the header names {seen.stated}, but the reference bases are {bases}",)
