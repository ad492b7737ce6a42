"""What a run will do: its configuration, its samples and their batches.

The workflow and the launcher ask here, so that both see the same run.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from apothecary import samples, settings, sheets
from apothecary.input_files import InputPolicy
from apothecary.planning import checks
from apothecary.planning.risk import RiskPlan
from apothecary.risk import installed
from apothecary.samples import SheetPaths


@dataclass(frozen=True)
class Plan(RiskPlan):
    """A run that has been checked; see `planning` for what can be asked of it."""


def load(config: Mapping[str, Any], root: Path, name: str, *, check_files: bool = True) -> Plan:
    """Check a configuration and its sheets.

    Args:
        config: The configuration as read.
        root: The folder of the workflow.
        name: The config's name for messages.
        check_files: Whether the input files are looked at, beside the sheets.

    Returns:
        The plan of the run.

    Raises:
        WorkflowInputError: With every problem of the configuration, or else of all sheets.
    """
    schemas = root / "workflow" / "schemas"
    checked = settings.check(config, sheets.load_schema(schemas / "config.schema.yaml"), name)
    checks.check_views(checked, name)
    checks.check_sign_off(checked, name)
    paths = SheetPaths(
        samples=Path(checked["samples"]),
        clinical=Path(checked["clinical"]) if checked["clinical"] else None,
        consent=Path(checked["consent"]) if checked["consent"] else None,
        schemas=schemas,
        clinical_items=root / "resources" / "clinical_items.tsv",
        reads=Path(checked["reads"]["sheet"]) if checked["reads"]["sheet"] else None,
        orders=Path(checked["orders"]) if checked["orders"] else None,
    )
    policy = InputPolicy(
        symlinks=checked["inputs"]["symlinks"],
        check_files=check_files,
        shared_reads=checked["reads"]["allow_shared"],
        personal_ids=tuple(checked["inputs"]["personal_ids"]),
    )
    source = Path(checked["knowledge"]["source"] or root / "resources" / "knowledge")
    loaded = samples.load(paths, checked["batch_size"], _tumor_types(source), policy)
    if loaded.reads:
        checks.check_reads_settings(checked, name)
    if check_files:
        checks.check_files_of_tumors(checked, name)
        checks.check_user_files(checked, name)
        installed.check(checked["risk"])
        checks.check_igv(checked, root / "resources" / "igv_releases.tsv")
    return Plan(root, checked, loaded, samples.batches(loaded.samples))


def _tumor_types(source: Path) -> frozenset[str]:
    file = source / "oncotree.tsv"
    if not file.is_file():
        return frozenset()
    with file.open(encoding="utf-8", newline="") as stream:
        return frozenset(row["code"] for row in csv.DictReader(stream, delimiter="\t"))
