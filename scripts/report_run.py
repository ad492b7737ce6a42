"""The page of the run: its samples, genes and medicines, expected against found."""

from pathlib import Path
from typing import TYPE_CHECKING

from apothecary import schemas, tables
from apothecary.logs import logged
from apothecary.reports import run_page, write

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake


def main(
    samples: str,
    reports: list[str],
    trial_counts: list[str],
    views: list[str],
    laboratory: str,
    page: str,
) -> None:
    """Write the page from the summaries and counts that the batches left."""
    expected = sorted(tables.read_rows(samples, schemas.SAMPLES), key=lambda row: row["row"])
    folders = [Path(folder) for folder in reports]
    counts = write.read_trial_counts(trial_counts)
    run_page.write_run(
        page, expected, folders, counts, laboratory or None, [Path(view) for view in views]
    )


if __name__ == "__main__":
    with logged(snakemake.log[0]):
        main(
            snakemake.input.samples,
            list(snakemake.input.reports),
            list(snakemake.input.trial_counts),
            list(snakemake.input.views),
            snakemake.params.laboratory,
            snakemake.output.page,
        )
