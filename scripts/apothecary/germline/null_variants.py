"""Null variants: PVS1, and how strong it is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from apothecary.germline.rules import Code
from apothecary.germline.settings import Settings
from apothecary.germline.subjects import Variant
from apothecary.oncogenes import decay, findings

FULL, STRONG, MODERATE = "PVS1", "PVS1_STR", "PVS1_MOD"
_LOSS = "loss_of_function"
_GAIN = "gain_of_function"
_START_LOST = "start_lost"
_PREMATURE = frozenset({"stop_gained", "frameshift_variant"})
_WHOLE = frozenset({"transcript_ablation", "exon_loss_variant"})


@dataclass(frozen=True)
class Mechanisms:
    """How germline variants of genes act: sources by gene."""

    losses: Mapping[str, tuple[str, ...]]
    gains: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class CodingExon:
    """The coding part of an exon, 1-based inclusive.

    Attributes:
        number: Number of the exon along the transcript.
        start: First base, or first base of the exon's coding part.
        end: Last base.
        exon_start: First base of the whole exon.
        exon_end: Its last base.
    """

    number: int
    start: int
    end: int
    exon_start: int
    exon_end: int

    @property
    def bases(self) -> int:
        """Coding bases."""
        return self.end - self.start + 1


CodingExons = Mapping[tuple[str, str], Sequence[CodingExon]]
"""Coding exons by build and gene, in their order along the transcript."""


def mechanisms(rows: Iterable[Mapping[str, Any]]) -> Mechanisms:
    """Index the knowledge table `gene_mechanisms`."""
    found: dict[str, dict[str, dict[str, None]]] = {_LOSS: {}, _GAIN: {}}
    for row in rows:
        found[row["mechanism"]].setdefault(row["gene"], {})[row["source_id"]] = None
    losses, gains = (
        {gene: tuple(sources) for gene, sources in found[name].items()} for name in (_LOSS, _GAIN)
    )
    return Mechanisms(losses, gains)


def coding_exons(rows: Iterable[Mapping[str, Any]]) -> dict[tuple[str, str], list[CodingExon]]:
    """Index the knowledge table `exons` by its coding parts."""
    found: dict[tuple[str, str], list[CodingExon]] = {}
    for row in sorted(rows, key=lambda r: (r["gene"], r["exon"])):
        for build, suffix in (("GRCh38", ""), ("GRCh37", "_grch37")):
            if row[f"coding_start{suffix}"] is not None:
                one = CodingExon(
                    row["exon"],
                    row[f"coding_start{suffix}"],
                    row[f"coding_end{suffix}"],
                    row[f"start{suffix}"],
                    row[f"end{suffix}"],
                )
                found.setdefault((build, row["gene"]), []).append(one)
    return found


def residues(exons: CodingExons, build: str, gene: str) -> int | None:
    """Residues of the protein of a gene's transcript; None where its exons are not known."""
    of_gene = exons.get((build, gene))
    return sum(e.bases for e in of_gene) // 3 - 1 if of_gene else None


def assess(
    variant: Variant,
    known: Mechanisms,
    exons: CodingExons,
    domains: Mapping[str, Sequence[tuple[int, int]]],
    settings: Settings,
) -> list[Code]:
    """PVS1 at the strength that place and decay of the messenger allow.

    Args:
        variant: The variant in its gene.
        known: Whether loss of function is a mechanism of the gene.
        exons: Coding exons, for the frame that the skipping of one leaves.
        domains: First and last residue of domains, by gene.
        settings: The share of the protein that is much.
    """
    sources = known.losses.get(variant.gene)
    terms = variant.of.terms
    if not sources:
        return []
    if terms & _PREMATURE:
        code, words = _of_stop(variant, domains.get(variant.gene, ()), settings)
    elif terms & findings.SPLICE_TERMS:
        code, words = _of_splicing(
            variant, exons, domains.get(variant.gene, ()), settings.last_exon_share
        )
    elif _START_LOST in terms:
        code, words = MODERATE, "another start may be used"
    elif terms & _WHOLE:
        code, words = STRONG, "how much of the gene is lost is not told"
    else:
        return []
    named = " and ".join(sorted(terms))
    told = f"{named}; {words}; loss of function is a mechanism of the gene"
    return [Code(code, told, (variant.named_by, *sources))]


def _of_stop(
    variant: Variant, domains: Sequence[tuple[int, int]], settings: Settings
) -> tuple[str, str]:
    """A premature stop: by what is expected of the messenger, else by the exon."""
    row = variant.row or {}
    fate, reason = row.get("nmd"), row.get("nmd_reason")
    if fate == decay.TRIGGERS:
        return FULL, f"the messenger is degraded: {reason}"
    if fate == decay.ESCAPES or (fate is None and variant.of.in_last_exon):
        why = reason or "the stop is in the last exon"
        return _of_lost_end(variant, domains, settings, f"the messenger escapes decay: {why}")
    if fate is None and variant.of.exon is not None:
        first, last = variant.of.exon
        if first < last - 1:
            return FULL, f"in exon {first} of {last}, so that the messenger is degraded"
    return STRONG, "whether the messenger is degraded is not known"


def _of_lost_end(
    variant: Variant, domains: Sequence[tuple[int, int]], settings: Settings, words: str
) -> tuple[str, str]:
    residues, share = variant.of.residues, variant.of.share_lost
    if residues and any(end >= residues[0] for _, end in domains):
        return STRONG, f"{words}; part or all of a domain is lost"
    if share is None:
        return MODERATE, f"{words}; how much of the protein is lost is not known"
    much = share >= settings.last_exon_share
    return (STRONG if much else MODERATE), f"{words}; {share:.0%} of the protein is lost"


def _of_splicing(
    variant: Variant,
    exons: CodingExons,
    domains: Sequence[tuple[int, int]],
    least_share: float,
) -> tuple[str, str]:
    """A canonical splice site: by the frame that the skipping of its exon leaves."""
    build, _, pos, ref, _ = variant.of.locus
    of_gene = exons.get((build, variant.gene), ())
    reach = findings.SPLICE_SITE_BASES
    first, last = pos - reach, pos + len(ref) - 1 + reach
    hit = [at for at, e in enumerate(of_gene) if e.exon_start <= last and e.exon_end >= first]
    if len(hit) != 1:
        return STRONG, "which exon is skipped is not known"
    at, one = hit[0], of_gene[hit[0]]
    if at == 0 or at == len(of_gene) - 1:
        return STRONG, f"exon {one.number} has the start or the end of the coding sequence"
    if one.bases % 3:
        return FULL, f"without exon {one.number} the frame is lost"
    before = sum(e.bases for e in of_gene[:at])
    residues = (before // 3 + 1, (before + one.bases) // 3)
    share = one.bases / sum(e.bases for e in of_gene)
    words = f"without exon {one.number} {share:.0%} of the protein is lost in frame"
    in_domain = any(start <= residues[1] and residues[0] <= end for start, end in domains)
    if in_domain:
        return STRONG, f"{words}, in a domain"
    return (STRONG if share >= least_share else MODERATE), words
