"""Coverage of targets, genes, coding exons and positions, from the depth at every base."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from apothecary.qc.depth import Depth
from apothecary.qc.metrics import Metric
from apothecary.qc.regions import Region, assayed, stretches

DEPTHS = (10, 20, 30, 100)
# A base counts as evenly covered from this share of the mean depth on.
EVEN_SHARE = 0.2


@dataclass(frozen=True)
class Callable:
    """When a base, and when a region, can be called.

    Attributes:
        depth: Reads over a base from which it can be called.
        fraction: Share of a region's bases from which the region can be called.
    """

    depth: int
    fraction: float

    @classmethod
    def of_sample(cls, settings: Mapping[str, Any], role: str, assay: str) -> Callable:
        """The setting of a role and assay.

        Args:
            settings: The section `qc.callable` of a checked configuration.
            role: germline, tumor or normal.
            assay: genome, exome, panel or array.

        Returns:
            The values of the role under `default`, overlaid with those of the assay.
        """
        of_role = settings[role]
        return cls(**{**of_role.get("default", {}), **of_role.get(assay, {})})


def rows(
    sample_id: str, regions: Iterable[Region], depth: Depth, limit: Callable
) -> list[dict[str, Any]]:
    """Rows of the table coverage.

    Args:
        sample_id: The sample.
        regions: The regions to tell of.
        depth: Depth over them at least.
        limit: When a base and a region can be called.

    Returns:
        A row a region.
    """
    found = []
    for region in regions:
        depths = depth.over(region.chrom, region.pieces)
        callable_fraction = float((depths >= limit.depth).mean())
        mean = float(depths.mean())
        found.append(
            {
                "sample_id": sample_id,
                "region_id": region.region_id,
                "kind": region.kind,
                "gene": region.gene,
                "exon": region.exon,
                "position_id": region.position_id,
                "chrom": region.chrom,
                "start": region.start0 + 1,
                "end": region.end0,
                "bases": region.bases,
                "mean_depth": mean,
                "median_depth": float(np.median(depths)),
                **{f"fraction_{d}x": float((depths >= d).mean()) for d in DEPTHS},
                "uniformity": _uniformity(depths),
                "callable_fraction": callable_fraction,
                "callable": callable_fraction >= limit.fraction,
            }
        )
    return found


def _uniformity(depths: npt.NDArray[np.int32]) -> float | None:
    mean = float(depths.mean()) if len(depths) else 0.0
    return float((depths >= EVEN_SHARE * mean).mean()) if mean else None


def reached(regions: Iterable[Region], depth: Depth, limit: Callable) -> set[str]:
    """The genes of which a coding base can be called.

    Args:
        regions: Regions of an assay.
        depth: Depth over them at least.
        limit: When a base can be called.
    """
    return {
        str(region.gene)
        for region in regions
        if region.kind == "exon"
        and bool((depth.over(region.chrom, region.pieces) >= limit.depth).any())
    }


def metrics(regions: Sequence[Region], depth: Depth, limit: Callable) -> list[Metric]:
    """Coverage of what the assay is meant to cover, each base once.

    Args:
        regions: All regions of the sample's assay.
        depth: Depth over them.
        limit: When a base can be called.

    Returns:
        Measures of the sample as a whole.
    """
    merged = stretches(assayed(regions))
    parts = [depth.over(chrom, pieces) for chrom, pieces in merged.items()]
    depths = np.concatenate(parts) if parts else np.zeros(0, dtype=np.int32)
    names = ("mean_target_depth", "median_target_depth")
    shares = [f"target_fraction_{d}x" for d in DEPTHS]
    last = ("target_uniformity", "target_callable_fraction")
    if not len(depths):
        reason = "no target, exon or position to measure"
        return [
            *(Metric(name, None, "x", reason) for name in names),
            *(Metric(name, None, "fraction", reason) for name in (*shares, *last)),
        ]
    even = _uniformity(depths)
    return [
        Metric(names[0], float(depths.mean()), "x"),
        Metric(names[1], float(np.median(depths)), "x"),
        *(
            Metric(name, float((depths >= d).mean()), "fraction")
            for name, d in zip(shares, DEPTHS, strict=True)
        ),
        Metric(last[0], even, "fraction", None if even is not None else "no reads on the targets"),
        Metric(last[1], float((depths >= limit.depth).mean()), "fraction"),
    ]


def uncallable_positions(rows_of_sample: Iterable[Mapping[str, Any]]) -> set[tuple[str, str]]:
    """Gene and position of the allele definitions that cannot be called.

    Args:
        rows_of_sample: Rows of the table coverage of one sample.

    Returns:
        Pairs of gene and position_id.
    """
    return {
        (row["gene"], row["position_id"])
        for row in rows_of_sample
        if row["kind"] == "position" and not row["callable"]
    }
