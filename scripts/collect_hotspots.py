"""What the reads of the tumors of a batch say at every known variant."""

from typing import TYPE_CHECKING

from apothecary import schemas, tables
from apothecary.knowledge import pack as knowledge
from apothecary.logs import logged

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake


def main(found: list[str], pack: str, output: str) -> None:
    """Join the tables of the samples."""
    rows = [row for path in found for row in tables.read_rows(path, schemas.HOTSPOT_EVIDENCE)]
    digest = knowledge.load(pack).digest
    tables.write(output, schemas.HOTSPOT_EVIDENCE, rows, knowledge=digest)


if __name__ == "__main__":
    with logged(snakemake.log[0]):
        main(
            list(snakemake.input.hotspot_evidence),
            snakemake.input.pack,
            snakemake.output.hotspot_evidence,
        )
