"""Genes of which both alleles may be out of order: somatic, germline and lost alleles together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from scipy.stats import binomtest

from apothecary.oncogenes.findings import VARIANT, Finding
from apothecary.oncogenes.tumor_settings import TumorSettings

TWO = "two_hits"
POSSIBLE = "possible"
ONE = "one_hit"
_LOST = frozenset({"loss", "loss_of_heterozygosity"})
_BOTH = "homozygous_deletion"
# Allele fractions between which a variant of a normal is taken as heterozygous.
_HETEROZYGOUS = (0.3, 0.7)


@dataclass(frozen=True)
class Hits:
    """What befell one gene in one tumor.

    Attributes:
        truncating: Somatic changes that leave no working protein.
        altering: Somatic changes whose effect is not known.
        germline: Truncating germline variants.
        lost: Why an allele is lost, in words.
        deleted: Why both are, in words.
    """

    truncating: tuple[str, ...] = ()
    altering: tuple[str, ...] = ()
    germline: tuple[str, ...] = ()
    lost: tuple[str, ...] = ()
    deleted: tuple[str, ...] = ()

    @property
    def any(self) -> bool:
        """Whether a variant, or the loss of both alleles, is there."""
        return bool(self.truncating or self.altering or self.germline or self.deleted)

    def status(self) -> tuple[str, str]:
        """two_hits, possible or one_hit, and why in words."""
        sure = (*self.truncating, *self.germline)
        if self.deleted:
            return TWO, "both alleles are deleted"
        if sure and self.lost:
            return TWO, "one allele is changed and the other lost"
        if self.altering and self.lost:
            return POSSIBLE, "an allele is lost; the effect of the change is not known"
        if len(sure) + len(self.altering) > 1:
            return POSSIBLE, "two changes; whether they are on different alleles is not known"
        return ONE, "one change; no loss of the other allele was seen"


def of_gene(
    gene: str,
    somatic: Sequence[Finding],
    germline: Sequence[Finding],
    copies: Mapping[str, Any] | None,
    shifts: Sequence[str],
) -> Hits:
    """Gather what befell a gene.

    Args:
        gene: The gene.
        somatic: Variants of the tumor in it that were kept.
        germline: Variants of the person's normal in it that were kept, with consent.
        copies: Its row of the table `copy_number`, or None.
        shifts: Heterozygous germline variants whose allele fraction differs in the tumor.
    """
    inherited = {finding.finding_id for finding in germline}
    own = [f for f in somatic if f.kind == VARIANT and f.finding_id not in inherited]
    cut = tuple(f.alteration for f in own if _truncates(f, gene))
    rest = tuple(f.alteration for f in own if not _truncates(f, gene) and _alters(f, gene))
    state = str(copies["state"]) if copies else ""
    lost = []
    if copies and state in _LOST:
        lost.append(f"{state.replace('_', ' ')} ({copies['total']:g} copies)")
    return Hits(
        cut,
        rest,
        tuple(f.alteration for f in germline if _truncates(f, gene)),
        (*lost, *shifts),
        ("homozygous deletion",) if state == _BOTH else (),
    )


def _truncates(finding: Finding, gene: str) -> bool:
    return any(name.gene == gene and name.truncating for name in finding.names)


def _alters(finding: Finding, gene: str) -> bool:
    return any(name.gene == gene and name.altering for name in finding.names)


def shifted(
    tumor: Mapping[str, Any], normal: Mapping[str, Any], settings: TumorSettings
) -> str | None:
    """How far the allele fraction of a heterozygous germline variant differs in the tumor.

    Args:
        tumor: Row of the table `variants` of the tumor.
        normal: The same variant in the person's normal.
        settings: Bounds.

    Returns:
        The difference in words, None when the normal is not heterozygous, reads are lacking, or
        the two agree.
    """
    depth, alt = tumor.get("depth"), tumor.get("alt_depth")
    share = normal.get("vaf")
    if not depth or alt is None or share is None:
        return None
    if not _HETEROZYGOUS[0] <= share <= _HETEROZYGOUS[1]:
        return None
    here = alt / depth
    if abs(here - share) < settings.loh_min_shift:
        return None
    if binomtest(alt, depth, share).pvalue >= settings.loh_alpha:
        return None
    return f"allele fraction {here:.2f} against {share:.2f} in the normal"
