"""The medicines of the clinical sheet, found in the dictionary of medicines."""

from typing import TYPE_CHECKING

from apothecary import schemas, tables
from apothecary.logs import logged
from apothecary.pharmacogenes import drugs

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake


def main(inputs: dict[str, str], output: str) -> None:
    """Find each medicine by name, synonym, salt form or code; what is not found is told."""
    dictionary = drugs.load(inputs["drugs"], inputs["salt_forms"])
    clinical = tables.read_rows(inputs["clinical"], schemas.CLINICAL)
    tables.write(output, schemas.MEDICINES, drugs.resolve(clinical, dictionary))


if __name__ == "__main__":
    with logged(snakemake.log[0]):
        main(dict(snakemake.input.items()), snakemake.output.medicines)
