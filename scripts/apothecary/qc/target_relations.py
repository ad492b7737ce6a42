"""Relations of samples by their genotypes over the targets, where the SNPs of identity are missed.

Sites are those at which one of the samples differs from the reference. They are few on a panel, and
their frequencies are not known, so that less is told than by the SNPs: whether two samples are the
same, and whether a child may be that of its parents by the sheet, best of both together.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from apothecary.calling.statistics import wilson
from apothecary.qc.relatedness import kinship
from apothecary.qc.target_sites import Genotypes

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Settings:
    """What the counts mean.

    Attributes:
        min_target_sites: Sites from which a relation is told.
        same_concordance: Share of equal genotypes from which two samples are of one person.
        parent_max_ibs0: Greatest share of opposite homozygotes of parent and child.
        first_degree_kinship: Kinship from which a single parent is confirmed.
        trio_max_errors: Greatest share of sites at which a child has what its parents cannot give.
    """

    min_target_sites: int
    same_concordance: float
    parent_max_ibs0: float
    first_degree_kinship: float
    trio_max_errors: float

    @classmethod
    def from_config(cls, settings: Mapping[str, Any]) -> Settings:
        """From the section `qc.identity` of a checked configuration."""
        return cls(**{name: settings[name] for name in cls.__dataclass_fields__})


@dataclass(frozen=True)
class Counts:
    """Two samples side by side, or a child beside its parents.

    Attributes:
        pairs: Copies of the reference base in both, a site a pair.
        trio_sites: Sites at which the child and both parents have a genotype; 0 without a trio.
        trio_errors: Those at which the child has what its parents cannot give.
    """

    pairs: tuple[tuple[int, int], ...]
    trio_sites: int = 0
    trio_errors: int = 0

    @property
    def ibs0(self) -> int:
        """Sites at which the two are homozygous for different bases."""
        return sum(abs(a - b) == 2 for a, b in self.pairs)

    @property
    def concordance(self) -> float | None:
        """Share of equal genotypes; None without sites."""
        return sum(a == b for a, b in self.pairs) / len(self.pairs) if self.pairs else None


def count(first: Genotypes, second: Genotypes, trio: tuple[Genotypes, ...] = ()) -> Counts:
    """Compare samples.

    Args:
        first: A sample.
        second: Another.
        trio: The child and both its parents, where the two are of a trio of the sheet.
    """
    pairs = tuple((a, b) for a, b in _common((first, second)))
    errors = [_impossible(*copies) for copies in _common(trio)] if trio else []
    return Counts(pairs, len(errors), sum(errors))


def _common(samples: tuple[Genotypes, ...]) -> Iterable[tuple[int, ...]]:
    """Copies of the reference base, of sites that one of the samples differs at and all tell."""
    others: dict[tuple[str, int], set[str]] = {}
    for sample in samples:
        for place, (alt, _) in sample.changed.items():
            others.setdefault(place, set()).add(alt)
    for place, alts in sorted(others.items()):
        copies = [sample.at(place, alt) for alt in alts for sample in samples]
        if len(alts) == 1 and None not in copies:
            yield tuple(number for number in copies if number is not None)


def _impossible(child: int, father: int, mother: int) -> bool:
    gives = {0: (0,), 1: (0, 1), 2: (1,)}
    return not any(a + b == child for a in gives[father] for b in gives[mother])


def judge(counts: Counts, expected: str | None, settings: Settings) -> tuple[str, str, str | None]:
    """Hold what was counted against what the sheet says.

    Args:
        counts: What was counted.
        expected: What `relatedness.expected` gave.
        settings: What the counts mean.

    Returns:
        The relation (same, first_degree, different or not_assessed), the status (pass, warn, fail
        or not_assessed), and the reason where it is not pass, or what a trio rests on.
    """
    sites, concordance = len(counts.pairs), counts.concordance
    if sites < settings.min_target_sites or concordance is None:
        said = f"{sites} sites of the targets in both, {settings.min_target_sites} are needed"
        return "not_assessed", "not_assessed", said
    found = f"{concordance:.2f} of {sites} genotypes of the targets are equal"
    if concordance >= settings.same_concordance:
        if expected == "same":
            return "same", "pass", None
        return "same", "fail", f"of two subjects by the sheet, but {found}: swapped or given twice"
    if expected == "same":
        said = f"of one subject by the sheet, but {found}: samples may be swapped"
        return "different", "fail", said
    if expected != "parent_child":
        return "different", "pass", None
    if counts.ibs0 > settings.parent_max_ibs0 * sites:
        said = f"{counts.ibs0} of {sites} sites of the targets are opposite homozygotes"
        return "different", "fail", f"parent and child by the sheet, but {said}"
    if counts.trio_sites >= settings.min_target_sites:
        return _trio(counts, settings)
    related = kinship(counts.pairs)
    if related is not None and related >= settings.first_degree_kinship:
        return "first_degree", "pass", None
    said = f"{sites} sites of the targets do not tell parent and child from strangers"
    return "different", "not_assessed", said


def _trio(counts: Counts, settings: Settings) -> tuple[str, str, str | None]:
    sites, errors = counts.trio_sites, counts.trio_errors
    said = f"at {errors} of {sites} sites of the targets the child has what its parents cannot give"
    if errors <= settings.trio_max_errors * sites:
        return "first_degree", "pass", None
    if wilson(errors, sites)[0] > settings.trio_max_errors:
        return "different", "fail", f"parents and child by the sheet, but {said}: swapped?"
    return "first_degree", "warn", f"parents and child by the sheet, but {said}"
