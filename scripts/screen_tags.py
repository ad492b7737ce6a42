"""Tag variants of HLA alleles in the samples of a batch: a screen, and no typing."""

from typing import TYPE_CHECKING

from apothecary import schemas, selection, tables
from apothecary.logs import logged
from apothecary.pharmacogenes import tag_screen

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake


def main(inputs: dict[str, str], output: str) -> None:
    """Screen the samples whose subjects consented to pharmacogenes."""
    samples = selection.samples_of_scope(
        tables.read_rows(inputs["samples"], schemas.SAMPLES),
        tables.read_rows(inputs["consent"], schemas.CONSENT),
        tables.read_rows(inputs["outcomes"], schemas.OUTCOMES),
        "pharmacogenes",
    )
    rows = tag_screen.screen(
        samples,
        tables.read_rows(inputs["variants"], schemas.VARIANTS),
        tag_screen.load(inputs["tags"]),
    )
    tables.write(output, schemas.TAG_SCREENS, rows)


if __name__ == "__main__":
    with logged(snakemake.log[0]):
        main(dict(snakemake.input.items()), snakemake.output.tag_screens)
