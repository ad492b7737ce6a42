"""The dashboard of the run, from the summaries of its batches."""

from pathlib import Path
from typing import TYPE_CHECKING

from apothecary import schemas, tables
from apothecary.logs import logged
from apothecary.reports import dashboard, write

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake


def main(
    samples: str, reports: list[str], trial_counts: list[str], laboratory: str, page: str
) -> None:
    """Write the dashboard from the summaries and counts that the batches left."""
    counts = write.read_trial_counts(trial_counts)
    expected = tables.read_rows(samples, schemas.SAMPLES)
    folders = [Path(folder) for folder in reports]
    dashboard.write_dashboard(page, expected, folders, counts, laboratory or None)


if __name__ == "__main__":
    with logged(snakemake.log[0]):
        main(
            snakemake.input.samples,
            list(snakemake.input.reports),
            list(snakemake.input.trial_counts),
            snakemake.params.laboratory,
            snakemake.output.page,
        )
