"""Whether a gene is a tumor suppressor or an oncogene, and by which source."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from apothecary.oncogenes import profiles
from apothecary.oncogenes.sop.settings import Settings

_LOSSES = frozenset(
    {profiles.LOSS_OF_FUNCTION, profiles.TRUNCATING, profiles.DELETION, profiles.ALLELE_LOSS}
)
_GAIN = "Gain of Function"
_SUPPORTS = "Supports"


@dataclass(frozen=True)
class Mechanisms:
    """Genes by how their somatic variants act.

    Attributes:
        suppressors: Sources by tumor suppressor.
        oncogenes: Sources by oncogene.
    """

    suppressors: Mapping[str, tuple[str, ...]]
    oncogenes: Mapping[str, tuple[str, ...]]

    def has_role(self, gene: str) -> bool:
        """Whether a gene has a role in cancer by any source."""
        return gene in self.suppressors or gene in self.oncogenes


def index(
    roles: Iterable[Mapping[str, Any]],
    mechanisms: Iterable[Mapping[str, Any]],
    hotspots: Iterable[Mapping[str, Any]],
    evidence: Iterable[Mapping[str, Any]],
    settings: Settings,
) -> Mechanisms:
    """Index the roles of genes.

    A named role counts as it is. A germline mechanism, evidence on the loss of a gene and stops
    among its recurrent changes make a gene a suppressor only where nothing makes it an oncogene.

    Args:
        roles: Rows of the knowledge table `gene_roles`.
        mechanisms: Rows of `gene_mechanisms`.
        hotspots: Rows of `hotspot_residues`.
        evidence: Rows of `civic_evidence`; flagged ones are left out.
        settings: See `Settings`.
    """
    recurrent = list(hotspots)
    germline = list(mechanisms)
    named = [(row["gene"], row["source_id"], row["role"]) for row in roles]
    losses, gains = _by_evidence(evidence)
    losses += [_told(row) for row in germline if row["mechanism"] == "loss_of_function"]
    losses += _by_stops(recurrent, settings)
    gains += [_told(row) for row in germline if row["mechanism"] == "gain_of_function"]
    gains += [(gene, source) for gene, source, role in named if role == "oncogene"]
    oncogenes = _grouped(gains)
    suppressors = _grouped((g, source) for g, source, role in named if role == "tumor_suppressor")
    for gene, sources in _grouped(losses).items():
        if gene in suppressors or gene not in oncogenes:
            suppressors[gene] = tuple(dict.fromkeys((*suppressors.get(gene, ()), *sources)))
    for gene, sources in _grouped(map(_told, recurrent)).items():
        if gene not in suppressors:
            oncogenes[gene] = tuple(dict.fromkeys((*oncogenes.get(gene, ()), *sources)))
    return Mechanisms(suppressors, oncogenes)


_Told = tuple[str, str]


def _told(row: Mapping[str, Any]) -> _Told:
    return row["gene"], row["source_id"]


def _grouped(told: Iterable[_Told]) -> dict[str, tuple[str, ...]]:
    found: dict[str, dict[str, None]] = {}
    for gene, source in told:
        found.setdefault(gene, {})[source] = None
    return {gene: tuple(sources) for gene, sources in found.items()}


def _by_evidence(evidence: Iterable[Mapping[str, Any]]) -> tuple[list[_Told], list[_Told]]:
    """Genes whose loss has evidence, and genes with a change that gains function."""
    losses: list[_Told] = []
    gains: list[_Told] = []
    for row in evidence:
        if row["flagged"] or row["direction"] != _SUPPORTS:
            continue
        for component in profiles.components(profiles.parse(row["molecular_profile"])):
            if not component.gene:
                continue
            if row["evidence_type"] == "Functional" and row["significance"] == _GAIN:
                gains.append((component.gene, row["source_id"]))
            elif component.kind in _LOSSES:
                losses.append((component.gene, row["source_id"]))
    return losses, gains


def _by_stops(hotspots: Iterable[Mapping[str, Any]], settings: Settings) -> list[tuple[str, str]]:
    tumors: dict[str, int] = {}
    stops: dict[str, int] = {}
    sources: dict[str, str] = {}
    for row in hotspots:
        gene, samples = row["gene"], row["samples"] or 0
        tumors[gene] = tumors.get(gene, 0) + samples
        sources[gene] = row["source_id"]
        if row["change"] == "*":
            stops[gene] = stops.get(gene, 0) + samples
    return [
        (gene, sources[gene])
        for gene, count in sorted(stops.items())
        if count >= settings.suppressor_min_stops
        and count >= settings.suppressor_min_share * tumors[gene]
    ]
