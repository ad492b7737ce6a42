"""The tables that biomarkers are assessed by: signatures, the model of MSI, genes of HRD."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from apothecary.errors import Problem, ResourceError
from apothecary.oncogenes.biomarkers import catalogues
from apothecary.oncogenes.biomarkers.refit import Numbers


@dataclass(frozen=True)
class Matrix:
    """Signatures of one kind of catalogue.

    Attributes:
        types: Types of mutations, sorted.
        signatures: Names of the signatures.
        values: Types by signatures; each column sums to one.
        source: Where it is from.
    """

    types: tuple[str, ...]
    signatures: tuple[str, ...]
    values: Numbers
    source: str


@dataclass(frozen=True)
class Resources:
    """What biomarkers are assessed by.

    Attributes:
        matrices: Signatures by kind of catalogue and by genome or exome.
        groups: What the source groups a signature under, by its name.
        msi_model: Values of the model of microsatellite instability by name.
        hrd_genes: Genes whose loss of both copies hints at HRD.
    """

    matrices: Mapping[tuple[str, str], Matrix]
    groups: Mapping[str, str]
    msi_model: Mapping[str, float]
    hrd_genes: tuple[str, ...]


def load(files: Iterable[str | Path]) -> Resources:
    """Read the tables.

    Args:
        files: The tables of resources/biomarkers, told apart by their names.

    Raises:
        ResourceError: A table is missing.
    """
    by_name = {Path(file).stem: Path(file) for file in files}
    of = {
        (catalogues.SBS, "genome"): "signatures_SBS96_genome",
        (catalogues.SBS, "exome"): "signatures_SBS96_exome",
        (catalogues.DBS, "genome"): "signatures_DBS78_genome",
        (catalogues.DBS, "exome"): "signatures_DBS78_exome",
        (catalogues.ID, "genome"): "signatures_ID83",
        (catalogues.ID, "exome"): "signatures_ID83",
    }
    return Resources(
        {key: _matrix(_rows(by_name, name)) for key, name in of.items()},
        {row["signature"]: row["group"] for row in _rows(by_name, "signature_groups")},
        {row["name"]: float(row["value"]) for row in _rows(by_name, "msi_model")},
        tuple(row["gene"] for row in _rows(by_name, "hrd_genes")),
    )


def _rows(by_name: Mapping[str, Path], name: str) -> list[dict[str, str]]:
    if name not in by_name or not by_name[name].is_file():
        problem = Problem(f"{name}.tsv", "the table is not there", "a whole installation")
        raise ResourceError(problem)
    with by_name[name].open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream, delimiter="\t"))


def _matrix(rows: list[dict[str, str]]) -> Matrix:
    names = tuple(name for name in rows[0] if name not in ("type", "source"))
    values = np.array([[float(row[name]) for name in names] for row in rows])
    return Matrix(
        tuple(row["type"] for row in rows),
        names,
        values / values.sum(axis=0),
        rows[0]["source"],
    )
