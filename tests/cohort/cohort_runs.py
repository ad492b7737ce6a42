"""Small runs that have ended, with the manifest that a run writes."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from run_builder import RunBuilder

from apothecary import files, manifest


def with_manifest(
    builder: RunBuilder,
    folder: Path,
    *,
    knowledge: str = "0f" * 32,
    config: Mapping[str, Any] | None = None,
) -> Path:
    """Write the tables of a run, and what its manifest says of them."""
    builder.write(folder)
    document = {
        "pipeline": {"name": "apothecary", "version": "1"},
        "config": dict(config or {}),
        "inputs": {"sheets": [], "samples": []},
        "knowledge": {"digest": knowledge, "sources": []},
        "outputs": manifest.outputs(folder, [folder / "tables"]),
    }
    files.write_json(folder / "manifest.json", document)
    return folder
