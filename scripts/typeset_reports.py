"""The report of every sample of a batch as PDF, from the report models."""

from typing import TYPE_CHECKING

from apothecary.logs import logged
from apothecary.reports import typeset

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake


def main(reports: str, paper: str, pdf: str) -> None:
    """Write a PDF for each sample of the batch; a failed sample's tells why it failed."""
    typeset.write_batch(pdf, reports, paper)


if __name__ == "__main__":
    with logged(snakemake.log[0]):
        main(snakemake.input.reports, snakemake.params.paper, snakemake.output.pdf)
