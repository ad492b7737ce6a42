"""The phenotypes of the diplotypes of a batch."""

from typing import TYPE_CHECKING

from apothecary import schemas, tables
from apothecary.knowledge import pack as knowledge
from apothecary.logs import logged
from apothecary.pharmacogenes import definitions, phenotypes

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake


def main(inputs: dict[str, str], output: str) -> None:
    """Assign functions, activity scores and phenotypes."""
    pack = knowledge.load(inputs["pack"])
    rows = phenotypes.assign(
        tables.read_rows(inputs["diplotypes"], schemas.DIPLOTYPES),
        definitions.from_pack(pack),
    )
    tables.write(output, schemas.PHENOTYPES, rows, knowledge=pack.digest)


if __name__ == "__main__":
    with logged(snakemake.log[0]):
        main(dict(snakemake.input.items()), snakemake.output.phenotypes)
