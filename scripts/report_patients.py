"""The pages for the patients of a batch, out of its report models."""

from typing import TYPE_CHECKING

from apothecary.logs import logged
from apothecary.reports.patients import terms, write
from apothecary.reports.write import read_models

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake


def main(reports: str, facts: list[str], languages: list[str], pages: str) -> None:
    """Write a page a sample and language."""
    write.write_pages(pages, read_models(reports), languages, terms.load(facts))


if __name__ == "__main__":
    with logged(snakemake.log[0]):
        main(
            snakemake.input.reports,
            list(snakemake.input.facts),
            list(snakemake.params.languages),
            snakemake.output.pages,
        )
