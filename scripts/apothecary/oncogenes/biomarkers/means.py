"""What biomarkers are assessed with, from the files and the configuration of a run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from apothecary import tables
from apothecary.calling import targets
from apothecary.oncogenes.biomarkers import msi_reads, regions, resources
from apothecary.oncogenes.biomarkers.assessment import BUILD, Means
from apothecary.oncogenes.biomarkers.schemas import MICROSATELLITES
from apothecary.oncogenes.settings import Settings
from apothecary.variants.reference import Fasta


def load(
    resource_files: Sequence[str],
    baseline_files: Sequence[str],
    config: Mapping[str, Any],
    work_folder: Path | str,
) -> Means:
    """Read them.

    Args:
        resource_files: The tables of resources/biomarkers.
        baseline_files: Tables microsatellites of earlier runs.
        config: The parts `biomarkers`, `oncogenes` and `reference` of the configuration.
        work_folder: A folder for the index of a FASTA that has none; kept while it is read.

    Raises:
        WorkflowInputError: The BED cannot be read.
        ResourceError: A table or the FASTA cannot be used.
    """
    settings, reference = config["biomarkers"], config["reference"]
    fasta = reference["fasta"] if reference["build"] == BUILD else ""
    bed = settings["tmb"]["regions"]
    return Means(
        resources.load(resource_files),
        settings,
        Settings.of(config["oncogenes"]),
        Fasta(fasta, work_folder) if fasta else None,
        regions.merged(targets.read_bed(bed)) if bed else None,
        msi_reads.pooled(tables.read_rows(path, MICROSATELLITES) for path in baseline_files),
    )
