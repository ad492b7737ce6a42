"""Expected against found: every sample of the sheet, its outcome and its reports."""

from pathlib import Path
from typing import TYPE_CHECKING

from apothecary import completeness, files, schemas, tables
from apothecary.logs import logged

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake


def main(
    samples: str,
    outcomes: list[str],
    quality: list[str],
    reports: list[str],
    views: list[str],
    complete: str,
) -> None:
    """Write what was found; raise when a sample failed or lacks a report or a view of it."""
    rows = [row for path in outcomes for row in tables.read_rows(path, schemas.OUTCOMES)]
    rows += [row for path in quality for row in tables.read_rows(path, schemas.QC_OUTCOMES)]
    found = completeness.compare(
        tables.read_rows(samples, schemas.SAMPLES),
        rows,
        [Path(folder) for folder in reports],
        [Path(folder) for folder in views],
    )
    files.write_json(complete, completeness.summary(found))


if __name__ == "__main__":
    with logged(snakemake.log[0]):
        main(
            snakemake.input.samples,
            list(snakemake.input.outcomes),
            list(snakemake.input.quality),
            list(snakemake.input.reports),
            list(snakemake.input.views),
            snakemake.output.complete,
        )
