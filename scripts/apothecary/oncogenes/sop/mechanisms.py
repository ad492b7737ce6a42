"""Whether a gene is a tumor suppressor or an oncogene, and by which source."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from apothecary.oncogenes import profiles
from apothecary.oncogenes.sop.settings import Settings

_LOSSES = frozenset({profiles.LOSS_OF_FUNCTION, profiles.TRUNCATING, profiles.DELETION})
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
    among its recurrent changes make a gene a suppressor only where nothing makes it an oncogene;
    stops at one residue alone do not.

    Args:
        roles: Rows of the knowledge table `gene_roles`.
        mechanisms: Rows of `gene_mechanisms`.
        hotspots: Rows of `hotspot_residues`.
        evidence: Rows of `civic_evidence`; flagged ones are left out.
        settings: See `Settings`.
    """
    suppressors: dict[str, dict[str, None]] = {}
    oncogenes: dict[str, dict[str, None]] = {}
    for row in roles:
        of = suppressors if row["role"] == "tumor_suppressor" else oncogenes
        of.setdefault(row["gene"], {})[row["source_id"]] = None
    losses: list[tuple[str, str]] = []
    for row in evidence:
        if row["flagged"] or row["direction"] != _SUPPORTS:
            continue
        for component in profiles.components(profiles.parse(row["molecular_profile"])):
            if row["evidence_type"] == "Functional" and row["significance"] == _GAIN:
                oncogenes.setdefault(component.gene, {})[row["source_id"]] = None
            elif component.kind in _LOSSES and component.gene:
                losses.append((component.gene, row["source_id"]))
    for row in mechanisms:
        if row["mechanism"] == "loss_of_function":
            losses.append((row["gene"], row["source_id"]))
        else:
            oncogenes.setdefault(row["gene"], {})[row["source_id"]] = None
    recurrent = list(hotspots)
    losses += _by_stops(recurrent, settings)
    for gene, source_id in losses:
        if gene in suppressors or gene not in oncogenes:
            suppressors.setdefault(gene, {})[source_id] = None
    for row in recurrent:
        if row["gene"] not in suppressors:
            oncogenes.setdefault(row["gene"], {})[row["source_id"]] = None
    return Mechanisms(
        {gene: tuple(sources) for gene, sources in suppressors.items()},
        {gene: tuple(sources) for gene, sources in oncogenes.items()},
    )


def _by_stops(
    hotspots: Iterable[Mapping[str, Any]], settings: Settings
) -> list[tuple[str, str]]:
    tumors: dict[str, int] = {}
    stops: dict[str, dict[str, int]] = {}
    sources: dict[str, str] = {}
    for row in hotspots:
        gene, samples = row["gene"], row["samples"] or 0
        tumors[gene] = tumors.get(gene, 0) + samples
        sources[gene] = row["source_id"]
        if row["change"] == "*":
            stops.setdefault(gene, {})[row["residue"]] = samples
    return [
        (gene, sources[gene])
        for gene, of in sorted(stops.items())
        if len(of) > 1
        and sum(of.values()) >= settings.suppressor_min_stops
        and sum(of.values()) >= settings.suppressor_min_share * tumors[gene]
    ]
