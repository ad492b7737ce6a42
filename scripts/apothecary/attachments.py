"""The small files that a sheet names beside the variants: outside calls, copies and fusions.

A file is read only where the subject consented to its use, and a sample whose file cannot be
taken fails with the reason, as it would for its variants.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from apothecary.errors import WorkflowInputError
from apothecary.hardening import bounded
from apothecary.hardening.bounded import Limits
from apothecary.knowledge.pack import Pack
from apothecary.oncogenes import copy_number, evidence, fusions, junctions
from apothecary.oncogenes.settings import Settings
from apothecary.pharmacogenes import definitions, outside

COLUMNS = ("outside_calls", "copy_number", "fusions")

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
    limits: Limits,
) -> Attachments:
    """Read the small files of the samples of a batch.

    Args:
        samples: Rows of the table samples, with paths as in the sheet.
        folder: The folder that those paths are relative to.
        scopes: Sample id to the scopes that its subject granted.
        pack: The knowledge pack.
        settings: The section `oncogenes` of the configuration.
        limits: What the reading of a sample's files may take.

    Returns:
        The rows, and the samples that failed; of those no row is given.
    """
    found = Attachments()
    known = definitions.from_pack(pack)
    thresholds = Settings.of(settings)
    for sample in samples:
        name = sample["sample_id"]
        given = [sample[column] for column in COLUMNS if sample[column]]
        if not given:
            continue
        read_it = partial(_read_sample, sample, folder, scopes[name], known, pack, thresholds)
        try:
            parts = bounded.read(", ".join(given), limits, read_it)
        except WorkflowInputError as error:
            found.failures[name] = "; ".join(problem.line() for problem in error.problems)
            continue
        for table, rows in parts:
            getattr(found, table).extend(rows)
    return found


def _read_sample(
    sample: Mapping[str, Any],
    folder: str,
    scopes: Sequence[str],
    known: definitions.Definitions,
    pack: Pack,
    thresholds: Settings,
) -> Iterator[tuple[str, list[Row]]]:
    """The rows of one sample, by table."""
    name = sample["sample_id"]
    if sample["outside_calls"] and "pharmacogenes" in scopes:
        path = Path(folder) / sample["outside_calls"]
        yield "outside_calls", outside.read(path, name, known, sample["outside_calls"])
    if sample["copy_number"] and "tumor" in scopes:
        segments = copy_number.read(
            Path(folder) / sample["copy_number"], sample.get("purity"), sample.get("ploidy")
        )
        genes, regions = evidence.index(pack).genes, pack.rows("gene_regions")
        yield "copy_number", copy_number.of_genes(name, segments, regions, genes, thresholds)
    if sample["fusions"] and "tumor" in scopes:
        path = Path(folder) / sample["fusions"]
        if path.name.lower().endswith(junctions.SUFFIXES):
            yield "fusions", junctions.read(name, path, pack.rows("gene_regions"))
        else:
            yield "fusions", fusions.read(name, path)
