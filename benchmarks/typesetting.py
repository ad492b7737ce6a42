"""CPU-seconds, pages and bytes of the reports of a run as PDF, germline samples and tumors apart.

    python benchmarks/typesetting.py [--results demo-run]

The models are read from the results of a run (`make demo`), so that nothing but the setting of the
reports is measured. The first report of a process, which reads the fonts, is told apart.
"""

from __future__ import annotations

import argparse
import io
import json
import sys
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "scripts"))

import pypdf  # noqa: E402

from apothecary.reports import typeset  # noqa: E402


def measured(model: dict[str, Any]) -> tuple[float, int, int]:
    """CPU-seconds, pages and bytes of one report."""
    begun = time.process_time()
    pdf = typeset.typeset(model, "a4")
    spent = time.process_time() - begun
    return spent, len(pypdf.PdfReader(io.BytesIO(pdf)).pages), len(pdf)


def main() -> int:
    """Set every report of the run; print a line for each kind of sample."""
    parser = argparse.ArgumentParser(description=__doc__, allow_abbrev=False)
    parser.add_argument("--results", type=Path, default=ROOT / "demo-run")
    folder = parser.parse_args().results / "reports"
    paths = sorted(path for path in folder.glob("*/*.json") if not path.name.startswith("_"))
    if not paths:
        print(f"{folder} holds no report models: run make demo first", file=sys.stderr)
        return 2
    models = [json.loads(path.read_text(encoding="utf-8")) for path in paths]
    print(f"first report of the process: {measured(models[0])[0]:.2f} CPU-s")
    kinds: dict[str, list[tuple[float, int, int]]] = {}
    for model in models:
        role = "tumor" if model["identity"]["role"] == "tumor" else "germline"
        kinds.setdefault(role, []).append(measured(model))
    for role, found in sorted(kinds.items()):
        seconds, pages, size = (sum(column) / len(found) for column in zip(*found, strict=True))
        print(
            f"{len(found)} {role} reports: {seconds:.2f} CPU-s, {pages:.0f} pages, "
            f"{size / 1e6:.2f} MB each"
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
