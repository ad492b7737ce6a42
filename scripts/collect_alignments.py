"""The alignments of a batch, and whether two of its samples have the same reads."""

from typing import TYPE_CHECKING

from apothecary import schemas, tables
from apothecary.logs import logged
from apothecary.reads import alignments

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake


def main(
    alignment: list[str], read_files: list[str], allow_shared: bool, output: dict[str, str]
) -> None:
    """Gather the rows of the samples of a batch."""
    rows = [row for path in alignment for row in tables.read_rows(path, schemas.ALIGNMENTS)]
    files = [row for path in read_files for row in tables.read_rows(path, schemas.READ_FILES)]
    rows = alignments.collect(rows, files, allow_shared)
    tables.write(output["alignments"], schemas.ALIGNMENTS, rows)
    tables.write(output["read_files"], schemas.READ_FILES, files)


if __name__ == "__main__":
    with logged(snakemake.log[0]):
        main(
            list(snakemake.input.alignment),
            list(snakemake.input.read_files),
            snakemake.params.allow_shared,
            dict(snakemake.output.items()),
        )
