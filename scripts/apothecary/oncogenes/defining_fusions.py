"""Fusions that a tumor has by its diagnosis, since the diagnosis is made by them.

They let a profile be met that asks for the fusion beside a variant (BCR::ABL1 Fusion AND ABL1
T315I), where no fusions were given. They are told as not measured, and are no finding themselves.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path

from apothecary.errors import Problem, ResourceError
from apothecary.oncogenes.findings import FUSION, Finding

_COLUMNS = ("oncotree_code", "gene_5prime", "gene_3prime", "source")
_PREFIX = "diagnosis:"

Defining = Mapping[str, Sequence[Finding]]


def read(path: Path | str) -> Defining:
    """Read the table of tumor types that a fusion defines.

    Args:
        path: A TSV file with a header line.

    Returns:
        The fusions by OncoTree code, as findings.

    Raises:
        ResourceError: The file is not such a table.
    """
    with Path(path).open(encoding="utf-8", newline="") as stream:
        reader = csv.DictReader(stream, delimiter="\t")
        if tuple(reader.fieldnames or ()) != _COLUMNS:
            found = f"columns {', '.join(reader.fieldnames or ()) or 'none'}"
            raise ResourceError(Problem(str(path), found, f"needed: {', '.join(_COLUMNS)}", 1))
        by_code: dict[str, list[Finding]] = {}
        for row in reader:
            partners = (row["gene_5prime"], row["gene_3prime"])
            by_code.setdefault(row["oncotree_code"], []).append(_finding(partners))
    return by_code


def _finding(partners: tuple[str, str]) -> Finding:
    name = "::".join(partners)
    words = f"{name} fusion (by the diagnosis, not measured)"
    return Finding(f"{_PREFIX}{name}", FUSION, partners, words, partners=partners)


def is_by_diagnosis(finding_id: str) -> bool:
    """Whether a finding is one that the diagnosis brings."""
    return finding_id.startswith(_PREFIX)
