"""Size and CPU seconds of FHIR bundles and CDS Hooks cards, and what their checks find.

Usage: python benchmarks/fhir_bundles.py RESULTS

RESULTS are the results of a run, such as demo-run. Prints a line a sample and the greatest figures.
"""

from __future__ import annotations

import argparse
import json
import time
from pathlib import Path

from apothecary import cards
from apothecary.fhir import bundle, check, codes, structures
from apothecary.reports import write

RESOURCES = Path(__file__).resolve().parents[1] / "resources"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("results", type=Path)
    folders = sorted((parser.parse_args().results / "reports").iterdir())
    known = codes.load(
        {
            "answers": str(RESOURCES / "fhir" / "answers.tsv"),
            "codes": str(RESOURCES / "fhir" / "codes.tsv"),
            "genes": str(RESOURCES / "fhir" / "genes.tsv"),
            "drugs": str(RESOURCES / "drugs.tsv"),
            "accessions": str(RESOURCES / "consequences" / "chromosome_accessions.tsv"),
        }
    )
    urgency = cards.load_indicators(RESOURCES / "cards" / "indicators.tsv")
    definitions = structures.load(RESOURCES / "fhir")
    print("sample\tresources\tkB\tCPU-s made\tCPU-s checked\terrors\tcards\tkB of cards")
    figures = []
    for folder in folders:
        for model in write.read_models(folder):
            start = time.process_time()
            made = bundle.build(model, known)
            text = json.dumps(made, ensure_ascii=False, separators=(",", ":"))
            built = time.process_time()
            found = check.check(made, definitions)
            checked = time.process_time()
            shown = cards.cards(model, urgency)
            row = (
                len(made["entry"]),
                len(text.encode()) / 1000,
                built - start,
                checked - built,
                sum(one.error for one in found),
                len(shown),
                len(json.dumps(shown, ensure_ascii=False).encode()) / 1000,
            )
            figures.append(row)
            print(model["identity"]["sample_id"], *(f"{value:.3g}" for value in row), sep="\t")
    print("greatest", *(f"{max(column):.3g}" for column in zip(*figures, strict=True)), sep="\t")


if __name__ == "__main__":
    main()
