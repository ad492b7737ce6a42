"""A small batch in a folder of its own, for tests that run, kill and rerun it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[1]


def make(folder: Path) -> Path:
    """The example configuration with the files of its sheets, without the reads of the demo."""
    shutil.copytree(REPOSITORY / "config", folder / "config")
    demo = folder / "resources" / "demo"
    demo.mkdir(parents=True)
    for path in (REPOSITORY / "resources" / "demo").iterdir():
        if path.name.startswith(("NA19207", "phased", "TUMOR1")):
            shutil.copy(path, demo / path.name)
    return folder


def command(*words: str) -> list[str]:
    """The words that start the launcher of this repository."""
    return [sys.executable, "-m", "apothecary.cli", *words]


def environment() -> dict[str, str]:
    """The environment in which the launcher of this repository is found."""
    return {**os.environ, "PYTHONPATH": str(REPOSITORY / "scripts")}


def apothecary(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run the launcher in a folder and wait for its end."""
    return subprocess.run(
        command(*words),
        cwd=folder,
        env=environment(),
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
