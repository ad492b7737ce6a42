"""The small files that a sheet names beside the variants: outside calls, copies and fusions.

A file is read only where the subject consented to its use, and a sample whose file cannot be
taken fails with the reason, as it would for its variants.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from apothecary.errors import WorkflowInputError
from apothecary.knowledge.pack import Pack
from apothecary.oncogenes import copy_number, evidence, fusions, junctions
from apothecary.oncogenes.settings import Settings
from apothecary.pharmacogenes import definitions, outside

Row = dict[str, Any]


@dataclass
class Attachments:
    """What the small files of a batch hold.

    Attributes:
        outside_calls: Rows of the table outside_calls.
        copy_number: Rows of the table copy_number.
        fusions: Rows of the table fusions.
        failures: Sample id to the one-line reason, for samples whose files cannot be taken.
    """

    outside_calls: list[Row] = field(default_factory=list)
    copy_number: list[Row] = field(default_factory=list)
    fusions: list[Row] = field(default_factory=list)
    failures: dict[str, str] = field(default_factory=dict)


def read(
    samples: Sequence[Mapping[str, Any]],
    folder: str,
    scopes: Mapping[str, Sequence[str]],
    pack: Pack,
    settings: Mapping[str, Any],
) -> Attachments:
    """Read the small files of the samples of a batch.

    Args:
        samples: Rows of the table samples, with paths as in the sheet.
        folder: The folder that those paths are relative to.
        scopes: Sample id to the scopes that its subject granted.
        pack: The knowledge pack.
        settings: The section `oncogenes` of the configuration.

    Returns:
        The rows, and the samples that failed; of those no row is given.
    """
    found = Attachments()
    known = definitions.from_pack(pack)
    thresholds = Settings.of(settings)
    for sample in samples:
        name = sample["sample_id"]
        try:
            outside_rows, segments, fusion_rows = _read_sample(
                sample, folder, scopes[name], known, pack
            )
        except WorkflowInputError as error:
            found.failures[name] = "; ".join(problem.line() for problem in error.problems)
            continue
        found.outside_calls += outside_rows
        found.fusions += fusion_rows
        if segments:
            genes = evidence.index(pack).genes
            regions = pack.rows("gene_regions")
            found.copy_number += copy_number.of_genes(name, segments, regions, genes, thresholds)
    return found


def _read_sample(
    sample: Mapping[str, Any],
    folder: str,
    scopes: Sequence[str],
    known: definitions.Definitions,
    pack: Pack,
) -> tuple[list[Row], list[copy_number.Segment], list[Row]]:
    name = sample["sample_id"]
    outside_rows: list[Row] = []
    segments: list[copy_number.Segment] = []
    fusion_rows: list[Row] = []
    if sample["outside_calls"] and "pharmacogenes" in scopes:
        path = Path(folder) / sample["outside_calls"]
        outside_rows = outside.read(path, name, known, sample["outside_calls"])
    if sample["copy_number"] and "tumor" in scopes:
        segments = copy_number.read(
            Path(folder) / sample["copy_number"], sample.get("purity"), sample.get("ploidy")
        )
    if sample["fusions"] and "tumor" in scopes:
        path = Path(folder) / sample["fusions"]
        if path.name.lower().endswith(junctions.SUFFIXES):
            fusion_rows = junctions.read(name, path, pack.rows("gene_regions"))
        else:
            fusion_rows = fusions.read(name, path)
    return outside_rows, segments, fusion_rows
