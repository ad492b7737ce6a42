"""The further views of the reports, by name alone, so that a plan needs no Arrow."""

from __future__ import annotations

import glob
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class View:
    """A view that a rule of its own makes from the report models of a batch.

    Attributes:
        rule: The rule that makes it, in the folder `<results>/<name of the view>/<batch>`.
        suffix: What the name of the file of each sample that did not fail ends with, behind the
            sample id, where ? stands for any letter; None for a view that has no file a sample.
    """

    rule: str
    suffix: str | None


VIEWS: Mapping[str, View] = {
    "reads": View("show_reads", ".html"),
    "pdf": View("typeset_reports", ".pdf"),
    # Two letters stand for the language.
    "patients": View("report_patients", ".??.html"),
    "cards": View("export_cards", ".json"),
    "fhir": View("export_fhir", ".json"),
    "statements": View("export_statements", ".json"),
    "variants": View("export_variants", ".vcf.gz"),
}
"""By the name that `reports.views` and the folder below the results have."""


def folders(views: Iterable[str], batches: Iterable[str]) -> list[str]:
    """The folders of views.

    Args:
        views: Names of views.
        batches: Names of batches.

    Returns:
        A path with the pathvar of the results folder for every view of every batch.
    """
    named = list(batches)
    return [f"<results>/{view}/{batch}" for view in views for batch in named]


def lacking(sample: Mapping[str, Any], found: Sequence[Path]) -> tuple[str, ...]:
    """The views that lack the file of a sample.

    Args:
        sample: A row of the table samples, of one that did not fail.
        found: Folders of views, each `<name of the view>/<batch>`.

    Returns:
        Names of views, in the order of the folders.
    """
    return tuple(
        folder.parent.name
        for folder in found
        if folder.name == sample["batch"]
        and VIEWS[folder.parent.name].suffix is not None
        and not files(sample["sample_id"], folder)
    )


def files(sample_id: str, folder: Path) -> list[Path]:
    """The files of a sample in the folder of a view.

    Args:
        sample_id: The sample.
        folder: Folder of a view, `<name of the view>/<batch>`.

    Returns:
        Paths, sorted; none for a view that has no file a sample.
    """
    suffix = VIEWS[folder.parent.name].suffix
    return sorted(folder.glob(f"{glob.escape(sample_id)}{suffix}")) if suffix else []
