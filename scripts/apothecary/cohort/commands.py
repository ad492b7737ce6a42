"""What the commands on many runs do. Heavy modules are imported where they are needed."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from apothecary.errors import EXIT_DIFFERENT


def cohort_add(arguments: argparse.Namespace, root: Path) -> int:
    """Add the results of runs to a cohort dataset."""
    from apothecary.cohort import dataset

    for results in arguments.results:
        added = dataset.add(results, arguments.to)
        told = f"{added.parts} parts, {added.rows} rows" if added.parts else "is there already"
        print(f"{results}: run {added.run}: {told}")
    return 0


def export(arguments: argparse.Namespace, root: Path) -> int:
    """Write counts of a run without anything of one person."""
    from apothecary.cohort import deidentified

    for line in deidentified.export(arguments.results, Path(arguments.out), arguments.least):
        print(line)
    return 0


def knowledge_affected(arguments: argparse.Namespace, root: Path) -> int:
    """Tell for whom of past runs newer knowledge changes what is advised."""
    from apothecary.cohort import affected

    found = affected.affected(arguments.old, arguments.new, arguments.results, root)
    if arguments.out:
        affected.write(Path(arguments.out), found)
    for line in affected.render(found):
        print(line)
    for line in found.notes:
        print(f"note: {line}", file=sys.stderr)
    return EXIT_DIFFERENT if found.rows else 0
