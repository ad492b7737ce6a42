"""The tumors and normals of a batch, brought to copy number by depth."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from apothecary import selection
from apothecary.oncogenes import depth_copy_number, evidence
from apothecary.oncogenes.consequences import Knowledge
from apothecary.oncogenes.depth_copy_number import Baseline
from apothecary.oncogenes.settings import Settings
from apothecary.oncogenes.tumor_settings import TumorSettings
from apothecary.variants.reference import Fasta

Row = Mapping[str, Any]


def estimate(
    tumors: Sequence[Row],
    samples: Sequence[Row],
    coverage: Iterable[Row],
    pack: Knowledge,
    fasta: Sequence[str],
    work_folder: Path | str,
    settings: Mapping[str, Any],
) -> list[dict[str, Any]]:
    """Copy number of the genes of the tumors that were measured.

    Args:
        tumors: Rows of the table samples, of consented tumors.
        samples: Rows of the table samples that were read.
        coverage: Rows of the table coverage, of the batch.
        pack: The knowledge pack; cancer genes are looked at.
        fasta: The reference sequence, for GC; empty for none.
        work_folder: A folder for the index of the reference; the caller removes it.
        settings: The sections `oncogenes` and `tumors` of the configuration.

    Returns:
        Rows of the table depth_copy_number.
    """
    by_sample = selection.by_sample(coverage)
    measured = [tumor for tumor in tumors if tumor["sample_id"] in by_sample]
    if not measured:
        return []
    genes = evidence.index(pack).genes
    regions = [row for row in pack.rows("gene_regions") if row["gene"] in genes]
    reference = Fasta(fasta[0], work_folder) if fasta else None
    depths = {
        name: {row["region_id"]: float(row["mean_depth"]) for row in rows}
        for name, rows in by_sample.items()
    }
    states, limits = Settings.of(settings["oncogenes"]), TumorSettings.of(settings["tumors"])

    def gc(chrom: str, start: int, end: int) -> float | None:
        bases = reference.bases(chrom, start, end) if reference else None
        return _gc(bases) if bases else None

    found: list[dict[str, Any]] = []
    for tumor in measured:
        name = tumor["sample_id"]
        targets = [
            target
            for target in depth_copy_number.targets_of(by_sample[name], regions)
            if target.gene in genes
        ]
        baseline = _baseline(tumor, samples, depths, limits)
        found += depth_copy_number.of_sample(
            tumor, depths[name], baseline, targets, gc, states, limits
        )
    return found


def _gc(bases: str) -> float | None:
    """Share of G and C among the bases that are known."""
    known = [base for base in bases.upper() if base in "ACGT"]
    return sum(base in "GC" for base in known) / len(known) if known else None


def _baseline(
    tumor: Row,
    samples: Sequence[Row],
    depths: Mapping[str, Mapping[str, float]],
    limits: TumorSettings,
) -> Baseline | None:
    """The normal of the person; else the normals of the same assay, if there are enough."""
    normals = [
        row
        for row in samples
        if row["role"] in ("normal", "germline") and row["sample_id"] in depths
    ]
    own = [row for row in normals if row["subject_id"] == tumor["subject_id"]]
    if own:
        name = own[0]["sample_id"]
        return Baseline([depths[name]], f"against the normal {name}", matched=True)
    others = [row["sample_id"] for row in normals if row["assay"] == tumor["assay"]]
    if len(others) < limits.depth_min_normals:
        return None
    words = f"against the median of {len(others)} normals"
    return Baseline([depths[name] for name in others], words, matched=False)
