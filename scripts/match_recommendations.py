"""The guidance for the phenotypes of a batch, with the medicines that the persons take."""

from typing import TYPE_CHECKING

from apothecary import schemas, selection, tables
from apothecary.knowledge import pack as knowledge
from apothecary.logs import logged
from apothecary.pharmacogenes import definitions, recommendations, whole_guidelines

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake


def main(inputs: dict[str, str], output: str) -> None:
    """Match the phenotypes of every sample with the guidance of the pack."""
    pack = knowledge.load(inputs["pack"])
    medicines = selection.medicines(
        tables.read_rows(inputs["samples"], schemas.SAMPLES),
        tables.read_rows(inputs["clinical"], schemas.CLINICAL),
    )
    phenotypes = tables.read_rows(inputs["phenotypes"], schemas.PHENOTYPES)
    positions = whole_guidelines.positions_of_samples(
        tables.read_rows(inputs["sites"], schemas.SITES), definitions.from_pack(pack)
    )
    rows = recommendations.match(phenotypes, pack, medicines, positions)
    tables.write(output, schemas.RECOMMENDATIONS, rows, knowledge=pack.digest)


if __name__ == "__main__":
    with logged(snakemake.log[0]):
        main(dict(snakemake.input.items()), snakemake.output.recommendations)
