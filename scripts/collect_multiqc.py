"""Files that MultiQC reads, of all samples that were aligned, and its report where it is there."""

from typing import TYPE_CHECKING, Any

from apothecary import schemas, tables
from apothecary.logs import logged
from apothecary.qc import multiqc

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake


def main(inputs: dict[str, Any], report: bool, folder: str) -> None:
    """Collect the outputs of samtools stats and tables of measures and calls."""
    rows = {
        name: [row for path in inputs[name] for row in tables.read_rows(path, schemas.TABLES[name])]
        for name in multiqc.TABLES
    }
    multiqc.collect(folder, inputs["stats"], rows)
    if report:
        multiqc.report(folder)


if __name__ == "__main__":
    with logged(snakemake.log[0]):
        main(dict(snakemake.input.items()), snakemake.params.report, snakemake.output.folder)
