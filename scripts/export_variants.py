"""Annotated VCF of every sample of a batch and MAF of its tumors, from the report models."""

from typing import TYPE_CHECKING

from apothecary import schemas, tables
from apothecary.exports import maf, variants
from apothecary.logs import logged
from apothecary.reports import write

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake


def main(inputs: dict[str, str], folder: str) -> None:
    """Write `<sample_id>.vcf.gz` with its index, and `<sample_id>.maf` of tumors."""
    models = write.read_models(inputs["reports"])
    read = {name: tables.read(inputs[name], schemas.TABLES[name]) for name in variants.TABLES}
    variants.write(folder, models, read, maf.read_classes(inputs["classes"]))


if __name__ == "__main__":
    with logged(snakemake.log[0]):
        main(dict(snakemake.input.items()), snakemake.output.variants)
