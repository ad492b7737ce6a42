"""What the command of the launcher on FHIR does."""

from __future__ import annotations

import argparse
from pathlib import Path

from apothecary.errors import EXIT_INPUT
from apothecary.fhir import check, structures


def check_fhir(arguments: argparse.Namespace, root: Path) -> int:
    """Print every deviation of the bundles from FHIR R4 and the guide, one a line.

    Returns:
        0 when no bundle has an error, else 2.
    """
    definitions = structures.load(root / "resources" / "fhir")
    status = 0
    for file in arguments.files:
        found = check.check(check.read(file), definitions)
        errors = sum(deviation.error for deviation in found)
        for deviation in found:
            if deviation.error or arguments.remarks:
                print(deviation.line(file))
        print(f"{file}: {errors} errors, {len(found) - errors} remarks")
        status = EXIT_INPUT if errors else status
    return status
