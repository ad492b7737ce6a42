"""Copy number of genes from the depth of targets: a tumor against its normal, or several normals.

A ratio of depth tells relative copies. What it means in copies of a tumor cell hangs on purity and
ploidy; where the purity is not known, only what holds at any purity is called.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.stats import norm

from apothecary.oncogenes.segment_formats import copies_of_ratio
from apothecary.oncogenes.settings import Settings
from apothecary.oncogenes.tumor_settings import TumorSettings

UNCERTAIN = "uncertain"
NOT_ASSESSED = "not_assessed"
_MAD_OF_NORMAL = float(norm.ppf(0.75))
_SEX_CHROMOSOMES = frozenset({"chrX", "chrY"})
# Depth that stands for none, so that a target without reads has a logarithm.
_LEAST_SHARE = 0.001

Row = Mapping[str, Any]
Floats = npt.NDArray[np.float64]
Gc = Callable[[str, int, int], float | None]


@dataclass(frozen=True)
class Target:
    """A target with the gene that it is in.

    Attributes:
        region_id: As in the table `coverage`.
        gene: The gene.
        chrom: Chromosome with chr.
        start: 1-based first base.
        end: 1-based last base.
    """

    region_id: str
    gene: str
    chrom: str
    start: int
    end: int


@dataclass(frozen=True)
class Baseline:
    """What a tumor is held against.

    Attributes:
        depths: Mean depth by region of each normal.
        words: Which normals.
        matched: Whether it is the normal of the same person.
    """

    depths: Sequence[Mapping[str, float]]
    words: str
    matched: bool


def targets_of(coverage: Iterable[Row], gene_regions: Iterable[Row]) -> list[Target]:
    """The targets of genes in a coverage table: those of the assay, else the exons.

    Args:
        coverage: Rows of the table `coverage` of one sample.
        gene_regions: Rows of the knowledge table `gene_regions`; a target is of every gene that it
            lies in.
    """
    rows = list(coverage)
    kind = "target" if any(row["kind"] == "target" for row in rows) else "exon"
    genes: dict[str, list[Row]] = {}
    for region in gene_regions:
        genes.setdefault(region["chrom"], []).append(region)
    found = []
    for row in rows:
        if row["kind"] != kind:
            continue
        named = (
            [row["gene"]]
            if row["gene"]
            else [
                region["gene"]
                for region in genes.get(row["chrom"], ())
                if region["start"] <= row["end"] and region["end"] >= row["start"]
            ]
        )
        found += [
            Target(row["region_id"], gene, row["chrom"], row["start"], row["end"]) for gene in named
        ]
    return found


def of_sample(
    sample: Row,
    depths: Mapping[str, float],
    baseline: Baseline | None,
    targets: Sequence[Target],
    gc: Gc,
    settings: Settings,
    limits: TumorSettings,
) -> list[dict[str, Any]]:
    """Copy number of the genes of a tumor.

    Args:
        sample: Row of the table `samples`.
        depths: Mean depth by region.
        baseline: The normals; None when there are too few.
        targets: See `targets_of`.
        gc: Share of G and C of a stretch of the reference (chromosome, 1-based first and last
            base); None where it is not known.
        settings: Copies that make an amplification, a gain, a loss.
        limits: Least targets and depths.

    Returns:
        Rows of the table `depth_copy_number`, sorted by gene. A gene with too few targets, or on a
        sex chromosome without a matched normal, is not assessed, with the reason.
    """
    names = sorted({target.gene for target in targets})
    if baseline is None:
        reason = f"no matched normal in the batch, and fewer than {limits.depth_min_normals} others"
        return [_unassessed(sample, gene, reason) for gene in names]
    log2, method = _ratios(depths, baseline, targets, gc, limits)
    rows = []
    for gene in names:
        here = [target for target in targets if target.gene == gene]
        values = np.array([log2[t.region_id] for t in here if t.region_id in log2])
        if len(values) < limits.depth_min_targets:
            reason = f"{len(values)} targets, {limits.depth_min_targets} are needed"
            rows.append(_unassessed(sample, gene, reason))
        elif here[0].chrom in _SEX_CHROMOSOMES and not baseline.matched:
            rows.append(_unassessed(sample, gene, "on a sex chromosome, without a matched normal"))
        else:
            rows.append(
                _assessed(sample, here, values, f"{baseline.words}; {method}", settings, limits)
            )
    return rows


def _ratios(
    depths: Mapping[str, float],
    baseline: Baseline,
    targets: Sequence[Target],
    gc: Gc,
    limits: TumorSettings,
) -> tuple[dict[str, float], str]:
    """log2 of the depth of each target over that of the normals, each over its own median."""
    chosen = {t.region_id: t for t in targets if t.chrom not in _SEX_CHROMOSOMES}
    every = {t.region_id: t for t in targets}
    usable = [
        name
        for name in sorted(every)
        if name in depths
        and np.median([d.get(name, 0.0) for d in baseline.depths]) >= limits.depth_min_normal_depth
    ]
    autosomal = [name for name in usable if name in chosen]
    if not autosomal:
        return {}, "no target has depth in the normals"
    own = np.median([depths[name] for name in autosomal])
    if own <= 0:
        return {}, "the tumor has no depth"
    scales = [np.median([d.get(name, 0.0) for name in autosomal]) for d in baseline.depths]
    log2 = {}
    for name in usable:
        usual = np.median(
            [d.get(name, 0.0) / s for d, s in zip(baseline.depths, scales, strict=True) if s > 0]
        )
        log2[name] = float(np.log2(max(depths[name] / own, _LEAST_SHARE) / usual))
    return _without_gc(log2, every, autosomal, gc, limits)


def _without_gc(
    log2: dict[str, float],
    targets: Mapping[str, Target],
    autosomal: Sequence[str],
    gc: Gc,
    limits: TumorSettings,
) -> tuple[dict[str, float], str]:
    """Ratios without the median of their GC bin, the whole centred on the autosomes."""
    shares = {n: gc(targets[n].chrom, targets[n].start, targets[n].end) for n in log2}
    known = [name for name in autosomal if shares[name] is not None]
    method = "GC not corrected"
    # A bin needs targets of several genes, else a gene's own change would be taken for GC.
    bins = min(limits.depth_gc_bins, len(known) // (5 * limits.depth_min_targets))
    if bins >= 2:
        edges = np.quantile([shares[n] or 0.0 for n in known], np.linspace(0, 1, bins + 1)[1:-1])
        of = {n: int(np.searchsorted(edges, s)) for n, s in shares.items() if s is not None}
        medians = {
            b: float(np.median([log2[n] for n in known if of[n] == b])) for b in set(of.values())
        }
        log2 = {n: v - medians[of[n]] if n in of else v for n, v in log2.items()}
        method = f"GC corrected in {bins} bins"
    centre = float(np.median([log2[name] for name in autosomal]))
    return {name: value - centre for name, value in log2.items()}, method


def _assessed(
    sample: Row,
    targets: Sequence[Target],
    values: Floats,
    method: str,
    settings: Settings,
    limits: TumorSettings,
) -> dict[str, Any]:
    middle = float(np.median(values))
    spread = float(np.median(np.abs(values - middle))) / _MAD_OF_NORMAL
    reach = float(norm.ppf((1 + limits.interval_level) / 2)) * spread / len(values) ** 0.5
    purity, ploidy = sample.get("purity"), sample.get("ploidy") or 2.0
    low, high = middle - reach, middle + reach
    bounds = [copies_of_ratio(x, purity or 1.0, ploidy) for x in (low, middle, high)]
    male = sample["sex"] == "M" and targets[0].chrom in _SEX_CHROMOSOMES
    copies = [value / 2 for value in bounds] if male else bounds
    return {
        **_base(sample, targets[0].gene),
        "chrom": targets[0].chrom,
        "start": min(t.start for t in targets),
        "end": max(t.end for t in targets),
        "targets": len(values),
        "log2": middle,
        "log2_low": low,
        "log2_high": high,
        "total": copies[1] if purity else None,
        "total_low": copies[0] if purity else None,
        "total_high": copies[2] if purity else None,
        "state": _state(copies[0], copies[2], 1.0 if male else 2.0, purity, settings),
        "reason": method if purity else f"{method}; the purity is not given",
    }


def _state(low: float, high: float, usual: float, purity: float | None, settings: Settings) -> str:
    """The state that the whole interval of copies has.

    Normal cells draw copies towards the usual ones. Without a purity the copies are those of a
    pure tumor: a gain or amplification is then one all the more, while a deletion cannot be told
    from a loss, nor neutral from a change of few cells.
    """
    tolerance = settings.copy_tolerance
    if low >= settings.amplification_min_copies:
        return "amplification"
    if low >= settings.gain_copies:
        return "gain"
    if purity and high < tolerance:
        return "homozygous_deletion"
    if high < usual - tolerance:
        return "loss"
    inside = usual - tolerance <= low and high < settings.gain_copies
    return "neutral" if purity and inside else UNCERTAIN


def _base(sample: Row, gene: str) -> dict[str, Any]:
    return {"sample_id": sample["sample_id"], "gene": gene}


def _unassessed(sample: Row, gene: str, reason: str) -> dict[str, Any]:
    return {**_base(sample, gene), "targets": 0, "state": NOT_ASSESSED, "reason": reason}


def filled(copy_number: Iterable[Row], by_depth: Iterable[Row]) -> list[Row]:
    """Copy number by gene: of the user's segments, else by depth where a state is told.

    Args:
        copy_number: Rows of the table `copy_number`.
        by_depth: Rows of the table `depth_copy_number`.

    Returns:
        Rows with the columns of `copy_number`; those by depth have no line of a file, and one
        without purity the copies of a pure tumor.
    """
    given = list(copy_number)
    have = {row["sample_id"] for row in given}
    rest = [
        {**row, "total": _told(row), "major": None, "minor": None, "row": 0}
        for row in by_depth
        if row["sample_id"] not in have and row["state"] not in (UNCERTAIN, NOT_ASSESSED)
    ]
    return [*given, *rest]


def _told(row: Row) -> float:
    return float(row["total"] if row["total"] is not None else 2.0 ** (row["log2"] + 1))
