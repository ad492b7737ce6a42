"""A page of the reads over the findings of every sample of a batch."""

from pathlib import Path
from typing import TYPE_CHECKING

from apothecary.logs import logged
from apothecary.reports import igv, reads, write

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake


def main(
    reports: str, files: dict[str, str], reference: str, program: str, releases: str, pages: str
) -> None:
    """Write the pages, from the report models and the alignments."""
    text = igv.load(program, releases)
    reads.write_pages(pages, write.read_models(Path(reports)), files, reference, text)


if __name__ == "__main__":
    with logged(snakemake.log[0]):
        main(
            snakemake.input.reports,
            dict(zip(snakemake.params.samples, snakemake.input.alignments, strict=True)),
            snakemake.input.reference[0],
            snakemake.input.program[0],
            snakemake.input.releases,
            snakemake.output.pages,
        )
